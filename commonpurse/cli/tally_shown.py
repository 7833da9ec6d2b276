"""What `purse tally` prints: the documented JSON, and a table that says why."""

from collections.abc import Mapping
from fractions import Fraction

from commonpurse.rules.pools.remainder import Division
from commonpurse.rules.projects.equal_shares import EqualShares
from commonpurse.rules.projects.rules import Chosen

DIGITS = 6
NAME_WIDTH = 34
WHY = {
    "t": "t*: each member's stake in every channel that she supports is this part of the pool",
    "rank": "rank: a channel has what so much weight of ballots gives it or more",
    "height": "height: the common level at which shares between two ranks are cut",
    "cutoff": "cutoff: an award is the largest amount that so many votes support",
    "highest_bid": "highest bid: the most support for one point more, when trading ended",
    "lowest_offer": "lowest offer: the least support for a point held, when trading ended",
}


def ratio(number: Fraction) -> str:
    """An exact number as p/q, whole ones too."""
    return f"{number.numerator}/{number.denominator}"


def amount(number: Fraction) -> int | str:
    """Money: a whole number where it is one, else its decimals as text."""
    return int(number) if number.denominator == 1 else decimals(number)


def decimals(number: Fraction, digits: int = DIGITS) -> str:
    """A number with so many decimals, rounded half up, without trailing zeros."""
    scaled = number * 10**digits + Fraction(1, 2)
    head, tail = divmod(scaled.numerator // scaled.denominator, 10**digits)
    return f"{head:,}.{tail:0{digits}}".replace(",", "").rstrip("0").rstrip(".")


def voters_shown(count: int) -> str:
    """How many voted."""
    return f"{count:,} voter" if count == 1 else f"{count:,} voters"


def name_shown(name: str) -> str:
    """A name in a column of a table."""
    return name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1] + "…"


def division_value(
    rule: str, division: Division, parameters: Mapping[str, str]
) -> dict[str, object]:
    """A divided pool as JSON."""
    return {
        "rule": rule,
        "pool": division.pool,
        "shares": {name: ratio(share) for name, share in division.shares.items()},
        "awards": division.awards,
        "residual": division.residual,
        "parameters": dict(parameters),
        "why": division.why,
    }


def division_table(rule: str, division: Division, *, voters: int) -> str:
    """A divided pool for people."""
    among = f"{division.pool:,} minor units among {len(division.awards)} channels"
    lines = [
        f"{rule}: {among}, by {voters_shown(voters)}",
        "",
        f"  {'channel':<{NAME_WIDTH}}  {'share':>10}  {'award':>15}",
    ]
    for name in sorted(division.awards, key=lambda one: -division.awards[one]):
        share = decimals(division.shares[name] * 100, 2)
        lines.append(
            f"  {name_shown(name):<{NAME_WIDTH}}  {share:>8} %  {division.awards[name]:>15,}"
        )
    rest = decimals((1 - sum(division.shares.values(), Fraction(0))) * 100, 2)
    lines.append(f"  {'(carried over)':<{NAME_WIDTH}}  {rest:>8} %  {division.residual:>15,}")
    lines.append(f"  {'':<{NAME_WIDTH}}  {'':>10}  {division.pool:>15,}")
    if division.why:
        lines += ["", "Why:"]
        lines += [f"  {division.why[name]:>12}  {WHY[name]}" for name in division.why]
    return "\n".join(lines) + "\n"


def chosen_value(chosen: Chosen) -> dict[str, object]:
    """Chosen projects as JSON."""
    election = chosen.election
    value: dict[str, object] = {
        "rule": chosen.rule,
        "winners": [election.projects[one] for one in chosen.winners],
        "cost": amount(chosen.cost),
        "budget": amount(election.money(election.budget)),
        "voters": election.voters,
        "votes": {name: election.support.votes[at] for at, name in enumerate(election.projects)},
    }
    if chosen.equal_shares:
        value |= shares_value(chosen, chosen.equal_shares)
    if chosen.purchases:
        value["purchases"] = [
            {
                "project": election.projects[one.project],
                "hour": decimals(election.money(one.hour)),
            }
            for one in chosen.purchases
        ]
    return value


def shares_value(chosen: Chosen, shares: EqualShares) -> dict[str, object]:
    """How equal shares were paid, as JSON."""
    election = chosen.election
    return {
        "endowment": ratio(election.money(shares.endowment)),
        "added": shares.added,
        "ended": shares.ended,
        "payments": [
            {
                "project": election.projects[one.project],
                "supporters": one.supporters,
                "pays_at_most": decimals(election.money(one.at_most)),
                "rate": decimals(one.at_most / election.costs[one.project], 9),
            }
            for one in shares.payments
        ],
        "topped_up": [election.projects[one] for one in shares.topped_up],
    }


def chosen_table(chosen: Chosen) -> str:
    """Chosen projects for people, in the order of choosing."""
    election = chosen.election
    budget = election.money(election.budget)
    count = f"{len(chosen.winners)} of {len(election.projects)} projects"
    lines = [
        f"{chosen.rule}: {count}, by {voters_shown(election.voters)}",
        "",
        f"  {'project':<{NAME_WIDTH}}  {'cost':>15}  {'votes':>9}  {how_heading(chosen)}".rstrip(),
    ]
    for project, how in steps(chosen):
        cost = decimals(election.money(election.costs[project]), 2)
        name = name_shown(election.projects[project])
        votes = election.support.votes[project]
        lines.append(f"  {name:<{NAME_WIDTH}}  {cost:>15}  {votes:>9,}  {how}".rstrip())
    lines.append(f"  {'together':<{NAME_WIDTH}}  {decimals(chosen.cost, 2):>15}")
    lines.append(
        f"  {'left of ' + decimals(budget, 2):<{NAME_WIDTH}}"
        f"  {decimals(budget - chosen.cost, 2):>15}"
    )
    if chosen.equal_shares:
        shares = chosen.equal_shares
        endowment = decimals(election.money(shares.endowment), 2)
        lines += ["", f"Why: every voter could spend {endowment}; {shares.ended}."]
        if shares.added:
            lines.append(f"That is {shares.added:,} more than an equal part of the budget.")
    return "\n".join(lines) + "\n"


def how_heading(chosen: Chosen) -> str:
    """What the last column says."""
    if chosen.equal_shares:
        return "each supporter paid at most"
    return "bought at hour" if chosen.purchases else ""


def steps(chosen: Chosen) -> list[tuple[int, str]]:
    """Projects in the order of choosing, with how each was paid."""
    money = chosen.election.money
    if chosen.equal_shares:
        shares = chosen.equal_shares
        paid = [(one.project, decimals(money(one.at_most), 2)) for one in shares.payments]
        return paid + [(one, "from what was left, by votes") for one in shares.topped_up]
    if chosen.purchases:
        return [(one.project, decimals(money(one.hour), 2)) for one in chosen.purchases]
    return [(one, "") for one in sorted(chosen.winners, key=chosen.election.ranks.__getitem__)]
