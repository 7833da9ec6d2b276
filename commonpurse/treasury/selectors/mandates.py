"""Which authorities to spend there are, and what is left of each."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from commonpurse.errors import NotFound
from commonpurse.treasury.models import (
    Mandate,
    MandateEnd,
    MandateKind,
)
from commonpurse.treasury.selectors.payees import owner_name_sql, payee_name
from commonpurse.treasury.values import MandateView

USED_SQL = """(
    coalesce((
        SELECT sum(o.amount_minor) FROM treasury_paymentorder o
        JOIN treasury_requestversion v ON v.id = o.version_id
        JOIN treasury_paymentrequest r ON r.id = v.request_id
        WHERE r.mandate_id = {mandate}.id
          AND ({mandate}.kind = 'decision' OR o.at >= %s AND o.at < %s)
          AND NOT EXISTS (SELECT 1 FROM treasury_orderfailure f WHERE f.order_id = o.id)
          AND NOT EXISTS (
            SELECT 1 FROM treasury_settlement s
            JOIN treasury_paymentreversal p ON p.settlement_id = s.id WHERE s.order_id = o.id
          )
    ), 0) + coalesce((
        SELECT sum(abs(l.amount_minor)) FROM treasury_linebooking b
        JOIN treasury_bankline l ON l.id = b.line_id
        WHERE b.mandate_id = {mandate}.id AND {mandate}.kind = 'standing'
          AND b.kind NOT IN ('settlement', 'reversal')
          AND l.booked_on >= %s AND l.booked_on < %s
    ), 0) + coalesce((
        SELECT sum(abs(l.amount_minor)) FROM treasury_suspensecover c
        JOIN treasury_linebooking b ON b.id = c.booking_id
        JOIN treasury_bankline l ON l.id = b.line_id
        WHERE c.mandate_id = {mandate}.id AND {mandate}.kind = 'decision' AND c.kind = 'decision'
    ), 0)
)::bigint"""

PROMISED_SQL = f"""(
    SELECT coalesce(sum(greatest(0, m.max_minor - {USED_SQL.format(mandate="m")})), 0)::bigint
    FROM treasury_mandate m
    WHERE m.fund_id = treasury_fund.id AND m.kind = 'decision' AND m.payee_id IS NOT NULL
      AND m.valid_from <= %s AND (m.valid_until IS NULL OR m.valid_until > %s)
)"""  # noqa: S608  (our own text)


def mandate_list(coop_id: UUID, *, at: datetime) -> tuple[MandateView, ...]:
    """All mandates of a co-op, newest first, with what is used and left at this instant."""
    return mandate_views(Mandate.objects.filter(coop_id=coop_id).order_by("-number"), at=at)


def mandates_promising(coop_id: UUID, *, at: datetime) -> tuple[MandateView, ...]:
    """The valid mandates of votes under which something may still be paid, newest first."""
    rows = Mandate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=at),
        coop_id=coop_id,
        kind=MandateKind.DECISION,
        valid_from__lte=at,
    )
    views = mandate_views(rows.order_by("-number"), at=at)
    return tuple(view for view in views if view.is_valid and view.remaining_minor)


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


def promised_sql(*, at: datetime) -> RawSQL:
    """What members promised and is not ordered yet, as a column of a query of funds.

    The rest of each valid mandate of a vote: a standing mandate promises nothing, and what covers
    a debit of the past has left already.
    """
    return RawSQL(  # noqa: S611  (our own text; input goes in as parameters)
        PROMISED_SQL, [*used_params(at), at, at], output_field=BigIntegerField()
    )


def mandate_views(rows: QuerySet[Mandate], *, at: datetime) -> tuple[MandateView, ...]:
    """Frozen values of mandates, in one query whatever their number."""
    ends = MandateEnd.objects.filter(mandate=OuterRef("pk"), at__lte=at).values("at")[:1]
    found = with_used(rows, at=at).select_related("payee")
    mandates = found.annotate(
        ended_at=Subquery(ends), owner_name=owner_name_sql("treasury_mandate.coop_id")
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
            payee_name=payee_name(row.payee.kind, row.payee.name, row.owner_name)
            if row.payee
            else "",
            covers_line_id=row.covers_line_id,
            standing_kind=row.standing_kind,
            max_minor=row.max_minor,
            used_minor=row.used_minor,
            currency=row.currency,
            purpose=row.purpose,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            ended_at=row.ended_at,
            is_valid=row.valid_from <= at
            and (row.valid_until is None or at < row.valid_until)
            and row.ended_at is None,
        )
        for row in mandates
    )


def with_used(rows: QuerySet[Mandate], *, at: datetime) -> QuerySet[Any]:
    """These mandates with `used_minor`: in all, or for a standing one in the month of `at`.

    Orders count from their preparation on, unless they failed or their money came back; debits
    that the bank made under a standing mandate count by their booking day.
    """
    used = USED_SQL.format(mandate="treasury_mandate")
    return rows.annotate(
        used_minor=RawSQL(used, used_params(at), output_field=BigIntegerField())  # noqa: S611
    )


def used_params(at: datetime) -> tuple[object, ...]:
    """What `USED_SQL` takes: the month of an instant, as instants and as days."""
    begin, end = month_of(at)
    return (begin, end, begin.date(), end.date())


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """The calendar month (UTC) that holds this instant, half-open."""
    begin = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ends_in_december = begin.month == 12  # noqa: PLR2004  (the twelfth month)
    if ends_in_december:
        return begin, begin.replace(year=begin.year + 1, month=1)
    return begin, begin.replace(month=begin.month + 1)
