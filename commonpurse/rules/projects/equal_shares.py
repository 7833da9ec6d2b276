"""The Method of Equal Shares with cost utilities: every voter has an equal part of the budget.

1. Each of n voters holds an endowment e = budget / n.
2. A project can be paid for when its supporters hold its cost together. Then the rate rho is the
   one with: sum over supporters of min(what she holds, rho × cost) = cost.
3. The project with the smallest rho is chosen, and each supporter pays min(holds, rho × cost).
4. So on, until nothing can be paid for. Ties: more votes, then cheaper, then earlier in the file.

`add1` completes: it begins anew with e + 1, e + 2, … units of the currency until an outcome first
costs more than the budget, or every supported project is chosen, and keeps the last that fitted.
It does not stop at the first outcome to which nothing can be added. `add1-greedy` then spends what
is left greedily.

Worked number: budget 60; a and b cost 50, c 20; ballots {a}, {a, c}, {b}, {a, c}. With 15 each,
only c is paid for, 10 from each of two: 40 stay. At 17, a's three supporters pay 50/3 each, rho 1/3
against 1/2 for c, and c can no longer be paid. At 27 both are paid for, 70 > 60. The answer is {a}.

Source: Peters, Pierczyński, Skowron, “Proportional Participatory Budgeting with Additive
Utilities” (2021).

Many endowments in a row have one outcome. A run with budgets “between e + 1 and e + 8” that is
certain at every step answers for all eight, so whole stretches are skipped without a guess.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from commonpurse.rules.compiled import compiled
from commonpurse.rules.projects import equal_kernel as kernel
from commonpurse.rules.projects.election import Election
from commonpurse.rules.projects.equal_exact import Purses
from commonpurse.rules.projects.greedy import greedy

COMPLETIONS = ("none", "add1", "add1-greedy")
SHIFT_PLAIN = 64
SHIFT_MIN = 16
BITS_MAX = 61
VOTES_MAX_PLAIN = 600_000
RUNS_FORESEEN = 30
"""After so many votes looked at, run after run, the rest is quicker compiled; and a completion has
some thirty runs at least."""


@dataclass(frozen=True, slots=True)
class Payment:
    """How a chosen project was paid for; amounts in parts, right to the last digit shown."""

    project: int
    supporters: int
    at_most: Fraction


@dataclass(frozen=True, slots=True)
class EqualShares:
    """What is chosen: by shares, in the order of choosing, and by completion."""

    payments: tuple[Payment, ...]
    topped_up: tuple[int, ...]
    endowment: Fraction
    added: int
    ended: str

    @property
    def winners(self) -> list[int]:
        """All projects chosen, in the file's order."""
        return sorted([*(one.project for one in self.payments), *self.topped_up])


@dataclass(frozen=True, slots=True)
class Found:
    """What a run with one stretch of endowments ends with."""

    order: tuple[int, ...]
    prices: tuple[tuple[int, int], ...]
    shift: int
    is_spent: bool


def equal_shares(election: Election, *, completion: str = "add1") -> EqualShares:
    """Choose projects. ValueError for a completion there is not."""
    if completion not in COMPLETIONS:
        raise ValueError(f"a completion is one of {', '.join(COMPLETIONS)}, not {completion}")
    if not election.voters:
        return EqualShares((), tuple(greedy(election)), Fraction(0), 0, "nobody voted")
    found = stretch_run(election, 0, 0)
    assert found is not None
    assert not found.is_spent, "equal parts of the budget never pay more than the budget"
    added, ended = 0, "not completed"
    if completion != "none":
        added, ended = completed(election, found)
        # What each paid is known well only for a single endowment, not for a stretch of them.
        last = stretch_run(election, added, added)
        assert last is not None
        found = last
    payments = tuple(
        Payment(
            project=project,
            supporters=election.support.votes[project],
            at_most=Fraction(low + high, 2 * 2**found.shift),
        )
        for project, (low, high) in zip(found.order, found.prices, strict=True)
    )
    topped_up = greedy(election, chosen=found.order) if completion == "add1-greedy" else []
    endowment = Fraction(election.budget, election.voters) + added * election.unit
    return EqualShares(payments, tuple(topped_up), endowment, added, ended)


def completed(election: Election, found: Found) -> tuple[int, str]:
    """How many units are added for the last outcome within the budget, and why it is the last."""
    supported = sum(votes > 0 for votes in election.support.votes)
    added, step, votes_seen = 0, 1, RUNS_FORESEEN * len(election.approvals)
    while len(found.order) < supported:
        is_compiled = votes_seen >= VOTES_MAX_PLAIN
        votes_seen += len(election.approvals)
        more = stretch_run(election, added + 1, added + step, is_compiled=is_compiled)
        if more is None:
            step = max(1, step // 2)
            continue
        if more.is_spent:
            return added, "one unit more would overspend"
        found = more
        # All endowments of the stretch ended so. The first with everything chosen is the last run.
        if len(found.order) == supported:
            return added + 1, "every supported project is chosen"
        added += step
        step *= 2
    return added, "every supported project is chosen"


def stretch_run(
    election: Election, first: int, last: int, *, is_compiled: bool = False
) -> Found | None:
    """The one outcome of all endowments with `first` to `last` units added.

    None where that is unsure, which it never is for a single endowment.
    """
    run = Run(election, first, last, is_compiled=is_compiled or election.is_large)
    purses: Purses | None = None
    while True:
        why = run.go_on()
        if why != kernel.UNSURE:
            break
        if first != last:
            return None
        if purses is None:
            endowment = Fraction(election.budget, election.voters) + first * election.unit
            purses = Purses(election, endowment)
        purses.catch_up(run.order[: run.count])
        if not run.decide(purses):
            break
    prices = [int(one) for one in run.prices[: 2 * run.count]]
    return Found(
        order=tuple(int(one) for one in run.order[: run.count]),
        prices=tuple(zip(prices[::2], prices[1::2], strict=True)),
        shift=run.shift,
        is_spent=run.left < 0,
    )


class Run:
    """The arrays of one run; `go_on` lets the kernel work until it ends or is unsure."""

    def __init__(self, election: Election, first: int, last: int, *, is_compiled: bool) -> None:
        """Give everybody the endowment, as an interval."""
        self.election = election
        count = len(election.projects)
        largest = max(election.budget + last * election.unit * election.voters, *election.costs, 1)
        self.shift = BITS_MAX - largest.bit_length()
        self.is_compiled = is_compiled and self.shift >= SHIFT_MIN
        if not self.is_compiled:
            self.shift = SHIFT_PLAIN
        budget = election.budget << self.shift
        low = budget // election.voters + (first * election.unit << self.shift)
        high = -(-budget // election.voters) + (last * election.unit << self.shift)
        costs = [cost << self.shift for cost in election.costs]
        votes = election.support.votes
        self.costs = self.numbers(costs)
        self.ranks = self.numbers(election.ranks)
        self.status = self.numbers([kernel.OPEN if one else kernel.CLOSED for one in votes])
        self.levels = self.numbers(
            [cost // max(1, one) for cost, one in zip(costs, votes, strict=True)]
        )
        self.found = self.numbers([0] * (4 * count))
        self.order = self.numbers([0] * count)
        self.prices = self.numbers([0] * (2 * count))
        self.lo, self.hi = self.filled(low), self.filled(high)
        self.progress = self.numbers([0, budget])
        support = election.support_arrays if self.is_compiled else election.support
        self.starts, self.voters = support.starts, support.voters
        if election.is_large and not self.is_compiled:
            self.starts, self.voters = support.starts.tolist(), support.voters.tolist()

    def numbers(self, given: list[int]) -> Any:
        """These numbers as the kernel takes them."""
        if not self.is_compiled:
            return list(given)
        import numpy as np

        return np.array(given, dtype=np.int64)

    def filled(self, amount: int) -> Any:
        """One amount for each voter."""
        if not self.is_compiled:
            return [amount] * self.election.voters
        import numpy as np

        return np.full(self.election.voters, amount, dtype=np.int64)

    def go_on(self) -> int:
        """Choose on; why it stopped."""
        run: Any = kernel.rounds
        if self.is_compiled:
            run = compiled(
                kernel.rounds,
                kernel.fill,
                kernel.price,
                kernel.weigh,
                kernel.settle,
                kernel.pay,
            )
        why = run(
            self.costs,
            self.starts,
            self.voters,
            self.ranks,
            self.lo,
            self.hi,
            self.status,
            self.levels,
            self.found,
            self.order,
            self.prices,
            self.progress,
        )
        return int(why)

    @property
    def count(self) -> int:
        """How many are chosen."""
        return int(self.progress[0])

    @property
    def left(self) -> int:
        """What the budget has left, scaled; below 0 when it is overspent."""
        return int(self.progress[1])

    def decide(self, purses: Purses) -> bool:
        """Choose once by exact fractions; False when nothing can be paid or too much is spent."""
        bounds = [
            (self.levels[project] / self.costs[project] * kernel.BELOW, project)
            for project in range(len(self.costs))
            if self.status[project] == kernel.OPEN
        ]
        chosen = purses.choose(bounds)
        if chosen is None:
            return False
        project, level = chosen
        scaled = level * 2**self.shift
        least = scaled.numerator // scaled.denominator
        most = -(-scaled.numerator // scaled.denominator)
        begin, end = self.starts[project], self.starts[project + 1]
        kernel.pay(self.voters, begin, end, self.lo, self.hi, least, most)
        self.status[project] = kernel.CLOSED
        self.order[self.count] = project
        self.prices[2 * self.count : 2 * self.count + 2] = self.numbers([least, most])
        self.progress[0] += 1
        self.progress[1] -= self.costs[project]
        return self.left >= 0
