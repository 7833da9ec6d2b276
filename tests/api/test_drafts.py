"""Founding by programs: everything that founders do in a browser, under the same rules."""

import pytest

from commonpurse.decisions.services import ballot_cast
from commonpurse.groups.selectors import coop_by_slug, member_of
from commonpurse.record.selectors import database_now
from tests.api.programs import program
from tests.web.scene import scene

pytestmark = pytest.mark.django_db

MADE, DONE, UNKNOWN, REFUSED, NOT_NOW, WRONG = 201, 200, 404, 403, 409, 422


def test_a_program_founds_alone_in_one_call_and_the_same_call_founds_nothing_more() -> None:
    made = scene()
    di = program(made, "stranger")
    body = {
        "name": "Seed Library",
        "purpose": "We keep seeds.",
        "changes": {"dues_minor": 100},
        "clauses": [{"key": "seeds", "title": "Seeds", "text": "Bring back twice."}],
    }
    answer = di.post("/coops", body, Idempotency_Key="seeds")
    assert answer.status == MADE
    assert answer.body["slug"] == "seed-library"
    again = di.post("/coops", body, Idempotency_Key="seeds")
    assert again.body == answer.body
    assert again.headers["Idempotency-Replayed"] == "true"
    decision = di.get("/coops/seed-library/decisions/1").body
    assert decision["effect"]["parameters"]["dues_minor"] == 100
    assert decision["effect"]["clauses"][-1]["key"] == "seeds"
    coop = coop_by_slug("seed-library")
    member = member_of(coop_id=coop.coop_id, person_id=made.di.person_id)
    assert member is not None
    vote = di.call("PUT", "/coops/seed-library/decisions/1/ballot", {"choice": "agree"})
    assert vote.status in (DONE, MADE)
    assert di.post("/coops", body | {"slug": "seed-library"}).status == NOT_NOW
    assert di.post("/coops", body | {"changes": {"quorum": "2"}}).body["field"] == "quorum"


def test_two_programs_draft_and_open_a_vote() -> None:
    made = scene()
    di, cy = program(made, "stranger"), program(made, "member")
    draft = di.post("/drafts", {"name": "Tool Shed Two"}).body
    path = f"/drafts/{draft['draft_id']}"
    assert [each["code"] for each in draft["problems"]] == []
    link = di.post(f"{path}/invitations", {"uses_max": 3}).body
    assert cy.get(path).status == UNKNOWN
    assert cy.post("/drafts/join", {"secret": link["secret"]}).body["is_lead"] is False
    words = {"key": "members", "title": "Members", "text": "All who mend.", "why": "Why not?"}
    wish = cy.post(f"{path}/suggestions", words).body
    assert wish["state"] == "open"
    assert di.get(path).body["problems"][0]["code"] == "suggestions_open"
    there = f"{path}/suggestions/{wish['suggestion_id']}"
    assert cy.post(f"{there}/comments", {"text": "Please."}).status == MADE
    assert di.get(f"{there}/comments").body["items"][0]["text"] == "Please."
    assert cy.post(f"{there}/accept", {}).status == REFUSED
    assert di.post(f"{there}/accept", {"seen": "another"}).status == NOT_NOW
    assert di.post(f"{there}/accept", {"seen": wish["seen"]}).body["state"] == "accepted"
    another = cy.post(f"{path}/suggestions", words | {"text": "Nobody."}).body
    there = f"{path}/suggestions/{another['suggestion_id']}"
    assert cy.post(f"{there}/withdraw").body["state"] == "withdrawn"
    third = cy.post(f"{path}/suggestions", {"title": "New", "text": "Words."}).body
    assert (third["key"], third["base_text"]) == ("new", "")
    declined = di.post(f"{path}/suggestions/{third['suggestion_id']}/decline")
    assert declined.body["state"] == "declined"

    assert di.call("PATCH", path, {"sponsor_name": "Harbour Commons"}).status == DONE
    assert di.post(f"{path}/clauses", {"title": "Noise", "text": "Not after ten."}).status == MADE
    gone = di.call("PUT", f"{path}/clauses/service", {"text": ""})
    assert "service" not in [each["key"] for each in gone.body["clauses"]]
    parts = [each["part"] for each in di.get(f"{path}/history").body["items"]]
    assert parts[:3] == ["clause:service", "clause:noise", "sponsor"]
    assert di.post(f"{path}/open", {"version": 1}).body["code"] == "draft_changed"
    opened = di.post(f"{path}/open", {"version": gone.body["version"]})
    assert opened.status == MADE
    assert di.get(path).body["decision_number"] == 1
    assert di.call("PATCH", path, {"name": "Late"}).body["code"] == "draft_opened"
    coop = coop_by_slug(opened.body["slug"])
    for person_id in (made.di.person_id, made.world.cy.person_id):
        member = member_of(coop_id=coop.coop_id, person_id=person_id)
        assert member is not None
        decision = di.get(f"/coops/{coop.slug}/decisions/1").body
        ballot_cast(decision_id=decision["id"], choice="agree", actor=member, at=database_now())
    assert di.get(f"/coops/{coop.slug}/decisions/1").body["result"]["verdict"] == "passed"


def test_strangers_meet_no_draft_and_founders_do_not_lead() -> None:
    made = scene()
    path = f"/drafts/{made.drafted.draft_id}"
    wish = f"{path}/suggestions/{made.drafted.suggestion_id}"
    calls: tuple[tuple[str, str, object], ...] = (
        ("GET", path, None),
        ("PATCH", path, {"name": "Mine"}),
        ("DELETE", path, None),
        ("GET", f"{path}/history", None),
        ("POST", f"{path}/open", {"version": 7}),
        ("POST", f"{path}/leave", None),
        ("POST", f"{path}/again", None),
        ("DELETE", f"{path}/founders/{made.drafted.founder_id}", None),
        ("GET", f"{path}/invitations", None),
        ("POST", f"{path}/invitations", {}),
        ("DELETE", f"{path}/invitations/{made.drafted.invitation_id}", None),
        ("POST", f"{path}/clauses", {"title": "Mine", "text": "Mine."}),
        ("PUT", f"{path}/clauses/members", {"title": "Mine", "text": "Mine."}),
        ("GET", f"{path}/suggestions", None),
        ("POST", f"{path}/suggestions", {"title": "Mine", "text": "Mine."}),
        ("GET", wish, None),
        ("POST", f"{wish}/accept", {}),
        ("POST", f"{wish}/decline", None),
        ("POST", f"{wish}/withdraw", None),
        ("GET", f"{wish}/comments", None),
        ("POST", f"{wish}/comments", {"text": "Hm."}),
    )
    for who in ("stranger", "trustee"):
        caller = program(made, who)
        answers = [(call[:2], caller.call(*call).status) for call in calls]
        assert [each for each in answers if each[1] != UNKNOWN] == []
    cy = program(made, "member")
    for place in (1, 2, 4, 7, 10, 11, 12, 16, 17):
        assert cy.call(*calls[place]).status == REFUSED, calls[place]


def test_whether_an_address_is_free() -> None:
    made = scene()
    caller = program(made, "member")
    assert caller.get(f"/drafts/address?slug={made.slug}").body["is_free"] is False
    found = caller.get("/drafts/address?name=Seed%20Library").body
    assert found == {"slug": "seed-library", "is_free": True, "detail": ""}
