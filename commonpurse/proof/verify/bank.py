"""Every line of a statement is booked once, as what it is, and nothing leaves the bank unnamed."""

from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Row
from commonpurse.proof.verify.ledger import BANK, ENTRIES, Ledger
from commonpurse.proof.verify.payments import entry_of, moved
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

EQUITY = "3000"
MANDATE_KINDS = {"fee": "bank_fee", "return": "returned_debit"}


def bank_check(tables: Tables, ledger: Ledger) -> dict[str, int]:
    """Lines, their bookings, what took debits out of suspense, and what left without any."""
    bookings = tables.single("line_bookings", "line_id")
    for line in tables.rows("bank_lines"):
        if str(line["id"]) not in bookings:
            raise broken(line, "this line is not booked")
    for rows in tables.grouped("line_bookings", "entry_id").values():
        bookings_of_entry_check(tables, ledger, rows)
    for booking in tables.rows("line_bookings"):
        if booking["kind"] == "settlement":
            order = tables.single("settlements", "order_id").get(str(booking["order_id"]))
            settled = order and order["entry_id"]
            expect(booking, "the entry of its order's settlement", settled, booking["entry_id"])
        elif booking["kind"] in MANDATE_KINDS:
            mandate = tables.get("mandates", booking, "mandate_id")
            expected = MANDATE_KINDS[str(booking["kind"])]
            expect(booking, "the kind of its mandate", mandate["standing_kind"], expected)
    covers_check(tables, ledger)
    for table in ("line_assignments", "payments_received", "payments_returned"):
        for row in tables.rows(table):
            entry_of(ledger, row)
    outflows_check(tables, ledger)
    return {"bank lines": len(tables.rows("bank_lines"))}


def bookings_of_entry_check(tables: Tables, ledger: Ledger, bookings: list[Row]) -> None:
    """An entry moves on the bank account what the lines say that are booked by it together."""
    entry = entry_of(ledger, bookings[0])
    lines = [tables.get("bank_lines", booking, "line_id") for booking in bookings]
    total = sum(amount(line, "amount_minor") for line in lines)
    expect(bookings[0], "what its entry moves", moved(ledger, entry, BANK), total)
    for booking, line in zip(bookings, lines, strict=True):
        if entry["booked_on"] < line["booked_on"]:
            raise broken(booking, "its entry is booked before the bank's day")


def covers_check(tables: Tables, ledger: Ledger) -> None:
    """A debit leaves suspense under a mandate that covers it, or as the payment of an order."""
    for row in tables.rows("suspense_covers"):
        booking = tables.get("line_bookings", row, "booking_id")
        expect(row, "the kind of its booking", booking["kind"], "suspense")
        line = tables.get("bank_lines", booking, "line_id")
        mandate = tables.get("mandates", row, "mandate_id")
        entry_of(ledger, row)
        if row["kind"] == "decision":
            expect(row, "the line that its mandate covers", mandate["covers_line_id"], line["id"])
            expect(row, "max_minor", amount(mandate, "max_minor"), -amount(line, "amount_minor"))
        else:
            settled = tables.single("settlements", "order_id").get(str(row["order_id"]))
            if settled is None:
                raise broken(row, f"order {row['order_id']} is not settled")


def entries_explained(tables: Tables) -> set[str]:
    """The entries for which a settlement or the booking of a bank's line says why."""
    return {
        str(row["entry_id"])
        for table in ("settlements", "line_bookings", "payments_returned", "payment_reversals")
        for row in tables.rows(table)
    }


def outflows_check(tables: Tables, ledger: Ledger) -> None:
    """Whatever leaves a fund's bank account is a settlement or the booking of a bank's line.

    One entry may stand alone: the balance before a fund's first statement, against equity.
    """
    for entry_id, (line, entry) in ledger.outflows.items():
        if not is_opening(tables, ledger, entry):
            raise Broken(
                ENTRIES,
                "it takes money from the bank, and no settlement or bank line says why",
                line=line,
                subject=entry_id,
            )


def is_opening(tables: Tables, ledger: Ledger, entry: Row) -> bool:
    """Whether an entry is the opening balance of its fund's first statement."""
    funds = {
        str(fund["id"]) for fund in tables.rows("funds") if fund["book_id"] == entry["book_id"]
    }
    statements = [row for row in tables.rows("bank_statements") if str(row["fund_id"]) in funds]
    taken = moved(ledger, entry, BANK)
    return (
        bool(statements)
        and statements[0]["opening_minor"] == str(taken)
        and moved(ledger, entry, EQUITY) == -taken
    )
