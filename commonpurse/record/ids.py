"""Ids that the application makes: time-ordered UUIDs, version 7 (RFC 9562, section 5.7)."""

import os
import time
from uuid import UUID

PLATFORM_ID = UUID(int=0)
"""Stands where a co-op's id would stand, for what belongs to no co-op (a sign-in, say)."""


def new_id() -> UUID:
    """A fresh id whose order is the order of its making, to the millisecond."""
    stamp = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= ((chance >> 64) & 0x0FFF) << 64
    value |= 0b10 << 62
    value |= chance & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=value)


def random_id() -> UUID:
    """A fresh id that tells nothing, not even when it was made (UUID version 4)."""
    value = int.from_bytes(os.urandom(16), "big")
    value = (value & ~(0xF << 76)) | (0x4 << 76)
    value = (value & ~(0b11 << 62)) | (0b10 << 62)
    return UUID(int=value)
