"""Dividing a pool by ballots that each divide it: independent markets, utilitarian, mean.

Each ballot gives shares that sum to 1, with what is carried over as one more channel. `W_j(y)` is
the weight of the ballots that give channel j a share of y or more.

    independent-markets  x_j = max over y of min(y, t × W_j(y)), with the t at which they sum to 1.
                         Nobody gains by a ballot she does not mean (distances in l1), and a
                         group of one mind gets its part of the pool.
    utilitarian          one rank for all: x_j lies between two neighbouring votes for j at that
                         rank, cut at one common height. Nobody gains by lying; the sum of all
                         distances is smallest; a minority may get nothing.
    mean                 the average ballot. Proportional, and it pays to exaggerate.

Worked number: (1, 0, 0) twice, (0, 1, 0), (0, 0, 1). Independent markets: t = 1/4, the first has
2 × 1/4 = 1/2, the others 1/4 each. The mean says the same. Utilitarian: 1, 0, 0.

Source: Freeman, Pennock, Peters, Wortman Vaughan, “Truthful Aggregation of Budget Proposals”
(2021), https://arxiv.org/abs/1905.00457.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from commonpurse.rules.compiled import compiled, fits
from commonpurse.rules.pools import pieces
from commonpurse.rules.pools.ballots import Counted
from commonpurse.rules.pools.shares import Shares


def arrays_of(given: Counted, *functions: Callable[..., Any]) -> tuple[Any, ...]:
    """The functions, compiled when the histograms are arrays; the first calls those after it."""
    if isinstance(given.starts, list):
        return functions
    assert fits(len(given.channels) * given.weight, len(given.channels) * given.grid)
    return (compiled(functions[0], *functions[1:]), *functions[1:])


def row_of(given: Counted, count: int) -> Any:
    """Room for a whole number for each channel."""
    if isinstance(given.starts, list):
        return [0] * count
    import numpy as np

    return np.zeros(count, dtype=np.int64)


def nothing_counted(given: Counted) -> Shares:
    """Where no ballot has weight, nobody has a share."""
    return Shares(dict.fromkeys(given.channels, 0), 1, {})


def independent_markets(given: Counted) -> Shares:
    """The default rule: see the module."""
    if not given.weight:
        return nothing_counted(given)
    t, reached, rising = market_solve(given)
    parts = {}
    for at, channel in enumerate(given.channels):
        begin, count = int(given.starts[at]), int(reached[at])
        if rising[at]:
            parts[channel] = t.numerator * int(given.weights[begin + count])
        elif count:
            rest = int(pieces.value_at(given.values, begin, begin + count - 1))
            parts[channel] = t.denominator * rest
        else:
            parts[channel] = 0
    why = {"t": str(t / given.grid * given.weight_parts)}
    return Shares(parts, t.denominator * given.grid, why)


def market_solve(given: Counted) -> tuple[Fraction, Any, Any]:
    """The smallest t at which the channels have the whole, and where each of them stands then.

    A float finds the last linear piece, nearly always; the exact t on it is tried exactly, and
    where it lies on another piece after all, the search goes on between exact bounds.
    """
    near, *_ = arrays_of(given, pieces.market_near, pieces.market_sum, pieces.value_at)
    look, *_ = arrays_of(given, pieces.market_pieces, pieces.is_at_most, pieces.value_at)
    histogram = (given.starts, given.values, given.weights)
    reached = row_of(given, len(given.channels))
    rising = row_of(given, len(given.channels))

    def stands(t: Fraction) -> tuple[int, int]:
        flat, slope = look(*histogram, t.numerator, t.denominator, reached, rising)
        return int(flat), int(slope)

    low, high = Fraction(0), Fraction(given.grid)
    places = [row_of(given, len(given.channels)) for _ in range(3)]
    t = Fraction(near(*histogram, given.grid, *places)).limit_denominator(2**30 * given.weight)
    while True:
        flat, slope = stands(t)
        have = flat + slope * t
        if have == given.grid:
            break
        low, high = (t, high) if have < given.grid else (low, t)
        tried = Fraction(given.grid - flat, slope) if slope else low
        t = tried if low < tried < high else (low + high) / 2
    if slope:
        return t, reached, rising
    # Everything rests, for a stretch of t: its beginning is the number to publish.
    corners = [
        Fraction(
            pieces.value_at(given.values, int(begin), int(begin + count - 1)),
            int(given.weights[begin + count - 1]),
        )
        for begin, count in zip(given.starts, reached, strict=False)
        if count
    ]
    return max(corners), reached, rising


def utilitarian(given: Counted) -> Shares:
    """One rank for all channels: see the module."""
    if not given.weight:
        return nothing_counted(given)
    look, *_ = arrays_of(given, pieces.quantiles, pieces.value_at)
    count = len(given.channels)

    def supported_by(needed: int) -> list[int]:
        if needed == 0:
            return [given.grid] * count
        found = row_of(given, count)
        look(given.starts, given.values, given.weights, needed, found)
        return [int(one) for one in found]

    low, high = 0, given.weight + 1
    while high - low > 1:
        middle = (low + high) // 2
        if sum(supported_by(middle)) >= given.grid:
            low = middle
        else:
            high = middle
    lower, upper = supported_by(low + 1), supported_by(low)
    height = common_height(lower, upper, given.grid)
    up, down = height.numerator, height.denominator
    parts = {
        channel: min(max(up, least * down), most * down)
        for channel, least, most in zip(given.channels, lower, upper, strict=True)
    }
    why = {"rank": str(Fraction(low, given.weight_parts)), "height": str(height / given.grid)}
    return Shares(parts, down * given.grid, why)


def common_height(lower: list[int], upper: list[int], whole: int) -> Fraction:
    """The smallest c at which the numbers clip(c, lower, upper) sum to the whole."""

    def have(height: int) -> int:
        return sum(min(max(height, low), high) for low, high in zip(lower, upper, strict=True))

    corners = sorted({*lower, *upper})
    first, last = 0, len(corners) - 1
    while first < last:
        middle = (first + last) // 2
        if have(corners[middle]) >= whole:
            last = middle
        else:
            first = middle + 1
    top = corners[first]
    over = have(top) - whole
    if not over:
        return Fraction(top)
    rising = sum(low < top <= high for low, high in zip(lower, upper, strict=True))
    return top - Fraction(over, rising)


def mean(given: Counted) -> Shares:
    """The average ballot: see the module."""
    if not given.weight:
        return nothing_counted(given)
    parts = {}
    for at, channel in enumerate(given.channels):
        begin, end = int(given.starts[at]), int(given.starts[at + 1])
        total, before = 0, 0
        for place in range(begin, end):
            value = int(pieces.value_at(given.values, begin, place))
            total += (value - before) * int(given.weights[place])
            before = value
        parts[channel] = total
    return Shares(parts, given.weight * given.grid, {})
