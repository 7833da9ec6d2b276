"""Every line of a statement is booked once, as what it is, and every entry has its reason."""

from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Row
from commonpurse.proof.verify.bookings import (
    assignments_check,
    bookings_check,
    by_word_check,
    covers_check,
    settlements_check,
)
from commonpurse.proof.verify.ledger import BANK, ENTRIES, EQUITY, Ledger
from commonpurse.proof.verify.payments import entry_of, moved, shape
from commonpurse.proof.verify.statements import statements_check
from commonpurse.proof.verify.tables import Tables, amount, broken, expect


def bank_check(tables: Tables, ledger: Ledger) -> dict[str, int]:
    """Statements, lines, their bookings, what they turned out to be, and what no row explains."""
    accounts_check(tables, ledger)
    reasons = statements_check(tables)
    bookings = tables.single("line_bookings", "line_id")
    for line in tables.rows("bank_lines"):
        if str(line["id"]) not in bookings:
            raise broken(line, "this line is not booked")
    bookings_check(tables, ledger)
    for rows in tables.grouped("line_bookings", "entry_id").values():
        bookings_of_entry_check(tables, ledger, rows)
    settlements_check(tables, ledger)
    for row in tables.rows("payment_reversals"):
        settlement = tables.get("settlements", row, "settlement_id")
        order = tables.get("payment_orders", settlement, "order_id")
        if row["bank_line_id"] is None:
            by_word_check(tables, row, str(order["fund_id"]))
            expect(row, "bank_line_id", None, settlement["bank_line_id"])
    covers_check(tables, ledger)
    assignments_check(tables, ledger)
    openings_check(tables, ledger)
    return {"bank lines": len(tables.rows("bank_lines")), "statements with a reason": reasons}


def accounts_check(tables: Tables, ledger: Ledger) -> None:
    """A fund's book has one account of each code, in the fund's currency."""
    currencies = {str(fund["book_id"]): fund["currency"] for fund in tables.rows("funds")}
    seen: set[tuple[str, str]] = set()
    for row in ledger.accounts.values():
        place = (str(row["book_id"]), str(row["code"]))
        if place[0] not in currencies:
            continue
        if place in seen:
            raise broken(row, f"its book has an account {row['code']} already")
        seen.add(place)
        expect(row, "currency", row["currency"], currencies[place[0]])


def bookings_of_entry_check(tables: Tables, ledger: Ledger, bookings: list[Row]) -> None:
    """An entry moves on the bank account what the lines say that are booked by it together."""
    entry = entry_of(ledger, bookings[0])
    lines = [tables.get("bank_lines", booking, "line_id") for booking in bookings]
    total = sum(amount(line, "amount_minor") for line in lines)
    expect(bookings[0], "what its entry moves", moved(ledger, entry, BANK), total)
    if bookings[0]["kind"] == "dues":
        expect(bookings[0], "what its entry moves", shape(ledger, entry),
               {BANK: total, "1100": -total})  # fmt: skip
    for booking, line in zip(bookings, lines, strict=True):
        if entry["booked_on"] < line["booked_on"]:
            raise broken(booking, "its entry is booked before the bank's day")


def openings_check(tables: Tables, ledger: Ledger) -> None:
    """An entry that no row explains is the balance before its fund's first statement.

    It brings the bank account to what that statement opened with, against equity, once, and
    before any line of the bank is booked.
    """
    books = {str(fund["book_id"]): str(fund["id"]) for fund in tables.rows("funds")}
    booked = [
        version_of(ledger, ledger.kept[str(row["entry_id"])])
        for row in tables.rows("line_bookings")
    ]
    opened: set[str] = set()
    for entry_id, (line, entry) in ledger.unexplained.items():
        book_id = str(entry["book_id"])
        statements = tables.grouped("bank_statements", "fund_id").get(books[book_id], [])
        balances = [
            str(posting["balance_after"])
            for posting in entry["postings"]
            if ledger.accounts[str(posting["account_id"])]["code"] == BANK
        ]
        first = min((version for book, version in booked if book == book_id), default=None)
        is_opening = (
            book_id not in opened
            and bool(statements)
            and balances == [statements[0]["opening_minor"]]
            and set(shape(ledger, entry)) == {BANK, EQUITY}
            and (first is None or version_of(ledger, entry)[1] < first)
        )
        if not is_opening:
            raise unexplained(line, entry_id)
        opened.add(book_id)


def version_of(ledger: Ledger, entry: Row) -> tuple[str, int]:
    """In which book an entry is, and where it stands among those of its bank account."""
    versions = [
        int(posting["account_version"])
        for posting in entry["postings"]
        if ledger.accounts[str(posting["account_id"])]["code"] == BANK
    ]
    return str(entry["book_id"]), max(versions, default=0)


def unexplained(line: int, entry_id: str) -> Broken:
    """An entry that nothing explains."""
    return Broken(
        ENTRIES,
        "no settlement, booking, charge, cover or other row says why it was posted",
        line=line,
        subject=entry_id,
    )
