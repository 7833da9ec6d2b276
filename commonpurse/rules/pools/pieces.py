"""The inner loops over histograms: where a line t × weight crosses the values of each channel.

Run on lists as they stand and on int64 arrays compiled: see rules/compiled.py. Without `values`, a
channel's values are 1, 2, 3, … themselves: the dense histogram of a fixed grid.
"""

from typing import Any

NEAR = 2.0**-40


def value_at(values: Any, begin: int, at: int) -> int:
    """The value in this place of a channel that begins there."""
    if len(values) == 0:
        return at - begin + 1
    return int(values[at])


def is_at_most(a: int, b: int, c: int, d: int) -> bool:
    """Whether a/b ≤ c/d, for whole a, c ≥ 0 and b, d > 0, with no product to overflow."""
    first, second = a / b, c / d
    if first < second * (1 - NEAR):
        return True
    if first > second * (1 + NEAR):
        return False
    while True:
        whole, other = a // b, c // d
        if whole != other:
            return whole < other
        a -= whole * b
        c -= other * d
        if a == 0:
            return True
        if c == 0:
            return False
        # a/b ≤ c/d is d/c ≤ b/a.
        a, b, c, d = d, c, b, a


def market_pieces(
    starts: Any, values: Any, weights: Any, p: int, q: int, reached: Any, rising: Any
) -> tuple[int, int]:
    """At t = p/q, where each channel stands: the sum of what is flat, and of slopes that rise.

    A channel has `reached` so many of its values; it rises beyond the last of them, or rests there.
    """
    flat = 0
    slope = 0
    for channel in range(len(starts) - 1):
        begin = starts[channel]
        low = begin
        high = starts[channel + 1]
        while low < high:
            middle = (low + high) // 2
            if weights[middle] > 0 and is_at_most(
                value_at(values, begin, middle), weights[middle], p, q
            ):
                low = middle + 1
            else:
                high = middle
        reached[channel] = low - begin
        rising[channel] = 0
        rest = value_at(values, begin, low - 1) if low > begin else 0
        is_rising = low < starts[channel + 1] and weights[low] > 0
        if is_rising and (rest == 0 or not is_at_most(p, q, rest, weights[low])):
            rising[channel] = 1
            slope += weights[low]
        else:
            flat += rest
    return flat, slope


def market_sum(
    starts: Any, values: Any, weights: Any, t: float, least: Any, most: Any, reached: Any
) -> float:
    """About what all channels have together at t, each known to reach `least` to `most` values."""
    found = 0.0
    for channel in range(len(starts) - 1):
        begin = starts[channel]
        low = begin + least[channel]
        high = begin + most[channel]
        while low < high:
            middle = (low + high) // 2
            if value_at(values, begin, middle) <= t * weights[middle]:
                low = middle + 1
            else:
                high = middle
        reached[channel] = low - begin
        rest = 0.0
        if low > begin:
            rest = float(value_at(values, begin, low - 1))
        if low < starts[channel + 1]:
            rest = max(rest, t * weights[low])
        found += rest
    return found


def market_near(
    starts: Any, values: Any, weights: Any, grid: int, least: Any, most: Any, reached: Any
) -> float:
    """About the t at which the channels have the whole together: good enough to begin from.

    What a channel reaches at both ends of the search bounds what it reaches between them.
    """
    for channel in range(len(starts) - 1):
        least[channel] = 0
        most[channel] = starts[channel + 1] - starts[channel]
    low, high = 0.0, float(grid)
    while True:
        middle = (low + high) / 2
        if high - low <= high * NEAR or middle in (low, high):
            return middle
        if market_sum(starts, values, weights, middle, least, most, reached) < grid:
            low = middle
            for channel in range(len(reached)):
                least[channel] = reached[channel]
        else:
            high = middle
            for channel in range(len(reached)):
                most[channel] = reached[channel]


def quantiles(starts: Any, values: Any, weights: Any, needed: int, found: Any) -> int:
    """The largest value of each channel that so much weight supports; the sum of them."""
    total = 0
    for channel in range(len(starts) - 1):
        begin = starts[channel]
        low = begin
        high = starts[channel + 1]
        while low < high:
            middle = (low + high) // 2
            if weights[middle] >= needed:
                low = middle + 1
            else:
                high = middle
        found[channel] = value_at(values, begin, low - 1) if low > begin else 0
        total += found[channel]
    return total
