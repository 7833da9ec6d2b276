"""Part of verify.py: plans of dues, and who was charged what."""

# ruff: noqa: UP017  (it runs on Python 3.9)

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

from commonpurse.proof.standalone.money import moves_check
from commonpurse.proof.standalone.people import instant_of, members_at
from commonpurse.proof.standalone.record import Export, Row, canonical
from commonpurse.proof.standalone.signatures import Unreadable, must

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.


def zone(export: Export) -> ZoneInfo:
    """Where the co-op is."""
    name = export.rows("coops")[0]["timezone"]
    try:
        return ZoneInfo(name)
    except Exception as error:
        raise Unreadable(f"this computer does not know the time zone {name}") from error


def months_on(day: date, months: int) -> date:
    """The same day, so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, day.day)


def due_days(plan: Row, until: date) -> Iterator[date]:
    """The due dates of a plan, up to a day."""
    day = date.fromisoformat(plan["from_date"])
    while day <= until:
        yield day
        day = months_on(day, int(plan["period_months"]))


def plans_check(export: Export) -> None:
    """A plan says what the manual says, from when the plan before it is over."""
    former: Row | None = None
    names = {"amount_minor": "dues_minor", "period_months": "dues_period_months", "day": "dues_day"}
    for plan in export.rows("dues_plans"):
        parameters = export.manual(plan)
        version = export.newest("manual_versions", plan) or {}
        must(plan["manual_version_id"] == version["id"], plan, "another manual was in force")
        same = all(plan[name] == parameters[said] for name, said in names.items())
        fund = export.get("funds", plan, "fund_id")
        must(same and plan["currency"] == fund["currency"], plan, "the manual says otherwise")
        is_new = former is None or any(former[name] != plan[name] for name in names)
        must(is_new, plan, "it says what the plan before it said")
        today = instant_of(plan["at"]).astimezone(zone(export)).date()
        begins = today.replace(day=int(plan["day"]))
        begins = begins if begins > today else months_on(begins, 1)
        begun = list(due_days(former, today)) if former else []
        if former and begun:
            over = months_on(begun[-1], int(former["period_months"]))
            begins = max(begins, over.replace(day=int(plan["day"])))
        must(plan["from_date"] == begins.isoformat(), plan, f"it begins on {begins}")
        former = plan


def charges_check(export: Export) -> None:
    """The charges of a batch have the digest, the count and the sum that its leaf says."""
    batches: dict[str, list[Row]] = {row["id"]: [] for row in export.rows("charge_batches")}
    owners: dict[str, str] = {}
    references: dict[str, str] = {}
    if "charges.jsonl" in export.files:
        for row in export.lines("charges.jsonl"):
            must(row["batch_id"] in batches, row, "its batch is not there")
            batches[row["batch_id"]].append(row)
            owner = owners.setdefault(row["reference"], row["member_id"])
            reference = references.setdefault(row["member_id"], row["reference"])
            same = (owner, reference) == (row["member_id"], row["reference"])
            must(same, row, "its reference is another member's")
    for batch in export.rows("charge_batches"):
        batch_check(export, batch, batches[batch["id"]])
    for of_period in export.by("charge_batches", "period").values():
        charged = [row["member_id"] for batch in of_period for row in batches[batch["id"]]]
        must(len({row["plan_id"] for row in of_period}) == 1, of_period[-1], "it has two plans")
        days = {(row["due_on"], row["at"]) for row in of_period}
        must(len(days) == 1, of_period[-1], "its period was charged before")
        must(len(charged) == len(set(charged)), of_period[-1], "a member owes it twice")
        owing = owing_check(export, of_period[0])
        must(set(charged) == owing, of_period[-1], "it is not owed by who was a member then")
    for row in export.rows("payments_received"):
        line = export.get("bank_lines", row, "line_id")
        booking = export.one("line_bookings", "line_id", line["id"]) or {}
        payer = owners.get(line["reference"], row["member_id"])
        is_owner = booking["kind"] != "dues" or payer == row["member_id"]
        must(is_owner, row, "the reference on its line is another member's")


def batch_check(export: Export, batch: Row, rows: list[Row]) -> None:
    """One batch and its rows say the same, and its entry books what they say."""
    plain = [{key: row[key] for key in row if key[0] != "_"} for row in rows]
    digest = hashlib.sha256(b"".join(canonical(row) + b"\n" for row in plain)).hexdigest()
    total = sum(int(row["amount_minor"]) for row in rows)
    found = (digest, str(len(rows)), str(total))
    said = (batch["rows_sha256"], batch["count"], batch["total_minor"])
    must(said == found, batch, f"its rows give {found}")
    plan = export.get("dues_plans", batch, "plan_id")
    for row in rows:
        names = ("amount_minor", "period", "due_on")
        expected = (plan["amount_minor"], batch["period"], batch["due_on"])
        must(
            tuple(row[name] for name in names) == expected, row, "its plan and batch say otherwise"
        )
    moves_check(export, batch, "1100", "4000", total)
    entry = export.get("entries", batch, "entry_id")
    fund = export.get("funds", plan, "fund_id")
    must(entry["book_id"] == fund["book_id"], batch, "its entry is in another book")
    must(entry["booked_on"] >= batch["due_on"], batch, "its entry is booked before it is due")


def owing_check(export: Export, batch: Row) -> set[str]:
    """Who was a member when the due date of a batch began; it must be a due date of its plan."""
    due_on = date.fromisoformat(batch["due_on"])
    plan = export.get("dues_plans", batch, "plan_id")
    must(due_on in list(due_days(plan, due_on)), batch, "nothing falls due that day by its plan")
    must(batch["period"] == batch["due_on"][:7], batch, "its period has another name")
    for other in export.rows("dues_plans"):
        between = plan["_place"] < other["_place"] < batch["_place"]
        later = between and other["from_date"] <= batch["due_on"]
        must(not later, batch, "a later plan was in force")
    begins = datetime.combine(due_on, time(0), tzinfo=zone(export)).astimezone(timezone.utc)
    must(instant_of(batch["at"]) >= begins, batch, "it was charged before it was due")
    return members_at(export, begins.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), int(batch["_place"]))
