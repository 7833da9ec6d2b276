"""Dues: each plan is the manual's, and each period charges its members once, what the plan says.

Charges stand in the record by their batch, which has the digest of their rows. Who owes a period
is found again: whoever was a member at the instant its due date began where the co-op is.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commonpurse.proof.faults import Broken, Unreadable
from commonpurse.proof.reader import Export, Row, number
from commonpurse.proof.verify.bookings import entry_moves_check
from commonpurse.proof.verify.ledger import Ledger
from commonpurse.proof.verify.mandates import manual_of
from commonpurse.proof.verify.members import Members, moment
from commonpurse.proof.verify.payments import entry_of
from commonpurse.proof.verify.tables import Tables, amount, broken, expect
from commonpurse.rules.schedules import due_date_after, due_dates, months_after, period_name

CHARGES = "charges.jsonl"
BATCH_ROWS = 1_000


@dataclass(slots=True)
class Charged:
    """What the rows of one batch say together."""

    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    count: int = 0
    total: int = 0
    members: list[str] = field(default_factory=list)


def dues_check(export: Export, tables: Tables, ledger: Ledger, members: Members) -> dict[str, int]:
    """Plans, batches and charges; and that a payment by reference is that reference's member's."""
    plans = plans_check(tables)
    batches = tables.by_id("charge_batches")
    found = {batch_id: Charged() for batch_id in batches}
    references = charges_read(export, batches, found)
    for batch_id, batch in batches.items():
        charged = found[batch_id]
        expect(batch, "rows_sha256", batch["rows_sha256"], charged.digest.hexdigest())
        expect(batch, "count", amount(batch, "count"), charged.count)
        expect(batch, "total_minor", amount(batch, "total_minor"), charged.total)
        plan = tables.get("dues_plans", batch, "plan_id")
        expect(batch, "total_minor", charged.total, charged.count * amount(plan, "amount_minor"))
        fund = tables.get("funds", plan, "fund_id")
        entry = entry_of(ledger, batch)
        expect(batch, "the book of its entry", entry["book_id"], fund["book_id"])
        entry_moves_check(ledger, batch, "1100", "4000", charged.total)
        if entry["booked_on"] < batch["due_on"]:
            raise broken(batch, "its entry is booked before it is due")
    for rows in tables.grouped("charge_batches", "period").values():
        period_check(tables, plans, rows, found, members)
    payers_check(tables, references)
    return {"charges": sum(charged.count for charged in found.values())}


def charges_read(
    export: Export, batches: dict[str, Row], found: dict[str, Charged]
) -> dict[str, str]:
    """Read the charges into what their batches say; which reference is which member's."""
    references: dict[str, str] = {}
    payers: dict[str, str] = {}
    if CHARGES not in export.files:
        return references
    for line, data, row in export.rows(CHARGES):
        batch_id, member_id = str(row["batch_id"]), str(row["member_id"])
        batch = batches.get(batch_id)
        if batch is None:
            raise Broken(CHARGES, f"batch {batch_id} is not there", line=line)
        if (row["period"], row["due_on"]) != (batch["period"], batch["due_on"]):
            raise Broken(CHARGES, "its batch is of another period", line=line)
        reference = str(row["reference"])
        is_own = references.setdefault(reference, member_id) == member_id
        if not is_own or payers.setdefault(member_id, reference) != reference:
            raise Broken(CHARGES, f"{reference} is another member's reference", line=line)
        charged = found[batch_id]
        charged.digest.update(data)
        charged.count += 1
        charged.members.append(member_id)
        minor = number(row["amount_minor"], CHARGES, line=line)
        charged.total += minor
        if minor * charged.count != charged.total:
            raise Broken(CHARGES, "it charges another amount than its batch", line=line)
    return references


def plans_check(tables: Tables) -> list[Row]:
    """Each plan is what the manual in force said, and begins when the one before it is over."""
    former: Row | None = None
    for plan in tables.rows("dues_plans"):
        newest = tables.newest("manual_versions", plan)
        expect(plan, "manual_version_id", plan["manual_version_id"], newest and newest["id"])
        parameters = manual_of(tables, plan)
        fund = tables.get("funds", plan, "fund_id")
        said = {
            "amount_minor": parameters["dues_minor"],
            "period_months": parameters["dues_period_months"],
            "day": parameters["dues_day"],
            "currency": fund["currency"],
        }
        for name, value in said.items():
            expect(plan, name, plan[name], value)
        if former and all(former[name] == plan[name] for name in said):
            raise broken(plan, "it says what the plan before it said")
        today = moment(str(plan["at"])).astimezone(zone_of(tables)).date()
        expect(plan, "from_date", plan["from_date"], first_due(former, today, plan).isoformat())
        former = plan
    return tables.rows("dues_plans")


def first_due(former: Row | None, today: date, plan: Row) -> date:
    """The first due date of a plan: after its adoption, and after what the former has begun."""
    day = amount(plan, "day")
    found = due_date_after(today, day)
    if former is None:
        return found
    months = amount(former, "period_months")
    begun = list(takewhile(lambda due_on: due_on <= today, dates_of(former)))
    return max(found, months_after(begun[-1], months).replace(day=day)) if begun else found


def dates_of(plan: Row) -> Iterator[date]:
    """The due dates of a plan, without end."""
    return due_dates(
        from_date=date.fromisoformat(str(plan["from_date"])),
        period_months=amount(plan, "period_months"),
    )


def zone_of(tables: Tables) -> ZoneInfo:
    """Where the co-op is."""
    name = str(tables.rows("coops")[0]["timezone"])
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise Unreadable(f"This computer does not know the time zone {name}.") from error


def period_check(
    tables: Tables,
    plans: list[Row],
    batches: list[Row],
    found: dict[str, Charged],
    members: Members,
) -> None:
    """The batches of one period charge each member of its due instant, once, by one plan."""
    first, last = batches[0], batches[-1]
    plan = tables.get("dues_plans", first, "plan_id")
    for batch in batches[1:]:
        for column in ("plan_id", "due_on", "at"):
            expect(batch, column, batch[column], first[column])
    due_on = date.fromisoformat(str(first["due_on"]))
    every = takewhile(lambda day: day <= due_on, dates_of(plan))
    if due_on not in set(every):
        raise broken(first, f"nothing falls due on {due_on} by its plan")
    expect(first, "period", first["period"], period_name(due_on))
    known = [one for one in plans if one["_index"] < first["_index"]]
    later = [one for one in known[known.index(plan) + 1 :] if one["from_date"] <= first["due_on"]]
    if later:
        raise broken(first, f"plan {later[0]['id']} was in force then")
    instant = datetime.combine(due_on, time(0), tzinfo=zone_of(tables)).astimezone(UTC)
    if moment(str(first["at"])) < instant:
        raise broken(first, "it was charged before it was due")
    owing = members.at(instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), first)
    charged = [member_id for batch in batches for member_id in found[str(batch["id"])].members]
    twice = len(charged) - len(set(charged))
    if twice:
        raise broken(last, f"period {first['period']} charges {twice} members more than once")
    if set(charged) != owing:
        strangers = sorted(set(charged) - owing)
        forgotten = sorted(owing - set(charged))
        who = f"{strangers[0]} owes nothing" if strangers else f"{forgotten[0]} owes too"
        raise broken(last, f"{who} for period {first['period']}")


def payers_check(tables: Tables, references: dict[str, str]) -> None:
    """A payment that a reference explained is booked for the member whose reference it is."""
    for row in tables.rows("payments_received"):
        line = tables.get("bank_lines", row, "line_id")
        booking = tables.single("line_bookings", "line_id")[str(line["id"])]
        if booking["kind"] == "dues":
            member_id = references.get(str(line["reference"]), row["member_id"])
            expect(row, "member_id", row["member_id"], member_id)
