"""VoterMedia's continuous tally: a hundred points change hands until nobody bids more.

A voter names a share for each channel by itself; shares need not sum to anything. A vote of v
supports paying a channel x points: fully when v − R/2 > x, not at all when v + R/2 < x, between
them by 1/2 + (v − x)/R. A vote of 0 supports paying nothing. Votes fade with age.

    N(x) = weighted support for x, divided by spread^(x/100)
    bid = N(points + 1), offer = N(points)

Everybody begins with 1 point. While points are left, the highest bid gets one; while there are too
many, the lowest offer gives one; while the lowest offer is below the highest bid, one point moves.
Ties favour the channel that comes first in byte order: it gets first and gives last. All points are
dealt, also where nobody bids (`deal`); or those that nothing supports are carried over (`carry`).

Worked number: three channels with ten votes of 40 each end at 35, 35, 30.

Source: Mark Latham's VoterMedia (from 2010), https://votermedia.blogspot.ca/2010/12/. Bids are
compared exactly: N₁ < N₂ is S₁^100 × spread^x₂ < S₂^100 × spread^x₁ in whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from commonpurse.rules.pools.ballots import (
    GRID_BITS_MAX,
    BadBallot,
    Vote,
    Weights,
    byte_order,
)
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.shares import Shares

POINTS = 100
RESIDUALS = ("deal", "carry")
NEAR = 1 - 2.0**-30
SPREAD_DIGITS_MAX = 10**6


@dataclass(frozen=True, slots=True)
class VoterMedia:
    """The parameters in force on the day of the tally."""

    support_range: Fraction = Fraction(10)
    spread: Fraction = Fraction(1)
    bonus_votes: Fraction = Fraction(0)
    residual: str = "deal"
    fading: Fading = field(default_factory=lambda: Fading(full_days=10, valid_days=60))

    def __post_init__(self) -> None:
        """Refuse, with ValueError, what nobody can tally by."""
        if not 0 < self.support_range <= POINTS:
            raise ValueError(f"a range lies above 0 and up to {POINTS}")
        if max(self.spread.numerator, self.spread.denominator) > SPREAD_DIGITS_MAX:
            raise ValueError(f"a spread is written with numbers up to {SPREAD_DIGITS_MAX}")
        if self.spread < 1:
            raise ValueError("a spread is 1 or more")
        if self.bonus_votes < 0:
            raise ValueError("bonus votes are 0 or more")
        if self.residual not in RESIDUALS:
            raise ValueError(f"a residual is one of {', '.join(RESIDUALS)}, not {self.residual}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """How the exchange ended: points by channel, and the last bid and offer, as supports."""

    points: dict[str, int]
    bid: float
    offer: float


@dataclass(frozen=True)
class Tallied:
    """For each channel the weight behind each share voted for, in parts of a full vote."""

    of: dict[str, dict[Fraction, int]]
    parts: int


def tallied(votes: Sequence[Vote], fading: Fading) -> Tallied:
    """Sum the votes up by channel and value."""
    weights = Weights(votes, fading)
    summed: dict[tuple[str, int], int] = {}
    for vote in votes:
        key = (vote.channel, id(vote.value))
        summed[key] = summed.get(key, 0) + weights.of(vote)
    values = {id(vote.value): vote for vote in votes}
    of: dict[str, dict[Fraction, int]] = {}
    for (channel, at), weight in summed.items():
        value = values[at].value
        if value > POINTS:
            raise BadBallot(values[at].voter, f"gives {value} of {POINTS} points")
        row = of.setdefault(channel, {})
        row[value] = row.get(value, 0) + weight
    return Tallied(of, weights.parts)


def votermedia(votes: Sequence[Vote], rules: VoterMedia) -> Shares:
    """Shares of the pool from the canonical start. BadBallot for more than all points."""
    ended = exchange(tallied(votes, rules.fading), rules)
    why = {"highest_bid": f"{ended.bid:.4f}", "lowest_offer": f"{ended.offer:.4f}"}
    return Shares(ended.points, POINTS, why)


def exchange(
    counted: Tallied, rules: VoterMedia, start: Mapping[str, int] | None = None
) -> Exchange:
    """Deal and trade until no bid is above an offer, from `start` or 1 point each."""
    book = Book.of(counted, rules)
    begun = start or dict.fromkeys(book.channels, 1)
    points = [begun.get(channel, 0) for channel in book.channels]
    total = sum(points)
    while total < POINTS and book.channels:
        best = book.bidder(points)
        if rules.residual == "carry" and not book.supports[best][points[best] + 1]:
            break
        points[best] += 1
        total += 1
    while total > POINTS:
        points[book.offerer(points)] -= 1
        total -= 1
    while book.channels:
        best, worst = book.bidder(points), book.offerer(points)
        if not book.is_less((worst, points[worst]), (best, points[best] + 1)):
            break
        points[worst] -= 1
        points[best] += 1
    if rules.residual == "carry":
        for at, row in enumerate(book.supports):
            while points[at] and not row[points[at]]:
                points[at] -= 1
    return book.ended(points)


@dataclass
class Book:
    """Support for every channel at every number of points, in whole parts of a vote."""

    channels: list[str]
    supports: list[list[int]]
    parts: int
    spread: Fraction
    values: list[list[float]]

    @classmethod
    def of(cls, counted: Tallied, rules: VoterMedia) -> "Book":
        """What the votes support, for every channel and number of points."""
        parts = counted.parts
        ramp = lcm(2, rules.support_range.numerator)
        scale = lcm(*(value.denominator for row in counted.of.values() for value in row)) * ramp
        scale = lcm(scale, (rules.bonus_votes * parts).denominator)
        if scale.bit_length() > GRID_BITS_MAX:
            raise ValueError("values have too many different denominators")
        channels = byte_order(counted.of)
        bonus = int(rules.bonus_votes * parts * scale)
        supports = []
        for channel in channels:
            sums = [bonus] * (POINTS + 2)
            for value, weight in counted.of[channel].items():
                curve = support(value, rules.support_range, scale) if weight else []
                for x, part in enumerate(curve):
                    sums[x] += weight * part
            supports.append(sums)
        discounts = [float(rules.spread) ** (x / POINTS) for x in range(POINTS + 2)]
        whole_parts = parts * scale
        values = [
            [one / whole_parts / less for one, less in zip(row, discounts, strict=True)]
            for row in supports
        ]
        return cls(channels, supports, whole_parts, rules.spread, values)

    def is_less(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        """Whether N of one (channel, points) is below another's: exactly, where they are near."""
        near_one, near_other = self.values[one[0]][one[1]], self.values[other[0]][other[1]]
        if near_one < near_other * NEAR or near_other < near_one * NEAR:
            return near_one < near_other
        left, right = self.supports[one[0]][one[1]], self.supports[other[0]][other[1]]
        if one[1] == other[1] or self.spread == 1:
            return left < right
        # N₁ < N₂ where N = S / spread^(x/100), both sides to the power of 100.
        up, down = self.spread.numerator, self.spread.denominator
        less: bool = (
            left**POINTS * up ** other[1] * down ** one[1]
            < right**POINTS * up ** one[1] * down ** other[1]
        )
        return less

    def bidder(self, points: Sequence[int]) -> int:
        """Who bids most; of equal bids, the earlier channel's."""
        bids = [row[held + 1] for row, held in zip(self.values, points, strict=True)]
        limit = max(bids) * NEAR
        best = -1
        for at, bid in enumerate(bids):
            if bid >= limit and (
                best < 0 or self.is_less((best, points[best] + 1), (at, points[at] + 1))
            ):
                best = at
        return best

    def offerer(self, points: Sequence[int]) -> int:
        """Who offers a point for least; of equal offers, the later channel's."""
        offers = [
            row[held] if held else float("inf")
            for row, held in zip(self.values, points, strict=True)
        ]
        limit = min(offers) / NEAR
        worst = -1
        for at, offer in enumerate(offers):
            if (
                offer <= limit
                and points[at]
                and (worst < 0 or not self.is_less((worst, points[worst]), (at, points[at])))
            ):
                worst = at
        return worst

    def ended(self, points: Sequence[int]) -> Exchange:
        """The result, with the last bid and offer."""
        bid = offer = 0.0
        if self.channels:
            best = self.bidder(points)
            bid = self.values[best][points[best] + 1]
        if any(points):
            worst = self.offerer(points)
            offer = self.values[worst][points[worst]]
        return Exchange(dict(zip(self.channels, points, strict=True)), bid, offer)


def support(value: Fraction, support_range: Fraction, scale: int) -> list[int]:
    """How far a vote of this value supports paying 0, 1, 2, … 101 points, in parts of `scale`."""
    if value == 0:
        return [scale] + [0] * (POINTS + 1)
    begin = scale // 2 + int(value / support_range * scale)
    step = int(scale / support_range)
    assert step * support_range == scale, "the scale holds the whole ramp"
    return [min(scale, max(0, begin - x * step)) for x in range(POINTS + 2)]
