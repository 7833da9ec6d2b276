"""Which authorities to spend there are, and what is left of each."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Abs

from commonpurse.errors import NotFound
from commonpurse.treasury.models import (
    CoverKind,
    LineBooking,
    Mandate,
    MandateEnd,
    MandateKind,
    PaymentOrder,
    SuspenseCover,
)
from commonpurse.treasury.models.bank import OF_ORDER
from commonpurse.treasury.selectors.payees import payee_names
from commonpurse.treasury.values import MandateView


def mandate_list(coop_id: UUID, *, at: datetime) -> tuple[MandateView, ...]:
    """All mandates of a co-op, newest first, with what is used and left at this instant."""
    return mandate_views(Mandate.objects.filter(coop_id=coop_id).order_by("-number"), at=at)


def mandate_view(mandate_id: UUID, *, at: datetime) -> MandateView:
    """One mandate with what is used and left. Raises NotFound `no_mandate`."""
    found = mandate_views(Mandate.objects.filter(id=mandate_id), at=at)
    if not found:
        raise NotFound("no_mandate", "There is no such mandate.")
    return found[0]


def mandate_by_number(coop_id: UUID, number: int, *, at: datetime) -> MandateView:
    """The mandate that people name M-`number`. Raises NotFound `no_mandate`."""
    found = mandate_views(Mandate.objects.filter(coop_id=coop_id, number=number), at=at)
    if not found:
        raise NotFound("no_mandate", "There is no such mandate.")
    return found[0]


def mandate_standing(coop_id: UUID, kind: str, *, at: datetime) -> MandateView | None:
    """The standing mandate of this kind that is in force, if the manual names one."""
    rows = Mandate.objects.filter(coop_id=coop_id, standing_kind=kind, valid_from__lte=at).exclude(
        ends__at__lte=at
    )
    found = [view for view in mandate_views(rows, at=at) if view.is_valid]
    return found[0] if found else None


def mandate_of_result(result_id: UUID, *, at: datetime) -> MandateView | None:
    """The mandate that a passed result was enacted into, if it was."""
    found = mandate_views(Mandate.objects.filter(result_id=result_id), at=at)
    return found[0] if found else None


def promised_by_fund(fund_ids: Collection[UUID], *, at: datetime) -> Counter[UUID]:
    """What members promised and is not ordered yet: the rest of each valid mandate of a vote.

    A standing mandate promises nothing, and what covers a debit of the past has left already.
    """
    rows = list(
        Mandate.objects.filter(
            fund_id__in=fund_ids,
            kind=MandateKind.DECISION,
            payee__isnull=False,
            valid_from__lte=at,
        ).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at))
    )
    used = mandates_used(rows, at=at)
    promised: Counter[UUID] = Counter()
    for row in rows:
        promised[row.fund_id] += max(0, row.max_minor - used[row.id])
    return promised


def mandate_views(rows: Iterable[Mandate], *, at: datetime) -> tuple[MandateView, ...]:
    """Frozen values of mandates, in five queries whatever their number."""
    mandates = list(rows)
    used = mandates_used(mandates, at=at)
    names = payee_names({row.payee_id for row in mandates if row.payee_id})
    ends = dict(
        MandateEnd.objects.filter(mandate__in=mandates, at__lte=at).values_list("mandate_id", "at")
    )
    return tuple(
        MandateView(
            id=row.id,
            coop_id=row.coop_id,
            number=row.number,
            kind=row.kind,
            decision_id=row.decision_id,
            result_id=row.result_id,
            manual_version_id=row.manual_version_id,
            fund_id=row.fund_id,
            payee_id=row.payee_id,
            payee_name=names[row.payee_id] if row.payee_id else "",
            covers_line_id=row.covers_line_id,
            standing_kind=row.standing_kind,
            max_minor=row.max_minor,
            used_minor=used[row.id],
            currency=row.currency,
            purpose=row.purpose,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            ended_at=ends.get(row.id),
            is_valid=row.valid_from <= at
            and (row.valid_until is None or at < row.valid_until)
            and row.id not in ends,
        )
        for row in mandates
    )


def mandates_used(rows: Iterable[Mandate], *, at: datetime) -> Counter[UUID]:
    """What each mandate has been used for: in all, or for a standing one in the month of `at`.

    Orders count from their preparation on, unless they failed or their money came back; debits
    that the bank made under a standing mandate count by their booking day.
    """
    mandates = list(rows)
    whole = [row.id for row in mandates if row.kind == MandateKind.DECISION]
    monthly = [row.id for row in mandates if row.kind == MandateKind.STANDING]
    begin, end = month_of(at)
    live = PaymentOrder.objects.filter(
        failures__isnull=True, settlements__reversals__isnull=True
    ).filter(
        Q(version__request__mandate__in=whole)
        | Q(version__request__mandate__in=monthly, at__gte=begin, at__lt=end)
    )
    used: Counter[UUID] = Counter()
    for row in live.values("version__request__mandate_id").annotate(sum=Sum("amount_minor")):
        used[row["version__request__mandate_id"]] += row["sum"]
    booked = LineBooking.objects.filter(
        mandate_id__in=monthly,
        line__booked_on__gte=begin.date(),
        line__booked_on__lt=end.date(),
    ).exclude(kind__in=OF_ORDER)
    for line in booked.values("mandate_id").annotate(sum=Sum(Abs("line__amount_minor"))):
        used[line["mandate_id"]] += line["sum"]
    covered = SuspenseCover.objects.filter(mandate_id__in=whole, kind=CoverKind.DECISION)
    for line in covered.values("mandate_id").annotate(sum=Sum(Abs("booking__line__amount_minor"))):
        used[line["mandate_id"]] += line["sum"]
    return used


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """The calendar month (UTC) that holds this instant, half-open."""
    begin = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends_in_december = begin.month == 12  # noqa: PLR2004  (the twelfth month)
    if ends_in_december:
        return begin, begin.replace(year=begin.year + 1, month=1)
    return begin, begin.replace(month=begin.month + 1)
