"""Dues: who owes what and since when, charged once whatever happens to the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from commonpurse.formats.rf import rf_valid
from commonpurse.groups.services import member_add, member_leave
from commonpurse.ledger.selectors import trial_balance
from commonpurse.proof.canonical import lines_sha256
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    dues_account,
    dues_behind,
    dues_overview,
    dues_plan_current,
    member_reference,
)
from commonpurse.treasury.services import (
    dues_charge,
    dues_charge_due,
    dues_plan_adopt,
    reference_ensure,
)
from tests.treasury.dues_world import Purse, adopt, purse, rows
from tests.world import NOON, person

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
IN_APRIL = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
"""Midnight in London is two in the morning in Berlin, where the co-op is."""


def charge(where: Purse, at: datetime) -> tuple[int, int, tuple[str, ...]]:
    run = dues_charge(coop_id=where.coop_id, actor=SYSTEM, at=at)
    return run.charged_count, run.total_minor, run.periods


def test_four_members_owe_twelve_euros_each_from_the_first_of_the_month() -> None:
    """Ann, Bo, Cy and Eve: 4 × €12.00 = €48.00, debit 1100 Dues receivable, credit 4000 Dues."""
    here = purse()
    assert here.plan.from_date == APRIL
    assert charge(here, IN_APRIL) == (4, 4_800, ("2026-04",))
    assert (here.balance("1100"), here.balance("4000")) == (4_800, -4_800)
    mine = dues_account(here.coop_id, here.people.cy.member_id, APRIL)
    assert (mine.charged_minor, mine.balance_minor) == (1_200, 1_200)
    assert not mine.is_behind
    assert dues_account(here.coop_id, here.people.cy.member_id, date(2026, 4, 2)).is_behind
    assert trial_balance(coop_id=here.coop_id, book_id=here.fund.book_id).totals == {
        "EUR": (4_800, 4_800)
    }


def test_twice_charges_once() -> None:
    here = purse()
    charge(here, IN_APRIL)
    assert charge(here, IN_APRIL) == (0, 0, ())
    assert charge(here, IN_APRIL + timedelta(days=20)) == (0, 0, ())
    assert here.balance("1100") == 4_800


def test_nothing_is_charged_before_it_is_due_where_the_co_op_is() -> None:
    here = purse()
    before_berlin_midnight = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    assert charge(here, before_berlin_midnight)[0] == 0
    assert charge(here, before_berlin_midnight + timedelta(minutes=1))[0] == 4


def test_after_a_downtime_every_missed_month_is_charged() -> None:
    here = purse()
    run = charge(here, datetime(2026, 7, 20, tzinfo=UTC))
    assert run == (16, 19_200, ("2026-04", "2026-05", "2026-06", "2026-07"))
    mine = dues_account(here.coop_id, here.people.bo.member_id, date(2026, 7, 20))
    assert [one.due_on.month for one in mine.charges] == [4, 5, 6, 7]
    assert mine.behind_minor == 4_800


def test_who_owes_is_who_was_a_member_when_the_day_began() -> None:
    here = purse()
    founder = here.people.ann
    late = member_add(
        coop_id=here.coop_id,
        person_id=person("Flo").person_id,
        actor=founder,
        at=datetime(2026, 4, 1, 8, 0, tzinfo=UTC),
    )
    member_leave(member=here.people.cy, at=datetime(2026, 4, 20, tzinfo=UTC))
    charge(here, datetime(2026, 5, 2, tzinfo=UTC))
    on = date(2026, 5, 2)
    charged = {
        name: dues_account(here.coop_id, member_id, on).charged_minor
        for name, member_id in (
            ("ann", founder.member_id),
            ("cy", here.people.cy.member_id),
            ("flo", late.member_id),
        )
    }
    assert charged == {"ann": 2_400, "cy": 1_200, "flo": 1_200}


def test_a_quarter_is_charged_once_in_three_months() -> None:
    here = purse(dues_period_months=3, dues_day=15)
    assert here.plan.from_date == date(2026, 3, 15)
    assert charge(here, datetime(2026, 10, 1, tzinfo=UTC))[2] == ("2026-03", "2026-06", "2026-09")


def test_dues_of_nothing_charge_nobody() -> None:
    here = purse(dues_minor=0)
    assert charge(here, datetime(2026, 10, 1, tzinfo=UTC)) == (0, 0, ())


def test_changed_dues_begin_when_the_period_that_was_charged_is_over() -> None:
    here = purse(dues_period_months=3)
    charge(here, IN_APRIL)
    at = datetime(2026, 5, 10, tzinfo=UTC)
    adopt(here.people, at, dues_minor=500, dues_period_months=1)
    changed = dues_plan_adopt(fund_id=here.fund.id, actor=SYSTEM, at=at)
    assert changed.from_date == date(2026, 7, 1)
    assert charge(here, datetime(2026, 8, 1, 12, tzinfo=UTC))[2] == ("2026-07", "2026-08")
    mine = dues_account(here.coop_id, here.people.ann.member_id, date(2026, 8, 1))
    assert [one.amount_minor for one in mine.charges] == [1_200, 500, 500]
    current = dues_plan_current(here.coop_id, date(2026, 6, 30))
    assert current is not None
    assert current.amount_minor == 1_200


def test_an_amendment_that_leaves_the_dues_alone_keeps_the_plan() -> None:
    here = purse()
    adopt(here.people, NOON + timedelta(days=1), voting_days=9)
    again = dues_plan_adopt(fund_id=here.fund.id, actor=SYSTEM, at=NOON + timedelta(days=1))
    assert again == here.plan


def test_each_member_has_a_reference_of_their_own_that_stays() -> None:
    here = purse()
    early = reference_ensure(
        coop_id=here.coop_id, member_id=here.people.eve.member_id, actor=SYSTEM, at=NOON
    )
    charge(here, IN_APRIL)
    references = {
        member_reference(here.coop_id, member.member_id) for member in here.people.members
    }
    assert len(references) == 4
    assert all(rf_valid(one) for one in references)
    assert member_reference(here.coop_id, here.people.eve.member_id) == early
    charge(here, datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert references == {
        member_reference(here.coop_id, member.member_id) for member in here.people.members
    }


def test_references_are_valid_however_large_the_number() -> None:
    """The SQL that makes them agrees with the checksum of ISO 11649 over many numbers."""
    found = rows(
        "SELECT 'RF' || lpad((98 - ((100000 + n) * 1000000 + 271500) %% 97)::text, 2, '0')"
        " || (100000 + n)::text FROM generate_series(1::bigint, 2000000, 1777) n"
    )
    assert all(rf_valid(str(reference)) for (reference,) in found)


def test_a_batch_carries_the_hash_of_its_rows() -> None:
    here = purse()
    charge(here, IN_APRIL)
    ((batch_id, said),) = rows("SELECT id, rows_sha256 FROM treasury_chargebatch")
    lines = [
        {
            "amount_minor": str(amount),
            "batch_id": str(batch_id),
            "due_on": str(due_on),
            "id": str(charge_id),
            "member_id": str(member_id),
            "period": str(period),
            "reference": str(reference),
        }
        for charge_id, member_id, period, amount, due_on, reference in rows(
            "SELECT id, member_id, period, amount_minor, due_on, reference FROM treasury_charge "
            "WHERE batch_id = %s ORDER BY id",
            batch_id,
        )
    ]
    assert lines_sha256(lines) == said
    assert rows("SELECT kind FROM record_leaf WHERE id = %s", batch_id) == [("dues.charged",)]


def test_the_sub_ledger_is_what_the_control_account_says() -> None:
    here = purse()
    charge(here, datetime(2026, 9, 1, 12, tzinfo=UTC))
    overview = dues_overview(here.coop_id, date(2026, 9, 1))
    assert overview.owed_minor - overview.credit_minor == here.balance("1100")
    assert overview.members_count == 4
    assert overview.behind_count == 4
    assert [one.total_minor for one in overview.periods] == [4_800] * 6


def test_who_is_behind_comes_in_pages_with_the_oldest_due_date() -> None:
    here = purse()
    charge(here, datetime(2026, 6, 2, tzinfo=UTC))
    on = date(2026, 6, 2)
    first = dues_behind(here.coop_id, on, limit=3)
    rest = dues_behind(here.coop_id, on, after=first[-1].member_id, limit=3)
    assert len(first) == 3
    assert len(rest) == 1
    assert {one.oldest_due_on for one in (*first, *rest)} == {APRIL}
    assert {one.owed_minor for one in (*first, *rest)} == {3_600}


def test_the_job_charges_every_co_op() -> None:
    here = purse()
    assert dues_charge_due(at=IN_APRIL) == 4
    assert dues_charge_due(at=IN_APRIL) == 0
    assert here.balance("1100") == 4_800


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE treasury_charge SET amount_minor = 1",
        "DELETE FROM treasury_charge",
        "TRUNCATE treasury_charge",
        "UPDATE treasury_chargebatch SET total_minor = 1",
        "DELETE FROM treasury_payerreference",
    ],
)
def test_what_was_charged_cannot_be_changed(change: str) -> None:
    charge(purse(), IN_APRIL)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_database_refuses_a_second_charge_of_one_period() -> None:
    here = purse()
    charge(here, IN_APRIL)
    copy = (
        "INSERT INTO treasury_charge (id, coop_id, batch_id, member_id, period, amount_minor,"
        " due_on, reference) SELECT gen_random_uuid(), coop_id, batch_id, member_id, period,"
        " amount_minor, due_on, reference FROM treasury_charge LIMIT 1"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(copy)
