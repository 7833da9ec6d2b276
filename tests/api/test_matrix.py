"""The table of authorisation: every operation, for each kind of caller and each relation.

The operations come from the document, so a new one without a line here fails. A caller who lacks
the standing is refused before anything is looked at; what they lack decides how.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commonpurse.api.api import api
from commonpurse.api.reference import example_of
from commonpurse.groups.services import SCOPES, coop_make, token_make
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from tests.api.programs import Program, program
from tests.web.scene import Scene, scene
from tests.world import person, world

pytestmark = pytest.mark.django_db

DOCUMENT = api.get_openapi_schema(path_prefix="/api/v1")
WRITES = ("INSERT", "UPDATE", "DELETE")
NOBODY, UNFIT, GONE = 401, 403, 404

ANYONE, SIGNED_IN, MEMBER = "anyone", "signed in", "member"
COORDINATOR, TREASURER, TRUSTEE = "coordinator", "treasurer", "trustee"
SPONSOR = "sponsor"

NEEDS = {
    **dict.fromkeys(
        (
            "me",
            "me_change",
            "tokens",
            "token_new",
            "token_drop",
            "notices",
            "notices_read",
            "coops",
            "sponsors",
        ),
        SIGNED_IN,
    ),
    **dict.fromkeys(
        ("coop", "manual", "versions", "version", "decisions", "decision", "ballots", "groups"),
        ANYONE,
    ),
    **dict.fromkeys(("fund", "summary", "accounts", "entries", "statement"), ANYONE),
    **dict.fromkeys(("mandates", "mandate", "payments", "chain"), ANYONE),
    "search": ANYONE,
    **dict.fromkeys(("checkpoint", "leaves", "leaf"), ANYONE),
    **dict.fromkeys(("notice_seen", "coop_join"), SIGNED_IN),
    **dict.fromkeys(("coop_new", "drafts", "draft_new", "draft_address", "draft_enter"), SIGNED_IN),
    # A draft is no co-op: who does not found it meets none (404), as tests/api/test_drafts.py says.
    **dict.fromkeys(("draft", "draft_alter", "draft_drop", "draft_versions"), SIGNED_IN),
    **dict.fromkeys(("draft_begin_vote", "draft_renew", "draft_exit", "founder_drop"), SIGNED_IN),
    **dict.fromkeys(("founder_invitations", "founder_invite"), SIGNED_IN),
    **dict.fromkeys(("founder_invitation_drop", "clause_new", "clause_put"), SIGNED_IN),
    **dict.fromkeys(("suggestions", "suggestion_new", "suggestion", "suggestion_take"), SIGNED_IN),
    **dict.fromkeys(("suggestion_refuse", "suggestion_drop"), SIGNED_IN),
    **dict.fromkeys(("suggestion_talk", "suggestion_say"), SIGNED_IN),
    **dict.fromkeys(("preferences", "preferences_choose"), MEMBER),
    **dict.fromkeys(("feed_keys", "feed_key_new", "feed_key_drop"), MEMBER),
    **dict.fromkeys(("webhooks", "webhook_new", "webhook_drop", "webhook_secret"), COORDINATOR),
    **dict.fromkeys(("webhook_go_on", "deliveries", "delivery_again"), COORDINATOR),
    **dict.fromkeys(("coop_leave", "members", "member", "group_new", "group_enter"), MEMBER),
    **dict.fromkeys(("group_exit", "threads", "thread_new", "thread", "thread_change"), MEMBER),
    **dict.fromkeys(("thread_end", "thread_top", "thread_seen", "comments"), MEMBER),
    **dict.fromkeys(("comment_new", "comment_change", "comment_drop", "comment_sign"), MEMBER),
    **dict.fromkeys(("decision_new", "ballot", "ballot_put", "ballot_drop", "outcome"), MEMBER),
    **dict.fromkeys(("payees", "payee_new", "payee", "account_new", "dues"), MEMBER),
    **dict.fromkeys(("requests", "request_new", "request_one", "request_change"), MEMBER),
    "request_withdraw": MEMBER,
    **dict.fromkeys(("request_approve", "request_refuse"), TRUSTEE),
    **dict.fromkeys(("member_drop", "role_give", "role_take"), COORDINATOR),
    **dict.fromkeys(("invitations", "invitation_new", "invitation_drop"), COORDINATOR),
    **dict.fromkeys(("overview", "orders", "file_new", "files", "file_bytes"), TREASURER),
    **dict.fromkeys(("order_paid", "statements", "statement_new", "lines"), TREASURER),
    **dict.fromkeys(("lines_of", "line_is", "month", "month_close"), TREASURER),
    **dict.fromkeys(("sponsor_funds", "sponsor_orders", "sponsor_file_new"), SPONSOR),
    **dict.fromkeys(("sponsor_files", "sponsor_file_bytes", "sponsor_order_sent"), SPONSOR),
    **dict.fromkeys(("sponsor_order_refused", "sponsor_people"), SPONSOR),
    **dict.fromkeys(("sponsor_person_new", "sponsor_person_drop"), SPONSOR),
}
"""What a caller has to be, by operation."""

STANDING = {
    "anonymous": (),
    "stranger": (SIGNED_IN,),
    "neighbour": (SIGNED_IN,),
    "member": (SIGNED_IN, MEMBER),
    "trustee": (SIGNED_IN, MEMBER, TRUSTEE, COORDINATOR),
    "coordinator": (SIGNED_IN, MEMBER, TRUSTEE, COORDINATOR),
    "treasurer": (SIGNED_IN, MEMBER, TRUSTEE, COORDINATOR, TREASURER),
    "sponsor": (SIGNED_IN, SPONSOR),
}
"""What each caller is here: the founders are trustees and coordinators.

A neighbour coordinates another co-op and is nobody in this one. A sponsor does not exist for who
does not act for it.
"""


@dataclass(frozen=True)
class Operation:
    """One operation, ready to be called."""

    name: str
    method: str
    path: str
    body: object


def operations(made: Scene) -> Iterator[Operation]:
    """Every operation of the document, its address filled with what is there."""
    real = {
        "slug": made.slug,
        "number": made.request.number,
        "thread_id": made.thread_id,
        "comment_id": made.comment_id,
        "payee_id": made.payee_id,
        "member_id": made.world.cy.member_id,
        "invitation_id": made.invitation_id,
        "group_id": made.world.coop_id,
        "leaf_id": made.vote.id,
        "webhook_id": made.webhook_id,
        "delivery_id": made.delivery_id,
        "notice_id": made.notice_id,
        "month": "2026-03",
        "sponsor_id": made.fund.sponsor_id,
        "fund_id": made.fund.id,
        "staff_id": made.staff_id,
        "draft_id": made.drafted.draft_id,
        "suggestion_id": made.drafted.suggestion_id,
        "founder_id": made.drafted.founder_id,
        "key": "members",
    }
    for path, methods in DOCUMENT["paths"].items():
        filled = path.removeprefix("/api/v1")
        for part in [each[1:-1] for each in path.split("/") if each.startswith("{")]:
            filled = filled.replace(f"{{{part}}}", str(real.get(part, UUID(int=1))))
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = example_of(dict(DOCUMENT), schema) if schema else None
            yield Operation(
                name=operation["operationId"],
                method=method.upper(),
                path=filled,
                body=b"<Document/>" if "multipart/form-data" in content else body,
            )


def programs(made: Scene) -> dict[str, Program]:
    """A program of each caller, with every scope."""
    found = {who: program(made, who) for who in STANDING if who != "neighbour"}
    at = database_now()
    nell = person("Nell", at)
    coop_make(
        slug="next-door",
        name="Next door",
        currency="EUR",
        timezone="Europe/Berlin",
        template="software-users",
        founders=[nell.person_id],
        actor=SYSTEM,
        at=at,
    )
    made_for_nell = token_make(
        person_id=nell.person_id, name="Next door", scopes=SCOPES, actor=SYSTEM, at=at
    )
    return found | {"neighbour": Program(made_for_nell.secret)}


def test_every_operation_has_its_line_and_no_line_is_left_over() -> None:
    offered = {
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
    }
    assert set(NEEDS) == offered


def test_who_lacks_the_standing_is_refused_and_nothing_is_written() -> None:
    made = scene()
    wrong: list[tuple[object, ...]] = []
    callers = programs(made)
    for operation in operations(made):
        for who, caller in callers.items():
            need = NEEDS[operation.name]
            fits = need == ANYONE or need in STANDING[who]
            connection.queries_log.clear()
            with transaction.atomic(), CaptureQueriesContext(connection) as seen:
                answer = caller.call(operation.method, operation.path, operation.body)
                transaction.set_rollback(True)
            if fits:
                if answer.status in (NOBODY, 500):
                    wrong.append((operation.name, who, answer.status))
                continue
            expected = NOBODY if who == "anonymous" else GONE if need == SPONSOR else UNFIT
            if answer.status != expected and not (need == TRUSTEE and answer.status in (409, 422)):
                wrong.append((operation.name, who, answer.status, expected))
            wrote = [query["sql"] for query in seen if is_write(query["sql"])]
            if wrote:
                wrong.append((operation.name, who, wrote))
    assert wrong == []


def is_write(sql: str) -> bool:
    """A statement that changes something but the counts of calls and a token's last use."""
    return sql.lstrip().upper().startswith(WRITES) and not (
        "record_count" in sql or "groups_apitoken" in sql
    )


def test_each_write_needs_its_scope() -> None:
    made = scene()
    bare = program(made, "coordinator", ("read",))
    wrong = [
        (operation.name, answer.status, answer.body)
        for operation in operations(made)
        if operation.method != "GET" and operation.name not in ("notices_read", "notice_seen")
        for answer in [bare.call(operation.method, operation.path, operation.body)]
        if answer.status != UNFIT or answer.body["code"] != "scope_missing"
    ]
    assert wrong == []


def test_a_secret_co_op_does_not_exist_for_others() -> None:
    made = scene()
    secret = world(visibility="secret")
    callers = programs(made)
    for operation in operations(made):
        if f"/coops/{made.slug}" not in operation.path:
            continue
        path = operation.path.replace(f"/coops/{made.slug}", f"/coops/{secret.coop.slug}")
        for who in ("anonymous", "stranger"):
            answer = callers[who].call(operation.method, path, operation.body)
            is_write_by_nobody = who == "anonymous" and operation.method != "GET"
            assert answer.status == (NOBODY if is_write_by_nobody else 404), operation
            assert secret.coop.name not in answer.raw.decode()
