"""The small set of charts: every picture of the product is one of these, each beside its figures.

Two more are included as templates where a page has computed their picture: `charts/flow.html`
(money in, held and out) and `charts/balance.html` (a balance over time).
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import template
from django.utils.functional import Promise

from commonpurse.web.drawing import Piece, pieces, place
from commonpurse.web.templatetags.purse import money, number, percent

register = template.Library()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: the key that colours it, its name, and how much of the whole it is."""

    key: str
    name: str | Promise
    value: int


@register.inclusion_tag("charts/threshold.html")
def threshold_bar(width: str, colour: str, at: str = "", mark: object = "") -> dict[str, object]:
    """A bar against a threshold, whose mark stands at its true place; none where `mark` is empty.

    `width` and `at` are percentages of the whole (`web.drawing.place`); the words that say the
    same stand beside it, so the drawing itself is hidden from a reader.
    """
    return {
        "width": width,
        "colour": colour,
        "at": at,
        "mark": mark,
        "anchor": {"100.000%": "end", "0.000%": "start"}.get(at, "middle"),
    }


@register.inclusion_tag("charts/parts.html")
def parts_bar(parts: Sequence[Piece], height: int, title: str = "") -> dict[str, object]:
    """Parts of a whole side by side; with `title` it speaks for itself, else words stand by it."""
    is_risky = any(part.key == "risk" for part in parts)
    hatch = f"hatch-{zlib.crc32(repr(parts).encode()):08x}" if is_risky else ""
    return {"parts": parts, "height": height, "title": title, "hatch": hatch}


@register.inclusion_tag("charts/progress.html")
def progress_bar(
    done: int, target: int, currency: str = "", colour: str = "cleared"
) -> dict[str, object]:
    """How far something is towards its target, in words and as a bar; people or minor units."""
    return {
        "done": said(done, currency),
        "target": said(target, currency),
        "share": percent(done, target),
        "width": place(done, target) if done > 0 else "0%",
        "colour": colour,
    }


@register.inclusion_tag("charts/distribution.html")
def distribution(parts: Iterable[Part], label: str, currency: str = "") -> dict[str, object]:
    """How a whole is distributed: bar, legend in drawing order, and the table with its total."""
    known = [part for part in parts if part.value > 0]
    whole = sum(part.value for part in known)
    return {
        "label": label,
        "bar": pieces((part.key, part.value) for part in known),
        "rows": [
            (part.key, part.name, said(part.value, currency), percent(part.value, whole))
            for part in known
        ],
        "whole": said(whole, currency),
        "all": percent(whole, whole),
    }


def said(value: int, currency: str) -> str:
    """An amount of money, or a count where there is no currency."""
    return money(value, currency) if currency else number(value)
