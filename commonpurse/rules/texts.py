"""What a text shows: whether it can be seen, and whether it turns what stands around it."""

import re
import unicodedata

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates of writing direction (UAX 9). Marks of direction stay."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Orders to a machine: all controls but the ends of lines and tabs."""
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0")
"""Signs that Unicode counts as letters, marks or symbols and that fonts draw as nothing."""


def tidied(text: str) -> str:
    """What somebody typed in lines, as it is kept: one end of line, no zero byte, no blank ends."""
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def has_controls(text: str) -> bool:
    """Whether a text holds orders to a machine: any control but the ends of lines and tabs."""
    return CONTROLS.search(text) is not None


def turns_around(text: str) -> bool:
    """Whether a text could turn round words or figures that are not its own."""
    return not TURNING.isdisjoint(text)


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of a text: a sign of its own, not marks on nothing."""
    return any(
        sign not in BLANK_LETTERS and unicodedata.category(sign)[0] not in "ZCM" for sign in text
    )
