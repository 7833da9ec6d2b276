"""The public picture of a fund: what came in, what is here, where the rest went."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Sum
from django.db.models.functions import Coalesce

from commonpurse.ledger.selectors import account_by_code, balance_days
from commonpurse.treasury.models import LineBooking, Settlement, SuspenseCover
from commonpurse.treasury.selectors.funds import BANK, fund_position, fund_view
from commonpurse.treasury.values import DayBalance, FundSummary, KindTotal

DAYS_IN_DETAIL = 92
"""Up to a quarter is drawn day by day, more by ends of months."""


def fund_summary(fund_id: UUID, *, from_date: date, to_date: date, at: datetime) -> FundSummary:
    """Money in by kind, money out by purpose and the balance over time, `to_date` included.

    Kinds in: dues, grant, … as the bank's lines were booked. Kinds out: payment, or the kind of
    the standing mandate, or suspense while nothing explains a debit.
    """
    fund = fund_view(fund_id)
    bank = account_by_code(coop_id=fund.coop_id, book_id=fund.book_id, code=BANK)
    days = (from_date - timedelta(days=1), *days_between(from_date, to_date))
    known = balance_days(coop_id=fund.coop_id, account_id=bank.id, until=to_date)
    balances = {day: balance_on(known, day) for day in days}
    return FundSummary(
        from_date=from_date,
        to_date=to_date,
        position=fund_position(fund_id, at=at),
        money_in=totals(money_in(fund_id, from_date, to_date)),
        money_out=totals(money_out(fund_id, from_date, to_date)),
        opening_minor=balances[days[0]],
        closing_minor=balances[days[-1]],
        series=tuple(DayBalance(on=day, balance_minor=balances[day]) for day in days[1:]),
    )


def balance_on(known: tuple[tuple[date, int], ...], day: date) -> int:
    """The balance at the end of a day, from those of the days that changed it."""
    place = bisect_right(known, day, key=lambda item: item[0])
    return known[place - 1][1] if place else 0


def days_between(from_date: date, to_date: date) -> Iterator[date]:
    """The days to draw: each of a short stretch, the ends of months of a long one."""
    if (to_date - from_date).days <= DAYS_IN_DETAIL:
        for offset in range((to_date - from_date).days + 1):
            yield from_date + timedelta(days=offset)
        return
    day = from_date
    while (end := day.replace(day=monthrange(day.year, day.month)[1])) < to_date:
        yield end
        day = end + timedelta(days=1)
    yield to_date


def money_in(fund_id: UUID, from_date: date, to_date: date) -> Iterator[tuple[str, int, int]]:
    """Kind, amount and number of what the bank credited."""
    rows = (
        LineBooking.objects.filter(
            line__statement__fund_id=fund_id,
            line__booked_on__range=(from_date, to_date),
            line__amount_minor__gt=0,
        )
        .values(known=Coalesce("assignments__kind", "kind"))
        .annotate(sum=Sum("line__amount_minor"), rows=Count("id"))
    )
    for row in rows:
        yield row["known"], row["sum"], row["rows"]


def money_out(fund_id: UUID, from_date: date, to_date: date) -> Iterator[tuple[str, int, int]]:
    """Kind, amount and number of what left: payments of orders, then what the bank took."""
    settled = (
        Settlement.objects.filter(order__fund_id=fund_id, booked_on__range=(from_date, to_date))
        .values(kind=F("order__version__request__mandate__standing_kind"))
        .annotate(sum=Sum("order__amount_minor"), rows=Count("id"))
    )
    for row in settled:
        yield row["kind"] or "payment", row["sum"], row["rows"]
    taken = (
        LineBooking.objects.filter(
            line__statement__fund_id=fund_id,
            line__booked_on__range=(from_date, to_date),
            line__amount_minor__lt=0,
        )
        .exclude(kind="settlement")
        .exclude(covers__kind="settlement")
        .annotate(covered=Exists(SuspenseCover.objects.filter(booking=OuterRef("pk"))))
        .values("kind", "covered")
        .annotate(sum=Sum("line__amount_minor"), rows=Count("id"))
    )
    for row in taken:
        yield "cover" if row["covered"] else row["kind"], -row["sum"], row["rows"]


def totals(rows: Iterator[tuple[str, int, int]]) -> tuple[KindTotal, ...]:
    """The rows as frozen values, equal kinds together, the largest first."""
    sums: dict[str, tuple[int, int]] = {}
    for kind, amount_minor, count in rows:
        known = sums.get(kind, (0, 0))
        sums[kind] = (known[0] + amount_minor, known[1] + count)
    found = [
        KindTotal(kind=kind, amount_minor=amount_minor, count=count)
        for kind, (amount_minor, count) in sums.items()
    ]
    return tuple(sorted(found, key=lambda total: (-total.amount_minor, total.kind)))
