"""Exact shares of a pool: whole parts of one whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm


@dataclass(frozen=True, slots=True)
class Shares:
    """Each channel's parts, how many parts the whole has, and what they were found by."""

    parts: dict[str, int]
    whole: int
    why: dict[str, str]

    @classmethod
    def exact(cls, of: Mapping[str, Fraction], why: Mapping[str, str]) -> "Shares":
        """Shares given as fractions, brought to one denominator."""
        whole = lcm(*(share.denominator for share in of.values()))
        return cls({name: int(share * whole) for name, share in of.items()}, whole, dict(why))

    @property
    def of(self) -> dict[str, Fraction]:
        """The shares as fractions."""
        return {name: Fraction(part, self.whole) for name, part in self.parts.items()}

    def without(self, channel: str) -> "Shares":
        """The same without this channel, whose part is then nobody's."""
        kept = {name: part for name, part in self.parts.items() if name != channel}
        return Shares(kept, self.whole, self.why)
