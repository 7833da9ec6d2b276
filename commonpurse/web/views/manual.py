"""The operating manual: its numbers as sentences, its clauses, its versions and what changed."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise

from commonpurse.manual.selectors import (
    ManualView,
    difference,
    manual_current,
    manual_list,
    manual_version,
)
from commonpurse.manual.sentences import sentences
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import SECTIONS


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences of one section of the parameters."""

    title: str | Promise
    texts: tuple[str, ...]


@page(Who.ANYONE)
def manual(visit: Visit) -> HttpResponse:
    """The version in force."""
    return show_manual(visit, manual_current(visit.coop.coop_id))


@page(Who.ANYONE)
def manual_page(visit: Visit, number: int) -> HttpResponse:
    """One version, and what it changed of the one before."""
    return show_manual(visit, manual_version(visit.coop.coop_id, number))


def show_manual(visit: Visit, shown: ManualView) -> HttpResponse:
    """A version with its neighbours."""
    versions = manual_list(visit.coop.coop_id)
    before = next((each for each in versions if each.number == shown.number - 1), None)
    return visit.show(
        "manual/manual.html",
        {
            "here": "manual",
            "shown": shown,
            "parts": parts_of(shown),
            "versions": versions,
            "is_current": versions[0].number == shown.number,
            "changes": difference(before, shown) if before else (),
            "before": before,
        },
    )


def parts_of(shown: ManualView) -> tuple[Part, ...]:
    """The parameters as sentences, section by section."""
    found = sentences(shown.parameters)
    return tuple(
        Part(title=title, texts=tuple(each.text for each in found if each.section == key))
        for key, title in SECTIONS.items()
    )
