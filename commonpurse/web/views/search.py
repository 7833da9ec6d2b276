"""Search over all that one may see: everywhere, and inside one co-op."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import (
    CoopAccess,
    CoopView,
    SearchScope,
    search_scope,
    search_scope_here,
)
from commonpurse.record.fulltext import Hit
from commonpurse.record.limits import count_ask
from commonpurse.rules.search import KINDS, marked
from commonpurse.search.finding import Findings
from commonpurse.search.finding import search as search_for
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import FOUND_KIND, FOUND_KINDS

MEMBERS_ONLY = ("thread", "comment", "member", "payee", "request")
"""What visitors cannot find, so what their page does not offer."""


@dataclass(frozen=True, slots=True)
class Row:
    """A hit as the page shows it: where it leads, and its words in pieces, marked or not."""

    hit: Hit
    kind: str
    url: str
    coop: CoopView
    title: list[tuple[bool, str]]
    text: list[tuple[bool, str]]


@page(Who.ANYONE)
def search(visit: Visit) -> HttpResponse:
    """Search in all of one's co-ops, and in those that are open to everybody."""
    person_id = visit.person.person_id if visit.person else None
    return found_page(visit, search_scope(person_id))


@page(Who.ANYONE)
def search_here(visit: Visit) -> HttpResponse:
    """Search in one co-op."""
    return found_page(visit, search_scope_here(CoopAccess(visit.coop, visit.standing)))


def found_page(visit: Visit, scope: SearchScope) -> HttpResponse:
    """The page with what was found there, or with what may be looked for."""
    asked = visit.request.GET
    typed = asked.get("q", "").strip()
    if typed and is_too_often(visit):
        return render(visit.request, "429.html", status=429)
    offered = [kind for kind in KINDS if scope.members or kind not in MEMBERS_ONLY]
    if visit.place is not None:
        offered.remove("coop")
    chosen = [kind for kind in offered if kind in asked.getlist("kind")]
    findings = found_of(scope, typed, chosen or offered, asked.get("after", ""))
    return visit.show(
        "search/search.html",
        {
            "here": "search",
            "typed": typed,
            "rows": rows_of(findings),
            "next": findings.next,
            "kinds": [(kind, FOUND_KINDS[kind], kind in chosen) for kind in offered],
            "chosen": chosen,
        },
    )


def found_of(scope: SearchScope, typed: str, kinds: list[str], after: str) -> Findings:
    """The findings; from the beginning when the address names a place that is none."""
    try:
        return search_for(typed, scope=scope, kinds=kinds, after=after)
    except Invalid:
        return search_for(typed, scope=scope, kinds=kinds)


def is_too_often(visit: Visit) -> bool:
    """Whether this visitor has searched more often within this minute than people do."""
    address = visit.request.META.get("REMOTE_ADDR", "")
    who = str(visit.person.person_id) if visit.person else address
    return count_ask(f"search:{who}", at=visit.at) > settings.PURSE_SEARCHES_PER_MINUTE


def rows_of(findings: Findings) -> list[Row]:
    """The hits with their words marked and their addresses."""
    return [
        Row(
            hit=hit,
            kind=str(FOUND_KIND[hit.kind]),
            url=url_of(hit, findings.coops[hit.coop_id].slug),
            coop=findings.coops[hit.coop_id],
            title=marked(hit.title, findings.words) or [(False, _("Untitled"))],
            text=marked(hit.text, findings.words),
        )
        for hit in findings.hits
    ]


def url_of(hit: Hit, slug: str) -> str:
    """Where a hit leads."""
    name, after = {
        "coop": ("coop_home", ""),
        "thread": ("thread", ""),
        "comment": ("thread", f"#c-{hit.id}"),
        "decision": ("decision", ""),
        "outcome": ("decision", ""),
        "clause": ("manual", f"#clause-{hit.ref}"),
        "member": ("member", ""),
        "payee": ("payee", ""),
        "request": ("request", ""),
        "payment": ("payment", ""),
    }[hit.kind]
    rest = () if hit.kind in ("coop", "clause") else (hit.ref,)
    return reverse(name, args=(slug, *rest)) + after
