"""The rules for pools once more, slow and obvious, in fractions alone."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from commonpurse.rules.pools.ballots import Vote

CHANNELS = "abcde"
Ballots = list[tuple[list[Fraction], int]]
"""Each ballot's shares, which sum to 1, and its weight."""


def votes_of(ballots: Ballots, channels: str = CHANNELS) -> list[Vote]:
    return [
        Vote(voter=str(number), channel=channels[at], value=value, weight=Fraction(weight))
        for number, (shares, weight) in enumerate(ballots)
        for at, value in enumerate(shares)
    ]


def support(ballots: Ballots, channel: int, amount: Fraction) -> int:
    return sum(weight for shares, weight in ballots if shares[channel] >= amount)


def slow_market(ballots: Ballots) -> list[Fraction]:
    """Try every corner at which a channel's amount bends, then go straight on the last piece."""
    channels = range(len(ballots[0][0]))
    levels = [sorted({shares[at] for shares, _ in ballots if shares[at] > 0}) for at in channels]
    voters = sum(weight for _, weight in ballots)

    def amounts(t: Fraction) -> list[Fraction]:
        return [
            max(
                (min(level, t * support(ballots, at, level)) for level in levels[at]),
                default=Fraction(0),
            )
            for at in channels
        ]

    corners = {Fraction(1)}
    for at in channels:
        corners |= {level / weight for level in levels[at] for weight in range(1, voters + 1)}
    ordered = sorted(corners)
    below = max((one for one in ordered if sum(amounts(one)) < 1), default=Fraction(0))
    above = min(one for one in ordered if sum(amounts(one)) >= 1)
    low, high = sum(amounts(below)), sum(amounts(above))
    return amounts(below + (above - below) * (1 - low) / (high - low))


def slow_utilitarian(ballots: Ballots) -> list[Fraction]:
    """Moving phantoms as defined, with a ballot of weight w written down w times.

    At t every channel has the median of its votes and n + 1 phantoms clip(t(n + 1) − k, 0, 1).
    """
    rows = [shares for shares, weight in ballots for _ in range(weight)]
    count = len(rows)

    def amounts(t: Fraction) -> list[Fraction]:
        phantoms = [
            min(max(t * (count + 1) - k, Fraction(0)), Fraction(1)) for k in range(count + 1)
        ]
        return [
            sorted([*(row[at] for row in rows), *phantoms])[count] for at in range(len(rows[0]))
        ]

    corners = {Fraction(k, count + 1) for k in range(count + 2)}
    corners |= {
        (k + share) / (count + 1) for k in range(count + 1) for row in rows for share in row
    }
    ordered = sorted(corners)
    above = next(one for one in ordered if sum(amounts(one)) >= 1)
    below = ordered[max(0, ordered.index(above) - 1)]
    low, high = sum(amounts(below)), sum(amounts(above))
    t = above if low == high else below + (above - below) * (1 - low) / (high - low)
    return amounts(t)


def slow_mean(ballots: Ballots) -> list[Fraction]:
    whole = sum(weight for _, weight in ballots)
    return [
        sum((shares[at] * weight for shares, weight in ballots), Fraction(0)) / whole
        for at in range(len(ballots[0][0]))
    ]


def slow_consensus(
    ballots: dict[str, list[int]], pool: int, step: int, grid: int
) -> tuple[list[int], int]:
    """Amounts by trying cutoffs in parts of a vote from the smallest on; and what is left."""
    points = step // grid if step else 1
    counts: dict[str, dict[int, int]] = {}
    for channel, votes in sorted(ballots.items()):
        counts[channel] = {}
        for vote in votes:
            for point in range(points) if vote else ():
                amount = vote + (point - points // 2) * grid
                counts[channel][amount] = counts[channel].get(amount, 0) + 1
    cutoff = 0
    while True:
        cutoff += 1
        awards = []
        for row in counts.values():
            supported = [
                amount
                for amount in row
                if sum(more for other, more in row.items() if other >= amount) >= cutoff
            ]
            awards.append(max(supported, default=0))
        if sum(awards) <= pool:
            return awards, pool - sum(awards)


def slow_exchange(
    ballots: dict[str, list[tuple[int, int]]], support_range: int, spread: int
) -> dict[str, int]:
    """(vote, age) by channel; bids compared by exact hundredth powers."""

    def supports(value: int, x: int) -> Fraction:
        if value == 0:
            return Fraction(x == 0)
        ramp = Fraction(1, 2) + Fraction(value - x, support_range)
        return min(Fraction(1), max(Fraction(0), ramp))

    def fades(age: int) -> Fraction:
        return Fraction(1) if age < 10 else max(Fraction(0), Fraction(60 - age, 50))

    def power(channel: str, x: int) -> Fraction:
        total = sum(
            (fades(age) * supports(value, x) for value, age in ballots[channel]), Fraction(0)
        )
        return total**100 / Fraction(spread) ** x

    names = sorted(ballots)
    points = dict.fromkeys(names, 1)
    while True:
        bids = {name: power(name, points[name] + 1) for name in names}
        best = min(names, key=lambda name: (-bids[name], names.index(name)))
        if sum(points.values()) < 100:
            points[best] += 1
            continue
        offers = {name: power(name, points[name]) for name in names if points[name]}
        worst = min(offers, key=lambda name: (offers[name], -names.index(name)))
        if offers[worst] >= bids[best]:
            return points
        points[worst] -= 1
        points[best] += 1


@st.composite
def ballots(draw: st.DrawFn, *, voters_max: int = 6, channels_max: int = 4) -> Ballots:
    """Ballots that divide a whole in few parts, so that votes meet and tie."""
    channels = draw(st.integers(2, channels_max))
    parts = draw(st.sampled_from([1, 2, 3, 5, 10]))
    rows: Ballots = []
    for _ in range(draw(st.integers(1, voters_max))):
        rows.append((draw(dividing(channels, parts)), draw(st.integers(1, 3))))
    return rows


@st.composite
def dividing(draw: st.DrawFn, channels: int, parts: int) -> list[Fraction]:
    """One ballot: where the whole is cut between channels."""
    cuts = sorted(
        draw(st.lists(st.integers(0, parts), min_size=channels - 1, max_size=channels - 1))
    )
    edges = [0, *cuts, parts]
    return [Fraction(after - before, parts) for before, after in pairwise(edges)]
