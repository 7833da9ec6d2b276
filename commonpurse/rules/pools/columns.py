"""Counting ballots that stand in columns, as Parquet holds them: quick, exact, a part at a time.

A column is its different values, and for each row the place of one of them. Fractions are looked at
once per different value; what is done per row is done by numpy on whole numbers: of 64 bits where
every sum is shown to fit them, else of any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from commonpurse.rules.compiled import INT64_MAX
from commonpurse.rules.exact import shown
from commonpurse.rules.pools.ballots import BadBallot
from commonpurse.rules.pools.sums import Counting, Sums, common

ONE = Fraction(1)
NOTHING = Sums(grid=1, weight_parts=1, support={}, left_open={}, weight=0, voters=0)


@dataclass(frozen=True, slots=True)
class Column:
    """Different values, each of them in some row, and in `places` which of them each row has."""

    values: list[Any]
    places: Any

    @classmethod
    def of(cls, values: Sequence[Any], places: Any) -> "Column":
        """A column whose equal values get one place, and whose unused values get none."""
        import numpy as np

        is_used = np.zeros(len(values), dtype=bool)
        is_used[places] = True
        first: dict[Any, int] = {}
        moved = np.zeros(len(values), dtype=np.int64)
        for at in np.flatnonzero(is_used).tolist():
            moved[at] = first.setdefault(values[at], len(first))
        return cls(list(first), moved[places])


@dataclass(frozen=True, slots=True)
class Rows:
    """Votes in columns; without ages all are new, without weights each counts once."""

    voter: Column
    channel: Column
    value: Column
    age_days: Column | None = None
    weight: Column | None = None


@dataclass(frozen=True, slots=True)
class Kinds:
    """What ballots weigh: the different ages and weights, faded, and which of them each row has."""

    column: Column
    whole: list[int]
    parts: int


def whole_array(numbers: list[int], largest: int) -> Any:
    """Whole numbers as an array in which sums up to `largest` are exact."""
    import numpy as np

    return np.array(numbers, dtype=np.int64 if largest <= INT64_MAX else object)


def summed(count: int, places: Any, kind_of: Any, whole: list[int]) -> list[int]:
    """The weight in each of so many places, from the place and the kind of every single one."""
    import numpy as np

    weights = whole_array(whole, max(whole) * len(places))
    sums = np.zeros(count, dtype=weights.dtype)
    np.add.at(sums, places, weights[kind_of])
    found: list[int] = sums.tolist()
    return found


def rows_counted(rows: Rows, counting: Counting) -> Sums:
    """The sums of whole ballots. BadBallot for one that repeats itself or is no ballot."""
    if not rows.voter.values:
        return NOTHING
    once_check(rows)
    kinds = kinds_of(rows, counting)
    shares = [value / counting.total for value in rows.value.values]
    grid = common({share.denominator for share in shares}, "values")
    values = [int(share * grid) for share in shares]
    support = support_of(rows, kinds, values)
    left_open: dict[int, int] = {}
    weight = 0
    if counting.divides:
        support.pop(counting.carry_over, None)
        left_open = left_open_of(rows, kinds, counting, values, grid)
        weight = sum(left_open.values())
    return Sums(grid, kinds.parts, support, left_open, weight, len(rows.voter.values))


def once_check(rows: Rows) -> None:
    """Refuse a ballot that names a channel twice."""
    import numpy as np

    width = len(rows.channel.values)
    pairs = np.sort(rows.voter.places * width + rows.channel.places)
    is_again = pairs[1:] == pairs[:-1]
    if is_again.any():
        voter, channel = divmod(int(pairs[1:][is_again.argmax()]), width)
        raise BadBallot(
            rows.voter.values[voter], f"names {shown(rows.channel.values[channel])} twice"
        )


def kinds_of(rows: Rows, counting: Counting) -> Kinds:
    """The different ages and weights among the rows, and what each weighs in whole parts."""
    import numpy as np

    nothing = np.zeros(len(rows.voter.places), dtype=np.int64)
    age = rows.age_days or Column([0], nothing)
    weight = rows.weight or Column([ONE], nothing)
    width = len(weight.values)
    if len(age.values) == width == 1:
        pairs, places = np.zeros(1, dtype=np.int64), nothing
    else:
        pairs, places = np.unique(age.places * width + weight.places, return_inverse=True)
    found = [(age.values[one // width], weight.values[one % width]) for one in pairs.tolist()]
    faded = [one * counting.fading.weight(age_days) for age_days, one in found]
    parts = common({one.denominator for one in faded}, "weights")
    return Kinds(Column(found, places), [int(one * parts) for one in faded], parts)


def support_of(rows: Rows, kinds: Kinds, values: list[int]) -> dict[str, dict[int, int]]:
    """How much weight gives each channel which value."""
    import numpy as np

    width = len(values)
    pairs = rows.channel.places * width + rows.value.places
    if len(kinds.whole) == 1:
        pairs, counts = np.unique(pairs, return_counts=True)
        sums = [one * kinds.whole[0] for one in counts.tolist()]
    else:
        pairs, places = np.unique(pairs, return_inverse=True)
        sums = summed(len(pairs), places, kinds.column.places, kinds.whole)
    support: dict[str, dict[int, int]] = {name: {} for name in rows.channel.values}
    names = rows.channel.values
    for pair, one in zip(pairs.tolist(), sums, strict=True):
        support[names[pair // width]][values[pair % width]] = one
    return support


def left_open_of(
    rows: Rows, kinds: Kinds, counting: Counting, values: list[int], grid: int
) -> dict[int, int]:
    """How much weight leaves how much of its whole open, or gives it to what is carried over."""
    import numpy as np

    voter = rows.voter.places
    kind_of = np.zeros(len(rows.voter.values), dtype=np.int64)
    kind_of[voter] = kinds.column.places
    is_other = kind_of[voter] != kinds.column.places
    if is_other.any():
        whose = rows.voter.values[voter[is_other.argmax()]]
        raise BadBallot(whose, "has rows of different age or weight")
    whole = whole_array(values, max(grid, max(values) * len(rows.channel.values)))
    given = np.zeros(len(rows.voter.values), dtype=whole.dtype)
    np.add.at(given, voter, whole[rows.value.places])
    is_more = given > grid
    if is_more.any():
        whose = rows.voter.values[is_more.argmax()]
        raise BadBallot(whose, f"gives away more than the whole, {counting.total}")
    if counting.carry_over in rows.channel.values:
        carried = rows.channel.places == rows.channel.values.index(counting.carry_over)
        given[voter[carried]] -= whole[rows.value.places[carried]]
    rests, places = np.unique(grid - given, return_inverse=True)
    return dict(zip(rests.tolist(), summed(len(rests), places, kind_of, kinds.whole), strict=True))
