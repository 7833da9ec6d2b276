"""What changed between two texts, word by word: what reviewers of a clause look at."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\S+\s*|\s+")
ALIKE = 0.3
"""Of texts that share fewer words than this, what stayed is chance, and hard to read."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed (`same`), that went (`gone`) or that came (`new`)."""

    kind: str
    text: str

    @property
    def words(self) -> str:
        """The run without the blanks behind it, which nobody strikes out."""
        return self.text.rstrip()

    @property
    def blanks(self) -> str:
        """The blanks behind it."""
        return self.text[len(self.words) :]


def words_changed(before: str, after: str) -> tuple[Piece, ...]:
    """The way from one text to another, word by word; texts with little in common as two wholes.

    Without what went it is `after`; without what came it is `before`, but for the blanks and line
    breaks behind its words, which are shown as they are afterwards.
    """
    old, new = WORD.findall(before), WORD.findall(after)
    matcher = SequenceMatcher(None, [*map(str.strip, old)], [*map(str.strip, new)])
    if matcher.ratio() < ALIKE:
        whole = (Piece("gone", before), Piece("new", after))
        return tuple(piece for piece in whole if piece.text)
    found: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        was, will = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        if kind == "equal":
            found.append(Piece("same", will))
            continue
        if was:
            found.append(Piece("gone", was))
        if will:
            found.append(Piece("new", will))
    return tuple(found)
