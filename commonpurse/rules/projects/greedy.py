"""Greedy: the most votes first; what no longer fits is passed over.

Worked number: budget 100; a costs 60 with 5 votes, b 50 with 4, c 40 with 3. a is taken, b does
not fit the 40 that are left, c does. Most cities use this rule. It promises a minority nothing: 51
of 100 voters can take the whole budget.

Ties: more votes, then cheaper, then earlier in the file.
"""

from collections.abc import Collection

from commonpurse.rules.projects.election import Election


def greedy(election: Election, *, chosen: Collection[int] = ()) -> list[int]:
    """The projects taken, in the order of taking, after those that are `chosen` already."""
    left = election.budget - sum(election.costs[project] for project in chosen)
    taken = []
    order = sorted(range(len(election.projects)), key=election.ranks.__getitem__)
    for project in order:
        if project not in chosen and election.costs[project] <= left:
            taken.append(project)
            left -= election.costs[project]
    return taken
