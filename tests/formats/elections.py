"""Files of votes, written as people and cities write them."""

from collections.abc import Callable
from io import BytesIO

from commonpurse.formats import ballots, pabulib
from commonpurse.formats.lines import BadLine
from commonpurse.rules.projects.election import Election

PROJECTS = "PROJECTS\nproject_id;cost\na;50\nb;50\nc;20\n"
VOTES = "VOTES\nvoter_id;vote\n1;a\n2;a,c\n3;b\n4;a,c\n"


def meta(budget: str = "60", kind: str = "approval", more: str = "") -> str:
    return f"META\nkey;value\nbudget;{budget}\nvote_type;{kind}\n{more}"


WORKED = meta() + PROJECTS + VOTES


def pb(text: str | bytes) -> Election:
    return pabulib.read(BytesIO(text if isinstance(text, bytes) else text.encode()))


def csv(text: str | bytes) -> ballots.Ballots:
    return ballots.read(BytesIO(text if isinstance(text, bytes) else text.encode()))


def approvals(election: Election) -> list[list[str]]:
    return [
        [election.projects[one] for one in election.approvals[begin:end]]
        for begin, end in zip(election.starts, election.starts[1:], strict=False)
    ]


def reads_or_refuses(read: Callable[[bytes], object], data: bytes) -> bool:
    """Whether it was read, or refused in one line that a terminal may show."""
    try:
        read(data)
    except BadLine as refusal:
        return refusal.message.isprintable() and refusal.line >= 1
    return True
