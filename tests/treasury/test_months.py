"""Closing a month: what it waits for, that it is done once, and what comes late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.ledger.selectors import entry_list, period_list
from commonpurse.record.models import AuditRow
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    MonthView,
    fund_of,
    lines_to_review,
    member_reference,
    month_view,
    months_of,
)
from commonpurse.treasury.services import dues_charge, line_assign, month_close, statement_import
from tests.decisions.founding_world import founded
from tests.formats.statements import balance, camt, detail, entry, statement
from tests.treasury.dues_world import Purse, purse
from tests.treasury.purse import approved, asked, mandate_voted
from tests.treasury.purse import purse as paying_purse
from tests.world import NOON

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
IN_APRIL = datetime(2026, 4, 20, tzinfo=UTC)
IN_MAY = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def here() -> Purse:
    """Dues of April are charged; Cy alone has paid them, by the April statement."""
    made = purse(NOON)
    dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=IN_APRIL)
    return made


def april(
    here: Purse, *lines: str, closing: str, until: str = "2026-04-30", at: datetime = IN_MAY
) -> None:
    """The bank's statement of April."""
    both = balance("OPBD", "0", day="2026-04-01") + balance("CLBD", closing, day=until)
    body = camt(statement(*lines, balances=both, ref=f"April until {until}"))
    statement_import(
        fund_id=here.fund.id, data=body, filename="april.xml", actor=here.people.eve, at=at
    )


def paid(here: Purse) -> str:
    reference = member_reference(here.coop_id, here.people.cy.member_id)
    return entry("12.00", day="2026-04-07", details=detail(reference=reference))


def missing(view: MonthView) -> list[str]:
    return [check.key for check in view.missing]


def closed(here: Purse, *, at: datetime = IN_MAY, first: date = APRIL) -> MonthView:
    return month_close(fund_id=here.fund.id, first=first, actor=here.people.eve, at=at)


def test_a_month_with_everything_in_is_closed_once_and_by_whom_is_known(here: Purse) -> None:
    april(here, paid(here), closing="12.00")
    view = month_view(here.fund.id, APRIL, at=IN_MAY)
    assert view.is_ready
    assert (view.summary.opening_minor, view.summary.closing_minor) == (0, 1_200)
    behind = next(check for check in view.checks if check.key == "behind")
    assert (behind.is_done, behind.is_needed, behind.count, behind.minor) == (
        False,
        False,
        3,
        3_600,
    )
    debit, credit = view.trial.totals["EUR"]
    assert debit == credit
    first, again = closed(here), closed(here, at=IN_MAY + timedelta(days=1))
    assert first.closed is not None
    assert again.closed == first.closed
    assert first.closed_by == here.people.eve.person_id
    assert len(period_list(coop_id=here.coop_id, book_id=here.fund.book_id)) == 1
    assert AuditRow.objects.filter(coop_id=here.coop_id, service="month_close").count() == 1
    states = dict(months_of(here.fund.id, at=IN_MAY))
    assert states == {date(2026, 5, 1): False, APRIL: True, date(2026, 3, 1): True}


def test_it_waits_for_the_end_of_the_month_and_for_statements_that_reach_it(here: Purse) -> None:
    assert missing(month_view(here.fund.id, APRIL, at=IN_APRIL)) == ["over"]
    april(here, paid(here), closing="12.00", until="2026-04-20", at=IN_APRIL)
    assert missing(month_view(here.fund.id, APRIL, at=IN_APRIL)) == ["over", "statements"]
    with pytest.raises(NotPossible, match="not over; the bank’s statements do not reach"):
        closed(here, at=IN_APRIL)
    # May begins two hours earlier in Berlin than in Greenwich.
    just_over = datetime(2026, 4, 30, 22, 30, tzinfo=UTC)
    assert missing(month_view(here.fund.id, APRIL, at=just_over)) == ["statements"]


def test_it_waits_for_what_nobody_has_explained(here: Purse) -> None:
    unknown = entry("5.00", day="2026-04-08")
    taken = entry("3.00", way="DBIT", day="2026-04-09")
    april(here, unknown, taken, closing="2.00")
    view = month_view(here.fund.id, APRIL, at=IN_MAY)
    assert missing(view) == ["suspense", "unallocated"]
    found = {check.key: (check.count, check.minor) for check in view.checks}
    assert (found["suspense"], found["unallocated"]) == ((1, 300), (1, 500))
    (line,) = lines_to_review(here.fund.id)
    line_assign(line_id=line.id, kind="grant", member_id=None, actor=here.people.eve, at=IN_MAY)
    with pytest.raises(NotPossible, match="a debit stands in suspense"):
        closed(here)
    # What happened later does not hinder an earlier month.
    assert missing(month_view(here.fund.id, date(2026, 3, 1), at=IN_MAY)) == []


def test_it_waits_for_dues_that_are_due_and_not_for_later_ones() -> None:
    made = purse(NOON)
    april(made, closing="0")
    view = month_view(made.fund.id, APRIL, at=IN_MAY)
    assert (missing(view), view.uncharged) == (["dues"], ("2026-04",))
    dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=IN_APRIL)
    # May is due as well by now, and not charged: April does not wait for it.
    assert missing(month_view(made.fund.id, APRIL, at=IN_MAY)) == []


def test_orders_on_their_way_are_told_and_do_not_hinder() -> None:
    made = paying_purse()
    approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)
    view = month_view(made.fund.id, date(2026, 3, 1), at=IN_APRIL)
    found = {check.key: check for check in view.checks}
    assert (found["orders"].count, found["orders"].minor) == (1, 7_160)
    assert not found["orders"].is_done
    assert found["held"].is_done
    assert "orders" not in missing(view)


def test_only_the_co_op_s_treasurer_closes_and_names_the_month_by_its_first_day(
    here: Purse,
) -> None:
    april(here, paid(here), closing="12.00")
    with pytest.raises(NotAllowed, match="treasurer"):
        month_close(fund_id=here.fund.id, first=APRIL, actor=here.people.ann, at=IN_MAY)
    with pytest.raises(Invalid, match="first day"):
        closed(here, first=date(2026, 4, 2))
    other = fund_of(founded(slug="other").coop_id)
    assert other is not None
    with pytest.raises(NotFound):
        month_close(fund_id=other.id, first=APRIL, actor=here.people.eve, at=IN_MAY)


def test_what_comes_late_is_booked_on_the_first_open_day(here: Purse) -> None:
    april(here, paid(here), closing="12.00")
    closed(here)
    both = balance("OPBD", "12.00", day="2026-05-01") + balance("CLBD", "14.00", day="2026-05-03")
    late = entry("2.00", day="2026-04-29")
    statement_import(
        fund_id=here.fund.id,
        data=camt(statement(late, balances=both, ref="May")),
        filename="may.xml",
        actor=here.people.eve,
        at=IN_MAY,
    )
    newest = entry_list(coop_id=here.coop_id, book_id=here.fund.book_id)[0]
    assert newest.booked_on == date(2026, 5, 1)
    view = month_view(here.fund.id, APRIL, at=IN_MAY)
    assert view.summary.closing_minor == 1_200
