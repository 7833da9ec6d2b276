"""Signs in a text that would change how what stands around it reads."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates of writing direction (UAX 9). Marks of direction stay."""


def turns_around(text: str) -> bool:
    """Whether a text could turn round words or figures that are not its own."""
    return not TURNING.isdisjoint(text)
