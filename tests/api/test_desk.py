"""The sponsor's console and the month-close as programs use them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from commonpurse.api import caller
from commonpurse.groups.services import SCOPES, token_make
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.services import dues_charge, sponsor_staff_appoint
from tests.api.programs import Program
from tests.treasury.dues_world import purse as dues_purse
from tests.treasury.purse import BRINE_IBAN, approved, asked, mandate_voted, purse
from tests.treasury.test_months import IN_APRIL, IN_MAY, april, paid
from tests.world import NOON, person

pytestmark = pytest.mark.django_db


def program_of(person_id: UUID, at: datetime | None = None) -> Program:
    """A program with every scope."""
    made = token_make(
        person_id=person_id, name="Desk", scopes=SCOPES, actor=SYSTEM, at=at or database_now()
    )
    return Program(made.secret)


def test_a_bookkeeper_s_program_finds_orders_makes_the_file_and_notes_a_refusal() -> None:
    made = purse(database_now())
    approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)
    sol = person("Sol")
    sponsor_staff_appoint(
        sponsor_id=made.fund.sponsor_id,
        email=sol.email or "",
        name="Sol",
        actor=SYSTEM,
        at=NOON,
    )
    desk = program_of(sol.person_id)
    (sponsor,) = desk.get("/sponsors").body["items"]
    base = f"/sponsors/{sponsor['id']}"
    (fund,) = desk.get(f"{base}/funds").body["items"]
    assert fund["position"]["held_minor"] == fund["ready"]["minor"] == 7_160
    here = f"{base}/funds/{fund['id']}"
    (order,) = desk.get(f"{here}/orders").body["items"]
    assert (order["iban"], order["amount_minor"]) == (BRINE_IBAN, 7_160)
    soon = f"{made.at + timedelta(days=7):%Y-%m-%d}"
    key = {"Idempotency_Key": "file-1"}
    file = desk.post(f"{here}/files", {"execute_on": soon}, **key)
    again = desk.post(f"{here}/files", {"execute_on": soon}, **key)
    assert (file.status, again.status, again.body["id"]) == (201, 201, file.body["id"])
    assert order["end_to_end_id"] in desk.get(f"{here}/files/{file.body['id']}").raw.decode()
    assert desk.get(f"{here}/orders").body["items"] == []
    refused = desk.post(f"{here}/orders/{order['id']}/refused", {"reason": "Account closed"})
    assert refused.body["status"] == "failed"
    (freed,) = desk.get(f"{base}/funds").body["items"]
    assert freed["position"]["held_minor"] == 0


def test_a_bookkeeper_s_program_appoints_and_ends_colleagues() -> None:
    made = purse(database_now())
    sol = person("Sol")
    sponsor_staff_appoint(
        sponsor_id=made.fund.sponsor_id,
        email=sol.email or "",
        name="Sol",
        actor=SYSTEM,
        at=NOON,
    )
    desk = program_of(sol.person_id)
    people = f"/sponsors/{made.fund.sponsor_id}/people"
    mia = desk.post(people, {"email": "mia@example.org", "name": "Mia"})
    assert mia.status == 201
    assert len(desk.get(people).body["items"]) == 2
    assert desk.call("DELETE", f"{people}/{mia.body['staff_id']}").status == 200
    assert [each["email"] for each in desk.get(people).body["items"]] == ["sol@example.org"]


def test_a_treasurer_s_program_is_told_what_is_missing_and_closes_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = dues_purse(NOON)
    dues_charge(coop_id=here.coop_id, actor=SYSTEM, at=IN_APRIL)
    monkeypatch.setattr(caller, "database_now", lambda: IN_MAY)
    desk = program_of(here.people.eve.person_id, datetime(2026, 5, 1, tzinfo=UTC))
    month = f"/coops/{here.people.coop.slug}/months/2026-04"
    april(here, paid(here), closing="12.00", until="2026-04-20")
    refused = desk.post(f"{month}/close")
    assert (refused.status, refused.body["code"]) == (409, "month_open")
    assert "do not reach its last day" in refused.body["detail"]
    april(here, paid(here), closing="12.00")
    ready = desk.get(month).body
    assert (ready["is_ready"], ready["closed_at"]) == (True, None)
    first, second = desk.post(f"{month}/close"), desk.post(f"{month}/close")
    assert first.status == second.status == 200
    assert first.body["leaf_id"] == second.body["leaf_id"]
    assert first.body["closed_through"] == "2026-04-30"
    assert desk.get(month.replace("2026-04", "2026-09")).status == 404
