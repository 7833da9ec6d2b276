"""The public picture of a fund: what came in, what is here, where the rest went."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Count, F, Sum

from commonpurse.ledger.selectors import balances_on
from commonpurse.treasury.models import LineTotal, Settlement
from commonpurse.treasury.selectors.funds import FundStanding
from commonpurse.treasury.values import DayBalance, FundSummary, FundView, KindTotal

DAYS_IN_DETAIL = 92
"""Up to a quarter is drawn day by day, more by ends of months."""


def fund_summary(standing: FundStanding, *, from_date: date, to_date: date) -> FundSummary:
    """Money in by kind, money out by purpose and the balance over time, `to_date` included.

    Kinds in: dues, grant, … as the bank's lines were booked. Kinds out: payment, or the kind of
    the standing mandate, or suspense while nothing explains a debit.
    """
    days = (from_date - timedelta(days=1), *days_between(from_date, to_date))
    balances = balances_on(
        coop_id=standing.fund.coop_id, account_id=standing.bank_account_id, days=days
    )
    moved = [
        *booked(standing.fund, from_date, to_date),
        *settled(standing.fund, from_date, to_date),
    ]
    return FundSummary(
        from_date=from_date,
        to_date=to_date,
        position=standing.position,
        money_in=totals(row for row in moved if row[1] > 0),
        money_out=totals((kind, -minor, n) for kind, minor, n in moved if minor < 0),
        opening_minor=balances[days[0]],
        closing_minor=balances[days[-1]],
        series=tuple(DayBalance(on=day, balance_minor=balances[day]) for day in days[1:]),
    )


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


def booked(fund: FundView, from_date: date, to_date: date) -> Iterator[tuple[str, int, int]]:
    """Kind, amount and number of what the bank credited, and below zero of what it took.

    What it took to carry out an order is left out: `settled` tells of that.
    """
    rows = LineTotal.objects.filter(
        coop_id=fund.coop_id, fund_id=fund.id, day__range=(from_date, to_date)
    ).exclude(kind="settlement", is_in=False)
    sums = rows.values("kind", "is_in").annotate(sum=Sum("amount_minor"), rows=Sum("lines_count"))
    for row in sums:
        if row["rows"]:
            yield row["kind"], row["sum"], row["rows"]


def settled(fund: FundView, from_date: date, to_date: date) -> Iterator[tuple[str, int, int]]:
    """Kind, amount below zero and number of the payments of orders."""
    rows = (
        Settlement.objects.filter(
            coop_id=fund.coop_id, order__fund_id=fund.id, booked_on__range=(from_date, to_date)
        )
        .values(kind=F("order__version__request__mandate__standing_kind"))
        .annotate(sum=Sum("order__amount_minor"), rows=Count("id"))
    )
    for row in rows:
        yield row["kind"] or "payment", -row["sum"], row["rows"]


def totals(rows: Iterable[tuple[str, int, int]]) -> tuple[KindTotal, ...]:
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
