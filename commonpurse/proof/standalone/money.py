"""Part of verify.py: what the bank's statements, lines and settlements say of the books."""

from __future__ import annotations

from commonpurse.proof.standalone.record import Export, Row
from commonpurse.proof.standalone.signatures import must

# -- 8< -- Above this line: how the parts find each other. Below: verify.py.

WAYS = {
    "settlement": -1,
    "return": -1,
    "fee": -1,
    "suspense": -1,
    "dues": 1,
    "unallocated": 1,
    "reversal": 1,
}


def moved(export: Export, entry: Row) -> dict[str, int]:
    """By how much an entry changes each of its accounts, by their codes."""
    found: dict[str, int] = {}
    for item in entry["postings"]:
        code = (export.one("accounts", "id", item["account_id"]) or {})["code"]
        found[code] = found.get(code, 0) + int(item["amount_minor"])
    return found


def moves_check(export: Export, row: Row, debit: str, credit: str, minor: int) -> None:
    """A row's entry moves this amount between these accounts, and nothing else."""
    entry = export.get("entries", row, "entry_id")
    found = moved(export, entry)
    must(found == {debit: minor, credit: -minor}, row, f"its entry moves {found}")


def mandate_of(export: Export, order: Row) -> Row:
    """The mandate that an order was made under."""
    version = export.get("request_versions", order, "version_id")
    request = export.get("payment_requests", version, "request_id")
    return export.get("mandates", request, "mandate_id")


def has_statement_before(export: Export, fund_id: str, row: Row) -> bool:
    """Whether a fund had a statement already: from then on, lines show what was paid."""
    statements = export.by("bank_statements", "fund_id").get(fund_id, [])
    return bool(statements) and bool(statements[0]["_place"] < row["_place"])


def statements_check(export: Export) -> int:
    """Statements add up and go on from each other, or a reason was given; how many had one."""
    for line in export.rows("bank_lines"):
        export.get("bank_statements", line, "statement_id")
    for rows in export.by("bank_statements", "fund_id").values():
        last: int | None = None
        for row in rows:
            lines = export.by("bank_lines", "statement_id").get(row["id"], [])
            total = sum(int(line["amount_minor"]) for line in lines)
            places = {line["ordinal"] for line in lines}
            must(len(places) == len(lines), row, "two of its lines stand in one place")
            entries = int(row["entries_count"])
            must(len(lines) <= entries, row, f"it has {len(lines)} lines of {entries} entries")
            whole = row["opening_minor"] is not None and row["closing_minor"] is not None
            must(whole == (row["balanced"] is not None), row, "a balance is missing, or is not")
            unsure = row["balanced"] is not True
            must(not unsure or row["reason_mac"] is not None, row, "it does not add up")
            if whole and not unsure and (len(lines) == entries or row is rows[0]):
                adds = int(row["opening_minor"]) + total == int(row["closing_minor"])
                must(adds, row, f"its lines sum to {total}, which its balances do not")
            if row["closing_minor"] is not None:
                closing = int(row["closing_minor"])
                follows = last is None or last + total == closing
                is_said = follows or row["reason_mac"] is not None
                must(is_said, row, "it does not continue the last one")
                last = closing
    return sum(row["reason_mac"] is not None for row in export.rows("bank_statements"))


def accounts_check(export: Export) -> None:
    """A fund's book has one account of each code, in the fund's currency."""
    for fund in export.rows("funds"):
        accounts = export.by("accounts", "book_id").get(fund["book_id"], [])
        for number, row in enumerate(accounts):
            others = [one["code"] for one in accounts[:number]]
            must(row["code"] not in others, row, "its book has such an account already")
            must(row["currency"] == fund["currency"], row, "its fund has another currency")


def settlements_check(export: Export) -> None:
    """The entry of a settlement takes the order's amount from the bank, in the fund's book."""
    covered = {row["order_id"] for row in export.rows("suspense_covers")}
    accounts = {"sponsor_fee": "5100", "refund": "4000"}
    for row in export.rows("settlements"):
        order = export.get("payment_orders", row, "order_id")
        export.one("settlements", "order_id", order["id"])
        entry = export.get("entries", row, "entry_id")
        source = "1900" if order["id"] in covered else "1000"
        paid = int(order["amount_minor"])
        spent = accounts.get(mandate_of(export, order)["standing_kind"], "5000")
        moves_check(export, row, spent, source, paid)
        must(not export.one("order_failures", "order_id", order["id"]), row, "its order failed")
        fund = export.get("funds", order, "fund_id")
        must(entry["book_id"] == fund["book_id"], row, "its entry is in another book")
        must(entry["booked_on"] == row["booked_on"], row, "its entry is of another day")
        one = (row["bank_line_id"] is None) != (row["proof_mac"] is None)
        must(one, row, "it takes a line of the bank or a proof, one of the two")
        if row["bank_line_id"] is None:
            late = has_statement_before(export, fund["id"], row)
            must(not late, row, "no line of the bank shows it")
            continue
        line = export.get("bank_lines", row, "bank_line_id")
        must(-int(line["amount_minor"]) == paid, row, "its bank line is of another amount")
        booking = export.one("line_bookings", "line_id", line["id"]) or {}
        kind = "settlement" if source == "1000" else "suspense"
        must(booking["kind"] == kind, row, "its bank line is booked as something else")
        said = None if kind == "suspense" else order["id"]
        must(booking["order_id"] == said, row, "its bank line is another order's")
    for row in export.rows("payment_reversals"):
        settled = export.get("settlements", row, "settlement_id")
        order = export.get("payment_orders", settled, "order_id")
        if row["bank_line_id"] is None:
            late = has_statement_before(export, order["fund_id"], row)
            late = late or settled["bank_line_id"] is not None
            must(not late, row, "no line of the bank shows it")


def lines_check(export: Export) -> None:
    """Each line of a statement is booked once, as what it is."""
    for row in export.rows("bank_lines"):
        must(export.one("line_bookings", "line_id", row["id"]), row, "this line is not booked")
    for rows in export.by("line_bookings", "entry_id").values():
        entry = export.get("entries", rows[0], "entry_id")
        lines = [export.get("bank_lines", row, "line_id") for row in rows]
        total = sum(int(line["amount_minor"]) for line in lines)
        found = moved(export, entry)
        must(found.get("1000") == total, rows[0], f"its entry's lines move {total}")
        is_dues = rows[0]["kind"] == "dues"
        only = not is_dues or found == {"1000": total, "1100": -total}
        must(only, rows[0], "its entry moves other accounts")
        is_later = all(line["booked_on"] <= entry["booked_on"] for line in lines)
        must(is_later, rows[0], "its entry is booked before the bank's day")
    for row in export.rows("line_bookings"):
        booking_check(export, row)


def booking_check(export: Export, row: Row) -> None:
    """A booking fits its line's sign, its entry's accounts and the rows that it must have."""
    line = export.get("bank_lines", row, "line_id")
    kind, minor = row["kind"], int(line["amount_minor"])
    must(WAYS.get(kind, 0) * minor > 0, row, f"money does not go that way as {kind}")
    statement = export.get("bank_statements", line, "statement_id")
    fund = export.get("funds", statement, "fund_id")
    entry = export.get("entries", row, "entry_id")
    must(entry["book_id"] == fund["book_id"], row, "its entry is in another book")
    mandate_id, other = row["mandate_id"], None
    if kind in ("settlement", "reversal"):
        order = export.get("payment_orders", row, "order_id")
        must(mandate_of(export, order)["id"] == mandate_id, row, "its order has another mandate")
        other = export.one("settlements", "order_id", order["id"])
        if other and kind == "reversal":
            other = export.one("payment_reversals", "settlement_id", other["id"])
        must(other and other["bank_line_id"] == line["id"], row, "nothing says that it is this")
    else:
        must(row["order_id"] is None, row, "it names an order")
        named = {"fee": "bank_fee", "return": "returned_debit"}.get(kind)
        mandate = export.get("mandates", row, "mandate_id") if named else {}
        is_named = mandate["standing_kind"] == named if named else mandate_id is None
        must(is_named, row, "its mandate is for something else")
        debits = {"fee": "5100", "return": "1100", "suspense": "1900"}
        if kind in debits:
            moves_check(export, row, debits[kind], "1000", -minor)
        if kind == "unallocated":
            moves_check(export, row, "1000", "2000", minor)
    table = {"dues": "payments_received", "return": "payments_returned"}.get(kind)
    if table:
        other = export.one(table, "line_id", line["id"])
        must(other, row, "no payment of a member stands behind it")
        must(kind != "dues" or line["reference"] is not None, row, "its line names no member")
    same = other is None or other["entry_id"] == row["entry_id"]
    must(same, row, "it is booked by another entry")


def assigned_check(export: Export) -> None:
    """A receipt turns out to be dues of a member, a grant or a refund, once."""
    for row in export.rows("line_assignments"):
        export.one("line_assignments", "booking_id", row["booking_id"])
        booking = export.get("line_bookings", row, "booking_id")
        must(booking["kind"] == "unallocated", row, "its line was understood already")
        line = export.get("bank_lines", booking, "line_id")
        codes = {"dues": "1100", "grant": "4100", "refund": "5000"}
        must(row["kind"] in codes, row, "a receipt is nothing of that kind")
        moves_check(export, row, "2000", codes[row["kind"]], int(line["amount_minor"]))
        paid = export.one("payments_received", "line_id", line["id"])
        of_member = row["member_id"] is not None and paid is not None
        nobody = row["member_id"] is None and paid is None
        must(of_member if row["kind"] == "dues" else nobody, row, "it is not as a receipt is")
    for row in export.rows("payments_received"):
        line = export.get("bank_lines", row, "line_id")
        export.one("payments_received", "line_id", line["id"])
        booking = export.one("line_bookings", "line_id", line["id"]) or {}
        if booking["kind"] != "dues":
            said = export.one("line_assignments", "booking_id", booking["id"]) or {}
            same = all(said.get(name) == row[name] for name in ("entry_id", "member_id"))
            must(same, row, "its line is booked as something else")


def covers_check(export: Export) -> None:
    """A debit leaves suspense under a mandate of its own, or as the payment of an order."""
    for row in export.rows("suspense_covers"):
        export.one("suspense_covers", "booking_id", row["booking_id"])
        booking = export.get("line_bookings", row, "booking_id")
        must(booking["kind"] == "suspense", row, "its line was not in suspense")
        line = export.get("bank_lines", booking, "line_id")
        mandate = export.get("mandates", row, "mandate_id")
        taken = export.get("entries", booking, "entry_id")
        entry = export.get("entries", row, "entry_id")
        must(entry["book_id"] == taken["book_id"], row, "its entry is in another book")
        minor = -int(line["amount_minor"])
        if row["kind"] == "decision":
            must(mandate["covers_line_id"] == line["id"], row, "its mandate covers another line")
            must(int(mandate["max_minor"]) == minor, row, "its mandate is of another amount")
            moves_check(export, row, "5000", "1900", minor)
        else:
            settled = export.one("settlements", "order_id", row["order_id"]) or {}
            must(row["kind"] == "settlement" and settled, row, "its order is not settled")
            same = (settled["entry_id"], settled["bank_line_id"]) == (row["entry_id"], line["id"])
            must(same, row, "its order was settled otherwise")


def reasons_check(export: Export) -> None:
    """Every entry in the book of a fund has one reason: a row that says why it was posted."""
    reasons: dict[str, Row] = {}
    tables = ("charge_batches", "settlements", "payment_reversals", "line_assignments")
    rows = [row for table in tables for row in export.rows(table)]
    rows += [row for row in export.rows("suspense_covers") if row["kind"] == "decision"]
    orders = ("settlement", "reversal")
    rows += [row for row in export.rows("line_bookings") if row["kind"] not in orders]
    for row in rows:
        known = reasons.setdefault(row["entry_id"], row)
        files = {known["_file"], row["_file"]}
        together = files == {"line_bookings.jsonl"} and known["kind"] == row["kind"] == "dues"
        must(known is row or together, row, "its entry is posted for another reason")
    funds = {row["book_id"]: row for row in export.rows("funds")}
    lines: dict[str, int] = {}
    for row in export.rows("line_bookings"):
        book, place = place_of(export, export.get("entries", row, "entry_id"))
        lines[book] = min(place, lines.get(book, place))
    opened = set()
    for entry in export.rows("entries"):
        book = entry["book_id"]
        if book not in funds or entry["id"] in reasons:
            continue
        statements = export.by("bank_statements", "fund_id").get(funds[book]["id"], [])
        banks = {row["id"] for row in export.by("accounts", "code")["1000"]}
        afters = [p["balance_after"] for p in entry["postings"] if p["account_id"] in banks]
        is_opening = bool(statements) and afters == [statements[0]["opening_minor"]]
        is_opening = is_opening and set(moved(export, entry)) == {"1000", "3000"}
        _, place = place_of(export, entry)
        is_first = place < lines.get(book, place + 1) and book not in opened
        must(is_opening and is_first, entry, "nothing says why this was posted")
        opened.add(book)


def place_of(export: Export, entry: Row) -> tuple[str, int]:
    """An entry's book, and where it stands among the postings of that book's bank account."""
    banks = {row["id"] for row in export.by("accounts", "code")["1000"]}
    places = [int(p["account_version"]) for p in entry["postings"] if p["account_id"] in banks]
    return entry["book_id"], max(places, default=0)
