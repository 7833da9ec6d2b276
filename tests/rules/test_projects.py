"""Whole projects: worked numbers, and the fast rules beside slow ones in fractions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.rules import compiled
from commonpurse.rules.projects import election as elections
from commonpurse.rules.projects import equal_shares as fast_rules
from commonpurse.rules.projects.election import Election
from commonpurse.rules.projects.equal_shares import equal_shares
from commonpurse.rules.projects.greedy import greedy
from commonpurse.rules.projects.phragmen import phragmen
from commonpurse.rules.projects.rules import projects_choose
from tests.rules.slow_projects import (
    Vote,
    slow_completed,
    slow_equal_shares,
    slow_greedy,
    slow_phragmen,
    votes,
)

WORKED = Vote([50, 50, 20], [{0}, {0, 2}, {1}, {0, 2}], 60)
EXAMPLES = 500
EXAMPLES_SOAK = 10_000


def names(election: Election, winners: list[int]) -> str:
    return "".join("abc"[one] for one in winners)


@pytest.mark.parametrize(
    ("completion", "winners", "added"),
    [("none", "c", 0), ("add1", "a", 11), ("add1-greedy", "a", 11)],
)
def test_equal_shares_of_the_worked_number(completion: str, winners: str, added: int) -> None:
    found = equal_shares(WORKED.election(), completion=completion)
    assert names(WORKED.election(), found.winners) == winners
    assert found.added == added


def test_an_endowment_of_17_already_gives_a_and_27_gives_both() -> None:
    assert slow_equal_shares(WORKED, Fraction(16)) == [2]
    assert slow_equal_shares(WORKED, Fraction(17)) == [0]
    assert sorted(slow_equal_shares(WORKED, Fraction(27))) == [0, 2]


def test_each_of_as_supporters_pays_fifty_thirds() -> None:
    (payment,) = equal_shares(WORKED.election()).payments
    assert abs(payment.at_most - Fraction(50, 3)) < Fraction(1, 10**15)


def test_greedy_passes_over_what_does_not_fit() -> None:
    vote = Vote([60, 50, 40], [{0}, {0}, {0}, {0, 1}, {0, 1, 2}, {1, 2}, {1, 2}], 100)
    assert greedy(vote.election()) == [0, 2]


def test_phragmen_of_its_worked_number_stops_or_skips() -> None:
    vote = Vote([60, 40, 30], [{0, 1}, {0, 1}, {0}, {2}], 90)
    bought = phragmen(vote.election())
    assert [(one.project, int(one.hour)) for one in bought] == [(0, 20), (2, 30)]
    dear = Vote([60, 40, 30], [{0, 1}, {0, 1}, {0}, {2}], 60)
    assert [one.project for one in phragmen(dear.election())] == [0]
    tight = Vote([50, 45, 10], [{0}, {0}, {1}, {1}, {2}], 65)
    assert [one.project for one in phragmen(tight.election())] == [2, 1]
    # b would overspend at hour 22 1/2; whoever skips it still buys d at hour 30.
    skipped = Vote([50, 45, 10, 30], [{0}, {0}, {1}, {1}, {2}, {3}], 52)
    assert [one.project for one in phragmen(skipped.election())] == [2]
    assert [one.project for one in phragmen(skipped.election(), overspend="skip")] == [2, 3]
    # What costs more than there is stops nothing.
    vain = Vote([60, 20], [{0}, {0}, {0}, {1}], 50)
    assert [one.project for one in phragmen(vain.election())] == [1]


def test_ties_go_to_more_votes_then_the_cheaper_then_the_earlier() -> None:
    assert equal_shares(Vote([4, 4], [{0}, {1}], 4).election(), completion="none").winners == []
    assert greedy(Vote([4, 4], [{0}, {1}], 4).election()) == [0]
    assert greedy(Vote([5, 4], [{0}, {1}], 5).election()) == [1]
    assert greedy(Vote([5, 4], [{0}, {0, 1}], 5).election()) == [0]
    tied = Vote([6, 4, 4], [{0, 1, 2}, {0, 1, 2}], 8)
    assert [one.project for one in equal_shares(tied.election()).payments] == [1, 2]


def test_nobody_voted_is_an_answer_too() -> None:
    election = Vote([5, 4], [], 8).election()
    assert equal_shares(election, completion="none").winners == [1]
    assert phragmen(election) == []


@pytest.mark.parametrize(("rule", "name"), [("greedy", "completion"), ("equal-shares", "spread")])
def test_a_parameter_that_a_rule_does_not_have_is_refused(rule: str, name: str) -> None:
    with pytest.raises(ValueError, match="has no parameter"):
        projects_choose(rule, WORKED.election(), {name: "1"})


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [("equal-shares", {"completion": "all"}), ("phragmen", {"overspend": "yes"}), ("best", {})],
)
def test_an_unknown_rule_or_value_is_refused(rule: str, parameters: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"there is no rule|is one of"):
        projects_choose(rule, WORKED.election(), parameters)


def agrees_with_the_slow_rules(vote: Vote) -> None:
    election = vote.election()
    plain = slow_equal_shares(vote, Fraction(vote.budget, len(vote.ballots)))
    completed = slow_completed(vote)
    found = equal_shares(election, completion="none")
    assert [one.project for one in found.payments] == plain
    fast = equal_shares(election)
    assert [one.project for one in fast.payments] == completed
    topped = equal_shares(election, completion="add1-greedy")
    assert topped.winners == sorted(slow_greedy(vote, completed))
    assert greedy(election) == slow_greedy(vote, [])
    for overspend in ("stop", "skip"):
        bought = phragmen(election, overspend=overspend)
        assert [one.project for one in bought] == slow_phragmen(vote, overspend)


def is_lawful(vote: Vote) -> None:
    """No rule overspends, asks who somebody is, or cares for the currency's unit."""
    election = vote.election()
    for rule in ("equal-shares", "greedy", "phragmen"):
        chosen = projects_choose(rule, election, {})
        assert chosen.cost <= vote.budget
        turned = Vote(vote.costs, vote.ballots[::-1], vote.budget)
        assert projects_choose(rule, turned.election(), {}).winners == chosen.winners
        twice = Vote([2 * one for one in vote.costs], vote.ballots, 2 * vote.budget)
        if rule != "equal-shares":
            assert projects_choose(rule, twice.election(), {}).winners == chosen.winners
    # One more who approves only of a winner of greedy's does not unseat it.
    for winner in greedy(election)[:1]:
        more = Vote(vote.costs, [*vote.ballots, {winner}], vote.budget)
        assert winner in greedy(more.election())


def a_group_gets_what_it_can_pay_for(vote: Vote) -> None:
    """Equal Shares: whoever, of one mind, holds a project's cost together gets it or as good."""
    election = vote.election()
    found = equal_shares(election, completion="none")
    for project, cost in enumerate(vote.costs):
        group = [ballot for ballot in vote.ballots if ballot == {project}]
        if len(group) * Fraction(vote.budget, len(vote.ballots)) >= cost:
            assert project in found.winners


@given(votes())
@settings(max_examples=EXAMPLES)
def test_the_fast_rules_agree_with_the_slow_ones(vote: Vote) -> None:
    agrees_with_the_slow_rules(vote)


@given(votes(voters_max=20, cost_max=40))
@settings(max_examples=EXAMPLES)
def test_properties_of_project_rules(vote: Vote) -> None:
    is_lawful(vote)
    a_group_gets_what_it_can_pay_for(vote)


@pytest.mark.soak
@given(votes(voters_max=12))
@settings(max_examples=EXAMPLES_SOAK)
def test_project_rules_hold_on_ten_thousand(vote: Vote) -> None:
    agrees_with_the_slow_rules(vote)
    is_lawful(vote)
    a_group_gets_what_it_can_pay_for(vote)


@given(votes())
@settings(max_examples=100)
def test_compiled_rules_agree_too(vote: Vote) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elections, "COMPILE_MIN", 0)
        assert vote.election().is_large
        agrees_with_the_slow_rules(vote)


@given(votes(voters_max=12, cost_max=60), st.sampled_from([0, 1, 2, 4, 9]))
@settings(max_examples=EXAMPLES)
def test_coarse_intervals_only_leave_more_to_fractions(vote: Vote, shift: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_rules, "SHIFT_PLAIN", shift)
        agrees_with_the_slow_rules(vote)


@given(votes(voters_max=60, cost_max=300))
@settings(max_examples=60)
def test_larger_elections_agree_too(vote: Vote) -> None:
    agrees_with_the_slow_rules(vote)


def test_amounts_beyond_64_bits_are_counted_all_the_same() -> None:
    huge = 10**30
    vote = Vote([50 * huge, 50 * huge, 20 * huge], WORKED.ballots, 60 * huge)
    assert equal_shares(vote.election(), completion="none").winners == [2]
    assert not compiled.fits(huge)
