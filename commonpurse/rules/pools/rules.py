"""The rules for pools by name, with their parameters as text: what a command or a program sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.rules.exact import exact, shown, whole
from commonpurse.rules.pools import phantoms
from commonpurse.rules.pools.ballots import CARRIED, Vote, shares_counted
from commonpurse.rules.pools.consensus import Menu, interpolated_consensus
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.remainder import Bounds, Division, divide
from commonpurse.rules.pools.shares import Shares
from commonpurse.rules.pools.votermedia import VoterMedia, votermedia

POOL_MAX = 10**15
"""As with amounts everywhere: more minor units than this are a fault."""

PHANTOMS = {
    "independent-markets": phantoms.independent_markets,
    "utilitarian": phantoms.utilitarian,
    "mean": phantoms.mean,
}
BOUNDS = ("cap", "floor")
FADING = ("full_days", "valid_days", "half_life")
DIVIDING = ("total", "carry_over", *FADING, *BOUNDS)
PARAMETERS = {
    **dict.fromkeys(PHANTOMS, DIVIDING),
    "votermedia": (
        "range",
        "spread",
        "bonus_votes",
        "residual",
        "full_days",
        "valid_days",
        *BOUNDS,
    ),
    "interpolated-consensus": ("step", "grid", *FADING, *BOUNDS),
}
"""Each rule and the parameters that it takes."""


@dataclass(frozen=True)
class Given:
    """Parameters as text, read one by one; ValueError names the one that is wrong."""

    texts: Mapping[str, str]

    def number(self, name: str, default: Fraction) -> Fraction:
        """An exact number."""
        try:
            return exact(self.texts[name]) if name in self.texts else default
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from fault

    def days(self, name: str) -> int | None:
        """A whole number, where one is given."""
        try:
            return whole(self.texts[name]) if name in self.texts else None
        except ValueError as fault:
            raise ValueError(f"{name}: {fault}") from fault


def pool_divide(
    rule: str, votes: Sequence[Vote], *, pool: int, parameters: Mapping[str, str]
) -> Division:
    """Divide a pool of minor units among channels.

    ValueError says what is wrong with rule, pool or parameters; BadBallot, with a ballot.
    """
    if rule not in PARAMETERS:
        raise ValueError(f"there is no rule {shown(rule)}; there are {', '.join(PARAMETERS)}")
    if not 0 < pool <= POOL_MAX:
        raise ValueError(f"a pool has 1 to {POOL_MAX} minor units, not {pool}")
    for name in parameters:
        if name not in PARAMETERS[rule]:
            known = ", ".join(PARAMETERS[rule])
            raise ValueError(f"{rule} has no parameter {shown(name)}; it has {known}")
    given = Given(parameters)
    bounds = Bounds(cap=given.number("cap", Fraction(1)), floor=given.number("floor", Fraction(0)))
    found = shares_of(rule, votes, pool, given)
    if rule in PHANTOMS:
        found = found.without(parameters.get("carry_over", CARRIED))
    return divide(pool, found, bounds=bounds)


def shares_of(rule: str, votes: Sequence[Vote], pool: int, given: Given) -> Shares:
    """Exact shares by this rule."""
    if rule == "votermedia":
        return votermedia(votes, votermedia_read(given))
    fading = Fading(given.days("full_days"), given.days("valid_days"), given.days("half_life"))
    if rule == "interpolated-consensus":
        menu = menu_read(given)
        return interpolated_consensus(votes, pool=pool, menu=menu, fading=fading)
    total = given.number("total", Fraction(1))
    if not total:
        raise ValueError("total: a whole of nothing cannot be divided")
    carry_over = given.texts.get("carry_over", CARRIED)
    counted = shares_counted(votes, total=total, carry_over=carry_over, fading=fading)
    return PHANTOMS[rule](counted)


def votermedia_read(given: Given) -> VoterMedia:
    """The parameters of a VoterMedia tally, each with its default."""
    default = VoterMedia()
    full, valid = given.days("full_days"), given.days("valid_days")
    fading = Fading(
        default.fading.full_days if full is None else full,
        default.fading.valid_days if valid is None else valid,
    )
    return VoterMedia(
        support_range=given.number("range", default.support_range),
        spread=given.number("spread", default.spread),
        bonus_votes=given.number("bonus_votes", default.bonus_votes),
        residual=given.texts.get("residual", default.residual),
        fading=fading,
    )


def menu_read(given: Given) -> Menu:
    """The steps of an interpolated consensus: of step and grid, one gives the other, 5 to 1."""
    step, grid = given.days("step"), given.days("grid")
    if step is None and grid is None:
        return Menu()
    if 0 in (step, grid):
        raise ValueError("step and grid: a menu has steps above 0")
    if step is None:
        assert grid is not None
        return Menu(5 * grid, grid)
    if grid is None and step % 5:
        raise ValueError("grid: give it, or a step that is a multiple of 5")
    return Menu(step, step // 5 if grid is None else grid)
