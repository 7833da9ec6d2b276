"""What a sponsor's people see and may do, and that nobody else does it."""

from datetime import date

import pytest

from commonpurse.errors import NotAllowed, NotFound, NotPossible
from commonpurse.groups.services import person_erase
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.models import AuditRow
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.models import SponsorStaff
from commonpurse.treasury.selectors import (
    SponsorPerson,
    access_sponsor,
    access_sponsor_fund,
    fund_position,
    instructions_waiting,
    order_view,
    sponsor_funds,
    sponsor_staff_list,
    sponsors_of_person,
)
from commonpurse.treasury.services import (
    fund_open,
    order_fail,
    order_send_by_hand,
    orders_export,
    sponsor_add,
    sponsor_staff_appoint,
    sponsor_staff_end,
    statement_import,
)
from tests.formats.statements import camt, entry, statement
from tests.treasury.purse import BRINE_IBAN, DAY, Purse, approved, asked, mandate_voted, purse
from tests.world import NOON, person, world

pytestmark = pytest.mark.django_db


def acting(made: Purse, name: str = "Sol") -> SponsorPerson:
    """Somebody whom the operator appoints for the purse's sponsor."""
    someone = person(name)
    sponsor_staff_appoint(
        sponsor_id=made.fund.sponsor_id,
        email=someone.email or "",
        name=name,
        actor=SYSTEM,
        at=NOON,
    )
    return access_sponsor(sponsor_id=made.fund.sponsor_id, person_id=someone.person_id)


def elsewhere() -> SponsorPerson:
    """Somebody who acts for another sponsor, which holds another co-op's fund."""
    small = world(slug="elsewhere")
    other = sponsor_add(name="Elsewhere Trust", actor=SYSTEM, at=NOON)
    fund_open(
        coop_id=small.coop_id,
        sponsor_id=other.id,
        name="Elsewhere",
        currency="EUR",
        iban=None,
        actor=SYSTEM,
        at=NOON,
    )
    el = person("El")
    sponsor_staff_appoint(
        sponsor_id=other.id, email=el.email or "", name="El", actor=SYSTEM, at=NOON
    )
    return access_sponsor(sponsor_id=other.id, person_id=el.person_id)


def ordered(made: Purse) -> object:
    """An order of 71.60 that waits for the bank."""
    request = asked(made, mandate_voted(made))
    return approved(request, made.ann, made.bo, at=made.at)


def test_the_console_shows_what_the_fund_s_own_page_shows_and_what_waits():
    made = purse()
    ordered(made)
    sol = acting(made)
    (shown,) = sponsor_funds(sol.sponsor_id, at=made.at)
    assert shown.position == fund_position(made.fund.id, at=made.at)
    assert (shown.position.balance_minor, shown.position.held_minor) == (50_000, 7_160)
    assert (shown.ready.count, shown.ready.minor, shown.sent.count) == (1, 7_160, 0)
    assert (shown.bank_minor, shown.bank_on, shown.difference_minor) == (None, None, 0)
    assert shown.fee_max_minor > 0
    assert shown.fee_left_minor == shown.fee_max_minor
    assert shown.waits == 1
    assert not shown.is_statement_late
    (late,) = sponsor_funds(sol.sponsor_id, at=made.at + 36 * DAY)
    assert late.is_statement_late
    (one,) = instructions_waiting(made.fund.id)
    assert (one.iban, one.holder) == (BRINE_IBAN, "Brine Backup")


def test_the_bank_s_last_day_and_balance_stand_beside_the_books():
    made = purse(cleared_minor=0)
    sol = acting(made)
    unknown = entry("12.00", way="DBIT", day="2026-03-04")
    body = camt(statement(unknown, opening="100.00", closing="88.00"))
    statement_import(
        fund_id=made.fund.id,
        data=body,
        filename="march.xml",
        actor=made.eve,
        at=made.at + 3 * DAY,
    )
    (shown,) = sponsor_funds(sol.sponsor_id, at=made.at + 3 * DAY)
    assert shown.bank_minor == shown.position.balance_minor == 8_800
    assert shown.difference_minor == 0
    assert (shown.suspense.count, shown.suspense.minor) == (1, 1_200)
    assert shown.bank_on is not None


def test_a_sponsor_s_person_makes_the_file_and_the_order_is_at_the_bank():
    made = purse()
    ordered(made)
    sol = acting(made)
    file = orders_export(
        fund_id=made.fund.id,
        order_ids=None,
        execute_on=date(2026, 3, 4),
        actor=sol,
        at=made.at,
    )
    (shown,) = sponsor_funds(sol.sponsor_id, at=made.at)
    assert (shown.ready.count, shown.sent.count, shown.sent.minor) == (0, 1, 7_160)
    assert order_view(file.order_ids[0]).status == "exported"
    row = AuditRow.objects.get(coop_id=made.coop_id, service="orders_export")
    assert row.actor_id == sol.person_id


def test_what_was_typed_by_hand_is_noted_and_what_the_bank_refused_is_free_again():
    made = purse()
    ordered(made)
    sol = acting(made)
    (one,) = instructions_waiting(made.fund.id)
    noted = order_send_by_hand(order_id=one.order.id, proof="T-114", actor=sol, at=made.at)
    assert noted.status == "exported"
    with pytest.raises(NotPossible, match="sent already"):
        order_send_by_hand(order_id=one.order.id, proof="T-114", actor=sol, at=made.at)
    failed = order_fail(order_id=one.order.id, reason="Closed", actor=sol.actor, at=made.at)
    assert failed.status == "failed"
    assert fund_position(made.fund.id, at=made.at).held_minor == 0


def test_another_sponsor_s_person_finds_nothing_here():
    made = purse()
    ordered(made)
    el = elsewhere()
    (one,) = instructions_waiting(made.fund.id)
    with pytest.raises(NotFound):
        orders_export(
            fund_id=made.fund.id,
            order_ids=None,
            execute_on=date(2026, 3, 4),
            actor=el,
            at=made.at,
        )
    with pytest.raises(NotFound):
        order_send_by_hand(order_id=one.order.id, proof="T-114", actor=el, at=made.at)
    with pytest.raises(NotFound):
        access_sponsor_fund(fund_id=made.fund.id, actor=el)
    assert [each.coop_name for each in sponsor_funds(el.sponsor_id, at=made.at)] == [
        "The Shared Bill"
    ]
    assert {each.fund.sponsor_id for each in sponsor_funds(el.sponsor_id, at=made.at)} == {
        el.sponsor_id
    }


def test_who_acts_no_more_does_nothing_more_with_what_they_still_hold():
    made = purse()
    ordered(made)
    sol, mia = acting(made), acting(made, "Mia")
    (row,) = [
        each for each in sponsor_staff_list(sol.sponsor_id) if each.person_id == sol.person_id
    ]
    sponsor_staff_end(sponsor_id=sol.sponsor_id, staff_id=row.staff_id, actor=mia, at=NOON)
    with pytest.raises(NotFound):
        access_sponsor(sponsor_id=sol.sponsor_id, person_id=sol.person_id)
    with pytest.raises(NotAllowed, match="own people"):
        orders_export(
            fund_id=made.fund.id,
            order_ids=None,
            execute_on=date(2026, 3, 4),
            actor=sol,
            at=made.at,
        )
    with pytest.raises(NotAllowed, match="own people"):
        sponsor_staff_appoint(
            sponsor_id=sol.sponsor_id, email="x@example.org", name="X", actor=sol, at=NOON
        )


def test_people_appoint_colleagues_of_their_own_sponsor_alone_and_twice_is_once():
    made = purse()
    sol, el = acting(made), elsewhere()
    for _ in range(2):
        sponsor_staff_appoint(
            sponsor_id=sol.sponsor_id, email="mia@example.org", name="Mia", actor=sol, at=NOON
        )
    people = [each.email for each in sponsor_staff_list(sol.sponsor_id)]
    assert people == ["sol@example.org", "mia@example.org"]
    audits = AuditRow.objects.filter(coop_id=PLATFORM_ID, service="sponsor_staff_appoint")
    assert audits.filter(actor_id=sol.person_id).count() == 1
    with pytest.raises(NotAllowed, match="own people"):
        sponsor_staff_appoint(
            sponsor_id=sol.sponsor_id, email="el@example.org", name="El", actor=el, at=NOON
        )
    (row, *_rest) = sponsor_staff_list(sol.sponsor_id)
    with pytest.raises(NotAllowed, match="own people"):
        sponsor_staff_end(sponsor_id=sol.sponsor_id, staff_id=row.staff_id, actor=el, at=NOON)


def test_erasing_a_person_ends_whom_they_acted_for():
    made = purse()
    sol = acting(made)
    assert [each.name for each in sponsors_of_person(sol.person_id)] == [
        "Harbour Commons Foundation"
    ]
    person_erase(person_id=sol.person_id, actor=sol.actor, at=NOON)
    assert not SponsorStaff.objects.exists()


def test_two_hundred_funds_are_read_in_as_many_queries_as_one(django_assert_num_queries):
    made = purse()
    sol = acting(made)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        sponsor_funds(sol.sponsor_id, at=made.at)
    for number in range(5):
        small = world(slug=f"many-{number}")
        fund_open(
            coop_id=small.coop_id,
            sponsor_id=sol.sponsor_id,
            name=f"Fund {number}",
            currency="EUR",
            iban=None,
            actor=SYSTEM,
            at=NOON,
        )
    with django_assert_num_queries(len(few)):
        assert len(sponsor_funds(sol.sponsor_id, at=made.at)) == 6
