"""What ends otherwise than it was meant to: roles, requests, orders, and money that comes back.

Each end names what it ends, ends it once, is by whom it may be, and moves what it undoes.
"""

from commonpurse.proof.reader import Row
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

ENDED = (
    ("role_ends", "grant_id", "role_grants"),
    ("request_ends", "request_id", "payment_requests"),
    ("orders_by_hand", "order_id", "payment_orders"),
    ("order_failures", "order_id", "payment_orders"),
    ("payments_returned", "payment_id", "payments_received"),
    ("payment_reversals", "settlement_id", "settlements"),
)
"""A table, the column that says what its row ends, and where that stands."""


def ends_check(tables: Tables) -> None:
    """Check every end."""
    for table, column, ended in ENDED:
        for row in tables.single(table, column).values():
            tables.get(ended, row, column)
    for row in tables.rows("period_closes"):
        tables.get("books", row, "book_id")
    for row in tables.rows("request_ends"):
        request_end_check(tables, row)
    in_files = {item for row in tables.rows("order_files") for item in row["order_ids"]}
    for row in tables.rows("orders_by_hand"):
        if row["order_id"] in in_files:
            raise broken(row, f"order {row['order_id']} went out in a file")
    for row in tables.rows("payments_received"):
        line = tables.get("bank_lines", row, "line_id")
        expect(row, "amount_minor", row["amount_minor"], line["amount_minor"])
    for row in tables.rows("payments_returned"):
        payment = tables.get("payments_received", row, "payment_id")
        expect(row, "amount_minor", row["amount_minor"], payment["amount_minor"])
        line = booked_check(tables, row, "line_id", "return")
        expect(row, "the amount of its bank line", -amount(line, "amount_minor"),
               amount(row, "amount_minor"))  # fmt: skip
    for row in tables.rows("payment_reversals"):
        if row["bank_line_id"] is not None:
            settlement = tables.get("settlements", row, "settlement_id")
            order = tables.get("payment_orders", settlement, "order_id")
            line = booked_check(tables, row, "bank_line_id", "reversal")
            expect(row, "the amount of its bank line", line["amount_minor"], order["amount_minor"])


def booked_check(tables: Tables, row: Row, column: str, kind: str) -> Row:
    """The bank's line of a row, which is booked as this kind, by the same entry and mandate."""
    line = tables.get("bank_lines", row, column)
    booking = tables.single("line_bookings", "line_id")[str(line["id"])]
    expect(row, "the booking of its line", booking["kind"], kind)
    expect(row, "entry_id", row["entry_id"], booking["entry_id"])
    if "mandate_id" in row:
        expect(row, "mandate_id", row["mandate_id"], booking["mandate_id"])
    return line


def request_end_check(tables: Tables, row: Row) -> None:
    """Who asked takes a request back, a trustee refuses it, and time ends it when it is over."""
    member_id = row["by_member_id"]
    if row["kind"] == "withdrawn":
        request = tables.get("payment_requests", row, "request_id")
        expect(row, "by_member_id", member_id, request["requester_member_id"])
    elif row["kind"] == "refused":
        if not any(member_id in one["member_ids"] for one in tables.rows("trustee_sets")):
            raise broken(row, f"{member_id} was never a trustee")
    else:
        expect(row, "kind", row["kind"], "expired")
        expect(row, "by_member_id", member_id, None)
        versions = tables.grouped("request_versions", "request_id")[str(row["request_id"])]
        newest = max(versions, key=lambda version: amount(version, "version"))
        if row["at"] < newest["expires_at"]:
            raise broken(row, "the time to sign it was not over")
