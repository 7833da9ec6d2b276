"""Whatever a program sends, the API answers as its document says, and never breaks.

Every operation gets a hundred generated calls (a thousand in `make soak`), on a co-op that has
something of everything; each call comes from one of its people or from nobody. Reads and writes
are two files of tests, so that two processes share them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from commonpurse.api.api import api
from commonpurse.groups.selectors import token_list
from commonpurse.ledger.selectors import account_by_code
from commonpurse.rules.texts import CONTROLS
from commonpurse.treasury.selectors import fund_of
from tests.api.programs import program
from tests.web.scene import Scene

PEOPLE = (
    *("coordinator", "treasurer", "trustee", "member", "member", "stranger", "anonymous"),
    *("sponsor", "sponsor", "sponsor"),
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = api.get_openapi_schema(path_prefix="/api/v1/")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
EXAMPLES_SOAK = 1_000
SURE = ("slug", "sponsor_id", "fund_id", "staff_id")
"""Parts of a path without which nobody gets through: only what leads somewhere is drawn."""


def named(is_read: bool) -> list[str]:
    """The names of the operations that read, or of those that write."""
    return [
        operation["operationId"]
        for path in DOCUMENT["paths"].values()
        for method, operation in path.items()
        if (method == "get") is is_read
    ]


READS, WRITES = named(is_read=True), named(is_read=False)


def operation_named(name: str) -> APIOperation[Any, Any, Any, Any]:
    """One operation of the document."""
    schema = schemathesis.openapi.from_dict(dict(DOCUMENT))
    schema.app = get_wsgi_application()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), "the document is whole"
        operation = found.ok()
        if operation.definition.raw["operationId"] == name:
            return operation
    raise AssertionError(name)


def numbers(made: Scene, path: str) -> list[object]:
    """Numbers that lead somewhere below this path."""
    by_room: dict[str, list[object]] = {
        "/decisions/": [made.vote.number, made.spend.number],
        "/mandates/": [made.mandate.number],
        "/requests/": [made.request.number],
    }
    return next((found for room, found in by_room.items() if room in path), [1])


def real(made: Scene, name: str, path: str) -> list[object]:
    """Values of a path's parameter that lead somewhere."""
    fund = fund_of(made.world.coop_id)
    assert fund is not None
    known: dict[str, list[object]] = {
        "slug": [made.slug],
        "number": numbers(made, path),
        "thread_id": [made.thread_id],
        "comment_id": [made.comment_id],
        "payee_id": [made.payee_id],
        "member_id": [made.world.cy.member_id, made.world.bo.member_id],
        "invitation_id": [made.invitation_id, made.drafted.invitation_id],
        "group_id": [made.world.coop_id],
        "leaf_id": [made.vote.id],
        "token_id": [
            made.feed_token_id,
            *(
                each.token_id
                for who in (made.world.ann, made.world.cy)
                for each in token_list(person_id=who.person_id)
            ),
        ],
        "account_id": [
            account_by_code(coop_id=made.world.coop_id, book_id=fund.book_id, code="1000").id
        ],
        "webhook_id": [made.webhook_id],
        "delivery_id": [made.delivery_id],
        "notice_id": [made.notice_id],
        "month": ["2026-03", "2026-04"],
        "sponsor_id": [made.fund.sponsor_id],
        "fund_id": [made.fund.id],
        "staff_id": [made.staff_id],
        "draft_id": [made.drafted.draft_id],
        "suggestion_id": [made.drafted.suggestion_id],
        "founder_id": [made.drafted.founder_id],
        "key": ["members", "service"],
    }
    return known.get(name, [UUID(int=1)])


def fuzz(name: str, made: Scene, examples: int) -> None:
    """Send so many generated calls to one operation, and see that some get through."""
    operation = operation_named(name)
    followed = 0
    secrets = [program(made, who).headers.get("Authorization", "") for who in PEOPLE]
    slots = [each["name"] for each in operation.definition.raw.get("parameters", [])]
    # Asked for once: what a call makes must not change what the next one is drawn from.
    known = {slot: real(made, slot, operation.path) for slot in slots}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def send(case: Case[Any], data: st.DataObject) -> None:
        nonlocal followed
        for slot in case.path_parameters:
            kept = case.path_parameters[slot]
            wanted = known[slot]
            choice = data.draw(st.sampled_from([*wanted, kept] if slot not in SURE else wanted))
            case.path_parameters[slot] = str(choice)
        if data.draw(st.booleans()):
            case.body = without_controls(case.body)
        secret = data.draw(st.sampled_from(secrets))
        # Until one gets through, everybody tries what was generated.
        for each in [secret] if followed else [secret, *secrets]:
            answer = case.call(headers={"Authorization": each} if each else {})
            case.validate_response(answer, checks=CHECKS)
            followed += answer.status_code < 300

    with without_limits():
        send()
    assert followed or name in QUIET, "a positive control: generated calls get through"


def without_controls(value: Any) -> Any:
    """A generated body as somebody could type it: texts with controls are all refused."""
    if isinstance(value, str):
        return CONTROLS.sub("", value)
    if isinstance(value, dict):
        return {key: without_controls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_controls(item) for item in value]
    return value


@contextmanager
def without_limits() -> Iterator[None]:
    """No limit of calls, and one connection to the database, which the test takes back."""
    many = {"PURSE_API_PER_MINUTE": 10**9, "PURSE_API_ANONYMOUS_PER_MINUTE": 10**9}
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with override_settings(**many):
            yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


QUIET = {
    "account_new": "needs an IBAN whose check digits are right",
    "chain": "the scene has no payment that the bank confirmed",
    "checkpoint": "nothing has been signed: no worker runs",
    "coop_join": "needs the secret of an invitation",
    "draft_begin_vote": "needs a draft without a suggestion that waits, and its version",
    "draft_renew": "the scene has no founding that failed",
    "draft_enter": "needs the secret of an invitation",
    "decision_new": "needs a closing time between a day and ninety days ahead",
    "file_bytes": "the scene has no payment file",
    "group_exit": "the scene's people are in no group below the co-op",
    "file_new": "the scene has no order to put into a file",
    "line_is": "the scene has no movement that nobody could match",
    "lines_of": "the scene has no bank statement",
    "order_paid": "the scene has no order",
    "request_approve": "needs the hash of the payload",
    "request_change": "needs whoever asked, and an amount that the mandate has room for",
    "request_new": "needs a payee whom the mandate names",
    "month_close": "the scene's dues were never charged, so no month can be closed",
    "sponsor_file_bytes": "the scene has no payment file",
    "sponsor_file_new": "the scene has no order to put into a file",
    "sponsor_order_refused": "the scene has no order",
    "sponsor_order_sent": "the scene has no order",
    "sponsor_person_new": "needs an address of mail",
    "statement_new": "needs a bank statement",
}
"""Operations that no generated call can be right for, each because of what it needs."""
