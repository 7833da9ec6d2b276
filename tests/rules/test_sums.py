"""Ballots counted in parts and added give the very cents of ballots counted at once."""

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings

from commonpurse.rules.compiled import INT64_MAX
from commonpurse.rules.pools.ballots import BadBallot, Vote
from commonpurse.rules.pools.parts import TwoParts, joined, mark_of, part_of
from commonpurse.rules.pools.remainder import Division
from commonpurse.rules.pools.rules import PARAMETERS, counting_for, pool_divide, sums_divide
from commonpurse.rules.pools.sums import Counting, Group, Sums, added, groups_added
from tests.rules.heaps import Asked, asked, heap_of, heaps, rows_of

WORKED = [("1", "news", 1), ("2", "news", 1), ("3", "code", 1), ("4", "music", 1)]


def votes_of(rows: Sequence[tuple[str, str, Fraction | int]]) -> list[Vote]:
    return [Vote(voter, channel, Fraction(value)) for voter, channel, value in rows]


def same(one: Division, other: Division) -> bool:
    """The same to the bit: shares, cents, what is carried over and what it was found by."""
    return (one.shares, one.awards, one.residual, one.why) == (
        other.shares,
        other.awards,
        other.residual,
        other.why,
    )


def by_groups(votes: list[Vote], counting: Counting) -> Sums:
    """What a database would answer: equal rows and equal ballots, with how many there are."""
    rows = [Group(one.value, one.age_days, one.weight, 1, one.channel) for one in votes]
    ballots = []
    for voter in {one.voter for one in votes}:
        own = [one for one in votes if one.voter == voter]
        given_away = sum(
            (one.value for one in own if one.channel != counting.carry_over), Fraction(0)
        )
        ballots.append(Group(given_away, own[0].age_days, own[0].weight, 1))
    return groups_added(rows, ballots, counting)


@given(heaps(), asked())
@settings(max_examples=200)
def test_parts_added_are_the_whole_to_the_bit(parts: list[list[Vote]], asks: Asked) -> None:
    votes = [vote for part in parts for vote in part]
    whole = pool_divide(asks.rule, votes, pool=asks.pool, parameters=asks.parameters)
    counting = counting_for(asks.rule, pool=asks.pool, parameters=asks.parameters)
    counts = [part_of(rows_of(part), counting) for part in parts]
    first, second, *others = counts
    for sums in (
        joined(counts).sums,
        joined([joined([second, first]), *others[::-1]]).sums,
        added([by_groups(part, counting) for part in parts]),
        by_groups(votes, counting),
    ):
        assert sums.voters == len({vote.voter for vote in votes})
        again = sums_divide(asks.rule, sums, pool=asks.pool, parameters=asks.parameters)
        assert same(again, whole)


@pytest.mark.parametrize(
    ("rule", "awards"),
    [
        ("independent-markets", {"code": 250, "music": 250, "news": 501}),
        ("utilitarian", {"code": 0, "music": 0, "news": 1001}),
        ("mean", {"code": 250, "music": 250, "news": 501}),
    ],
)
def test_the_worked_number_in_three_parts(rule: str, awards: dict[str, int]) -> None:
    counting = counting_for(rule, pool=1001, parameters={})
    votes = votes_of(WORKED)
    parts = [part_of(rows_of(votes[at::3]), counting) for at in range(3)]
    found = sums_divide(rule, joined(parts).sums, pool=1001, parameters={})
    assert (found.awards, found.residual) == (awards, 0)


def test_the_sums_that_the_page_works_out() -> None:
    first = heap_of(votes_of([("1", "news", Fraction(1, 4)), ("2", "news", 1)]))
    second = heap_of(votes_of([("3", "news", Fraction(1, 4)), ("4", "news", Fraction(1, 4))]))
    found = added([first, second])
    assert (found.grid, found.weight, found.voters) == (4, 4, 4)
    assert found.support == {"news": {1: 3, 4: 1}}
    assert found.left_open == {3: 3, 0: 1}


def test_numbers_beyond_64_bits_stay_exact() -> None:
    fine = Fraction(1, 3**41)
    assert fine.denominator > INT64_MAX
    heavy = Fraction(2**62)
    votes = [
        Vote("ann", "a", fine, weight=heavy),
        Vote("ann", "b", 1 - fine, weight=heavy),
        Vote("bo", "b", Fraction(1), weight=heavy + 1),
        Vote("cy", "a", fine, weight=heavy),
    ]
    for rule in ("independent-markets", "utilitarian", "mean"):
        whole = pool_divide(rule, votes, pool=10**15, parameters={})
        counting = counting_for(rule, pool=10**15, parameters={})
        sums = part_of(rows_of(votes), counting).sums
        assert sums.left_open == by_groups(votes, counting).left_open
        assert same(sums_divide(rule, sums, pool=10**15, parameters={}), whole)


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        ([("ann", "a", Fraction(2, 3)), ("ann", "b", Fraction(1, 2))], "more than the whole"),
        ([("ann", "a", Fraction(1, 3)), ("ann", "a", Fraction(1, 3))], "names “a” twice"),
    ],
)
def test_a_part_refuses_what_no_ballot_says(
    votes: list[tuple[str, str, Fraction]], said: str
) -> None:
    with pytest.raises(BadBallot, match=said) as refusal:
        heap_of(votes_of([("bo", "a", Fraction(1)), *votes]))
    assert refusal.value.voter == "ann"


def test_a_part_refuses_a_ballot_of_two_ages_or_weights() -> None:
    ages = [Vote("ann", "a", Fraction(0), 1), Vote("ann", "b", Fraction(0), 2)]
    weights = [Vote("ann", "a", Fraction(0)), Vote("ann", "b", Fraction(0), 0, Fraction(2))]
    for votes in (ages, weights):
        with pytest.raises(BadBallot, match="different age or weight"):
            heap_of(votes)
    # Where votes stand by themselves, each has an age and a weight of its own.
    counting = Counting(divides=False)
    assert part_of(rows_of(weights), counting).sums.support == {"a": {0: 1}, "b": {0: 2}}


def test_a_voter_in_two_parts_is_found_wherever_parts_are_joined() -> None:
    names = [["ann", "bo"], ["cy"], ["di", "bo"], ["ed"]]
    parts = [
        part_of(rows_of(votes_of([(name, "a", 0) for name in part])), Counting()) for part in names
    ]
    for order in ([0, 1, 2, 3], [2, 3, 0, 1], [1, 0, 3, 2]):
        first, second, third, fourth = (parts[at] for at in order)
        with pytest.raises(TwoParts) as refusal:
            joined([joined([first, second]), joined([third, fourth])])
        assert refusal.value.mark == mark_of("bo")


def test_parts_without_ballots_add_nothing() -> None:
    some = part_of(rows_of(votes_of([("ann", "a", Fraction(1, 7))])), Counting())
    none = part_of(rows_of([]), Counting())
    assert joined([none, some, none]).sums == some.sums
    assert joined([none]).sums.voters == 0


def test_fractions_without_a_common_measure_are_refused_in_parts_too() -> None:
    chance = random.Random(3)
    parts = [
        heap_of(votes_of([(str(at), "a", Fraction(1, chance.getrandbits(90) | 1))]))
        for at in range(4)
    ]
    with pytest.raises(ValueError, match="too many different denominators"):
        added(parts)


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        ("votermedia", Fraction(101), "a ballot gives 101 of 100 points"),
        ("interpolated-consensus", Fraction(1, 2), "a ballot names 1/2, which is not on the menu"),
    ],
)
def test_values_that_a_rule_does_not_have_are_refused_from_sums(
    rule: str, value: Fraction, said: str
) -> None:
    counting = counting_for(rule, pool=5, parameters={})
    sums = part_of(rows_of(votes_of([("ann", "a", value)])), counting).sums
    with pytest.raises(ValueError, match=said):
        sums_divide(rule, sums, pool=5, parameters={})


@pytest.mark.parametrize("rule", PARAMETERS)
@pytest.mark.parametrize("parameters", [{"cap": "2"}, {"colour": "red"}, {"full_days": "x"}])
def test_parameters_are_refused_before_anything_is_counted(
    rule: str, parameters: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        counting_for(rule, pool=5, parameters=parameters)
