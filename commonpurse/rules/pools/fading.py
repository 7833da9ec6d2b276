"""How a standing ballot loses weight with age, in whole days and exact fractions.

Two ways, of which a pool uses one or none:

    by days    full weight until `full_days`, then in a straight line to nothing at `valid_days`.
               10 and 60: aged 9 and 10 days 1, 11 days 49/50, 35 days 1/2, 59 days 1/50, 60 days 0
    by halves  2^(-months / half-life), months being whole 30 days, rounded down to whole parts of
               2^20, so that every recount agrees to the bit. Half-life 12: after 12 months 1/2
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

PARTS_BITS = 20
MONTH_DAYS = 30
MONTHS_MAX = 1_200


@dataclass(frozen=True, slots=True)
class Fading:
    """One of the two ways, or, with nothing given, none."""

    full_days: int | None = None
    valid_days: int | None = None
    half_life_months: int | None = None

    def __post_init__(self) -> None:
        """Refuse, with ValueError, what cannot be."""
        if (self.full_days is None) != (self.valid_days is None):
            raise ValueError("full_days and valid_days go together")
        if self.full_days is not None and self.valid_days is not None:
            if not 0 <= self.full_days < self.valid_days:
                raise ValueError("full_days lies below valid_days")
            if self.half_life_months is not None:
                raise ValueError("a ballot fades by days or by halves, not both")
        if self.half_life_months is not None and not 1 <= self.half_life_months <= MONTHS_MAX:
            raise ValueError(f"a half-life has 1 to {MONTHS_MAX} months")

    def weight(self, age_days: int) -> Fraction:
        """What is left of a ballot of this age."""
        if self.half_life_months is not None:
            return halved(age_days // MONTH_DAYS, self.half_life_months)
        if self.full_days is None or self.valid_days is None or age_days < self.full_days:
            return Fraction(1)
        left = Fraction(self.valid_days - age_days, self.valid_days - self.full_days)
        return max(Fraction(0), left)


@cache
def halved(months: int, half_life: int) -> Fraction:
    """2^(-months / half_life), rounded down to a part of 2^20, by whole numbers alone."""
    exponent = PARTS_BITS * half_life - months
    parts = root(2**exponent, half_life) if exponent >= 0 else 0
    return Fraction(parts, 2**PARTS_BITS)


def root(number: int, degree: int) -> int:
    """The largest whole number whose power of this degree is not above `number`."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if middle**degree <= number:
            low = middle
        else:
            high = middle
    return low
