"""Numbers in text, exactly: `0.25`, `1/4`, `1e-3`; nothing below zero, nothing without an end."""

import re
from fractions import Fraction

NUMBER = re.compile(
    r"[0-9]{1,30}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,2})?"
    r"|\.[0-9]{1,30}(?:[eE][+-]?[0-9]{1,2})?"
    r"|[0-9]{1,30}/[0-9]{1,30}"
)
SHOWN_MAX = 40


def exact(text: str) -> Fraction:
    """The number that this text says. ValueError, with a sentence, for any other text."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{shown(text)} is not a number from 0 on, such as 0.25 or 1/4")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise ValueError(f"{shown(text)} divides by nothing") from None


def whole(text: str) -> int:
    """The whole number from 0 on that this text says. ValueError for any other text."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(f"{shown(text)} is not a whole number from 0 on")
    return int(text)


def shown(text: str) -> str:
    """A stranger's text, cut short and harmless, as a refusal may repeat it."""
    cut = text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "…"
    return "“" + "".join(one if one.isprintable() else "�" for one in cut) + "”"
