"""From exact shares to whole cents, losing none.

Every amount is rounded down; the cents that are missing go to the largest remainders; of equal
ones, to the earlier channel in byte order, and to what is carried over last of all.

Worked number: 100 cents in shares of 1/3, 1/3, 1/3: 34, 33, 33.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.rules.pools.ballots import byte_order


@dataclass(frozen=True, slots=True)
class Bounds:
    """A share above `cap` is cut down to it; one below `floor` gets nothing. Both are carried."""

    cap: Fraction = Fraction(1)
    floor: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        """Refuse, with ValueError, what leaves nothing to anybody."""
        if not 0 <= self.floor <= self.cap <= 1 or not self.cap:
            raise ValueError("0 ≤ floor ≤ cap ≤ 1, and a cap above 0")


@dataclass(frozen=True, slots=True)
class Division:
    """A divided pool: exact shares, whole minor units, and what is carried over."""

    pool: int
    shares: dict[str, Fraction]
    awards: dict[str, int]
    residual: int
    why: dict[str, str]

    def __post_init__(self) -> None:
        """No cent is lost, whatever the rule."""
        assert sum(self.awards.values()) + self.residual == self.pool
        assert min(self.awards.values(), default=0) >= 0
        assert self.residual >= 0


def divide(
    pool: int, shares: Mapping[str, Fraction], *, bounds: Bounds, why: Mapping[str, str]
) -> Division:
    """Divide a pool by shares that sum to 1 at most; what nobody has is carried over."""
    kept = {
        name: min(shares[name], bounds.cap) if shares[name] >= bounds.floor else Fraction(0)
        for name in byte_order(shares)
    }
    rest = 1 - sum(kept.values())
    assert rest >= 0, "shares are parts of one whole"
    lines = [*kept.values(), rest]
    units = [int(pool * share) for share in lines]
    order = sorted(range(len(lines)), key=lambda at: (units[at] - pool * lines[at], at))
    for at in order[: pool - sum(units)]:
        units[at] += 1
    return Division(
        pool=pool,
        shares=kept,
        awards=dict(zip(kept, units, strict=False)),
        residual=units[-1],
        why=dict(why),
    )
