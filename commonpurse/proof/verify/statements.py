"""Statements add up and go on from each other, or say that a treasurer gave a reason.

A line stands on the statement that brought it first, so a statement that repeats earlier days has
fewer lines than entries. What it says itself is then not found again from the lines alone; that
the last closing and the lines that are new give this closing always is.
"""

from commonpurse.proof.reader import Row
from commonpurse.proof.verify.tables import Tables, amount, broken, expect


def statements_check(tables: Tables) -> int:
    """Check the statements of every fund; how many were taken for a reason."""
    lines = tables.grouped("bank_lines", "statement_id")
    for line in tables.rows("bank_lines"):
        tables.get("bank_statements", line, "statement_id")
    for rows in tables.grouped("bank_statements", "fund_id").values():
        closing: int | None = None
        for row in rows:
            new = lines.get(str(row["id"]), [])
            total = sum(amount(line, "amount_minor") for line in new)
            statement_check(row, new, total)
            if row["closing_minor"] is None:
                continue
            if closing is not None and row["reason_mac"] is None:
                expect(row, "closing_minor", amount(row, "closing_minor"), closing + total)
            elif row is rows[0] and row["balanced"] is True:
                # Nothing was known before it, so all of its entries are new lines.
                opening = amount(row, "opening_minor")
                expect(row, "closing_minor", amount(row, "closing_minor"), opening + total)
            closing = amount(row, "closing_minor")
    return sum(row["reason_mac"] is not None for row in tables.rows("bank_statements"))


def statement_check(row: Row, lines: list[Row], total: int) -> None:
    """A statement by itself: it says of itself what its balances and its lines say."""
    has_both = row["opening_minor"] is not None and row["closing_minor"] is not None
    expect(row, "whether it has both balances", row["balanced"] is not None, has_both)
    if row["balanced"] is not True and row["reason_mac"] is None:
        raise broken(row, "it does not reconcile, and no reason was given")
    if len({line["ordinal"] for line in lines}) != len(lines):
        raise broken(row, "two of its lines stand in one place")
    entries = amount(row, "entries_count")
    if len(lines) > entries:
        raise broken(row, f"it has {len(lines)} lines, and {entries} entries were read")
    if has_both and len(lines) == entries and row["balanced"]:
        closing = amount(row, "closing_minor")
        expect(row, "closing_minor", closing, amount(row, "opening_minor") + total)
