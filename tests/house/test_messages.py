"""Every word is translated, every translation is of a word that is said, and none is recorded."""

import ast
import re

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from scripts.messages import (
    LANGUAGES,
    QUIET,
    REFUSALS,
    kept,
    merged,
    mo_bytes,
    path_of,
    po_bytes,
    template,
)
from tests.house.source import PACKAGE, python_files, shown, tree_of

PLACE = re.compile(r"%\(\w+\)[sd]|</?\w+[^>]*>")
SPEAKS = {"web", "api", "wording.py", "compose.py", "tongue.py"}
SHORT = 3
"""Nought, one and two have words of their own in some languages: they may leave out the number."""


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def patterns(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def astray(message: Message) -> bool:
    """Whether a translation lost what stands in the text, or has something else in it."""
    wanted = [places(text) for text in patterns(message)]
    for number, text in enumerate(forms(message)):
        given = places(text)
        if given in wanted:
            continue
        lost = set(wanted[-1]) - set(given)
        is_short = message.pluralizable and number < SHORT and len(lost) == 1
        if not is_short or set(given) - set(wanted[-1]):
            return True
    return False


def test_the_languages_offered_are_english_and_those_translated() -> None:
    assert [code for code, _ in settings.LANGUAGES] == ["en", *LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_what_the_source_says_and_nothing_else(language: str) -> None:
    """`make messages` brings it up to date."""
    assert path_of(language).read_bytes() == po_bytes(merged(language, template()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_in_every_form(language: str) -> None:
    catalog = kept(language)
    told = [message for message in catalog if message.id]
    assert [each.id for each in told if each.fuzzy or not all(forms(each))] == []
    assert [
        each.id for each in told if each.pluralizable and len(forms(each)) != catalog.num_plurals
    ] == []
    assert [(each.id, each.string) for each in told if astray(each)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_made_of_what_people_translate(language: str) -> None:
    """`make messages` makes it."""
    assert path_of(language).with_suffix(".mo").read_bytes() == mo_bytes(language)


def test_a_lost_or_an_invented_place_in_a_translation_is_seen() -> None:
    assert astray(Message("%(a)s of %(b)s", "%(a)s"))
    assert astray(Message("%(a)s", "%(a)s %(b)s"))
    assert astray(Message(("%(n)s day", "%(n)s days"), ("%(m)s Tag", "%(n)s Tage")))
    assert not astray(Message(("%(n)s day", "%(n)s days"), ("ein Tag", "%(n)s Tage")))


def test_a_refusal_is_a_pattern_that_can_be_translated() -> None:
    """An f-string is another text each time; what stands in a sentence is given by name."""
    found = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("commonpurse")
        if path.relative_to(PACKAGE).parts[0] not in {*QUIET, "config"}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {*REFUSALS, "say", "say_count", "_", "gettext", "ngettext"}
        and any(isinstance(given, ast.JoinedStr | ast.BinOp) for given in node.args)
    ]
    assert found == []


def test_nothing_but_pages_the_api_and_mails_knows_a_language() -> None:
    """What is written into the record or the books is the same in whatever language one reads."""
    found = [
        shown(path)
        for path in python_files("commonpurse")
        if not SPEAKS & {path.name, path.relative_to(PACKAGE).parts[0]}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and node.module in ("django.utils.translation", "commonpurse.wording")
    ]
    assert found == []
