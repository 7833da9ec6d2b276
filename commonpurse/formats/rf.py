"""Creditor references (ISO 11649): what a member writes on a transfer so that it finds its payer.

`RF`, two check digits, and up to 21 letters or digits. The check digits make the whole, with
`RF` and the digits moved to the end and letters read as 10 to 35, leave 1 when divided by 97.
Worked example: for 539007547034, 539007547034 271500 leaves 80, so the digits are 98 − 80 = 18
and the reference is RF18 5390 0754 7034.
"""

import re

BODY = re.compile(r"[0-9A-Z]{1,21}")
WHOLE = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
START = re.compile(r"(?<![0-9A-Z])R\s?F(?=\s?[0-9]\s?[0-9])", re.IGNORECASE)
GROUP = 4
TEXT_MAX = 80
BODY_MIN_IN_TEXT = 4
"""A shorter one in free text is more likely chance than a reference."""


def rf_make(body: str) -> str:
    """The reference around `body` (1 to 21 letters A–Z and digits). ValueError for another body."""
    if not BODY.fullmatch(body):
        raise ValueError(f"a reference is made of 1 to 21 capitals and digits: {body!r}")
    return f"RF{98 - _number(body + 'RF00') % 97:02d}{body}"


def rf_valid(text: str) -> bool:
    """Whether `text`, compact and in capitals, is a whole reference with right check digits."""
    return bool(WHOLE.fullmatch(text)) and _number(text[4:] + text[:4]) % 97 == 1


def rf_clean(text: str) -> str:
    """The compact form of a reference typed with blanks or small letters; empty if it is none."""
    compact = "".join(text.split()).upper()
    return compact if rf_valid(compact) else ""


def rf_find(text: str) -> str:
    """The first valid reference inside free text, compact; empty when there is none.

    People and banks put blanks anywhere (`rf18 5390 0754 7034 thanks`). A reference written in
    one word counts as it stands; else words are joined while they come in groups of four; else
    the shortest run of whole words that is valid.
    """
    for start in START.finditer(text):
        found = _found_at(text[start.start() :])
        if found:
            return found
    return ""


def rf_spaced(reference: str) -> str:
    """The reference in groups of four, as people read it."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def _found_at(text: str) -> str:
    """The reference that begins where `text` begins and ends where a word ends."""
    words = re.match(r"[0-9A-Za-z\s]*", text[:TEXT_MAX], re.ASCII)
    assert words
    compact = ""
    valid: list[tuple[str, bool]] = []
    is_grouped = True
    for word in words[0].upper().split():
        compact += word
        if len(compact) >= 4 + BODY_MIN_IN_TEXT and rf_valid(compact):
            valid.append((compact, is_grouped and len(word) <= GROUP))
        is_grouped = is_grouped and len(word) == GROUP
    grouped = [found for found, is_whole in valid if is_whole]
    if grouped:
        return grouped[-1]
    return valid[0][0] if valid else ""


def _number(text: str) -> int:
    return int("".join(str(int(letter, 36)) for letter in text))
