"""What members say about a pool, and the same counted: who gives each channel how much or more.

Channels stand in the byte order of their names, and so do ties: the earlier channel is favoured.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from commonpurse.rules.pools.fading import Fading

GRID_BITS_MAX = 256
CARRIED = ""
"""The name of the line that is carried over, where nobody named it; no channel has it."""


class BadBallot(ValueError):
    """A ballot that no rule can count: whose, and why."""

    def __init__(self, voter: str, why: str) -> None:
        super().__init__(f"the ballot of {voter} {why}")
        self.voter = voter
        self.why = why


@dataclass(frozen=True, slots=True)
class Vote:
    """What one member gives one channel, since when, and what the member's ballot weighs."""

    voter: str
    channel: str
    value: Fraction
    age_days: int = 0
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Counted:
    """Votes as histograms: channel j has `values[starts[j]:starts[j + 1]]`, rising from above 0.

    `weights` beside them says how much weight gives that value or more. All are whole numbers:
    values in parts of which `grid` are the whole pool, weights in parts of which `weight_parts`
    are one member's full vote; `weight` is that of all ballots together.
    """

    channels: tuple[str, ...]
    grid: int
    weight: int
    weight_parts: int
    starts: Any
    values: Any
    weights: Any


def byte_order(channels: Iterable[str]) -> list[str]:
    """Names in the order that breaks ties everywhere."""
    return sorted(channels, key=str.encode)


def whole_weights(
    votes: Sequence[Vote], fading: Fading
) -> tuple[dict[tuple[int, Fraction], int], int]:
    """For each age and weight that occurs, the faded weight in parts; and the parts of a vote."""
    faded = {
        (age, weight): weight * fading.weight(age)
        for age, weight in {(vote.age_days, vote.weight) for vote in votes}
    }
    parts = lcm(*(one.denominator for one in faded.values()))
    if parts.bit_length() > GRID_BITS_MAX:
        raise ValueError("weights have too many different denominators")
    return {key: int(one * parts) for key, one in faded.items()}, parts


def shares_counted(
    votes: Sequence[Vote],
    *,
    total: Fraction = Fraction(1),
    carry_over: str = CARRIED,
    fading: Fading,
) -> Counted:
    """Ballots that divide a whole of `total`; what a ballot leaves open is carried over.

    BadBallot for one that gives away more than the whole, or has two ages or weights.
    """
    weights, parts = whole_weights(votes, fading)
    grid = lcm(*((vote.value / total).denominator for vote in votes))
    if grid.bit_length() > GRID_BITS_MAX:
        raise ValueError("values have too many different denominators")
    of_voter: dict[str, tuple[int, Fraction]] = {}
    given: dict[str, int] = defaultdict(int)
    tallied: dict[str, dict[int, int]] = {carry_over: {}}
    carried: dict[str, int] = {}
    for vote in votes:
        key = (vote.age_days, vote.weight)
        if of_voter.setdefault(vote.voter, key) != key:
            raise BadBallot(vote.voter, "has rows of different age or weight")
        value = int(vote.value / total * grid)
        given[vote.voter] += value
        if vote.channel == carry_over:
            carried[vote.voter] = value
        else:
            add(tallied.setdefault(vote.channel, {}), value, weights[key])
    for voter, value in given.items():
        if value > grid:
            raise BadBallot(voter, f"gives away more than the whole, {total}")
        rest = carried.get(voter, 0) + grid - value
        add(tallied[carry_over], rest, weights[of_voter[voter]])
    weight = sum(weights[key] for key in of_voter.values())
    return counted(tallied, grid=grid, weight=weight, weight_parts=parts)


def add(row: dict[int, int], value: int, weight: int) -> None:
    """One more vote in a channel's histogram; nothing is no vote."""
    if value > 0 and weight > 0:
        row[value] = row.get(value, 0) + weight


def counted(
    tallied: Mapping[str, Mapping[int, int]], *, grid: int, weight: int, weight_parts: int
) -> Counted:
    """Histograms, each summed from its end."""
    channels = byte_order(tallied)
    starts, values, weights = [0], [], []
    for channel in channels:
        row = sorted(tallied[channel].items())
        rest = sum(one for _, one in row)
        for value, one in row:
            values.append(value)
            weights.append(rest)
            rest -= one
        starts.append(len(values))
    return Counted(tuple(channels), grid, weight, weight_parts, starts, values, weights)
