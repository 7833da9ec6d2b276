"""Counting by GROUP BY inside PostgreSQL, and so on the shards of Citus.

Two statements in one snapshot: rows by channel and value, and ballots by what they give away. Where
a Citus table is distributed by voter, or by the co-op in a view of one co-op, every shard groups
its own rows, and only groups travel. Numbers are whole or numeric, so sums are exact there too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import psycopg
from psycopg import IsolationLevel, sql

from commonpurse.formats.ballots import NEEDED
from commonpurse.formats.cells import (
    BadCell,
    age_checked,
    channel_checked,
    value_checked,
    weight_checked,
)
from commonpurse.rules.exact import shown
from commonpurse.rules.pools.sums import Counting, Group, Sums, groups_added

CONNECT_SECONDS = 20
NAMES = ("text", "varchar")
WHOLE = ("int2", "int4", "int8")
NUMBERS = (*WHOLE, "numeric")
TYPES = {
    "voter": (*NAMES, "uuid"),
    "channel": NAMES,
    "value": NUMBERS,
    "age_days": WHOLE,
    "weight": NUMBERS,
}

ROWS = """
SELECT channel, value, {age_days} AS age, {weight} AS weighs, count(*)
FROM {table}
GROUP BY 1, 2, 3, 4
"""

BALLOTS = """
SELECT voter, count(*) AS entries, count(DISTINCT channel) AS channels, sum(value) AS whole,
       coalesce(sum(value) FILTER (WHERE channel <> %(carry_over)s), 0) AS given,
       min({age_days}) AS age, max({age_days}) AS age_last,
       min({weight}) AS weighs, max({weight}) AS weighs_last
FROM {table}
GROUP BY voter
"""

# A whole is a fraction: given > total is given × denominator > numerator, in whole numbers. Ballots
# that are none stand in groups of their own, each with one of its voters.
GIVEN = """
SELECT given, age, weighs, count(*), min(voter::text), voter IS NULL, entries <> channels,
       %(divides)s AND (age <> age_last OR weighs <> weighs_last),
       %(divides)s AND whole::numeric * %(denominator)s > %(numerator)s
FROM ({ballots}) AS ballot
GROUP BY 1, 2, 3, 6, 7, 8, 9
ORDER BY 5
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of ballots, `name` or `schema.name`, in the database of this URL."""

    url: str
    name: str

    def sums(self, counting: Counting) -> Sums:
        """Count there. ValueError, in one line, for what cannot be counted."""
        try:
            session = psycopg.connect(
                self.url, connect_timeout=CONNECT_SECONDS, application_name="purse tally"
            )
        except psycopg.ProgrammingError as fault:
            # What libpq says of such an address repeats pieces of it, and it may hold a password.
            raise ValueError("--database is no address of a PostgreSQL database") from fault
        except psycopg.Error as fault:
            raise ValueError(first_line(fault)) from fault
        session.read_only = True
        session.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            with session:
                return self.counted(session, counting)
        except psycopg.Error as fault:
            raise ValueError(first_line(fault)) from fault

    def counted(self, session: psycopg.Connection[Any], counting: Counting) -> Sums:
        """Ask the statements, all of one snapshot."""
        table = sql.Identifier(*self.name.split(".", 1))
        columns = columns_of(session, table)
        words: dict[str, sql.Composable] = {
            "table": table,
            "age_days": sql.SQL("age_days" if "age_days" in columns else "0"),
            "weight": sql.SQL("weight" if "weight" in columns else "1"),
        }
        words["ballots"] = sql.SQL(BALLOTS).format(**words)
        given = {
            "carry_over": counting.carry_over,
            "divides": counting.divides,
            "numerator": counting.total.numerator,
            "denominator": counting.total.denominator,
        }
        rows = session.execute(sql.SQL(ROWS).format(**words)).fetchall()
        if not rows:
            raise BadCell("there is no ballot in it")
        cells = Cells()
        groups = [cells.group(*row) for row in rows]
        ballots = session.execute(sql.SQL(GIVEN).format(**words), given).fetchall()
        return groups_added(groups, [ballot_group(counting, *one) for one in ballots], counting)


def first_line(fault: psycopg.Error) -> str:
    """What the database said, in one line and without the sentence's end."""
    return str(fault).strip().partition("\n")[0].removesuffix(".") or "the database went away"


def columns_of(session: psycopg.Connection[Any], table: sql.Identifier) -> Sequence[str]:
    """Which columns of ballots the table has. BadCell for one that is missing or rounds."""
    described = session.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(table)).description
    kinds = {one.name: session.adapters.types.get(one.type_code) for one in described or ()}
    for name in NEEDED:
        if name not in kinds:
            raise BadCell(f"the column {name} is missing")
    for name, wanted in TYPES.items():
        if name not in kinds:
            continue
        kind = kinds[name]
        found = kind.name if kind else "a type of its own"
        if found not in wanted:
            raise BadCell(f"the column {name} is of {found}; it may be of {', '.join(wanted)}")
    return list(kinds)


class Cells:
    """Makes groups of rows; a cell that many rows have is checked once, and is one object."""

    def __init__(self) -> None:
        self.channel = cache(channel_checked)
        self.value = cache(value_checked)
        self.age = cache(age_checked)
        self.weight = cache(weight_checked)

    def group(self, channel: Any, value: Any, age: Any, weight: Any, count: int) -> Group:
        """Equal rows, their cells checked."""
        if channel is None or value is None or age is None or weight is None:
            cells = {"channel": channel, "value": value, "age": age, "weight": weight}
            missing = next(name for name, cell in cells.items() if cell is None)
            raise BadCell(f"a row has no {missing}")
        return Group(
            self.value(value), self.age(age), self.weight(weight), count, self.channel(channel)
        )


def ballot_group(
    counting: Counting,
    given: Any,
    age: int,
    weight: Any,
    count: int,
    voter: str,
    is_nobodys: object,
    is_again: object,
    is_mixed: object,
    is_more: object,
) -> Group:
    """Equal ballots, whose rows were checked before. BadCell, with a voter, where they are none."""
    if is_nobodys:
        raise BadCell("a row has no voter")
    for is_wrong, why in (
        (is_again, "names a channel twice"),
        (is_mixed, "has rows of different age or weight"),
        (is_more, f"gives away more than the whole, {counting.total}"),
    ):
        if is_wrong:
            raise BadCell(f"the ballot of {shown(voter)} {why}")
    return Group(value=Fraction(given), age_days=age, weight=Fraction(weight), count=count)
