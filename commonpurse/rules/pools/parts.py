"""A part of the ballots, counted: its sums, and a mark of each voter that no other part may have.

A voter's rows stand in one part, or the check of what a ballot gives away would see only pieces of
it. So that this is known and not hoped, each part keeps 16 bytes for each voter: equal names have
equal marks, and marks are compared when parts are joined.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from commonpurse.rules.pools.columns import Rows, rows_counted
from commonpurse.rules.pools.sums import Counting, Sums, added

MARK_BYTES = 16
WORDS = MARK_BYTES // 8


class TwoParts(ValueError):
    """Two parts have a voter of the same mark."""

    def __init__(self, mark: bytes) -> None:
        super().__init__("a voter has rows in two parts")
        self.mark = mark


@dataclass(frozen=True, slots=True)
class Part:
    """What a part is counted to."""

    sums: Sums
    marks: Any


def mark_of(voter: str) -> bytes:
    """A voter's mark."""
    return blake2b(voter.encode(), digest_size=MARK_BYTES).digest()


def marks_of(voters: Iterable[str]) -> Any:
    """The marks of voters, a row of two words each."""
    import numpy as np

    return np.frombuffer(b"".join(map(mark_of, voters)), dtype=np.uint64).reshape(-1, WORDS)


def part_of(rows: Rows, counting: Counting) -> Part:
    """Count a part. BadBallot for a ballot that cannot be counted."""
    return Part(rows_counted(rows, counting), marks_of(rows.voter.values))


def joined(parts: Sequence[Part]) -> Part:
    """Several parts as one. TwoParts where they share a voter."""
    import numpy as np

    marks = np.concatenate([part.marks for part in parts])
    marks = marks[np.lexsort(marks.T)]
    is_again = (marks[1:] == marks[:-1]).all(axis=1)
    if is_again.any():
        raise TwoParts(marks[1:][is_again.argmax()].tobytes())
    return Part(added([part.sums for part in parts]), marks)
