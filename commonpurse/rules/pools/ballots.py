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


class Weights:
    """What each vote weighs once faded, in whole parts of one member's full vote.

    A million votes share a few numbers, and hashing a fraction costs more than all else here: each
    object is looked at once. The votes hold the objects, so none changes places meanwhile.
    """

    def __init__(self, votes: Sequence[Vote], fading: Fading) -> None:
        """Find a denominator for all. ValueError where that has too many digits."""
        found = {(vote.age_days, id(vote.weight)): vote.weight for vote in votes}
        faded = {key: weight * fading.weight(key[0]) for key, weight in found.items()}
        self.votes = votes
        self.parts = lcm(*(one.denominator for one in faded.values()))
        if self.parts.bit_length() > GRID_BITS_MAX:
            raise ValueError("weights have too many different denominators")
        self.whole = {key: int(one * self.parts) for key, one in faded.items()}

    def of(self, vote: Vote) -> int:
        """The weight of one of the votes."""
        return self.whole[vote.age_days, id(vote.weight)]


def whole_values(votes: Sequence[Vote], total: Fraction) -> tuple[dict[int, int], int]:
    """Each value, by its object, in whole parts of `total`; and how many parts that has."""
    shares = {id(vote.value): vote.value for vote in votes}
    exact = {key: value / total for key, value in shares.items()}
    grid = lcm(*(share.denominator for share in exact.values()))
    if grid.bit_length() > GRID_BITS_MAX:
        raise ValueError("values have too many different denominators")
    return {key: int(share * grid) for key, share in exact.items()}, grid


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
    weights = Weights(votes, fading)
    values, grid = whole_values(votes, total)
    of_voter: dict[str, Vote] = {}
    given: dict[str, int] = defaultdict(int)
    tallied: dict[str, dict[int, int]] = {carry_over: {}}
    carried: dict[str, int] = {}
    for vote in votes:
        first = of_voter.setdefault(vote.voter, vote)
        if vote.age_days != first.age_days or (
            vote.weight is not first.weight and vote.weight != first.weight
        ):
            raise BadBallot(vote.voter, "has rows of different age or weight")
        value = values[id(vote.value)]
        given[vote.voter] += value
        if vote.channel == carry_over:
            carried[vote.voter] = value
        else:
            add(tallied.setdefault(vote.channel, {}), value, weights.of(vote))
    for voter, value in given.items():
        if value > grid:
            raise BadBallot(voter, f"gives away more than the whole, {total}")
        rest = carried.get(voter, 0) + grid - value
        add(tallied[carry_over], rest, weights.of(of_voter[voter]))
    weight = sum(weights.of(first) for first in of_voter.values())
    return counted(tallied, grid=grid, weight=weight, weight_parts=weights.parts)


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
