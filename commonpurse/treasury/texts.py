"""Cleaning what people type before it goes into a row, a leaf or a bank's file."""

import unicodedata

from commonpurse.errors import Invalid


def line_clean(text: str, *, field: str, limit: int, what: str) -> str:
    """One line of text without blanks at its ends: neither empty, too long nor with controls.

    Raises Invalid `empty`, `too_long` or `not_text`, naming the field.
    """
    cleaned = " ".join(text.split())
    if not cleaned:
        raise Invalid("empty", f"Enter {what}.", field=field)
    if len(cleaned) > limit:
        raise Invalid("too_long", f"Shorten {what} to {limit} characters or less.", field=field)
    if any(unicodedata.category(symbol).startswith("C") for symbol in cleaned):
        raise Invalid(
            "not_text", f"Type {what} again: it holds symbols that cannot be shown.", field=field
        )
    return cleaned
