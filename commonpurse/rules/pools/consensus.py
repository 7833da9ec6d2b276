"""One-time interpolated consensus: one cutoff for all contestants.

Every voter names an amount for each contestant, from a menu in steps; who is not named gets 0 from
her. An award is the largest amount that at least c votes support, for that amount or higher. c is
the same for everybody: the smallest at which the awards fit the pool. Where they do not use it up,
the rest is carried over.

Votes are smoothed first: with a step of 500 and a grid of 100, a vote of 500 is a fifth of a vote
for each of 300, 400, 500, 600 and 700. Nothing is never spread. Without a step nothing is smoothed.
A vote for the top of the menu so supports amounts above it; they are not cut off.

Worked number: pool 2000. A: 6 × 1000, 2 × 500, 2 × 0. B: 2 × 1000, 5 × 500, 3 × 0. C: 4 × 500,
6 × 0. Plain: c = 4, and 1000, 500, 500. Smoothed: c = 16/5, and 1000, 600, 400.

Source: Mark Latham's contests at the University of British Columbia (2007 to 2010),
http://votermedia.org/ubc/InterpolatedConsensus.html.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.rules.pools import pieces
from commonpurse.rules.pools.ballots import BadBallot, Vote, Weights, add, counted
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.shares import Shares

SPREAD_MAX = 1_001


@dataclass(frozen=True, slots=True)
class Menu:
    """Amounts that may be voted for are multiples of `step`; 0 for any amount, unsmoothed."""

    step: int = 0
    grid: int = 0

    def __post_init__(self) -> None:
        """Refuse, with ValueError, steps that have no middle on the grid."""
        if not self.step and not self.grid:
            return
        if self.step <= 0 or self.grid <= 0 or self.step % self.grid:
            raise ValueError("a step is a whole number of grid points")
        if self.points % 2 == 0 or self.points > SPREAD_MAX:
            raise ValueError("a step has an odd number of grid points, so that it has a middle")

    @property
    def points(self) -> int:
        """Over how many grid points a vote is spread."""
        return self.step // self.grid if self.step else 1

    def points_of(self, vote: Vote) -> list[int]:
        """The amounts that a vote is spread over. BadBallot for one that is not on the menu."""
        if vote.value.denominator != 1 or (self.step and vote.value % self.step):
            raise BadBallot(vote.voter, f"names {vote.value}, which is not on the menu")
        half = self.points // 2
        if not vote.value:
            return []
        return [int(vote.value) + point * self.grid for point in range(-half, half + 1)]


def interpolated_consensus(
    votes: Sequence[Vote], *, pool: int, menu: Menu, fading: Fading
) -> Shares:
    """Shares of the pool: see the module. BadBallot for an amount that is not on the menu."""
    weights = Weights(votes, fading)
    amounts = {id(vote.value): vote for vote in votes}
    on_menu = {key: menu.points_of(vote) for key, vote in amounts.items()}
    tallied: dict[str, dict[int, int]] = {}
    for vote in votes:
        row = tallied.setdefault(vote.channel, {})
        for amount in on_menu[id(vote.value)]:
            add(row, amount, weights.of(vote))
    given = counted(tallied, grid=pool, weight=0, weight_parts=weights.parts * menu.points)
    found = [0] * len(given.channels)
    histogram = (given.starts, given.values, given.weights)
    low, high = 0, max(given.weights, default=0) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if pieces.quantiles(*histogram, middle, found) <= pool:
            high = middle
        else:
            low = middle
    pieces.quantiles(*histogram, high, found)
    supports = [
        support
        for begin, end, amount in zip(given.starts, given.starts[1:], found, strict=False)
        for support in [support_of(given.values[begin:end], given.weights[begin:end], amount)]
        if support
    ]
    # All cutoffs down to the next support give the same awards: the largest is published.
    why = {"cutoff": str(Fraction(min(supports), given.weight_parts))} if supports else {}
    return Shares(dict(zip(given.channels, found, strict=True)), pool, why)


def support_of(values: Sequence[int], weights: Sequence[int], amount: int) -> int:
    """How much weight supports this amount or more; 0 for no award."""
    return weights[values.index(amount)] if amount else 0
