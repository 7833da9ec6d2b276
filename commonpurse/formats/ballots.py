"""Ballots about a pool as CSV: `voter,channel,value`, and where wanted `age_days` and `weight`.

    voter,channel,value,age_days
    ann,news,1/2,3
    ann,code,0.5,3

Values and weights are decimals or fractions from 0 on, ages whole days. A voter names a channel
once. Nothing is rounded.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

from commonpurse.formats.lines import BadLine, lines_of, name_read
from commonpurse.rules.exact import exact, shown, whole
from commonpurse.rules.pools.ballots import Vote

NEEDED = ("voter", "channel", "value")
COLUMNS = (*NEEDED, "age_days", "weight")
ROWS_MAX = 20_000_000
VALUE_MAX = 10**15
AGE_MAX = 100_000
WEIGHT_MAX = 10**9
ONE = Fraction(1)


@dataclass(frozen=True)
class Ballots:
    """All votes of a file, and where each voter's last row stands."""

    votes: list[Vote]
    lines: dict[str, int]


def read(source: BinaryIO) -> Ballots:
    """Read a whole file. BadLine names the first line that cannot be right."""
    rows = rows_of(source)
    line, names = next(rows, (1, []))
    columns = columns_read(line, names)
    reader = Rows(columns)
    votes: list[Vote] = []
    for line, fields in rows:
        if len(votes) == ROWS_MAX:
            raise BadLine(line, f"There are more than {ROWS_MAX:,} rows.")
        votes.append(reader.vote(line, fields))
    if not votes:
        raise BadLine(line, "There is no ballot in this file.")
    return Ballots(votes, reader.lines)


def rows_of(source: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    """Rows with the numbers of their lines; blank lines are passed over."""
    # With its line's end back, a name that goes on over two lines is seen and refused.
    reader = csv.reader((line + "\n" for line in lines_of(source)), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise BadLine(line, "The line is no CSV: do its quotes close?") from fault
        if fields:
            yield line, fields


def columns_read(line: int, names: list[str]) -> dict[str, int]:
    """Where each column stands."""
    columns = {name.strip(): place for place, name in enumerate(names)}
    if len(columns) != len(names):
        raise BadLine(line, "A column is named twice.")
    for name in columns:
        if name not in COLUMNS:
            raise BadLine(line, f"{shown(name)} is no column of ballots: {', '.join(COLUMNS)}.")
    for name in NEEDED:
        if name not in columns:
            raise BadLine(line, f"The column {name} is missing: the first line names columns.")
    return columns


class Rows:
    """Reads rows; remembers who voted for what, and numbers that it has read before."""

    def __init__(self, columns: dict[str, int]) -> None:
        self.columns = columns
        self.lines: dict[str, int] = {}
        self.channels: dict[str, str] = {}
        self.named: dict[str, set[str]] = {}
        self.numbers: dict[tuple[str, int], Fraction] = {}
        self.age = columns.get("age_days")
        self.weight = columns.get("weight")

    def vote(self, line: int, fields: list[str]) -> Vote:
        """One row as a vote."""
        if len(fields) != len(self.columns):
            raise BadLine(
                line, f"The line has {len(fields)} fields, for {len(self.columns)} columns."
            )
        voter, channel = fields[self.columns["voter"]], fields[self.columns["channel"]]
        if voter not in self.named:
            voter = name_read(line, "voter", voter)
        if channel not in self.channels:
            channel = name_read(line, "channel", channel)
        channel = self.channels.setdefault(channel, channel)
        named = self.named.setdefault(voter, set())
        if channel in named:
            raise BadLine(line, f"{shown(voter)} votes twice for {shown(channel)}.")
        named.add(channel)
        self.lines[voter] = line
        return Vote(
            voter=voter,
            channel=channel,
            value=self.number(line, fields[self.columns["value"]], VALUE_MAX),
            age_days=0 if self.age is None else self.days(line, fields[self.age]),
            weight=(
                ONE if self.weight is None else self.number(line, fields[self.weight], WEIGHT_MAX)
            ),
        )

    def number(self, line: int, text: str, at_most: int) -> Fraction:
        """An exact number up to a limit."""
        found = self.numbers.get((text, at_most))
        if found is None:
            try:
                found = exact(text.strip())
            except ValueError as fault:
                raise BadLine(line, f"{fault}.") from fault
            if found > at_most:
                raise BadLine(line, f"{shown(text)} is more than {at_most}.")
            self.numbers[text, at_most] = found
        return found

    def days(self, line: int, text: str) -> int:
        """An age in whole days."""
        try:
            found = whole(text.strip())
        except ValueError as fault:
            raise BadLine(line, f"{fault}.") from fault
        if found > AGE_MAX:
            raise BadLine(line, f"{shown(text)} days are more than {AGE_MAX}.")
        return found
