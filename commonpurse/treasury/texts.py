"""Cleaning what people type before it goes into a row, a leaf or a bank's file."""

import unicodedata

from commonpurse.errors import Invalid
from commonpurse.rules.texts import is_seen
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
    if not is_seen(cleaned) or any(unicodedata.category(sign)[0] == "C" for sign in cleaned):
        raise Invalid(
            "not_text",
            "Type %(what)s again: it holds symbols that cannot be shown.",
            field=field,
            what=what,
        )
    return cleaned


def name_key(text: str) -> str:
    """What two names share that a reader takes for one: case, blanks and forms do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
