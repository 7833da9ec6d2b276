"""The rules for whole projects by name: what a command or a program asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.rules.exact import shown
from commonpurse.rules.projects.election import Election
from commonpurse.rules.projects.equal_shares import EqualShares, equal_shares
from commonpurse.rules.projects.greedy import greedy
from commonpurse.rules.projects.phragmen import Purchase, phragmen

RULES = ("equal-shares", "greedy", "phragmen")
PARAMETERS = {"equal-shares": ("completion",), "greedy": (), "phragmen": ("overspend",)}


@dataclass(frozen=True)
class Chosen:
    """The winners in the file's order, and how the rule came to them."""

    election: Election
    rule: str
    winners: list[int]
    equal_shares: EqualShares | None = None
    purchases: tuple[Purchase, ...] = ()

    @property
    def cost(self) -> Fraction:
        """What the winners cost together, in units of the currency."""
        return self.election.money(sum(self.election.costs[one] for one in self.winners))


def projects_choose(rule: str, election: Election, parameters: Mapping[str, str]) -> Chosen:
    """Choose projects. ValueError says what is wrong with rule or parameters."""
    if rule not in RULES:
        raise ValueError(f"there is no rule {shown(rule)}; there are {', '.join(RULES)}")
    for name in parameters:
        if name not in PARAMETERS[rule]:
            known = ", ".join(PARAMETERS[rule]) or "none"
            raise ValueError(f"{rule} has no parameter {shown(name)}; it has {known}")
    if rule == "equal-shares":
        shares = equal_shares(election, completion=parameters.get("completion", "add1"))
        return Chosen(election, rule, shares.winners, equal_shares=shares)
    if rule == "phragmen":
        bought = phragmen(election, overspend=parameters.get("overspend", "stop"))
        winners = sorted(one.project for one in bought)
        return Chosen(election, rule, winners, purchases=tuple(bought))
    return Chosen(election, rule, sorted(greedy(election)))
