"""Script, turned writing and formulas in every text field of every form and of the API.

Everything is typed that can be typed; then every page, feed, table, calendar and mail is read, and
every page is opened in a browser. Nothing runs, nothing turns round, no cell is a formula.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.test import Client, override_settings
from lxml import html as markup
from lxml.html import FormElement
from playwright.sync_api import Browser

from commonpurse.notices.models import Mail
from commonpurse.web.forms import PurseForm
from commonpurse.web.views.tables import TABLES
from tests.web.addresses import addresses
from tests.web.conftest import Site
from tests.web.payloads import (
    REFUSED,
    SHOWN,
    calendar_faults,
    faults,
    feed_faults,
    table_faults,
    workbook_faults,
)
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.browser

SOME = ("tag", "attribute", "link", "header", "override", "zero byte")
"""What is typed in every run; the rest in the long one."""

WHO = ("member", "trustee", "treasurer", "coordinator", "stranger", "anonymous")
TYPED = ("text", "email", "url", "search", "tel", "password", "textarea")
DONE, BROKEN = (302, 303), 500
RIGHT = {
    "amount": "1.00",
    "iban": "BE68539007547034",
    "email": "robin@example.org",
    "url": "https://example.org/x",
    "slug": "other",
    "closes_on": "2027-01-01",
    "valid_until": "2027-12-31",
    "founders": "Bo bo@example.org\nEve eve@example.org",
    "dues": "10",
}
"""What is right for a field that takes no prose."""

ELSEWHERE = {
    "credential": "what a browser's passkey says, tried there too",
    "proof": "asked for on the page of an order, which needs two approvals",
    "payload_hash": "hidden; anything but the right hash is refused",
    "confirm": "a word to be repeated",
}
"""Text fields that no page of the scene shows to anybody who may send them."""


@dataclass
class Walk:
    """What was typed where, what was kept, and what broke."""

    kinds: dict[str, str]
    seen: set[str] = field(default_factory=set)
    kept: set[tuple[str, str]] = field(default_factory=set)
    wrong: list[tuple[object, ...]] = field(default_factory=list)
    sent: set[tuple[str, str]] = field(default_factory=set)


def forms_of(page: bytes) -> Iterator[FormElement]:
    """The forms of a page that send something."""
    for form in markup.fromstring(page).forms:  # type: ignore[attr-defined]
        if (form.get("method") or "").lower() == "post":
            yield form


def texts_of(form: FormElement) -> list[str]:
    """The names of a form's fields into which one types."""
    return [
        str(each.name)
        for each in form.inputs
        if each.name
        and (each.tag == "textarea" or each.get("type", "text") in TYPED)
        and each.tag != "select"
    ]


def filled(form: FormElement, typed: dict[str, str]) -> dict[str, Any]:
    """What a browser would send, with a choice made and every text filled."""
    sent: dict[str, Any] = {}
    for each in form.inputs:
        name, kind = each.name, each.get("type", each.tag)
        if not name or kind in ("submit", "button", "file"):
            continue
        if kind == "checkbox":
            sent[name] = each.get("value") or "on"
        elif kind == "radio":
            sent.setdefault(name, each.get("value"))
        elif each.tag == "select":
            sent[name] = each.value or next((one for one in each.value_options if one), "")
        else:
            sent[name] = each.value or RIGHT.get(name, "" if kind == "hidden" else "A word")
    return sent | typed | {"once": uuid4().hex}


def type_everywhere(walk: Walk, client: Client, path: str) -> None:
    """Type each text into each field of each form of a page."""
    shown = client.get(path)
    if shown.status_code != 200 or "html" not in shown.headers.get("Content-Type", ""):
        return
    for form in forms_of(shown.content):
        target = (form.get("action") or path).replace(path, "") or path
        for name in texts_of(form):
            walk.seen.add(name)
            if (key := (target, name)) in walk.sent:
                continue
            walk.sent.add(key)
            for kind, text in walk.kinds.items():
                answer = client.post(target, filled(form, {name: text}))
                if answer.status_code >= BROKEN:
                    walk.wrong.append((target, name, kind, answer.status_code))
                if answer.status_code in DONE and "/sign-in" not in answer["Location"]:
                    walk.kept.add((name, kind))


def typed(made: Scene, kinds: dict[str, str]) -> Walk:
    """These texts typed into every form that anybody is shown."""
    walk = Walk(kinds)
    for who in WHO:
        client = made.client(who)
        client.raise_request_exception = False
        for _, path in addresses(made):
            if "erase" not in path and "leave" not in path and "sign-out" not in path:
                type_everywhere(walk, client, path)
    return walk


def fields_known() -> set[str]:
    """The names of all fields of all our forms into which one types prose."""
    found, waiting = set(), [PurseForm]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if not one.__module__.startswith("commonpurse."):
            continue  # A form of a test.
        found |= {
            name
            for name, each in one.base_fields.items()
            if type(each) is forms.CharField and not isinstance(each.widget, forms.HiddenInput)
        }
    return found


def read_back(made: Scene) -> list[tuple[str, str]]:
    """What is more than words on any page, feed, table or mail."""
    found: list[tuple[str, str]] = []
    for who in WHO:
        client = made.client(who)
        for _, path in addresses(made):
            answer = client.get(path)
            if "html" in answer.headers.get("Content-Type", "") and answer.content:
                found += faults(answer.content, f"{who} {path}")
    member = made.client("member")
    here = f"/c/{made.slug}/"
    for name in ("decisions", "payments", "threads"):
        found += feed_faults(member.get(f"{here}feeds/{name}.atom").content, name)
    found += calendar_faults(member.get(f"{here}feeds/deadlines.ics").content, "deadlines")
    for name in sorted(set(TABLES) - {"dues"}):
        found += table_faults(member.get(f"{here}tables/{name}.csv").content, name)
        found += workbook_faults(member.get(f"{here}tables/{name}.xlsx").content, name)
    for mail in Mail.objects.all():
        if "\n" in mail.subject or "\r" in mail.subject or "\n" in mail.to:
            found.append(("mail", mail.subject))
    return found


@pytest.mark.parametrize(
    "names", [SOME, pytest.param(tuple(SHOWN | REFUSED), marks=pytest.mark.soak)]
)
@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_nothing_that_can_be_typed_is_more_than_words(
    site: Site, browser: Browser, names: tuple[str, ...]
) -> None:
    made = scene()
    walk = typed(made, {name: (SHOWN | REFUSED)[name] for name in names})
    assert walk.wrong == []
    assert sorted(fields_known() - walk.seen - set(ELSEWHERE)) == []
    assert set(ELSEWHERE) & walk.seen == set()
    kept = {kind for _, kind in walk.kept}
    assert kept == set(SHOWN) & set(names), "a positive control: much is kept"
    assert read_back(made) == []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    site.sign_in(context, made.client("treasurer"))
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    told = 0
    for _, path in addresses(made):
        page.goto(site.url + path)
        assert page.evaluate("window.pwned === undefined"), path
        told += "window.pwned=1" in page.inner_text("body")
    assert told >= 3, "a positive control: pages show what was typed"
    context.close()
