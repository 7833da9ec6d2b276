"""A round of Equal Shares in exact fractions: what settles ties, and money that just suffices."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from commonpurse.rules.projects.election import Election


@dataclass
class Purses:
    """Every voter's budget, exactly. Few amounts are different, so voters point to theirs."""

    election: Election
    endowment: Fraction
    amounts: list[Fraction] = field(default_factory=list)
    places: dict[Fraction, int] = field(default_factory=dict)
    held: list[int] = field(default_factory=list)
    paid_for: int = 0

    def __post_init__(self) -> None:
        """Everybody begins with the endowment."""
        self.held = [self.place_of(self.endowment)] * self.election.voters

    def place_of(self, amount: Fraction) -> int:
        """Where this amount stands, now at the latest."""
        if amount not in self.places:
            self.places[amount] = len(self.amounts)
            self.amounts.append(amount)
        return self.places[amount]

    def level(self, project: int) -> Fraction | None:
        """What each supporter pays at most, nothing when they cannot pay together."""
        rest = Fraction(self.election.costs[project])
        counted = Counter(self.held[voter] for voter in self.election.support.of(project))
        payers = sum(counted.values())
        for amount, count in sorted((self.amounts[at], many) for at, many in counted.items()):
            if amount * payers >= rest:
                return rest / payers
            rest -= amount * count
            payers -= count
        return None

    def pay(self, project: int) -> Fraction:
        """Let everybody who approves pay."""
        level = self.level(project)
        assert level is not None, "only what can be paid for is chosen"
        for voter in self.election.support.of(project):
            amount = self.amounts[self.held[voter]]
            self.held[voter] = self.place_of(max(Fraction(0), amount - level))
        self.paid_for += 1
        return level

    def catch_up(self, winners: Iterable[int]) -> None:
        """Pay for what was chosen since."""
        for project in list(winners)[self.paid_for :]:
            self.pay(project)

    def choose(self, bounds: list[tuple[float, int]]) -> tuple[int, Fraction] | None:
        """The next winner and its level, among projects with a lower bound of their rates."""
        best: tuple[Fraction, int, int] | None = None
        for below, project in sorted(bounds):
            if best is not None and below > best[0]:
                break
            level = self.level(project)
            if level is not None:
                rate = level / self.election.costs[project]
                found = (rate, self.election.ranks[project], project)
                best = found if best is None else min(best, found)
        if best is None:
            return None
        return best[2], best[0] * self.election.costs[best[2]]
