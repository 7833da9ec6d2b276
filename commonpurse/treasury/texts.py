"""Cleaning what people type before it goes into a row, a leaf or a bank's file."""

import unicodedata

from commonpurse.errors import Invalid
from commonpurse.say import Said


def line_clean(text: str, *, field: str, limit: int, what: Said) -> str:
    """One line of text without blanks at its ends: neither empty, too long nor with controls.

    Raises Invalid `empty`, `too_long` or `not_text`, naming the field.
    """
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Invalid("empty", "Enter %(what)s.", field=field, what=what)
    if len(cleaned) > limit:
        raise Invalid(
            "too_long",
            "Shorten %(what)s to %(limit)s characters or less.",
            field=field,
            what=what,
            limit=limit,
        )
    if any(unicodedata.category(symbol).startswith("C") for symbol in cleaned):
        raise Invalid(
            "not_text",
            "Type %(what)s again: it holds symbols that cannot be shown.",
            field=field,
            what=what,
        )
    return cleaned
