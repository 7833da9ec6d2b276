"""A month of a fund: what is done, what is missing, what moved, and whether it is closed."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from commonpurse.groups.selectors import coop_view
from commonpurse.ledger.selectors import period_list, trial_balance
from commonpurse.record.audits import audit_actor
from commonpurse.rules.schedules import day_in
from commonpurse.treasury.bank_values import LineView
from commonpurse.treasury.month_values import Check, MonthView
from commonpurse.treasury.selectors.bank import lines_to_review, suspense_list
from commonpurse.treasury.selectors.dues import dues_overview, dues_uncharged
from commonpurse.treasury.selectors.funds import fund_standing_by_id
from commonpurse.treasury.selectors.orders import order_list_open
from commonpurse.treasury.selectors.sponsors import Newest, statements_newest
from commonpurse.treasury.selectors.summary import fund_summary
from commonpurse.treasury.values import FundSummary, FundView

FEES = ("bank_fee", "sponsor_fee", "fee")


def month_view(fund_id: UUID, first: date, *, at: datetime) -> MonthView:
    """A month by its first day, as it stands at this instant. Raises NotFound `no_fund`."""
    standing = fund_standing_by_id(fund_id, at=at)
    fund = standing.fund
    timezone = coop_view(fund.coop_id).timezone
    last = last_of(first)
    end = datetime.combine(last + timedelta(days=1), time(0), tzinfo=ZoneInfo(timezone))
    newest = statements_newest([fund.id]).get(fund.id)
    summary = fund_summary(standing, from_date=first, to_date=last)
    # The instant at which the next month begins belongs to the next month.
    within = min(at, end - timedelta(microseconds=1))
    uncharged = dues_uncharged(fund.coop_id, timezone=timezone, at=within)
    periods = period_list(coop_id=fund.coop_id, book_id=fund.book_id)
    closed = next((period for period in periods if period.through >= last), None)
    closed_by = None
    if closed is not None:
        closed_by = audit_actor(coop_id=fund.coop_id, subject_id=closed.id, service="month_close")
    return MonthView(
        fund=fund,
        first=first,
        last=last,
        checks=(
            Check("over", day_in(at, timezone) > last, is_needed=True),
            *bank_checks(fund, last, newest, summary),
            Check("dues", not uncharged, is_needed=True, count=len(uncharged)),
            *money_checks(fund, last, end, summary),
        ),
        summary=summary,
        trial=trial_balance(coop_id=fund.coop_id, book_id=fund.book_id, on=last),
        statement_until=newest.until_on if newest else None,
        uncharged=uncharged,
        closed=closed,
        closed_by=closed_by,
        closed_through=periods[-1].through if periods else None,
    )


def bank_checks(
    fund: FundView, last: date, newest: Newest | None, summary: FundSummary
) -> Iterator[Check]:
    """What the bank says: statements to the last day, the same balance, nothing unexplained.

    A fund whose bank gives no statements is settled by proof; then none is waited for.
    """
    is_in = newest is not None and newest.until_on is not None and newest.until_on >= last
    yield Check("statements", is_in, is_needed=newest is not None)
    differs = 0
    if newest is not None and newest.closing_minor is not None:
        differs = newest.closing_minor - summary.position.balance_minor
    yield Check("balance", differs == 0, is_needed=True, minor=differs)
    for key, lines in (
        ("suspense", suspense_list(fund.id)),
        ("unallocated", lines_to_review(fund.id)),
    ):
        found = [line for line in lines if line.booked_on <= last]
        yield Check(key, not found, is_needed=True, count=len(found), minor=sum_of(found))


def money_checks(
    fund: FundView, last: date, end: datetime, summary: FundSummary
) -> Iterator[Check]:
    """Who is behind, which orders are on their way, what is held and promised, the fees."""
    dues = dues_overview(fund.coop_id, last)
    yield Check(
        "behind",
        not dues.behind_count,
        is_needed=False,
        count=dues.behind_count,
        minor=dues.behind_minor,
    )
    orders = order_list_open(fund.id)
    begun = [order for order in orders if order.prepared_at < end]
    yield Check(
        "orders",
        not begun,
        is_needed=False,
        count=len(begun),
        minor=sum(order.amount_minor for order in begun),
    )
    held = sum(order.amount_minor for order in orders)
    position = summary.position
    yield Check("held", held == position.held_minor, is_needed=True, count=len(orders), minor=held)
    yield Check("promised", is_done=True, is_needed=False, minor=position.promised_minor)
    fees = [total for total in summary.money_out if total.kind in FEES]
    yield Check(
        "fees",
        is_done=True,
        is_needed=False,
        count=sum(total.count for total in fees),
        minor=sum(total.amount_minor for total in fees),
    )


def sum_of(lines: list[LineView]) -> int:
    """How much these lines moved, in either direction."""
    return sum(abs(line.amount_minor) for line in lines)


def last_of(first: date) -> date:
    """The last day of the month that begins there."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def months_of(fund_id: UUID, *, at: datetime) -> tuple[tuple[date, bool], ...]:
    """The months since the fund was opened, newest first, each with whether it is closed."""
    standing = fund_standing_by_id(fund_id, at=at)
    fund = standing.fund
    timezone = coop_view(fund.coop_id).timezone
    periods = period_list(coop_id=fund.coop_id, book_id=fund.book_id)
    through = periods[-1].through if periods else date.min
    month = day_in(at, timezone).replace(day=1)
    opened = day_in(fund.opened_at, timezone).replace(day=1)
    found = []
    while month >= opened:
        found.append((month, last_of(month) <= through))
        month = (month - timedelta(days=1)).replace(day=1)
    return tuple(found)
