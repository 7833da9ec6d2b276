"""Script, turned writing and formulas in every text that the API takes.

Each text of each operation is sent with each payload; what must not be kept is refused, nothing
breaks, and what was kept is shown as words by every page.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from tests.api.fuzzing import DOCUMENT, WRITES, without_limits
from tests.api.programs import Program
from tests.api.replays import BEYOND, Ground, call_of, ground
from tests.web.payloads import REFUSED, SHOWN
from tests.web.test_payloads import read_back

pytestmark = pytest.mark.django_db

KEPT = (200, 201)
BROKEN = 500
Place = tuple[str, ...]

PROSE = {
    ("thread_new", "title"),
    ("thread_new", "body"),
    ("comment_new", "body"),
    ("decision_new", "question"),
    ("outcome", "statement"),
    ("suggestion_say", "text"),
}
"""Texts that take any words; others have a shape, such as an address or an account's holder."""


def schema_of(operation: dict[str, Any]) -> dict[str, Any]:
    """The form of an operation's body."""
    content = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] = {}
    for media in content.values():
        found = media["schema"]
    return resolved(found)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        found: dict[str, Any] = DOCUMENT["components"]["schemas"][name]
        return found
    return schema


def texts(schema: dict[str, Any]) -> Iterator[str]:
    """The names of the texts without a form of their own; bodies of ours are flat."""
    for name, each in schema.get("properties", {}).items():
        kinds = [resolved(one) for one in each.get("anyOf", [each])]
        for kind in kinds:
            is_text = kind.get("type") == "string" and not {"enum", "const"} & kind.keys()
            if is_text and kind.get("format") in (None, "email") and name != "payload_hash":
                yield name


def fields() -> list[tuple[str, str]]:
    """Every text of every operation that writes."""
    return [
        (operation["operationId"], name)
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        if operation["operationId"] in set(WRITES) - set(BEYOND)
        for name in texts(schema_of(operation))
    ]


def tried(here: Ground, operation: str, name: str) -> tuple[set[str], list[tuple[object, ...]]]:
    """Each payload in this text: which were kept, and what broke."""
    kept: set[str] = set()
    wrong: list[tuple[object, ...]] = []
    call = call_of(here, operation)
    for kind, text in (SHOWN | REFUSED).items():
        body = deepcopy(call.right.body)
        if not isinstance(body, dict):
            continue
        with transaction.atomic():
            answer = Program(call.secret).call(call.method, call.path, body | {name: text})
            transaction.set_rollback(kind != "script" or answer.status not in KEPT)
        if answer.status >= BROKEN or (answer.status not in KEPT and not answer.body["detail"]):
            wrong.append((operation, name, kind, answer.status))
        if answer.status in KEPT:
            kept.add(kind)
    return kept, wrong


@pytest.mark.soak
def test_every_text_of_the_api_is_shown_as_words_or_refused() -> None:
    here = ground()
    wrong: list[tuple[object, ...]] = []
    silent: list[tuple[str, str]] = []
    with without_limits():
        for operation, name in fields():
            with transaction.atomic():
                kept, broke = tried(here, operation, name)
                transaction.set_rollback(operation in ("member_drop", "coop_leave"))
            wrong += broke
            wrong += [(operation, name, kind) for kind in kept & set(REFUSED)]
            if not kept:
                silent.append((operation, name))
        assert wrong == []
        assert set(silent) & PROSE == set(), "a positive control: prose is kept"
        assert read_back(here.made) == []
