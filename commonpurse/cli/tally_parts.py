"""Ballots in parts of Parquet: each counted by itself, then joined in a tree, here or anywhere.

What is wrong with a part is an answer, not an exception: so it travels up the tree from whichever
machine met it, and of several faults the same one is told on every run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from commonpurse.formats import parquet
from commonpurse.formats.cells import BadCell
from commonpurse.rules.exact import shown
from commonpurse.rules.pools.ballots import BadBallot
from commonpurse.rules.pools.parts import Part, TwoParts, joined, mark_of, part_of
from commonpurse.rules.pools.sums import Counting, Sums

WIDTH = 8
"""How many counts are joined at once: the tree of a thousand parts has four floors."""

Held = TypeVar("Held")


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong, in which part; without a part, with the mark of a voter who has two."""

    part: str
    why: str
    mark: bytes = b""


Answer = Part | Refused
Tree = Callable[[list[str], Counting], Answer]


def part_count(path: str, counting: Counting) -> Answer:
    """Count one part."""
    try:
        return part_of(parquet.read(Path(path)), counting)
    except BadBallot as fault:
        return Refused(path, f"the ballot of {shown(fault.voter)} {fault.why}")
    except ValueError as fault:
        return Refused(path, str(fault))


def parts_join(answers: Sequence[Answer]) -> Answer:
    """The counts of several parts as one; of several faults, that of the first part."""
    refused = [one for one in answers if isinstance(one, Refused)]
    if refused:
        return min(refused, key=lambda one: (not one.part, one.part, one.mark))
    try:
        return joined([one for one in answers if isinstance(one, Part)])
    except TwoParts as fault:
        return Refused("", str(fault), fault.mark)
    except ValueError as fault:
        return Refused("", str(fault))


def tree(
    parts: list[str], count: Callable[[str], Held], join: Callable[[list[Held]], Held]
) -> Held:
    """Count every part and join a few counts at a time until one is left."""
    level = [join([count(part) for part in group]) for group in groups(parts)]
    while len(level) > 1:
        level = [join(group) for group in groups(level)]
    return level[0]


def groups(items: Sequence[Held]) -> Iterator[list[Held]]:
    """A few of them at a time."""
    for begin in range(0, len(items), WIDTH):
        yield list(items[begin : begin + WIDTH])


def here(parts: list[str], counting: Counting) -> Answer:
    """Count in this process, one part after the other."""
    return tree(parts, lambda part: part_count(part, counting), parts_join)


def parts_sums(path: Path, counting: Counting, count: Tree) -> Sums:
    """The sums of all ballots in a file or folder. BadCell says what cannot be counted."""
    # Other machines have other working folders.
    parts = [str(part.absolute()) for part in parquet.parts_of(path)]
    found = count(parts, counting)
    if isinstance(found, Refused):
        raise BadCell(sentence(found, parts, path.absolute()))
    if not found.sums.voters:
        raise BadCell("there is no ballot in it")
    return found.sums


def sentence(refused: Refused, parts: list[str], folder: Path) -> str:
    """What is wrong, with the part that shows it where there are several."""
    if refused.mark:
        return two_parts(refused.mark, parts, folder)
    is_alone = not refused.part or refused.part == str(folder)
    return refused.why if is_alone else f"{name_in(folder, refused.part)}: {refused.why}"


def two_parts(mark: bytes, parts: list[str], folder: Path) -> str:
    """Whose rows stand in which parts. The mark only says that somebody's do: look who it is."""
    found: list[str] = []
    whose = ""
    for part in parts:
        for voter in parquet.read(Path(part)).voter.values:
            if mark_of(voter) == mark:
                whose = voter
                found.append(name_in(folder, part))
    where = " and ".join(found)
    return f"{shown(whose)} has rows in {where}; a voter's rows belong into one part"


def name_in(folder: Path, part: str) -> str:
    """A part's name within its folder."""
    return str(Path(part).relative_to(folder))
