"""The rows of an export in memory, found by their id, and the words in which one is refused."""

from bisect import bisect_left

from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Row, number

SHOWN_MAX = 120


class Tables:
    """All tables of an export but the entries."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.indexes: dict[str, dict[str, Row]] = {}
        self.groups: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.singles: dict[tuple[str, str], dict[str, Row]] = {}
        self.places: dict[str, list[int]] = {}

    def rows(self, name: str) -> list[Row]:
        """The rows of a table in the log's order; none when the export has no such file."""
        return self.tables.get(name, [])

    def by_id(self, name: str) -> dict[str, Row]:
        """The rows of a table by their id."""
        if name not in self.indexes:
            self.indexes[name] = {row["id"]: row for row in self.rows(name)}
        return self.indexes[name]

    def get(self, name: str, row: Row, column: str) -> Row:
        """The row of table `name` that a column of `row` points to; Broken when it is not there."""
        found = self.by_id(name).get(str(row[column]))
        if found is None:
            raise broken(row, f"{column} {row[column]} is not in {name}.jsonl")
        return found

    def grouped(self, name: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by what one column says."""
        known = self.groups.get((name, column))
        if known is None:
            known = self.groups[name, column] = {}
            for row in self.rows(name):
                known.setdefault(str(row[column]), []).append(row)
        return known

    def single(self, name: str, column: str) -> dict[str, Row]:
        """The rows of a table by a column in which no two say the same."""
        known = self.singles.get((name, column))
        if known is None:
            known = self.singles[name, column] = {}
            for row in self.rows(name):
                if known.setdefault(str(row[column]), row) is not row:
                    raise broken(row, f"a second row for {column} {row[column]}")
        return known

    def before(self, name: str, row: Row) -> list[Row]:
        """The rows of a table that stand in the log before `row`."""
        return self.rows(name)[: self.count_before(name, row)]

    def newest(self, name: str, row: Row) -> Row | None:
        """The last row of a table before `row`: what was in force when `row` was written."""
        count = self.count_before(name, row)
        return self.rows(name)[count - 1] if count else None

    def count_before(self, name: str, row: Row) -> int:
        """How many rows of a table stand in the log before `row`."""
        if name not in self.places:
            self.places[name] = [int(one["_index"]) for one in self.rows(name)]
        return bisect_left(self.places[name], int(row["_index"]))

    def numbered_check(self, name: str) -> None:
        """The rows of a table are numbered 1, 2, 3 … without a gap and without a repetition."""
        for place, row in enumerate(
            sorted(self.rows(name), key=lambda one: amount(one, "number")), start=1
        ):
            expect(row, "number", amount(row, "number"), place)

    def entry_ids(self) -> set[str]:
        """The entries that rows of other tables point to."""
        return {
            str(row["entry_id"])
            for table in self.tables.values()
            if table and "entry_id" in table[0]
            for row in table
            if row["entry_id"] is not None
        }


def broken(row: Row, what: str) -> Broken:
    """A row that does not hold."""
    return Broken(str(row["_file"]), what, line=int(row["_line"]), subject=str(row["id"]))


def expect(row: Row, name: str, found: object, expected: object) -> None:
    """`found` stands in the row, and `expected` was found otherwise: they must be the same."""
    if found != expected:
        raise broken(row, f"{name} is {shown(found)}, and {shown(expected)} was expected")


def shown(value: object) -> str:
    """A value in a message, which stays short enough to read."""
    text = repr(value)
    return text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}… ({len(text)} characters)"


def amount(row: Row, column: str) -> int:
    """A whole number of a row."""
    return number(row[column], str(row["_file"]), line=int(row["_line"]), subject=str(row["id"]))
