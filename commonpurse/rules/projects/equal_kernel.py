"""The rounds of Equal Shares, with budgets known to lie between two whole numbers.

Every voter's budget is held as an interval in fixed point, `lo` and `hi`; sums are exact, divisions
are rounded outwards, so what is decided here is certain. What is not certain (a tie, or money that
suffices to the last bit) is handed back undecided, and decided in exact fractions.

Runs on lists as it stands and on int64 arrays compiled: see rules/compiled.py.
"""

from typing import Any

DONE, UNSURE, SPENT = 0, 1, 2
CANNOT, CAN, PERHAPS = 0, 1, 2
OPEN, CLOSED = 0, 1
NOBODY, UNDECIDED = -1, -2
# Of a quotient of two converted integers at most four roundings are taken together, 2^-53 each.
BELOW = 1.0 - 2.0**-50
ABOVE = 1.0 + 2.0**-50


def fill(
    cost: int, voters: Any, begin: int, end: int, budgets: Any, level: int
) -> tuple[int, int, int]:
    """The whole part of the level at which budgets cut off there sum to the cost, from below.

    Begins at a `level` that is not too high. Also the part of the cost that is left to those who
    reach the level, and how many they are.
    """
    while True:
        rest = cost
        rich = 0
        for place in range(begin, end):
            budget = budgets[voters[place]]
            if budget > level:
                rich += 1
            else:
                rest -= budget
        if rich == 0 or rest // rich <= level:
            return level, rest, rich
        level = rest // rich


def price(
    cost: int, voters: Any, begin: int, end: int, lo: Any, hi: Any, level: int
) -> tuple[int, int, int, int]:
    """Whether supporters can pay, the bounds of what each pays at most, and how many pay just that.

    The last is given only when nobody pays less: then the rate is exactly one over that number.
    """
    total_lo = 0
    total_hi = 0
    able = 0
    for place in range(begin, end):
        voter = voters[place]
        if hi[voter] > 0:
            able += 1
            total_hi += hi[voter]
            total_lo += lo[voter]
    if total_hi < cost:
        return CANNOT, 0, 0, 0
    if total_lo < cost:
        return PERHAPS, 0, 0, 0
    least, _, _ = fill(cost, voters, begin, end, hi, level)
    most, rest, rich = fill(cost, voters, begin, end, lo, least)
    if most * rich < rest:
        most += 1
    if rich == able and rest == cost:
        return CAN, least, most, rich
    return CAN, least, most, 0


def weigh(
    costs: Any, starts: Any, voters: Any, lo: Any, hi: Any, status: Any, levels: Any, found: Any
) -> int:
    """Price what may be cheapest; `found[p]` becomes (round's mark, least, most, sharers).

    Answers the project with the smallest upper bound; NOBODY; UNDECIDED where one may not be paid.
    """
    best = -1
    best_above = 0.0
    for project in range(len(costs)):
        found[4 * project] = 0
    while True:
        nearest = -1
        nearest_below = 0.0
        for project in range(len(costs)):
            if status[project] == OPEN and found[4 * project] == 0:
                below = levels[project] / costs[project] * BELOW
                if nearest < 0 or below < nearest_below:
                    nearest = project
                    nearest_below = below
        if nearest < 0 or (best >= 0 and nearest_below > best_above):
            return best
        can, least, most, sharers = price(
            costs[nearest], voters, starts[nearest], starts[nearest + 1], lo, hi, levels[nearest]
        )
        if can == PERHAPS:
            return UNDECIDED
        if can == CANNOT:
            status[nearest] = CLOSED
            continue
        levels[nearest] = least
        found[4 * nearest] = 1
        found[4 * nearest + 1] = least
        found[4 * nearest + 2] = most
        found[4 * nearest + 3] = sharers
        above = most / costs[nearest] * ABOVE
        if best < 0 or above < best_above:
            best = nearest
            best_above = above


def settle(costs: Any, ranks: Any, found: Any, best: int) -> int:
    """The cheapest rate's project among those priced, ties by rank, where that is sure."""
    best_above = found[4 * best + 2] / costs[best] * ABOVE
    contenders = 0
    shared = 0
    for project in range(len(costs)):
        if (
            found[4 * project] == 1
            and found[4 * project + 1] / costs[project] * BELOW <= best_above
        ):
            contenders += 1
            if found[4 * project + 3] > 0:
                shared += 1
                # Both rates are one over a whole number: these compare exactly.
                if found[4 * project + 3] > found[4 * best + 3] or (
                    found[4 * project + 3] == found[4 * best + 3] and ranks[project] < ranks[best]
                ):
                    best = project
    if contenders in (1, shared):
        return best
    return UNDECIDED


def pay(voters: Any, begin: int, end: int, lo: Any, hi: Any, least: int, most: int) -> None:
    """Take the price from everybody who approves."""
    for place in range(begin, end):
        voter = voters[place]
        lo[voter] = max(0, lo[voter] - most)
        hi[voter] = max(0, hi[voter] - least)


def rounds(
    costs: Any,
    starts: Any,
    voters: Any,
    ranks: Any,
    lo: Any,
    hi: Any,
    status: Any,
    levels: Any,
    found: Any,
    order: Any,
    prices: Any,
    progress: Any,
) -> int:
    """Choose until nothing can be paid, more than the budget is spent, or something is unsure.

    `progress` holds how many are chosen, in `order` and `prices`, and what the budget has left.
    Answers why it ended.
    """
    while True:
        best = weigh(costs, starts, voters, lo, hi, status, levels, found)
        if best == NOBODY:
            return DONE
        if best != UNDECIDED:
            best = settle(costs, ranks, found, best)
        if best == UNDECIDED:
            return UNSURE
        least = found[4 * best + 1]
        most = found[4 * best + 2]
        pay(voters, starts[best], starts[best + 1], lo, hi, least, most)
        status[best] = CLOSED
        order[progress[0]] = best
        prices[2 * progress[0]] = least
        prices[2 * progress[0] + 1] = most
        progress[0] += 1
        progress[1] -= costs[best]
        if progress[1] < 0:
            return SPENT
