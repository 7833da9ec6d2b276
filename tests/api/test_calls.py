"""What a program can do: read, vote, ask for money; once for each key, and only what it may."""

from uuid import UUID

import pytest

from commonpurse.decisions.selectors import ballots_of
from commonpurse.discussion.selectors import thread_list
from commonpurse.groups.services import person_erase, token_make, token_revoke
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from commonpurse.web.views.threads import CommentForm
from tests.api.programs import Program, program
from tests.web.scene import Scene, scene
from tests.world import person, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Scene:
    return scene()


def threads(made: Scene) -> int:
    return len(thread_list(coop_id=made.world.coop_id, member=made.world.cy))


def test_a_program_votes_changes_its_mind_and_takes_the_vote_back(made: Scene) -> None:
    cy = program(made, "member")
    at = f"/coops/{made.slug}/decisions/{made.vote.number}"
    voted = cy.call("PUT", f"{at}/ballot", {"choice": "agree", "reason": "It is time"})
    assert (voted.status, voted.body["choice"]) == (200, "agree")
    assert cy.call("PUT", f"{at}/ballot", {"choice": "disagree"}).status == 200
    assert cy.get(f"{at}/ballot").body["choice"] == "disagree"
    assert cy.get(at).body["tally"]["counts"]["disagree"] == 1
    assert cy.call("DELETE", f"{at}/ballot").status == 200
    assert cy.get(f"{at}/ballot").status == 404
    mine = ballots_of(decision_id=made.vote.id, member_id=made.world.cy.member_id)
    assert [each.choice for each in mine] == ["withdrawn", "disagree", "agree"]


def test_the_same_call_with_the_same_key_is_done_once(made: Scene) -> None:
    cy = program(made, "member")
    path, body = f"/coops/{made.slug}/threads", {"title": "Lunch?", "body": "On Monday."}
    before = threads(made)
    first = cy.post(path, body, Idempotency_Key="k-1")
    again = cy.post(path, dict(reversed(body.items())), Idempotency_Key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert threads(made) == before + 1
    other = cy.post(path, {"title": "Dinner?"}, Idempotency_Key="k-1")
    assert (other.status, other.body["code"]) == (422, "key_used")
    assert cy.post(path, body, Idempotency_Key="k-2").status == 201
    assert program(made, "trustee").post(path, body, Idempotency_Key="k-1").status == 201
    assert threads(made) == before + 3


def test_a_refusal_is_not_kept_under_its_key(made: Scene) -> None:
    cy = program(made, "member")
    path = f"/coops/{made.slug}/threads/{made.thread_id}/comments"
    refused = cy.post(path, {"body": ""}, Idempotency_Key="k")
    assert refused.status == 422
    assert cy.post(path, {"body": "Yes"}, Idempotency_Key="k").status == 201


def test_a_secret_is_shown_once_and_never_replayed(made: Scene) -> None:
    cy = program(made, "member")
    wish = {"name": "Bookkeeping", "scopes": ["read"]}
    first = cy.post("/me/tokens", wish, Idempotency_Key="t")
    again = cy.post("/me/tokens", wish, Idempotency_Key="t")
    assert first.body["secret"].startswith("purse_")
    assert "secret" not in again.body
    assert again.body["token_id"] == first.body["token_id"]
    assert Program(first.body["secret"]).get("/me").body["name"] == "Cy"


def test_a_token_may_do_what_its_scopes_name_and_make_no_stronger_one(made: Scene) -> None:
    reader = program(made, "member", ("read", "manage"))
    refused = reader.post(f"/coops/{made.slug}/threads", {"title": "Hello"})
    assert (refused.status, refused.body["code"]) == (403, "scope_missing")
    stronger = reader.post("/me/tokens", {"name": "More", "scopes": ["approve"]})
    assert (stronger.status, stronger.body["code"]) == (403, "scope_missing")


def test_a_token_ends_when_it_is_revoked_and_when_its_person_is_erased(made: Scene) -> None:
    cy = program(made, "member")
    tokens = cy.get("/me/tokens").body["items"]
    bo = program(made, "trustee")
    other = bo.call("DELETE", f"/me/tokens/{tokens[0]['token_id']}")
    assert (other.status, other.body["code"]) == (404, "no_token")
    assert cy.get("/me").status == 200
    token_revoke(
        token_id=tokens[0]["token_id"],
        person_id=made.world.cy.person_id,
        actor=SYSTEM,
        at=database_now(),
    )
    assert cy.get("/me").status == 401
    person_erase(person_id=made.world.bo.person_id, actor=SYSTEM, at=database_now())
    assert bo.get("/me").status == 401


def test_what_cannot_be_right_says_where_and_keeps_its_form(made: Scene) -> None:
    cy = program(made, "member")
    path = f"/coops/{made.slug}/threads"
    for body, field in (
        ({"title": ""}, "given.title"),
        ({"title": "a", "colour": "red"}, "given.colour"),
        ({"title": "a\x00b"}, "given"),
        ({"title": "a\u202eb"}, "given"),
        ({"title": 3}, "given.title"),
        ([], "given"),
    ):
        answer = cy.post(path, body)
        assert answer.status == 422, body
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.body["field"] == field
        assert answer.body["detail"]
    broken = cy.client.generic(
        "POST", f"/api/v1{path}", b"{", content_type="application/json", headers=cy.headers
    )
    assert broken.status_code == 400
    assert cy.get(path + "?after=nonsense").body["code"] == "cursor_wrong"
    assert cy.get("/nowhere").body["code"] == "no_address"


def test_lists_come_in_pages_that_meet(made: Scene) -> None:
    anybody = Program()
    path = f"/coops/{made.slug}/decisions"
    whole = [each["number"] for each in anybody.get(path).body["items"]]
    found: list[int] = []
    address: str | None = f"{path}?limit=2"
    while address is not None:
        page = anybody.get(address).body
        found += [each["number"] for each in page["items"]]
        address = f"{path}?limit=2&after={page['next']}" if page["next"] else None
    assert found == whole
    assert len(found) > 2


def test_who_has_seen_an_answer_is_told_that_it_is_the_same(made: Scene) -> None:
    anybody = Program()
    path = f"/coops/{made.slug}/manual"
    first = anybody.get(path)
    again = anybody.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.raw) == (304, b"")


def test_who_calls_too_often_is_asked_to_wait(made: Scene, settings) -> None:
    settings.PURSE_API_ANONYMOUS_PER_MINUTE = 3
    anybody = Program()
    answers = [anybody.get(f"/coops/{made.slug}") for _ in range(5)]
    refused = [each for each in answers if each.status == 429]
    assert 0 < len(refused) <= 2  # A minute may turn between two calls.
    assert refused[0].body["code"] == "too_many"
    assert int(refused[0].headers["Retry-After"]) <= 60
    assert program(made, "member").get("/me").status == 200


def test_a_trustee_approves_exactly_the_payload_that_was_read(made: Scene) -> None:
    bo = program(made, "trustee")
    path = f"/coops/{made.slug}/requests/{made.request.number}"
    read = bo.get(path).body
    wrong = bo.post(f"{path}/approve", {"payload_hash": "0" * 64})
    assert (wrong.status, wrong.body["code"]) == (409, "payload_changed")
    signed = bo.post(f"{path}/approve", {"payload_hash": read["payload_hash"]})
    assert signed.status == 200
    assert len(signed.body["approvals"]) == 1
    own = program(made, "member").post(f"{path}/approve", {"payload_hash": read["payload_hash"]})
    assert own.status == 403


@pytest.mark.parametrize(
    ("size", "code"),
    [(4_000_000, "form_wrong"), (6_000_000, "too_large"), (30_000_000, "too_large")],
)
def test_too_large_a_body_is_refused_as_a_problem(made: Scene, size: int, code: str) -> None:
    cy = program(made, "member")
    before = threads(made)
    given = cy.post(f"/coops/{made.slug}/threads", {"title": "Lunch?", "body": "b" * size})
    assert given.headers["Content-Type"] == "application/problem+json"
    assert (given.status // 100, given.body["code"]) == (4, code)
    assert threads(made) == before


def test_a_form_that_is_none_is_refused_as_a_problem(made: Scene) -> None:
    eve = program(made, "treasurer")
    head = b"--x\r\nContent-Disposition: form-data; name=file; filename=s.xml\r\nX: "
    answer = eve.client.generic(
        "POST",
        f"/api/v1/coops/{made.slug}/statements",
        head + b"a" * 5_000 + b"\r\n\r\n<x/>\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers=eve.headers,
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_a_token_with_one_scope_does_what_its_scope_says(made: Scene) -> None:
    root = f"/coops/{made.slug}"
    talks = program(made, "member", ("talk",))
    assert talks.post(f"{root}/threads", {"title": "Lunch?"}).status == 201
    votes = program(made, "member", ("vote",))
    ballot = f"{root}/decisions/{made.vote.number}/ballot"
    assert votes.call("PUT", ballot, {"choice": "agree"}).status == 200
    public, private = f"{root}/fund", f"{root}/threads/{made.thread_id}/comments"
    assert talks.get(public).body == Program().get(public).body
    for path in (ballot, private, f"{root}/members"):
        refused = votes.get(path)
        assert (refused.status, refused.body["code"]) == (403, "scope_missing")


def test_a_token_that_may_not_read_finds_no_more_than_anybody_in_a_secret_co_op() -> None:
    secret = world(visibility="secret")
    at = database_now()

    def told(person_id: UUID) -> object:
        token = token_make(person_id=person_id, name="Talk", scopes=("talk",), actor=SYSTEM, at=at)
        return Program(token.secret).get(f"/coops/{secret.coop.slug}").body["code"]

    assert told(secret.cy.person_id) == "scope_missing"
    assert told(person("Zed", at).person_id) == "no_coop"


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 65])
def test_a_key_that_is_none_is_refused_and_nothing_done(made: Scene, key: str) -> None:
    before = threads(made)
    refused = program(made, "member").post(
        f"/coops/{made.slug}/threads", {"title": "Lunch?"}, Idempotency_Key=key
    )
    assert (refused.status, refused.body["code"]) == (422, "key_wrong")
    assert threads(made) == before


def test_a_method_that_an_address_does_not_take_is_a_problem(made: Scene) -> None:
    cy, path = program(made, "member"), f"/coops/{made.slug}/fund"
    refused = cy.call("DELETE", path)
    assert (refused.status, refused.body["code"]) == (405, "method_wrong")
    assert refused.headers["Allow"] == "GET"
    head, whole = cy.call("HEAD", path), cy.get(path)
    assert (head.status, head.raw) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("text", ["=1+1\x1b[31m", "a\x07", "\x9b31m", "a\x7f"])
def test_orders_to_a_terminal_are_no_words(made: Scene, text: str) -> None:
    refused = program(made, "member").post(f"/coops/{made.slug}/threads", {"title": text})
    assert (refused.status, refused.body["code"]) == (422, "form_wrong")
    form = CommentForm({"body": text})
    assert form.errors["body"] == ["Type this again: it holds signs that cannot be seen"]
    assert CommentForm({"body": "one\n\ttwo"}).is_valid()


@pytest.mark.parametrize("days", [True, "5", 5.0])
def test_a_number_is_a_number(made: Scene, days: object) -> None:
    given = {"name": "Books", "scopes": ["read"], "days": days}
    assert program(made, "member").post("/me/tokens", given).status == 422
