"""Part of verify.py: what ends, and what comes back."""

from __future__ import annotations

from commonpurse.proof.standalone.record import Export, Row
from commonpurse.proof.standalone.signatures import must

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.


def ends_check(export: Export) -> None:
    """Whatever was ended was there, was ended once, and by whom it may be."""
    for table, column, ended in (
        ("role_ends", "grant_id", "role_grants"),
        ("request_ends", "request_id", "payment_requests"),
        ("orders_by_hand", "order_id", "payment_orders"),
        ("order_failures", "order_id", "payment_orders"),
        ("payments_returned", "payment_id", "payments_received"),
        ("payment_reversals", "settlement_id", "settlements"),
        ("period_closes", "book_id", "books"),
    ):
        for row in export.rows(table):
            export.get(ended, row, column)
            once = table == "period_closes" or export.one(table, column, row[column]) is row
            must(once, row, "it ended before")
    sets = export.rows("trustee_sets")
    for row in export.rows("request_ends"):
        member_id = row["by_member_id"]
        request = export.get("payment_requests", row, "request_id")
        versions = export.by("request_versions", "request_id")[request["id"]]
        newest = max(versions, key=lambda version: int(version["version"]))
        may = {
            "withdrawn": member_id == request["requester_member_id"],
            "refused": any(member_id in one["member_ids"] for one in sets),
            "expired": member_id is None and row["at"] >= newest["expires_at"],
        }
        must(may.get(row["kind"]), row, "this member could not end it then")
    filed = {order_id for row in export.rows("order_files") for order_id in row["order_ids"]}
    for row in export.rows("orders_by_hand"):
        must(row["order_id"] not in filed, row, "its order went out in a file")


def back_check(export: Export) -> None:
    """What a member paid, what their bank took back, and what came back of a payment of ours."""

    def line_of(row: Row, column: str, kind: str) -> int:
        line = export.get("bank_lines", row, column)
        booking = export.one("line_bookings", "line_id", line["id"]) or {}
        same = booking["kind"] == kind and booking["entry_id"] == row["entry_id"]
        same = same and row.get("mandate_id", booking["mandate_id"]) == booking["mandate_id"]
        must(same, row, "its line is booked as something else")
        return int(line["amount_minor"])

    for row in export.rows("payments_received"):
        line = export.get("bank_lines", row, "line_id")
        must(line["amount_minor"] == row["amount_minor"], row, "its line has another amount")
    for row in export.rows("payments_returned"):
        payment = export.get("payments_received", row, "payment_id")
        amounts = (int(payment["amount_minor"]), -line_of(row, "line_id", "return"))
        same = amounts == (int(row["amount_minor"]),) * 2
        must(same, row, "another amount was paid, or taken back")
    for row in export.rows("payment_reversals"):
        settlement = export.get("settlements", row, "settlement_id")
        entry = export.get("entries", row, "entry_id")
        must(entry["reverses_id"] == settlement["entry_id"], row, "its entry reverses another")
        if row["bank_line_id"] is not None:
            order = export.get("payment_orders", settlement, "order_id")
            came = line_of(row, "bank_line_id", "reversal")
            must(came == int(order["amount_minor"]), row, "another amount came back")
