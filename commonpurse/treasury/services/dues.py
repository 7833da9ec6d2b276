"""Charging dues: plans from the operating manual, a charge for each member and period.

Charges are a sub-ledger. However many members there are, a period is charged by a handful of
statements; a thousand charges make one batch, with one ledger entry and one leaf, so a hundred
thousand members lock the fund's accounts once and add a hundred entries to its book.

Worked example: 2,500 members at €12.00, due 2026-03-01: batches of 1,000, 1,000 and 500; entries
of €12,000.00, €12,000.00 and €6,000.00, debit 1100 Dues receivable, credit 4000 Dues.
"""

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from commonpurse.errors import Invalid, NotFound
from commonpurse.groups.selectors import coop_view, electorate_sql, member_by_id
from commonpurse.ledger.selectors import account_by_code, period_closed_through
from commonpurse.ledger.services import entries_post
from commonpurse.ledger.values import Line, NewEntry
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.selectors import manual_current
from commonpurse.record.ids import new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import (
    SYSTEM,
    Actor,
    audit_add,
    lock_make,
    lock_take,
    row_add,
    rows_add,
)
from commonpurse.rules.schedules import (
    day_in,
    due_date_after,
    due_dates,
    months_after,
)
from commonpurse.treasury.dues_values import ChargeRun, DuesPlanView
from commonpurse.treasury.models import ChargeBatch, DuesPlan, Fund
from commonpurse.treasury.selectors.dues import (
    Period,
    member_reference,
    periods_due,
    plan_frozen,
)

BATCH_ROWS = 1_000
RECEIVABLE, INCOME = "1100", "4000"

REFERENCES_SQL = """
INSERT INTO treasury_payerreference (id, coop_id, member_id, number, reference)
SELECT gen_random_uuid(), %(coop_id)s, member_id, number,
       'RF' || lpad((98 - ((100000 + number) * 1000000 + 271500) %% 97)::text, 2, '0')
            || (100000 + number)::text
FROM (
    SELECT e.member_id, last.number + row_number() OVER (ORDER BY e.member_id) AS number
    FROM ({members}) e
    CROSS JOIN (
        SELECT coalesce(max(number), 0) AS number
        FROM treasury_payerreference WHERE coop_id = %(coop_id)s
    ) last
    WHERE NOT EXISTS (
        SELECT 1 FROM treasury_payerreference r
        WHERE r.coop_id = %(coop_id)s AND r.member_id = e.member_id
    )
) fresh
"""
"""Six digits or more as the reference's body; 271500 is `RF00` in digits (ISO 11649)."""

CHARGES_SQL = """
WITH charged AS (
    INSERT INTO treasury_charge
        (id, coop_id, batch_id, member_id, period, amount_minor, due_on, reference)
    SELECT gen_random_uuid(), %(coop_id)s, (%(batch_ids)s::uuid[])[(place - 1) / %(rows)s + 1],
           member_id, %(period)s, %(amount_minor)s, %(due_on)s, reference
    FROM (
        SELECT e.member_id, r.reference, row_number() OVER (ORDER BY e.member_id) AS place
        FROM ({members}) e
        JOIN treasury_payerreference r
            ON r.coop_id = %(coop_id)s AND r.member_id = e.member_id
    ) owing
    ORDER BY place
    RETURNING id, batch_id, member_id, period, amount_minor, due_on, reference
)
SELECT batch_id, count(*), sum(amount_minor),
       encode(sha256(convert_to(string_agg(
           '{"amount_minor":"' || amount_minor || '","batch_id":"' || batch_id
           || '","due_on":"' || due_on || '","id":"' || id || '","member_id":"' || member_id
           || '","period":"' || period || '","reference":"' || reference || E'"}\\n',
           '' ORDER BY id), 'UTF8')), 'hex')
FROM charged GROUP BY batch_id
"""
"""Writes a period's charges and gives back what each batch holds: the canonical JSON lines of its
rows are hashed where they are made, and no table is read again, however long its history."""

COUNT_SQL = "SELECT count(*) FROM treasury_payerreference WHERE coop_id = %(coop_id)s"


@transaction.atomic
def dues_plan_adopt(*, fund_id: UUID, actor: Actor, at: datetime) -> DuesPlanView:
    """Put the dues of the operating manual in force: first due on the next due day.

    Unchanged dues keep their plan. Changed dues begin when the last period of the former plan is
    over, so nobody pays twice for one month. Raises NotFound `no_fund`, Invalid `dues_currency`.
    """
    fund = Fund.objects.filter(id=fund_id).first()
    if fund is None:
        raise NotFound("no_fund", "There is no such fund.")
    former = DuesPlan.objects.filter(coop_id=fund.coop_id, fund=fund).order_by("at", "id").last()
    lock_take(fund.coop_id, *([former.id] if former else []))
    manual = manual_current(fund.coop_id)
    rules = manual.parameters
    if rules.currency != fund.currency:
        raise Invalid(
            "dues_currency",
            "The fund is in %(currency)s, the dues are not.",
            currency=fund.currency,
        )
    if former and _is_same(former, rules):
        return plan_frozen(former)
    timezone = coop_view(fund.coop_id).timezone
    row = DuesPlan(
        id=new_id(),
        coop_id=fund.coop_id,
        at=at,
        fund=fund,
        name="Dues",
        amount_minor=rules.dues_minor,
        currency=rules.currency,
        period_months=rules.dues_period_months,
        day=rules.dues_day,
        from_date=_first_due(former, day_in(at, timezone), rules.dues_day),
        manual_version_id=manual.version_id,
    )
    lock_make(coop_id=row.coop_id, subject_id=row.id)
    row_add(row)
    audit_add(actor, "dues_plan_adopt", coop_id=row.coop_id, subject_id=row.id, at=at)
    return plan_frozen(row)


@transaction.atomic
def dues_charge(*, coop_id: UUID, actor: Actor, at: datetime) -> ChargeRun:
    """Charge every period that is due and not charged yet, to whoever was a member when its due
    date began. Twice charges once; after a downtime it catches up.
    """
    plans = list(DuesPlan.objects.filter(coop_id=coop_id).order_by("from_date", "at", "id"))
    lock_take(*(plan.id for plan in plans))
    charged = set(ChargeBatch.objects.filter(coop_id=coop_id).values_list("period", flat=True))
    timezone = coop_view(coop_id).timezone if plans else "UTC"
    batches: list[ChargeBatch] = []
    for period in periods_due(plans, timezone, at):
        if period.name not in charged:
            batches += _period_charge(period, actor, at)
    if not batches:
        return ChargeRun(charged_count=0, total_minor=0, periods=())
    run = ChargeRun(
        charged_count=sum(batch.count for batch in batches),
        total_minor=sum(batch.total_minor for batch in batches),
        periods=tuple(dict.fromkeys(batch.period for batch in batches)),
    )
    audit_add(
        actor,
        "dues_charge",
        coop_id=coop_id,
        subject_id=plans[-1].id,
        at=at,
        periods=list(run.periods),
        count=run.charged_count,
    )
    return run


def dues_charge_due(*, at: datetime) -> int:
    """The job: charge what is due in every co-op. How many charges were made."""
    coop_ids = sorted(set(DuesPlan.objects.values_list("coop_id", flat=True)))
    return sum(
        dues_charge(coop_id=coop_id, actor=SYSTEM, at=at).charged_count for coop_id in coop_ids
    )


@transaction.atomic
def reference_ensure(*, coop_id: UUID, member_id: UUID, actor: Actor, at: datetime) -> str:
    """The member's payment reference, made when they have none yet. Raises NotFound `no_member`."""
    known = member_reference(coop_id, member_id)
    if known:
        return known
    if member_by_id(coop_id=coop_id, member_id=member_id) is None:
        raise NotFound("no_member", "There is no such member.")
    lock_take(coop_id)
    with connection.cursor() as cursor:
        cursor.execute(
            REFERENCES_SQL.replace("{members}", "SELECT %(member_id)s::uuid AS member_id"),
            {"coop_id": coop_id, "member_id": member_id},
        )
    audit_add(actor, "reference_ensure", coop_id=coop_id, subject_id=member_id, at=at)
    return member_reference(coop_id, member_id)


def _is_same(plan: DuesPlan, rules: Parameters) -> bool:
    return (plan.amount_minor, plan.period_months, plan.day) == (
        rules.dues_minor,
        rules.dues_period_months,
        rules.dues_day,
    )


def _first_due(former: DuesPlan | None, today: date, day: int) -> date:
    """The new plan's first due date: after today, and after what the former plan has begun."""
    found = due_date_after(today, day)
    if former is None:
        return found
    every = due_dates(from_date=former.from_date, period_months=former.period_months)
    begun = list(takewhile(lambda due_on: due_on <= today, every))
    if not begun:
        return found
    ends = months_after(begun[-1], former.period_months).replace(day=day)
    return max(found, ends)


def _period_charge(period: Period, actor: Actor, at: datetime) -> list[ChargeBatch]:
    """Charge one period: references, charges, digests, entries, batches."""
    plan = period.plan
    members = electorate_sql()
    given: dict[str, Any] = {
        "coop_id": plan.coop_id,
        "instant": period.instant,
        "period": period.name,
        "amount_minor": plan.amount_minor,
        "due_on": period.due_on,
        "rows": BATCH_ROWS,
    }
    lock_take(plan.coop_id)
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES_SQL.replace("{members}", members), given)
        # Whoever owes has a reference by now; former members only make the bound higher.
        cursor.execute(COUNT_SQL, given)
        (payers_count,) = cursor.fetchone()
        batch_ids = [new_id() for _ in range(-(-payers_count // BATCH_ROWS))]
        given["batch_ids"] = batch_ids
        cursor.execute(CHARGES_SQL.replace("{members}", members), given)
        digests = {row[0]: row[1:] for row in cursor.fetchall()}
    if not digests:
        return []
    rows = [
        ChargeBatch(
            id=batch_id,
            coop_id=plan.coop_id,
            at=at,
            plan=plan,
            period=period.name,
            due_on=period.due_on,
            count=digests[batch_id][0],
            total_minor=int(digests[batch_id][1]),
            rows_sha256=digests[batch_id][2],
        )
        for batch_id in batch_ids
        if batch_id in digests
    ]
    _batches_book(rows, plan, actor, at)
    rows_add(rows)
    job_defer(
        "dues_tell",
        coop_id=plan.coop_id,
        period=period.name,
        due_on=period.due_on,
        instant=period.instant,
        amount_minor=plan.amount_minor,
        currency=plan.currency,
        at=at,
    )
    return rows


def _batches_book(rows: list[ChargeBatch], plan: DuesPlan, actor: Actor, at: datetime) -> None:
    """One entry a batch, all in one call: the accounts are locked once."""
    book_id = plan.fund.book_id
    receivable, income = (
        account_by_code(coop_id=plan.coop_id, book_id=book_id, code=code).id
        for code in (RECEIVABLE, INCOME)
    )
    closed = period_closed_through(coop_id=plan.coop_id, book_id=book_id)
    entries = []
    for row in rows:
        # Catching up may meet books that are closed already: then it is booked on the next day.
        open_from = closed + timedelta(days=1) if closed else row.due_on
        entries.append(
            NewEntry(
                key=f"dues:{row.id}",
                booked_on=max(row.due_on, open_from),
                kind="dues_charged",
                memo=f"Dues {row.period}, {row.count} members",
                lines=(Line(receivable, row.total_minor), Line(income, -row.total_minor)),
            )
        )
    posted = entries_post(
        coop_id=plan.coop_id, book_id=book_id, entries=entries, actor=actor, at=at
    )
    for row, entry in zip(rows, posted, strict=True):
        row.entry_id = entry.id
