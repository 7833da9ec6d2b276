"""Bars of one row, drawn at the width of their box, with their marks; and QR codes as one path."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import segno

GAP = Fraction(1, 2)
"""Percent of the width left free between neighbours."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a bar: its key, its value, and its place in percent of the width."""

    key: str
    value: int
    x: str
    width: str


def percent_text(share: Fraction) -> str:
    """A share of the width for an attribute of SVG: three decimals and a point, always."""
    thousandths = round(share * 100_000)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}%"


def pieces(values: Iterable[tuple[str, int]], total: int = 0) -> tuple[Piece, ...]:
    """Pieces side by side, of `total` or of their sum; those of nothing are left out."""
    shown = [(key, value) for key, value in values if value > 0]
    whole = max(total, sum(value for _, value in shown))
    found: list[Piece] = []
    begun = Fraction(0)
    for key, value in shown:
        share = Fraction(value, whole)
        last = begun + share >= 1
        drawn = share if last else max(share - GAP / 100, share / 2)
        found.append(Piece(key, value, percent_text(begun), percent_text(drawn)))
        begun += share
    return tuple(found)


def place(part: int | Fraction, whole: int) -> str:
    """Where a mark stands, at its true place."""
    if whole <= 0:
        return "0%"
    return percent_text(min(Fraction(part) / whole, Fraction(1)))


def qr_path(text: str) -> tuple[int, str]:
    """A QR code as one SVG path: its width in modules, quiet zone included, and the path."""
    rows = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    squares = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]
    return len(rows), "".join(squares)
