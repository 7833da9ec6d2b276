"""Sequential Phragmén: money trickles to the voters, and what can be paid for is bought at once.

Everybody earns one unit an hour, without end. As soon as a project's supporters hold its cost
together it is bought, and they begin again from nothing. So the next one is bought at the hour
t = (cost + sum over supporters of the hour at which she last paid) / supporters.

It needs no completion. What costs more than the whole budget is not for sale. When the next
purchase would overspend, the rule ends (`stop`, the default) or passes that project over and goes
on (`skip`). Ties: more votes, then cheaper, then earlier in the file.

Worked number: budget 90; a costs 60 with 3 supporters, b 40 with 2 who also support a, c 30 with
one of her own. a is bought at 20; c at 30, and 90 are spent. b would have come at (40 + 40)/2 = 40.

Source: Brill, Freeman, Janson, Lackner, “Phragmén's Voting Methods and Justified Representation”
(2017), with costs.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from commonpurse.rules.compiled import compiled
from commonpurse.rules.projects.election import Election

OVERSPEND = ("stop", "skip")
CELLS_MAX = 50_000_000
MARGIN = 2.0**-30
"""Sums of some thousand positive floats are nearer to the truth than this part of themselves."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project and the hour at which it was bought."""

    project: int
    hour: Fraction


def phragmen(election: Election, *, overspend: str = "stop") -> list[Purchase]:
    """What is bought, in the order of buying. ValueError for another way to end."""
    if overspend not in OVERSPEND:
        raise ValueError(f"overspend is one of {', '.join(OVERSPEND)}, not {overspend}")
    trickle = Trickle(election)
    left = election.budget
    open_now = [
        one
        for one, votes in enumerate(election.support.votes)
        if votes and election.costs[one] <= left
    ]
    bought: list[Purchase] = []
    while open_now:
        if overspend == "skip":
            open_now = [one for one in open_now if election.costs[one] <= left]
        if not open_now:
            break
        project, hour = trickle.next_of(open_now)
        if election.costs[project] > left:
            break
        open_now.remove(project)
        left -= election.costs[project]
        trickle.pay(project, hour)
        bought.append(Purchase(project, hour))
    return bought


class Trickle:
    """Who last paid when, counted per project: `counts[p × width + k]` paid at `hours[k]`."""

    def __init__(self, election: Election) -> None:
        """Nobody has paid yet, which is to have paid at hour 0."""
        self.election = election
        self.votes = election.support.votes
        self.width = len(self.votes) + 1
        self.hours = [Fraction(0)]
        self.counts: Any = defaultdict(int)
        self.last: Any = [0] * election.voters
        self.starts: Any = election.starts
        self.approvals: Any = election.approvals
        self.is_compiled = election.is_large and self.width**2 <= CELLS_MAX
        if self.is_compiled:
            import numpy as np

            self.counts = np.zeros(self.width * len(self.votes), dtype=np.int64)
            self.last = np.zeros(election.voters, dtype=np.int32)
            self.starts = np.frombuffer(election.starts, dtype=np.int64)
            self.approvals = np.frombuffer(election.approvals, dtype=np.int32)
        for project, count in enumerate(self.votes):
            self.counts[project * self.width] = count
        self.floats_know()

    def next_of(self, projects: list[int]) -> tuple[int, Fraction]:
        """What is bought next among these, and when: near ones are compared exactly."""
        near = {project: self.near(project) for project in projects}
        limit = min(near.values()) * (1 + MARGIN)
        hour, _, project = min(
            (self.exact(project), self.election.ranks[project], project)
            for project in projects
            if near[project] <= limit
        )
        return project, hour

    def floats_know(self) -> None:
        """The hours once more, as floats."""
        self.floats: Any = [float(hour) for hour in self.hours]
        if self.is_compiled:
            import numpy as np

            self.floats = np.array(self.floats)

    def row(self, project: int) -> Iterator[tuple[int, int]]:
        """How many supporters last paid at each hour at which any did."""
        begin = project * self.width
        for at in range(len(self.hours)):
            count = int(self.counts[begin + at])
            if count:
                yield count, at

    def near(self, project: int) -> float:
        """About the hour at which its supporters can pay."""
        if self.is_compiled:
            begin = project * self.width
            paid = float(self.counts[begin : begin + len(self.floats)] @ self.floats)
        else:
            paid = sum(count * self.floats[at] for count, at in self.row(project))
        return (self.election.costs[project] + paid) / self.votes[project]

    def exact(self, project: int) -> Fraction:
        """The hour at which its supporters can pay."""
        paid = sum((count * self.hours[at] for count, at in self.row(project)), Fraction(0))
        return (self.election.costs[project] + paid) / self.votes[project]

    def pay(self, project: int, hour: Fraction) -> None:
        """Everybody who approves has paid now."""
        self.hours.append(hour)
        self.floats_know()
        move: Any = compiled(paid_now) if self.is_compiled else paid_now
        support = self.election.support
        begin, end = support.starts[project], support.starts[project + 1]
        voters = support.voters[begin:end]
        move(
            voters,
            self.starts,
            self.approvals,
            self.last,
            self.counts,
            self.width,
            len(self.hours) - 1,
        )


def paid_now(
    voters: Any, starts: Any, approvals: Any, last: Any, counts: Any, width: int, hour: int
) -> None:
    """Move these voters, in every project that they approve of, to the newest hour."""
    for voter in voters:
        for place in range(starts[voter], starts[voter + 1]):
            row = approvals[place] * width
            counts[row + last[voter]] -= 1
            counts[row + hour] += 1
        last[voter] = hour
