"""Each line of a statement is booked as what it is, and every entry has exactly one reason.

What a booking of each kind must be:

    settlement   out   the order of this line, booked by the entry that settles it
    return       out   a member's payment taken back, under the standing mandate for that
    fee          out   a bank's fee, under the standing mandate for that
    suspense     out   nothing known yet: no mandate and no order
    dues         in    a member's payment received
    unallocated  in    nothing known yet
    reversal     in    the payment of this order came back
"""

from commonpurse.proof.reader import Row
from commonpurse.proof.verify.ledger import Ledger
from commonpurse.proof.verify.payments import entry_of, shape, spent_on
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

OUT = {"settlement", "return", "fee", "suspense"}
IN = {"dues", "unallocated", "reversal"}
STANDING = {"fee": "bank_fee", "return": "returned_debit"}
ACCOUNTS = {
    "return": ("1100", "1000"),
    "fee": ("5100", "1000"),
    "suspense": ("1900", "1000"),
    "dues": ("1000", "1100"),
    "unallocated": ("1000", "2000"),
}
"""The accounts that a booking debits and credits; those of an order follow from its mandate."""
ASSIGNED_TO = {"dues": "1100", "grant": "4100", "refund": "5000"}
OF_DUES = "dues"


def reasons_of(tables: Tables) -> dict[str, Row]:
    """The row that explains each entry. Two rows explain one entry only as dues of one day."""
    reasons: dict[str, Row] = {}
    rows = [
        row
        for table in ("charge_batches", "settlements", "payment_reversals", "line_assignments")
        for row in tables.rows(table)
    ]
    rows += [row for row in tables.rows("suspense_covers") if row["kind"] == "decision"]
    rows += [
        row for row in tables.rows("line_bookings") if row["kind"] not in {"settlement", "reversal"}
    ]
    for row in rows:
        known = reasons.setdefault(str(row["entry_id"]), row)
        if known is not row and not (is_dues(known) and is_dues(row)):
            raise broken(row, f"entry {row['entry_id']} is that of {known['id']} already")
    return reasons


def is_dues(row: Row) -> bool:
    """Whether a row is the booking of a member's payment, many of which share an entry."""
    return row["_file"] == "line_bookings.jsonl" and str(row["kind"]) == OF_DUES


def bookings_check(tables: Tables, ledger: Ledger) -> None:
    """Every booking fits the sign of its line, its entry's accounts and the rows it must have."""
    received = tables.single("payments_received", "line_id")
    returned = tables.single("payments_returned", "line_id")
    for row in tables.single("line_bookings", "line_id").values():
        line = tables.get("bank_lines", row, "line_id")
        kind, minor = str(row["kind"]), amount(line, "amount_minor")
        if kind not in (OUT if minor < 0 else IN):
            way = "out" if minor < 0 else "in"
            raise broken(row, f"money that went {way} cannot be booked as {kind!r}")
        book_check(tables, ledger, row, line)
        if kind in STANDING:
            mandate = tables.get("mandates", row, "mandate_id")
            expect(row, "the kind of its mandate", mandate["standing_kind"], STANDING[kind])
        elif kind not in {"settlement", "reversal"}:
            expect(row, "mandate_id", row["mandate_id"], None)
        if kind in {"settlement", "reversal"}:
            order_booking_check(tables, row)
        else:
            expect(row, "order_id", row["order_id"], None)
            if kind != OF_DUES:
                entry_moves_check(ledger, row, *ACCOUNTS[kind], abs(minor))
        payment = {"dues": received, "return": returned}.get(kind)
        if payment is not None:
            paid = payment.get(str(line["id"]))
            if paid is None:
                raise broken(row, "no payment of a member stands behind it")
            expect(row, "entry_id", row["entry_id"], paid["entry_id"])
        if kind == OF_DUES and line["reference"] is None:
            raise broken(row, "its line has no member's reference")
    received_check(tables)


def book_check(tables: Tables, ledger: Ledger, row: Row, line: Row) -> None:
    """A line is booked in the book of the fund whose statement it is on."""
    statement = tables.get("bank_statements", line, "statement_id")
    fund = tables.get("funds", statement, "fund_id")
    expect(row, "the book of its entry", entry_of(ledger, row)["book_id"], fund["book_id"])


def order_booking_check(tables: Tables, row: Row) -> None:
    """The line of a payment is its settlement's; the line of one that came back its reversal's."""
    order = tables.get("payment_orders", row, "order_id")
    settlement = tables.single("settlements", "order_id").get(str(order["id"]))
    if settlement is None:
        raise broken(row, f"order {order['id']} is not settled")
    found: Row | None = settlement
    if row["kind"] == "reversal":
        found = tables.single("payment_reversals", "settlement_id").get(str(settlement["id"]))
    if found is None:
        raise broken(row, f"the payment of order {order['id']} did not come back")
    expect(row, "line_id", row["line_id"], found["bank_line_id"])
    expect(row, "entry_id", row["entry_id"], found["entry_id"])
    version = tables.get("request_versions", order, "version_id")
    request = tables.get("payment_requests", version, "request_id")
    expect(row, "mandate_id", row["mandate_id"], request["mandate_id"])


def received_check(tables: Tables) -> None:
    """A member's payment is what its line says, and is booked or allocated as dues."""
    bookings = tables.single("line_bookings", "line_id")
    assigned = tables.single("line_assignments", "booking_id")
    received = tables.single("payments_received", "line_id")
    for row in received.values():
        line = tables.get("bank_lines", row, "line_id")
        booking = bookings[str(line["id"])]
        if booking["kind"] == OF_DUES:
            continue
        assignment = assigned.get(str(booking["id"]))
        if assignment is None:
            raise broken(row, "its line is booked as something else")
        for column in ("entry_id", "member_id"):
            expect(row, column, row[column], assignment[column])
    for row in assigned.values():
        booking = tables.get("line_bookings", row, "booking_id")
        payment = received.get(str(booking["line_id"]))
        is_dues_of_member = row["kind"] == OF_DUES
        if is_dues_of_member != (payment is not None):
            raise broken(row, "it is dues, or a payment of a member, and not both")
        expect(row, "whether it names a member", row["member_id"] is not None, is_dues_of_member)


def assignments_check(tables: Tables, ledger: Ledger) -> None:
    """A receipt leaves the unallocated ones once, for what it turned out to be."""
    for row in tables.single("line_assignments", "booking_id").values():
        booking = tables.get("line_bookings", row, "booking_id")
        expect(row, "the kind of its booking", booking["kind"], "unallocated")
        line = tables.get("bank_lines", booking, "line_id")
        credit = ASSIGNED_TO.get(str(row["kind"]))
        if credit is None:
            raise broken(row, f"{row['kind']!r} is nothing that a receipt can be")
        book_check(tables, ledger, row, line)
        entry_moves_check(ledger, row, "2000", credit, amount(line, "amount_minor"))


def covers_check(tables: Tables, ledger: Ledger) -> None:
    """A debit leaves suspense once: under a mandate that covers it, or as an order's payment."""
    for row in tables.single("suspense_covers", "booking_id").values():
        booking = tables.get("line_bookings", row, "booking_id")
        expect(row, "the kind of its booking", booking["kind"], "suspense")
        line = tables.get("bank_lines", booking, "line_id")
        mandate = tables.get("mandates", row, "mandate_id")
        minor = -amount(line, "amount_minor")
        book_check(tables, ledger, row, line)
        if row["kind"] == "decision":
            expect(row, "the line that its mandate covers", mandate["covers_line_id"], line["id"])
            expect(row, "max_minor", amount(mandate, "max_minor"), minor)
            entry_moves_check(ledger, row, "5000", "1900", minor)
            continue
        expect(row, "kind", row["kind"], "settlement")
        settled = tables.single("settlements", "order_id").get(str(row["order_id"]))
        if settled is None:
            raise broken(row, f"order {row['order_id']} is not settled")
        expect(row, "entry_id", row["entry_id"], settled["entry_id"])
        expect(row, "its line", line["id"], settled["bank_line_id"])


def settlements_check(tables: Tables, ledger: Ledger) -> None:
    """An order is settled by the bank's line, or by proof while the fund has no statements."""
    covers = {
        str(row["order_id"]): row
        for row in tables.rows("suspense_covers")
        if row["kind"] == "settlement"
    }
    for row in tables.single("settlements", "order_id").values():
        order = tables.get("payment_orders", row, "order_id")
        version = tables.get("request_versions", order, "version_id")
        request = tables.get("payment_requests", version, "request_id")
        mandate = tables.get("mandates", request, "mandate_id")
        evidence_check(tables, row, str(order["fund_id"]))
        is_covered = str(order["id"]) in covers
        if row["bank_line_id"] is not None:
            line = tables.get("bank_lines", row, "bank_line_id")
            booking = tables.single("line_bookings", "line_id")[str(line["id"])]
            if booking["kind"] != ("suspense" if is_covered else "settlement"):
                raise broken(row, f"its line is booked as {booking['kind']!r}")
            expect(row, "the order of its line", booking["order_id"],
                   None if is_covered else order["id"])  # fmt: skip
        source = "1900" if is_covered else "1000"
        entry_moves_check(ledger, row, spent_on(mandate), source, amount(order, "amount_minor"))


def evidence_check(tables: Tables, row: Row, fund_id: str) -> None:
    """The bank's line, or a proof from before the fund's first statement; one of the two."""
    if row["bank_line_id"] is not None:
        expect(row, "proof_mac", row["proof_mac"], None)
        return
    if row["proof_mac"] is None:
        raise broken(row, "neither a line of the bank nor a proof says that it was paid")
    by_word_check(tables, row, fund_id)


def by_word_check(tables: Tables, row: Row, fund_id: str) -> None:
    """What no line of the bank shows stands before the fund's first statement."""
    statements = tables.grouped("bank_statements", "fund_id").get(fund_id, [])
    if statements and statements[0]["_index"] < row["_index"]:
        raise broken(row, "no line of the bank's statements shows it")


def entry_moves_check(ledger: Ledger, row: Row, debit: str, credit: str, minor: int) -> None:
    """A row's entry moves exactly this amount between exactly these accounts."""
    found = shape(ledger, entry_of(ledger, row))
    expect(row, "what its entry moves", found, {debit: minor, credit: -minor})
