"""Ids that the application makes: time-ordered UUIDs, version 7 (RFC 9562, section 5.7)."""

import os
import threading
import time
from uuid import UUID

PLATFORM_ID = UUID(int=0)
"""Stands where a co-op's id would stand, for what belongs to no co-op (a sign-in, say)."""


class Clock:
    """The last instant that an id was given, in units of 1/4096 of a millisecond."""

    def __init__(self) -> None:
        self.last = 0
        self.lock = threading.Lock()

    def next(self) -> int:
        """An instant later than every one before it in this process."""
        with self.lock:
            self.last = max(self.last + 1, time.time_ns() * 4_096 // 1_000_000)
            return self.last


CLOCK = Clock()


def new_id() -> UUID:
    """A fresh id. In one process ids sort in the order of their making, without exception.

    The twelve bits after the milliseconds carry the fraction (RFC 9562, section 6.2, method 3).
    """
    stamp = CLOCK.next()
    chance = int.from_bytes(os.urandom(8), "big")
    value = (stamp >> 12 & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (stamp & 0x0FFF) << 64
    value |= 0b10 << 62
    value |= chance & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def random_id() -> UUID:
    """A fresh id that tells nothing, not even when it was made (UUID version 4)."""
    value = int.from_bytes(os.urandom(16), "big")
    value = (value & ~(0xF << 76)) | (0x4 << 76)
    value = (value & ~(0b11 << 62)) | (0b10 << 62)
    return UUID(int=value)
