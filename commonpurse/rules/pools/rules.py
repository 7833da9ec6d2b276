"""The rules for pools by name, with their parameters as text: what a command or a program sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from commonpurse.rules.exact import exact, shown, whole
from commonpurse.rules.pools import phantoms
from commonpurse.rules.pools.ballots import CARRIED, BadBallot, Vote, shares_counted
from commonpurse.rules.pools.consensus import Menu, interpolated_consensus
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.remainder import Bounds, Division, divide
from commonpurse.rules.pools.shares import Shares
from commonpurse.rules.pools.sums import Counting, Sums
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
    given = given_checked(rule, pool, parameters)
    return divided(rule, shares_of(rule, votes, pool, given), pool, given)


def sums_divide(rule: str, sums: Sums, *, pool: int, parameters: Mapping[str, str]) -> Division:
    """Divide a pool by ballots that were counted by `counting_for` the same rule and parameters."""
    given = given_checked(rule, pool, parameters)
    if rule in PHANTOMS:
        found = PHANTOMS[rule](sums.counted(given.texts.get("carry_over", CARRIED)))
        return divided(rule, found, pool, given)
    try:
        # What was counted has faded, and votes of today fade no more, whatever the parameters.
        found = shares_of(rule, sums.votes(), pool, given)
    except BadBallot as fault:
        raise ValueError(f"a ballot {fault.why}") from fault
    return divided(rule, found, pool, given)


def counting_for(rule: str, *, pool: int, parameters: Mapping[str, str]) -> Counting:
    """How ballots are counted for this rule. ValueError as with `pool_divide`."""
    given = given_checked(rule, pool, parameters)
    if rule == "votermedia":
        return Counting(fading=votermedia_read(given).fading, divides=False)
    if rule == "interpolated-consensus":
        menu_read(given)
        return Counting(fading=fading_read(given), divides=False)
    carry_over = given.texts.get("carry_over", CARRIED)
    return Counting(fading_read(given), total_read(given), carry_over)


def given_checked(rule: str, pool: int, parameters: Mapping[str, str]) -> Given:
    """The parameters, where rule, pool and their names can be. ValueError else."""
    if rule not in PARAMETERS:
        raise ValueError(f"there is no rule {shown(rule)}; there are {', '.join(PARAMETERS)}")
    if not 0 < pool <= POOL_MAX:
        raise ValueError(f"a pool has 1 to {POOL_MAX} minor units, not {pool}")
    for name in parameters:
        if name not in PARAMETERS[rule]:
            known = ", ".join(PARAMETERS[rule])
            raise ValueError(f"{rule} has no parameter {shown(name)}; it has {known}")
    given = Given(parameters)
    # Nobody counts for an hour to hear then that there is no such cap.
    bounds_read(given)
    return given


def bounds_read(given: Given) -> Bounds:
    """Between which shares a channel gets something, and how much at most."""
    return Bounds(cap=given.number("cap", Fraction(1)), floor=given.number("floor", Fraction(0)))


def divided(rule: str, found: Shares, pool: int, given: Given) -> Division:
    """A pool by the shares that a rule found."""
    if rule in PHANTOMS:
        found = found.without(given.texts.get("carry_over", CARRIED))
    return divide(pool, found, bounds=bounds_read(given))


def shares_of(rule: str, votes: Sequence[Vote], pool: int, given: Given) -> Shares:
    """Exact shares by this rule."""
    if rule == "votermedia":
        return votermedia(votes, votermedia_read(given))
    if rule == "interpolated-consensus":
        menu = menu_read(given)
        return interpolated_consensus(votes, pool=pool, menu=menu, fading=fading_read(given))
    carry_over = given.texts.get("carry_over", CARRIED)
    counted = shares_counted(
        votes, total=total_read(given), carry_over=carry_over, fading=fading_read(given)
    )
    return PHANTOMS[rule](counted)


def fading_read(given: Given) -> Fading:
    """How ballots fade, where the parameters say that they do."""
    return Fading(given.days("full_days"), given.days("valid_days"), given.days("half_life"))


def total_read(given: Given) -> Fraction:
    """What a whole ballot sums to."""
    total = given.number("total", Fraction(1))
    if not total:
        raise ValueError("total: a whole of nothing cannot be divided")
    return total


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
