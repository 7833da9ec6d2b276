"""The rules for whole projects once more, slow and obvious, in fractions alone."""

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from commonpurse.rules.projects.election import Election, ballots_make


@dataclass(frozen=True)
class Vote:
    """A small election as people would write it down."""

    costs: list[int]
    ballots: list[set[int]]
    budget: int

    def election(self) -> Election:
        starts, approvals = ballots_make([sorted(ballot) for ballot in self.ballots])
        names = tuple(f"p{number}" for number in range(len(self.costs)))
        return Election(names, tuple(self.costs), self.budget, 1, starts, approvals)

    def supporters(self, project: int) -> list[int]:
        return [voter for voter, ballot in enumerate(self.ballots) if project in ballot]

    def tie_order(self, project: int) -> tuple[int, int, int]:
        return -len(self.supporters(project)), self.costs[project], project


def slow_rate(cost: int, held: list[Fraction]) -> Fraction | None:
    """The smallest rho with sum of min(held, rho × cost) = cost, tried at every corner."""
    if sum(held) < cost:
        return None
    for corner in sorted(held):
        less = [one for one in held if one < corner]
        level = (cost - sum(less)) / Fraction(len(held) - len(less))
        if level <= corner:
            return level / cost
    raise AssertionError


def slow_equal_shares(vote: Vote, endowment: Fraction) -> list[int]:
    held = [endowment] * len(vote.ballots)
    chosen: list[int] = []
    while True:
        rates = {}
        for project, cost in enumerate(vote.costs):
            supporters = vote.supporters(project)
            if project not in chosen and supporters:
                rate = slow_rate(cost, [held[voter] for voter in supporters])
                if rate is not None:
                    rates[project] = rate
        if not rates:
            return chosen
        best = min(rates, key=lambda one: (rates[one], vote.tie_order(one)))
        for voter in vote.supporters(best):
            held[voter] -= min(held[voter], rates[best] * vote.costs[best])
        chosen.append(best)


def slow_greedy(vote: Vote, chosen: list[int]) -> list[int]:
    left = vote.budget - sum(vote.costs[one] for one in chosen)
    found = list(chosen)
    for project in sorted(range(len(vote.costs)), key=vote.tie_order):
        if project not in chosen and vote.costs[project] <= left:
            found.append(project)
            left -= vote.costs[project]
    return found


def slow_completed(vote: Vote) -> list[int]:
    """Add one unit at a time, and forget nothing."""
    endowment = Fraction(vote.budget, len(vote.ballots))
    kept = slow_equal_shares(vote, endowment)
    supported = [one for one in range(len(vote.costs)) if vote.supporters(one)]
    while len(kept) < len(supported):
        endowment += 1
        tried = slow_equal_shares(vote, endowment)
        if sum(vote.costs[one] for one in tried) > vote.budget:
            break
        kept = tried
    return kept


def slow_phragmen(vote: Vote, overspend: str) -> list[int]:
    """Let money trickle; the next purchase is the nearest hour of all."""
    paid_at = [Fraction(0)] * len(vote.ballots)
    left = vote.budget
    chosen: list[int] = []
    passed: set[int] = set()
    while True:
        hours = {}
        for project, cost in enumerate(vote.costs):
            supporters = vote.supporters(project)
            if cost > vote.budget or project in chosen or project in passed:
                continue
            if supporters:
                hours[project] = (cost + sum(paid_at[voter] for voter in supporters)) / Fraction(
                    len(supporters)
                )
        if not hours:
            return chosen
        best = min(hours, key=lambda one: (hours[one], vote.tie_order(one)))
        if vote.costs[best] > left:
            if overspend == "stop":
                return chosen
            passed.add(best)
            continue
        left -= vote.costs[best]
        chosen.append(best)
        for voter in vote.supporters(best):
            paid_at[voter] = hours[best]


@st.composite
def votes(draw: st.DrawFn, *, voters_max: int = 8, cost_max: int = 12) -> Vote:
    """Small elections full of ties: few costs, few voters."""
    count = draw(st.integers(1, 6))
    costs = draw(st.lists(st.integers(1, cost_max), min_size=count, max_size=count))
    ballots = draw(st.lists(st.sets(st.integers(0, count - 1)), min_size=1, max_size=voters_max))
    return Vote(costs, ballots, draw(st.integers(1, 3 * cost_max)))
