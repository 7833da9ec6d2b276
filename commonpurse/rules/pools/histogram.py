"""A pool's ballots as a histogram that is kept, so that the standing after every vote is exact.

For a fixed grid, such as 10,000 basis points, each channel has one row: how much weight gives it 1
part or more, 2 parts or more, and so on. It does not grow with the number of ballots, parts of
it add up over machines, and a changed vote touches one stretch of one row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from commonpurse.rules.compiled import INT64_MAX, compiled
from commonpurse.rules.pools.ballots import Counted, byte_order

NARROW_MAX = 2**31


@dataclass
class Histogram:
    """Support by channel and parts: `support[j × grid + y − 1]` is the weight that gives ≥ y."""

    channels: tuple[str, ...]
    grid: int
    support: Any
    weight: int

    def __post_init__(self) -> None:
        """Rows stand in byte order, and nothing that is added up leaves 64 bits."""
        assert list(self.channels) == byte_order(self.channels)
        assert self.weight * max(self.grid, len(self.channels)) <= INT64_MAX

    @classmethod
    def count(
        cls,
        channels: Sequence[str],
        *,
        grid: int,
        channel_of: Any,
        value_of: Any,
        weight_of: Any,
        weight: int,
    ) -> "Histogram":
        """Count arrays of entries: one channel's place, a value and a weight in each.

        `weight` is that of all ballots; an empty `weight_of` gives every entry a weight of 1.
        """
        import numpy as np

        # Half as wide, it is filled in nearly twice as fast: most of the time is memory's.
        kind = np.int32 if weight < NARROW_MAX else np.int64
        support = np.zeros(len(channels) * grid, dtype=kind)
        compiled(fill_in)(support, grid, channel_of, value_of, weight_of)
        compiled(sum_up)(support, grid)
        return cls(tuple(channels), grid, support, weight)

    def move(self, channel: int, *, before: int, after: int, weight: int) -> None:
        """A ballot of this weight gives a channel another value than before."""
        begin = channel * self.grid
        if after > before:
            self.support[begin + before : begin + after] += weight
        else:
            self.support[begin + after : begin + before] -= weight

    def counted(self) -> Counted:
        """The histogram as the rules take it; it shares the rows."""
        import numpy as np

        return Counted(
            channels=self.channels,
            grid=self.grid,
            weight=self.weight,
            weight_parts=1,
            starts=np.arange(len(self.channels) + 1, dtype=np.int64) * self.grid,
            values=np.empty(0, dtype=np.int64),
            weights=self.support,
        )


def fill_in(support: Any, grid: int, channel_of: Any, value_of: Any, weight_of: Any) -> None:
    """Put each entry's weight where its value is; nothing given is no entry."""
    for at in range(len(channel_of)):
        value = value_of[at]
        if value > 0:
            place = channel_of[at] * grid + value - 1
            support[place] += weight_of[at] if len(weight_of) else 1


def sum_up(support: Any, grid: int) -> None:
    """Sum every row from its end, in place."""
    for end in range(len(support), 0, -grid):
        total = 0
        for at in range(end - 1, end - grid - 1, -1):
            total += support[at]
            support[at] = total
