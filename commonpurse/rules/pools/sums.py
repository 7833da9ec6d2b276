"""Ballots as sums that add up: what a rule needs of a million of them, counted in parts anywhere.

How much weight gives each channel which value; of ballots that divide a whole, how much weight
leaves which part of it open, and how much weight there is. All are whole numbers, so the sums of
two heaps of ballots, added, are the sums of both heaps, in any order and on any machine.

Worked number, with values in quarters: one heap says news 1/4 once and 1 once, another news 1/4
twice: {1: 1, 4: 1} and {1: 2} are {1: 3, 4: 1}; 3 ballots leave 3/4 open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from commonpurse.rules.pools.ballots import CARRIED, GRID_BITS_MAX, Counted, Vote, counted
from commonpurse.rules.pools.fading import Fading

ALREADY = "counted"
"""Whose the votes are that stand for sums: nobody's."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What a rule and its parameters say about single ballots, before anything is summed up."""

    fading: Fading = field(default_factory=Fading)
    total: Fraction = Fraction(1)
    carry_over: str = CARRIED
    divides: bool = True
    """Whether a ballot divides a whole of `total`; else each of its values stands by itself."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of ballots: values in parts of which `grid` are a whole, weights in `weight_parts`."""

    grid: int
    weight_parts: int
    support: dict[str, dict[int, int]]
    left_open: dict[int, int]
    weight: int
    voters: int

    def counted(self, carry_over: str) -> Counted:
        """As the rules take ballots that divide a whole; what they leave open is carried over."""
        rows = {channel: above_nothing(row) for channel, row in self.support.items()}
        rows[carry_over] = above_nothing(self.left_open)
        return counted(rows, grid=self.grid, weight=self.weight, weight_parts=self.weight_parts)

    def votes(self) -> list[Vote]:
        """As the rules take votes that stand by themselves: one for each channel and value."""
        values = {
            value: Fraction(value, self.grid) for row in self.support.values() for value in row
        }
        return [
            Vote(ALREADY, channel, values[value], weight=Fraction(weight, self.weight_parts))
            for channel, row in self.support.items()
            for value, weight in row.items()
        ]


def above_nothing(row: Mapping[int, int]) -> dict[int, int]:
    """A histogram without what is no vote: nothing given, or nothing that gives."""
    return {value: weight for value, weight in row.items() if value and weight}


def common(numbers: Iterable[int], what: str) -> int:
    """The number of parts that holds all of these. ValueError where it has too many digits."""
    found = lcm(*numbers)
    if found.bit_length() > GRID_BITS_MAX:
        raise ValueError(f"{what} have too many different denominators")
    return found


def added(heaps: Sequence[Sums]) -> Sums:
    """The sums of several heaps of ballots, of which no two share a voter."""
    grid = common({heap.grid for heap in heaps}, "values")
    weight_parts = common({heap.weight_parts for heap in heaps}, "weights")
    support: dict[str, dict[int, int]] = {}
    left_open: dict[int, int] = {}
    weight = 0
    for heap in heaps:
        wider, heavier = grid // heap.grid, weight_parts // heap.weight_parts
        for channel, row in heap.support.items():
            add_row(support.setdefault(channel, {}), row, wider, heavier)
        add_row(left_open, heap.left_open, wider, heavier)
        weight += heap.weight * heavier
    voters = sum(heap.voters for heap in heaps)
    return Sums(grid, weight_parts, support, left_open, weight, voters)


def add_row(to: dict[int, int], row: Mapping[int, int], wider: int, heavier: int) -> None:
    """Add a histogram to another, brought to its parts."""
    for value, weight in row.items():
        there = value * wider
        to[there] = to.get(there, 0) + weight * heavier


@dataclass(frozen=True, slots=True)
class Group:
    """So many equal things: rows that give one channel one value, or ballots that leave as much."""

    value: Fraction
    age_days: int
    weight: Fraction
    count: int
    channel: str = CARRIED


def groups_added(rows: Sequence[Group], ballots: Sequence[Group], counting: Counting) -> Sums:
    """The sums of groups that somebody else has counted: of rows, and of ballots as wholes.

    A ballot's value is what it gives away, without what it gives to the channel carried over.
    """
    counts = (*rows, *(ballots if counting.divides else ()))
    # A million groups share a few numbers, and hashing a fraction costs more than all else here:
    # each object is looked at once. The groups hold the objects, so none changes places meanwhile.
    kinds = {(one.age_days, id(one.weight)): one.weight for one in counts}
    faded = {key: weight * counting.fading.weight(key[0]) for key, weight in kinds.items()}
    shares = {id(one.value): one.value for one in counts}
    shares = {key: value / counting.total for key, value in shares.items()}
    weight_parts = common({one.denominator for one in faded.values()}, "weights")
    grid = common({share.denominator for share in shares.values()}, "values")
    whole = {key: int(one * weight_parts) for key, one in faded.items()}
    values = {key: int(share * grid) for key, share in shares.items()}
    support: dict[str, dict[int, int]] = {}
    left_open: dict[int, int] = {}
    weight = 0
    for one in rows:
        if not counting.divides or one.channel != counting.carry_over:
            row = support.setdefault(one.channel, {})
            value = values[id(one.value)]
            row[value] = row.get(value, 0) + one.count * whole[one.age_days, id(one.weight)]
    for one in ballots if counting.divides else ():
        rest = grid - values[id(one.value)]
        weighs = one.count * whole[one.age_days, id(one.weight)]
        left_open[rest] = left_open.get(rest, 0) + weighs
        weight += weighs
    voters = sum(one.count for one in ballots)
    return Sums(grid, weight_parts, support, left_open, weight, voters)
