"""One source, run two ways: as it stands on lists, or compiled on arrays of 64-bit integers.

What counts many votes is written once, in plain Python that never needs more than indexing and
whole numbers. On lists it runs as it stands: at once, and with integers of any size. On arrays it
is compiled, some hundred times faster, but only after a second or two of compiling, and only where
the caller has shown that every sum and product fits 64 bits.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

INT64_MAX = 2**63 - 1
COMPILE_MIN = 200_000
"""From so many votes on compiling pays, even when nothing of it was kept from an earlier run."""


@cache
def compiled(function: Callable[..., Any], *inner: Callable[..., Any]) -> Callable[..., Any]:
    """The compiled form of `function`, which calls `inner` ones; kept on disk where that may be."""
    import numba
    from numba.extending import register_jitable

    for one in inner:
        register_jitable(one)
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # Neither the installation nor a home folder can be written.
        made = numba.njit(nogil=True)(function)
    return made


def fits(*numbers: int) -> bool:
    """Whether each of these is a 64-bit integer."""
    return all(-INT64_MAX <= number <= INT64_MAX for number in numbers)
