"""Who owes what, who has paid, who is behind; set-based, so a large co-op reads as fast."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from commonpurse.record.export import ExportCut
from commonpurse.rules.schedules import due_dates, due_instant, period_name
from commonpurse.treasury.dues_values import (
    BehindView,
    ChargeView,
    DuesAccount,
    DuesOverview,
    DuesPlanView,
    PeriodView,
    ReceiptView,
)
from commonpurse.treasury.models import (
    BankLine,
    Charge,
    ChargeBatch,
    DuesPlan,
    Fund,
    PayerReference,
    PaymentReceived,
    PaymentReturned,
)

STANDING_SQL = """
WITH charged AS (
    SELECT member_id, sum(amount_minor) AS total,
           coalesce(sum(amount_minor) FILTER (WHERE due_on < %(on)s), 0) AS overdue
    FROM treasury_charge WHERE coop_id = %(coop_id)s AND due_on <= %(on)s GROUP BY member_id
), paid AS (
    SELECT p.member_id, sum(p.amount_minor - coalesce(r.amount_minor, 0)) AS total
    FROM treasury_paymentreceived p
    LEFT JOIN treasury_paymentreturned r
        ON r.coop_id = p.coop_id AND r.payment_id = p.id AND r.returned_on <= %(on)s
    WHERE p.coop_id = %(coop_id)s AND p.received_on <= %(on)s GROUP BY p.member_id
), standing AS (
    SELECT member_id, coalesce(c.total, 0) AS charged, coalesce(p.total, 0) AS paid,
           greatest(coalesce(c.overdue, 0) - coalesce(p.total, 0), 0) AS behind
    FROM charged c FULL JOIN paid p USING (member_id)
)
"""

OVERVIEW_SQL = (
    STANDING_SQL
    + """
SELECT coalesce(sum(charged), 0), coalesce(sum(paid), 0),
       coalesce(sum(greatest(charged - paid, 0)), 0), coalesce(sum(greatest(paid - charged, 0)), 0),
       count(*), count(*) FILTER (WHERE behind > 0), coalesce(sum(behind), 0)
FROM standing
"""
)

BEHIND_SQL = (
    STANDING_SQL  # noqa: S608  (our own text; input goes in as parameters)
    + """
SELECT s.member_id, s.behind, (
    SELECT due_on FROM (
        SELECT due_on, sum(amount_minor) OVER (ORDER BY due_on, id) AS so_far
        FROM treasury_charge c WHERE c.coop_id = %(coop_id)s AND c.member_id = s.member_id
    ) claims
    WHERE so_far > s.paid ORDER BY due_on LIMIT 1
)
FROM standing s
WHERE s.behind > 0 AND (%(after)s::uuid IS NULL OR s.member_id > %(after)s::uuid)
ORDER BY s.member_id LIMIT %(limit)s
"""
)

AT_RISK_SQL = """(
SELECT coalesce(sum(l.amount_minor), 0)::bigint
FROM treasury_bankline l
JOIN treasury_bankstatement s ON s.id = l.statement_id AND s.coop_id = l.coop_id
WHERE l.coop_id = treasury_fund.coop_id AND s.fund_id = treasury_fund.id
  AND l.amount_minor > 0 AND l.clears_on > %s AND l.booked_on <= %s
  AND NOT EXISTS (
    SELECT 1 FROM treasury_paymentreceived p
    JOIN treasury_paymentreturned r ON r.payment_id = p.id AND r.coop_id = p.coop_id
    WHERE p.coop_id = l.coop_id AND p.line_id = l.id AND r.returned_on <= %s
  )
)"""

BEHIND_OF_SQL = """
SELECT greatest(0, (
    SELECT coalesce(sum(amount_minor), 0) FROM treasury_charge
    WHERE coop_id = %(coop_id)s AND member_id = %(member_id)s AND due_on < %(on)s
) - (
    SELECT coalesce(sum(p.amount_minor - coalesce(r.amount_minor, 0)), 0)
    FROM treasury_paymentreceived p
    LEFT JOIN treasury_paymentreturned r
        ON r.coop_id = p.coop_id AND r.payment_id = p.id AND r.returned_on <= %(on)s
    WHERE p.coop_id = %(coop_id)s AND p.member_id = %(member_id)s AND p.received_on <= %(on)s
))
"""


def dues_plan_current(coop_id: UUID, on: date) -> DuesPlanView | None:
    """The plan in force on a day; before the first due date, the plan that will begin."""
    plans = DuesPlan.objects.filter(coop_id=coop_id).order_by("from_date", "at", "id")
    begun = plans.filter(from_date__lte=on).last()
    row = begun or plans.first()
    return plan_frozen(row) if row else None


def plan_frozen(row: DuesPlan) -> DuesPlanView:
    """The frozen value of a plan's row."""
    return DuesPlanView(
        id=row.id,
        coop_id=row.coop_id,
        fund_id=row.fund_id,
        name=row.name,
        amount_minor=row.amount_minor,
        currency=row.currency,
        period_months=row.period_months,
        day=row.day,
        from_date=row.from_date,
        manual_version_id=row.manual_version_id,
    )


def member_reference(coop_id: UUID, member_id: UUID) -> str:
    """What a member writes on a transfer; empty before it was made."""
    found = PayerReference.objects.filter(coop_id=coop_id, member_id=member_id).first()
    return found.reference if found else ""


def members_by_reference(coop_id: UUID, references: set[str]) -> dict[str, UUID]:
    """Whose references these are; an unknown one is missing from the answer."""
    rows = PayerReference.objects.filter(coop_id=coop_id, reference__in=references)
    return dict(rows.values_list("reference", "member_id"))


def dues_account(coop_id: UUID, member_id: UUID, on: date) -> DuesAccount:
    """One member's account on a day: claims, payments, what is owed."""
    receipts = tuple(_receipts(coop_id, member_id, on))
    paid = sum(one.amount_minor for one in receipts)
    returned = sum(one.amount_minor for one in receipts if one.returned_on)
    left = paid - returned
    charges, charged, overdue = [], 0, 0
    rows = Charge.objects.filter(coop_id=coop_id, member_id=member_id, due_on__lte=on)
    for row in rows.order_by("due_on", "id"):
        covered = max(0, min(row.amount_minor, left - charged))
        charges.append(
            ChargeView(
                id=row.id,
                period=row.period,
                due_on=row.due_on,
                amount_minor=row.amount_minor,
                paid_minor=covered,
            )
        )
        charged += row.amount_minor
        overdue += row.amount_minor if row.due_on < on else 0
    return DuesAccount(
        member_id=member_id,
        reference=member_reference(coop_id, member_id),
        on=on,
        charged_minor=charged,
        paid_minor=paid,
        returned_minor=returned,
        balance_minor=charged - left,
        behind_minor=max(0, overdue - left),
        charges=tuple(charges),
        receipts=receipts,
    )


def dues_overview(coop_id: UUID, on: date) -> DuesOverview:
    """Where all members stand together on a day, with every period that was charged."""
    with connection.cursor() as cursor:
        cursor.execute(OVERVIEW_SQL, {"coop_id": coop_id, "on": on})
        sums = [int(value) for value in cursor.fetchone()]
        cursor.execute(
            "SELECT period, min(due_on), sum(count), sum(total_minor) FROM treasury_chargebatch "
            "WHERE coop_id = %s AND due_on <= %s GROUP BY period ORDER BY 2",
            [coop_id, on],
        )
        periods = tuple(
            PeriodView(period=name, due_on=due_on, count=int(count), total_minor=int(total))
            for name, due_on, count, total in cursor.fetchall()
        )
    charged, paid, owed, credit, members, behind, behind_minor = sums
    return DuesOverview(
        on=on,
        charged_minor=charged,
        paid_minor=paid,
        owed_minor=owed,
        credit_minor=credit,
        members_count=members,
        behind_count=behind,
        behind_minor=behind_minor,
        periods=periods,
    )


@dataclass(frozen=True, slots=True)
class Period:
    """One period that is due: its plan, its name, the day and the instant that decides."""

    plan: DuesPlan
    name: str
    due_on: date
    instant: datetime


def periods_due(plans: Sequence[DuesPlan], timezone: str, at: datetime) -> Iterator[Period]:
    """Every period that has begun by `at`, oldest first; a later plan ends an earlier one."""
    ends = [*(plan.from_date for plan in plans[1:]), date.max]
    for plan, end in zip(plans, ends, strict=False):
        if plan.amount_minor == 0:
            continue
        for due_on in due_dates(from_date=plan.from_date, period_months=plan.period_months):
            instant = due_instant(due_on, timezone)
            if due_on >= end or instant > at:
                break
            yield Period(plan=plan, name=period_name(due_on), due_on=due_on, instant=instant)


def dues_uncharged(coop_id: UUID, *, timezone: str, at: datetime) -> tuple[str, ...]:
    """The periods that are due by `at` and were not charged."""
    plans = list(DuesPlan.objects.filter(coop_id=coop_id).order_by("from_date", "at", "id"))
    charged = set(ChargeBatch.objects.filter(coop_id=coop_id).values_list("period", flat=True))
    names = dict.fromkeys(period.name for period in periods_due(plans, timezone, at))
    return tuple(name for name in names if name not in charged)


def dues_behind(
    coop_id: UUID, on: date, *, after: UUID | None = None, limit: int = 50
) -> tuple[BehindView, ...]:
    """Members who owe what was due before a day, by their ids; `after` continues a page."""
    given: dict[str, Any] = {"coop_id": coop_id, "on": on, "after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(BEHIND_SQL, given)
        return tuple(
            BehindView(member_id=member_id, owed_minor=int(owed), oldest_due_on=oldest)
            for member_id, owed, oldest in cursor.fetchall()
        )


def dues_behind_of(coop_id: UUID, member_id: UUID, on: date) -> int:
    """What one member owes of the claims that were due before a day: `behind_minor` alone."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND_OF_SQL, {"coop_id": coop_id, "member_id": member_id, "on": on})
        (owed,) = cursor.fetchone()
    return int(owed)


def at_risk_sql(on: date) -> RawSQL:
    """Money received that payers' banks may still take back on a day: direct debits for 8 weeks,
    cards for 120 days, without what they took back already. A column of a query of funds.
    """
    return RawSQL(AT_RISK_SQL, [on, on, on], output_field=BigIntegerField())  # noqa: S611  (our own)


def receipts_at_risk(fund_id: UUID, on: date) -> int:
    """What of a fund's money may still be taken back on a day."""
    rows = Fund.objects.filter(id=fund_id).annotate(risk=at_risk_sql(on))
    return int(rows.values_list("risk", flat=True).get())


def charges_write(cut: ExportCut) -> Iterator[dict[str, object]]:
    """The lines of `charges.jsonl`: the rows of every batch in the record, by batch and id."""
    rows = cut.rows(
        """
        SELECT c.id, c.batch_id, c.member_id, c.period, c.amount_minor, c.due_on, c.reference
        FROM treasury_charge c
        JOIN record_sequenced s ON s.leaf_id = c.batch_id AND s.coop_id = c.coop_id
        WHERE c.coop_id = %(coop_id)s AND s."index" < %(size)s
        ORDER BY c.batch_id, c.id
        """,
        {"coop_id": cut.coop_id, "size": cut.size},
    )
    for row in rows:
        yield {
            "amount_minor": str(row["amount_minor"]),
            "batch_id": str(row["batch_id"]),
            "due_on": str(row["due_on"]),
            "id": str(row["id"]),
            "member_id": str(row["member_id"]),
            "period": str(row["period"]),
            "reference": str(row["reference"]),
        }


def _receipts(coop_id: UUID, member_id: UUID, on: date) -> Iterator[ReceiptView]:
    rows = list(
        PaymentReceived.objects.filter(
            coop_id=coop_id, member_id=member_id, received_on__lte=on
        ).order_by("received_on", "id")
    )
    returns = {
        row.payment_id: row
        for row in PaymentReturned.objects.filter(
            coop_id=coop_id, payment__in=rows, returned_on__lte=on
        )
    }
    reasons = dict(
        BankLine.objects.filter(id__in=[row.line_id for row in returns.values()]).values_list(
            "id", "return_reason"
        )
    )
    for row in rows:
        back = returns.get(row.id)
        yield ReceiptView(
            id=row.id,
            received_on=row.received_on,
            amount_minor=row.amount_minor,
            method=row.method,
            clears_on=row.clears_on,
            returned_on=back.returned_on if back else None,
            return_reason=(reasons.get(back.line_id) or "") if back else "",
        )
