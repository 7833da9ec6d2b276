"""Heaps of random ballots, and the same as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from commonpurse.rules.pools.ballots import Vote
from commonpurse.rules.pools.columns import Column, Rows
from commonpurse.rules.pools.parts import part_of
from commonpurse.rules.pools.rules import PHANTOMS
from commonpurse.rules.pools.sums import Counting, Sums

CHANNELS = ["a", "b", "é", "Z"]
PARTS = 20
FADINGS: list[dict[str, str]] = [{}, {"half_life": "12"}, {"full_days": "10", "valid_days": "60"}]


@dataclass(frozen=True)
class Asked:
    """A rule with its parameters."""

    rule: str
    pool: int
    parameters: dict[str, str]


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Any rule that takes values which are whole twentieths of a hundred."""
    rule = draw(st.sampled_from([*PHANTOMS, "votermedia", "interpolated-consensus"]))
    parameters = dict(draw(st.sampled_from(FADINGS)))
    if rule in PHANTOMS:
        parameters["total"] = "100"
        if draw(st.booleans()):
            parameters["carry_over"] = draw(st.sampled_from(CHANNELS))
    if rule == "votermedia":
        parameters.pop("half_life", None)
        parameters["spread"] = draw(st.sampled_from(["1", "8"]))
    if draw(st.booleans()):
        parameters["cap"] = "1/3"
    return Asked(rule, draw(st.integers(1, 10**6)), parameters)


@st.composite
def ballot(draw: st.DrawFn, voter: str, has_ages: bool) -> list[Vote]:
    """One voter's rows, which sum to at most 100."""
    channels = draw(st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True))
    age_days = draw(st.sampled_from([0, 3, 29, 35, 400])) if has_ages else 0
    weight = Fraction(draw(st.sampled_from(["1", "1/3", "0", "2.5"]))) if has_ages else Fraction(1)
    left = PARTS
    votes = []
    for channel in channels:
        part = draw(st.integers(0, left))
        left -= part
        value = Fraction(100 * part, PARTS)
        votes.append(Vote(voter, channel, value, age_days, weight))
    return votes


@st.composite
def heaps(draw: st.DrawFn) -> list[list[Vote]]:
    """Three to five heaps of ballots; no voter is in two."""
    has_ages = draw(st.booleans())
    counts = draw(st.lists(st.integers(0, 4), min_size=3, max_size=5).filter(any))
    return [
        [
            vote
            for number in range(count)
            for vote in draw(ballot(f"{at}-{number}", has_ages=has_ages))
        ]
        for at, count in enumerate(counts)
    ]


def column(cells: Sequence[Any]) -> Column:
    return Column.of(cells, np.arange(len(cells)))


def rows_of(votes: Sequence[Vote]) -> Rows:
    """The same in columns."""
    return Rows(
        voter=column([one.voter for one in votes]),
        channel=column([one.channel for one in votes]),
        value=column([one.value for one in votes]),
        age_days=column([one.age_days for one in votes]),
        weight=column([one.weight for one in votes]),
    )


def heap_of(votes: Sequence[Vote]) -> Sums:
    """The sums of ballots that divide a whole of 1."""
    return part_of(rows_of(votes), Counting()).sums
