"""An election among whole projects: what they cost, what there is, and who approves of what.

Ties everywhere go to the project with more votes, then the cheaper one, then the earlier in the
file. Money is in whole parts of the currency's unit, as fine as the file's decimals need.
"""

from array import array
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from commonpurse.rules.compiled import COMPILE_MIN, compiled


@dataclass(frozen=True)
class Election:
    """Projects, and ballots as one row of project numbers after the other.

    Voter i approves of `approvals[starts[i]:starts[i + 1]]`, each project once.
    """

    projects: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    unit: int
    starts: "array[int]"
    approvals: "array[int]"

    def __post_init__(self) -> None:
        """Refuse, with ValueError, what no rule can count."""
        if self.budget <= 0 or min(self.costs, default=1) <= 0:
            raise ValueError("a budget and every cost are more than zero")
        assert len(self.costs) == len(self.projects)
        assert self.starts[0] == 0
        assert self.starts[-1] == len(self.approvals)

    @property
    def voters(self) -> int:
        """How many voted, those who approve of nothing too."""
        return len(self.starts) - 1

    @property
    def is_large(self) -> bool:
        """Whether compiling pays."""
        return len(self.approvals) >= COMPILE_MIN

    @cached_property
    def support(self) -> "Support":
        """The same ballots seen from the projects."""
        return support_of(self)

    @cached_property
    def support_arrays(self) -> "Support":
        """The same as arrays, for what runs often enough over few votes."""
        if self.is_large:
            return self.support
        import numpy as np

        return Support(
            starts=np.array(self.support.starts, dtype=np.int64),
            voters=np.array(self.support.voters, dtype=np.int32),
        )

    @cached_property
    def ranks(self) -> list[int]:
        """Each project's place in the order in which ties are broken, which is greedy's too."""
        votes = self.support.votes
        order = sorted(
            range(len(self.projects)), key=lambda one: (-votes[one], self.costs[one], one)
        )
        places = [0] * len(order)
        for place, project in enumerate(order):
            places[project] = place
        return places

    def money(self, parts: int | Fraction) -> Fraction:
        """Parts of the currency as units of it."""
        return Fraction(parts) / self.unit


@dataclass(frozen=True)
class Support:
    """Project p is approved of by `voters[starts[p]:starts[p + 1]]`: lists, or arrays if many."""

    starts: Any
    voters: Any

    @property
    def votes(self) -> list[int]:
        """How many approve of each project."""
        return [int(self.starts[p + 1] - self.starts[p]) for p in range(len(self.starts) - 1)]

    def of(self, project: int) -> list[int]:
        """Who approves of this project."""
        found = self.voters[self.starts[project] : self.starts[project + 1]]
        return found if isinstance(found, list) else found.tolist()


def support_of(election: Election) -> Support:
    """Turn the ballots over: from voters' rows to projects' rows."""
    count = len(election.projects)
    if not election.is_large:
        rows: list[list[int]] = [[] for _ in range(count)]
        for voter in range(election.voters):
            for place in range(election.starts[voter], election.starts[voter + 1]):
                rows[election.approvals[place]].append(voter)
        starts = [0]
        for row in rows:
            starts.append(starts[-1] + len(row))
        return Support(starts=starts, voters=[voter for row in rows for voter in row])
    import numpy as np

    ballots = np.frombuffer(election.starts, dtype=np.int64)
    approvals = np.frombuffer(election.approvals, dtype=np.int32)
    begins = np.zeros(count + 1, dtype=np.int64)
    begins[1:] = np.cumsum(np.bincount(approvals, minlength=count))
    voters = np.empty(len(approvals), dtype=np.int32)
    compiled(turn_over)(ballots, approvals, begins[:-1].copy(), voters)
    return Support(starts=begins, voters=voters)


def turn_over(starts: Any, approvals: Any, next_free: Any, voters: Any) -> None:
    """Write each voter into the rows of the projects approved of."""
    for voter in range(len(starts) - 1):
        for place in range(starts[voter], starts[voter + 1]):
            project = approvals[place]
            voters[next_free[project]] = voter
            next_free[project] += 1


def ballots_make(rows: "list[list[int]]") -> "tuple[array[int], array[int]]":
    """Rows of project numbers as `starts` and `approvals`."""
    starts = array("q", [0])
    approvals = array("i")
    for row in rows:
        approvals.extend(row)
        starts.append(len(approvals))
    return starts, approvals
