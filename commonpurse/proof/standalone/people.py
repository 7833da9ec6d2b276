"""Part of verify.py: who was a member when, and what the manual says of time and limits."""

# ruff: noqa: FURB162  (it runs on Python 3.9)

from __future__ import annotations

from datetime import datetime, timedelta

from commonpurse.proof.standalone.record import Export, Row
from commonpurse.proof.standalone.signatures import must

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.

DEEDS = (
    ("payees", "added_by_member_id"),
    ("payees", "beneficial_owner_member_id"),
    ("payee_accounts", "entered_by_member_id"),
    ("payment_requests", "requester_member_id"),
    ("request_versions", "edited_by_member_id"),
    ("approvals", "trustee_member_id"),
    ("request_ends", "by_member_id"),
    ("bank_statements", "imported_by_member_id"),
    ("line_assignments", "assigned_by_member_id"),
)


def instant_of(text: str) -> datetime:
    """The instant that a row writes."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def spans_of(export: Export) -> list[tuple[Row, Row | None]]:
    """Memberships of the co-op itself, each with its end."""
    roots = {row["id"] for row in export.rows("groups") if row["parent_id"] is None}
    return [
        (row, export.one("departures", "membership_id", row["id"]))
        for row in export.rows("memberships")
        if row["group_id"] in roots
    ]


def members_at(export: Export, instant: str, place: int) -> set[str]:
    """Who was a member at an instant, as the log knew it before a place."""
    return {
        row["member_id"]
        for row, end in spans_of(export)
        if row["at"] <= instant
        and row["_place"] < place
        and (end is None or end["at"] > instant or end["_place"] > place)
    }


def stands(begin: Row, end: Row | None, row: Row) -> bool:
    """Whether something had begun when `row` was written, and was not over for a minute."""
    if begin["_place"] > row["_place"] or begin["at"] > row["at"]:
        return False
    if end is None or end["_place"] > row["_place"]:
        return True
    return instant_of(row["at"]) - instant_of(end["at"]) < timedelta(minutes=1)


def people_check(export: Export) -> None:
    """Whoever did something was a member then, and a treasurer where only those may."""
    memberships: dict[str, list[tuple[Row, Row | None]]] = {}
    for span in spans_of(export):
        memberships.setdefault(span[0]["member_id"], []).append(span)
    deeds = [
        (row, row[column])
        for table, column in DEEDS
        for row in export.rows(table)
        if row[column] is not None
    ]
    deeds += [(row, one) for row in export.rows("trustee_sets") for one in row["member_ids"]]
    for row in export.rows("decisions"):
        if row["kind"] == "founding":
            founders = members_at(export, row["at"], int(export.manifest["size"]))
            must(row["proposer_member_id"] in founders, row, "who proposed it is no founder")
        else:
            deeds.append((row, row["proposer_member_id"]))
    for row, member_id in deeds:
        is_member = any(stands(*span, row) for span in memberships.get(member_id, []))
        must(is_member, row, f"{member_id} was no member then")
    for row in export.rows("payments_received"):
        must(row["member_id"] in memberships, row, f"{row['member_id']} was never a member")
    treasurers_check(export)


def treasurers_check(export: Export) -> None:
    """Only a treasurer imports statements and says what a receipt is."""
    grants = [row for row in export.rows("role_grants") if row["role"] == "treasurer"]
    for table, column in DEEDS[-2:]:
        for row in export.rows(table):
            held = (
                stands(grant, export.one("role_ends", "grant_id", grant["id"]), row)
                for grant in grants
                if grant["member_id"] == row[column]
            )
            must(any(held), row, f"{row[column]} was no treasurer then")


def mandates_check(export: Export) -> None:
    """A mandate is made once, of one thing, and a standing one ends with its manual."""
    for table in ("mandates", "payment_requests"):
        numbers = sorted(int(row["number"]) for row in export.rows(table))
        is_whole = numbers == list(range(1, len(numbers) + 1))
        must(is_whole, f"{table}.jsonl", "its numbers are not 1, 2, 3 and so on, each once")
    seen = set()
    for row in export.rows("mandates"):
        must(row["valid_from"] == row["at"], row, "it is valid from another instant on")
        if row["kind"] == "standing":
            place = ("", row["manual_version_id"], row["standing_kind"])
            empty: tuple[str, ...] = ("decision_id", "result_id", "payee_id")
            empty += ("covers_line_id", "valid_until")
            standing_check(export, row)
        else:
            must(row["kind"] == "decision", row, "a mandate is decided on or stands")
            place = (row["result_id"], "", "")
            empty = ("manual_version_id", "standing_kind")
        must(all(row[name] is None for name in empty), row, "it rests on two things")
        must(place not in seen, row, "the same has made a mandate before")
        seen.add(place)
    for row in export.rows("mandate_ends"):
        mandate = export.get("mandates", row, "mandate_id")
        must(mandate["kind"] == "standing", row, "its mandate was decided on")
        newest = export.newest("manual_versions", row) or {}
        must(newest.get("id") == row["manual_version_id"], row, "another manual was in force")
    for row in export.rows("line_bookings"):
        if row["kind"] in ("fee", "return"):
            end = export.one("mandate_ends", "mandate_id", row["mandate_id"])
            must(not end or end["_place"] > row["_place"], row, "its mandate had ended")
    for row in export.rows("payment_requests"):
        mandate = export.get("mandates", row, "mandate_id")
        asked = mandate["standing_kind"] not in ("bank_fee", "returned_debit")
        asked = asked and mandate["covers_line_id"] is None
        must(asked, row, "nobody asks for payments under this mandate")


def standing_check(export: Export, row: Row) -> None:
    """A standing mandate is of the manual in force, and the next manual ended it."""
    newest = export.newest("manual_versions", row) or {}
    must(newest.get("id") == row["manual_version_id"], row, "another manual was in force")
    later = [one for one in export.rows("manual_versions") if one["_place"] > row["_place"]]
    end = export.one("mandate_ends", "mandate_id", row["id"])
    ended_by = end["manual_version_id"] if end else None
    must(ended_by == (later[0]["id"] if later else None), row, "the next manual ends it")


def waiting_check(export: Export) -> None:
    """A changed account cools down, and a payload expires, as the manual in force said."""
    for rows in export.by("payee_accounts", "payee_id").values():
        for number, row in enumerate(rows):
            days = int(export.manual(row)["cooling_days"]) if number else 0
            wait = instant_of(row["usable_from"]) - instant_of(row["at"])
            must(wait == timedelta(days=days), row, f"it must cool down for {days} days")
    for row in export.rows("request_versions"):
        days = int(export.manual(row)["request_valid_days"])
        wait = instant_of(row["expires_at"]) - instant_of(row["at"])
        must(wait == timedelta(days=days), row, f"it may be signed for {days} days")


def limits_check(export: Export) -> None:
    """Nobody is paid more within the manual's days than it allows, under whatever name."""
    gone = {row["order_id"]: row["_place"] for row in export.rows("order_failures")}
    for row in export.rows("payment_reversals"):
        settled = export.get("settlements", row, "settlement_id")
        gone[settled["order_id"]] = row["_place"]
    paid: list[tuple[Row, Row]] = []
    for row in export.rows("payment_orders"):
        export.one("payment_orders", "version_id", row["version_id"])
        version = export.get("request_versions", row, "version_id")
        payee = export.get("payees", version, "payee_id")
        owner = payee["beneficial_owner_member_id"]
        manual = export.manual(row)
        limit, days = int(manual["payment_limit_minor"]), int(manual["payment_limit_days"])
        total = int(row["amount_minor"])
        for other, other_payee in paid if limit else ():
            same = other_payee["id"] == payee["id"]
            same = same or owner == other_payee["beneficial_owner_member_id"] is not None
            recent = instant_of(row["at"]) - instant_of(other["at"]) < timedelta(days=days)
            if same and recent and gone.get(other["id"], row["_place"]) >= row["_place"]:
                total += int(other["amount_minor"])
        must(not limit or total <= limit, row, f"its payee gets {total} within {days} days")
        paid.append((row, payee))
