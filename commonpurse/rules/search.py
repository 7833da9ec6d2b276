"""What somebody typed to find something: its words, an amount, a payload code, a number.

Pure: what a room then looks for is its own affair. Words count as the reader's language writes
them, in any language: they are compared as they stand, without regard to case.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

TYPED_MAX = 200
KINDS = (
    "coop",
    "thread",
    "comment",
    "decision",
    "outcome",
    "clause",
    "member",
    "payee",
    "request",
    "payment",
)
"""What can be found, in the order in which a page offers it."""

WORD = re.compile(r"\w+")
BEGUN = re.compile(r"[\w’'-]+$")
AMOUNT = re.compile(r"[^\w.,-]*(\d{1,10})(?:[.,](\d{1,3}))?[^\w.,]*")
CODE = re.compile(r"([A-HJ-NP-Z2-9]{4})[- ]?([A-HJ-NP-Z2-9]{4})")
NUMBER = re.compile(r"([RPD])[- ]?0*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed. `begun` is its last word, which may go on; `rest` what stands before it."""

    text: str
    rest: str
    begun: str
    words: tuple[str, ...]
    amount: Decimal | None
    code: str
    letter: str
    number: int | None

    def amount_minor(self, exponent: int) -> int | None:
        """The amount in minor units of a currency, if it was one that the currency has."""
        if self.amount is None:
            return None
        minor = self.amount.scaleb(exponent)
        return int(minor) if minor == minor.to_integral_value() else None


def question_read(typed: str) -> Question:
    """What was typed, cut to a length that nobody types."""
    text = " ".join(typed.replace("\x00", " ").split())[:TYPED_MAX].strip()
    begun = begun_of(text)
    amount = AMOUNT.fullmatch(text)
    code = CODE.fullmatch(text.upper())
    number = NUMBER.fullmatch(text.upper())
    return Question(
        text=text,
        rest=text[: len(text) - len(begun)].strip() if begun else text,
        begun=begun,
        words=tuple(dict.fromkeys(word.casefold() for word in words_wanted(text))),
        amount=Decimal(f"{amount[1]}.{amount[2] or 0}") if amount else None,
        code="".join(code.groups()) if code else "",
        letter=number[1] if number else "",
        number=int(number[2]) if number else None,
    )


def begun_of(text: str) -> str:
    """The last word where it may be the beginning of one: not excluded, and in no open phrase."""
    found = BEGUN.search(text)
    if found is None or text.count('"') % 2 or found[0].startswith("-"):
        return ""
    is_alternative = text[: found.start()].split()[-1:] in (["or"], ["OR"])
    return "" if is_alternative or found[0].casefold() == "or" else found[0]


def words_wanted(text: str) -> list[str]:
    """The words that a hit may show: those that were not excluded."""
    parts = [part for part in text.split() if not part.startswith("-") and part.lower() != "or"]
    return [word for part in parts for word in WORD.findall(part)]


def marked(text: str, words: tuple[str, ...], *, width: int = 240) -> list[tuple[bool, str]]:
    """A stretch of the text around the first word that was looked for, cut into pieces.

    Each piece says whether it is such a word. Nothing is escaped here: whoever writes HTML does.
    """
    flat = " ".join(text.split())
    if not words:
        return [(False, cut(flat, 0, width))]
    pattern = re.compile(
        r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\w*", re.IGNORECASE
    )
    first = pattern.search(flat)
    start = max(0, first.start() - width // 3) if first else 0
    shown = cut(flat, start, width)
    pieces: list[tuple[bool, str]] = []
    place = 0
    for found in pattern.finditer(shown):
        pieces += [(False, shown[place : found.start()]), (True, found[0])]
        place = found.end()
    pieces.append((False, shown[place:]))
    return [piece for piece in pieces if piece[1]]


def cut(text: str, start: int, width: int) -> str:
    """So much of the text from there, in whole words, with a mark where something is left out."""
    begin = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if begin + width >= len(text) else text.rfind(" ", begin + 1, begin + width)
    end = begin + width if end <= begin else end
    return ("… " if begin else "") + text[begin:end] + (" …" if end < len(text) else "")
