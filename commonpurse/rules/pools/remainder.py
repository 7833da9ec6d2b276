"""From exact shares to whole cents, losing none.

Every amount is rounded down; the cents that are missing go to the largest remainders; of equal
ones, to the earlier channel in byte order, and to what is carried over last of all.

Worked number: 100 cents in shares of 1/3, 1/3, 1/3: 34, 33, 33.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from commonpurse.rules.pools.ballots import byte_order
from commonpurse.rules.pools.shares import Shares


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
    kept: Shares
    awards: dict[str, int]
    residual: int

    def __post_init__(self) -> None:
        """No cent is lost, whatever the rule."""
        assert sum(self.awards.values()) + self.residual == self.pool
        assert min(self.awards.values(), default=0) >= 0
        assert self.residual >= 0

    @property
    def shares(self) -> dict[str, Fraction]:
        """The share of each channel, cut where it was."""
        return self.kept.of

    @property
    def why(self) -> dict[str, str]:
        """What the shares were found by."""
        return self.kept.why


def divide(pool: int, shares: Shares, *, bounds: Bounds) -> Division:
    """Divide a pool by shares of at most the whole; what nobody has is carried over."""
    kept = cut(shares, bounds)
    names = byte_order(kept.parts)
    parts = [kept.parts[name] for name in names]
    rest = kept.whole - sum(parts)
    assert rest >= 0, "shares are parts of one whole"
    amounts = [divmod(pool * part, kept.whole) for part in [*parts, rest]]
    units = [whole for whole, _ in amounts]
    order = sorted(range(len(amounts)), key=lambda at: (-amounts[at][1], at))
    for at in order[: pool - sum(units)]:
        units[at] += 1
    return Division(
        pool=pool,
        kept=Shares(dict(zip(names, parts, strict=True)), kept.whole, kept.why),
        awards=dict(zip(names, units, strict=False)),
        residual=units[-1],
    )


def cut(shares: Shares, bounds: Bounds) -> Shares:
    """Shares within the bounds."""
    if bounds == Bounds():
        return shares
    scale = lcm(bounds.cap.denominator, bounds.floor.denominator)
    whole = shares.whole * scale
    most, least = int(bounds.cap * whole), int(bounds.floor * whole)
    parts = {
        name: min(part * scale, most) if part * scale >= least else 0
        for name, part in shares.parts.items()
    }
    return Shares(parts, whole, shares.why)
