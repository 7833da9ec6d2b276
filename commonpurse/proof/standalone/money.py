"""Part of verify.py: what the bank's lines, settlements and charges of dues say of the books."""

from __future__ import annotations

import hashlib

from commonpurse.proof.standalone.record import Export, Row, canonical
from commonpurse.proof.standalone.signatures import must

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.

BOOKED_BY = ("line_assignments", "payments_received", "payments_returned")


def moved(export: Export, entry: Row, *codes: str) -> int:
    """By how much an entry changes the accounts of these codes."""
    found = 0
    for item in entry["postings"]:
        account = export.one("accounts", "id", item["account_id"]) or {}
        found += int(item["amount_minor"]) if account["code"] in codes else 0
    return found


def settlements_check(export: Export) -> None:
    """The entry of a settlement takes the order's amount from the bank, in the fund's book."""
    for row in export.rows("settlements"):
        order = export.get("payment_orders", row, "order_id")
        entry = export.get("entries", row, "entry_id")
        paid = int(order["amount_minor"])
        is_paid = -moved(export, entry, "1000", "1900") == paid
        must(is_paid, row, "its entry takes another amount from the bank")
        must(not export.one("order_failures", "order_id", order["id"]), row, "its order failed")
        fund = export.get("funds", order, "fund_id")
        must(entry["book_id"] == fund["book_id"], row, "its entry is in another book")
        must(entry["booked_on"] == row["booked_on"], row, "its entry is of another day")
        if row["bank_line_id"] is not None:
            line = export.get("bank_lines", row, "bank_line_id")
            must(-int(line["amount_minor"]) == paid, row, "its bank line is of another amount")
    for row in export.rows("payment_reversals"):
        settled = export.get("settlements", row, "settlement_id")
        entry = export.get("entries", row, "entry_id")
        must(entry["reverses_id"] == settled["entry_id"], row, "its entry reverses another")


def lines_check(export: Export) -> None:
    """Each line of a statement is booked once, as what it is."""
    for row in export.rows("bank_lines"):
        must(export.one("line_bookings", "line_id", row["id"]), row, "this line is not booked")
    for rows in export.by("line_bookings", "entry_id").values():
        entry = export.get("entries", rows[0], "entry_id")
        lines = [export.get("bank_lines", row, "line_id") for row in rows]
        total = sum(int(line["amount_minor"]) for line in lines)
        must(moved(export, entry, "1000") == total, rows[0], f"its entry's lines move {total}")
        is_later = all(line["booked_on"] <= entry["booked_on"] for line in lines)
        must(is_later, rows[0], "its entry is booked before the bank's day")
    kinds = {"fee": "bank_fee", "return": "returned_debit"}
    for row in export.rows("line_bookings"):
        if row["kind"] == "settlement":
            settled = export.one("settlements", "order_id", row["order_id"]) or {}
            same = settled.get("entry_id") == row["entry_id"]
            must(same, row, "its order was settled by another entry")
        elif row["kind"] in kinds:
            mandate = export.get("mandates", row, "mandate_id")
            same = mandate["standing_kind"] == kinds[row["kind"]]
            must(same, row, "its mandate is for something else")
    for table in BOOKED_BY:
        for row in export.rows(table):
            export.get("entries", row, "entry_id")


def covers_check(export: Export) -> None:
    """A debit leaves suspense under a mandate of its own, or as the payment of an order."""
    for row in export.rows("suspense_covers"):
        booking = export.get("line_bookings", row, "booking_id")
        must(booking["kind"] == "suspense", row, "its line was not in suspense")
        line = export.get("bank_lines", booking, "line_id")
        mandate = export.get("mandates", row, "mandate_id")
        export.get("entries", row, "entry_id")
        if row["kind"] == "decision":
            must(mandate["covers_line_id"] == line["id"], row, "its mandate covers another line")
            same = int(mandate["max_minor"]) == -int(line["amount_minor"])
            must(same, row, "its mandate is of another amount")
        else:
            settled = export.one("settlements", "order_id", row["order_id"])
            must(settled, row, "its order is not settled")


def outflows_check(export: Export) -> None:
    """Nothing leaves a fund's bank account but by a settlement or a line of a statement."""
    books = {row["book_id"] for row in export.rows("funds")}
    tables = ("settlements", "line_bookings")
    named = {row["entry_id"] for table in tables for row in export.rows(table)}
    banks = {row["id"] for row in export.rows("accounts") if row["code"] == "1000"}
    openings = [row["opening_minor"] for row in export.rows("bank_statements")][:1]
    for entry in export.rows("entries"):
        leaves = entry["book_id"] in books and any(
            item["account_id"] in banks and int(item["amount_minor"]) < 0
            for item in entry["postings"]
        )
        if leaves and entry["id"] not in named:
            taken = moved(export, entry, "1000")
            is_opening = openings == [str(taken)] and moved(export, entry, "3000") == -taken
            must(is_opening, entry, "nothing says why this leaves the bank")


def charges_check(export: Export) -> None:
    """The charges of a batch have the digest, the count and the sum that its leaf says."""
    batches: dict[str, list[Row]] = {row["id"]: [] for row in export.rows("charge_batches")}
    if "charges.jsonl" in export.files:
        for row in export.lines("charges.jsonl"):
            must(row["batch_id"] in batches, row, "its batch is not there")
            batches[row["batch_id"]].append(row)
    for batch in export.rows("charge_batches"):
        rows = batches[batch["id"]]
        plain = [{key: row[key] for key in row if key[0] != "_"} for row in rows]
        digest = hashlib.sha256(b"".join(canonical(row) + b"\n" for row in plain)).hexdigest()
        total = sum(int(row["amount_minor"]) for row in rows)
        found = (digest, str(len(rows)), str(total))
        said = (batch["rows_sha256"], batch["count"], batch["total_minor"])
        must(said == found, batch, f"its rows give {found}")
        entry = export.get("entries", batch, "entry_id")
        booked = sum(abs(int(item["amount_minor"])) for item in entry["postings"])
        must(booked == 2 * total, batch, "its entry books another sum")
