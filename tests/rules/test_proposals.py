"""A vote is counted in whole numbers, and every percentage names its base."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.rules.proposals import (
    BASES,
    CHOICES,
    COMPARISONS,
    Rules,
    Tally,
    rules_read,
    tally,
)


def rules(
    *,
    quorum: str = "0",
    threshold: str = "2/3",
    comparison: str = "at_least",
    base: str = "cast",
    may_block: bool = True,
    tie_rule: str = "none",
) -> Rules:
    return Rules(
        quorum=Fraction(quorum),
        threshold=Fraction(threshold),
        comparison=comparison,
        base=base,
        is_block_allowed=may_block,
        tie_rule=tie_rule,
        is_early_close_allowed=False,
    )


def counted(
    agree: int = 0, abstain: int = 0, disagree: int = 0, block: int = 0, **options: Any
) -> Tally:
    eligible = options.pop("eligible", 40)
    return tally(
        counts={"agree": agree, "abstain": abstain, "disagree": disagree, "block": block},
        eligible=eligible,
        rules=rules(**options),
    )


def test_the_worked_example_passes_with_26_of_22_needed() -> None:
    found = counted(26, 3, 4, quorum="1/4")
    assert (found.verdict, found.quorum_needed, found.agree_needed) == ("passed", 10, 22)


def test_two_thirds_is_neither_66_nor_67_percent() -> None:
    assert counted(2, 0, 1).verdict == "passed"
    assert counted(200, 0, 100, eligible=300).verdict == "passed"
    assert counted(199, 0, 101, eligible=300).verdict == "failed"


def test_what_is_needed_is_rounded_up_and_never_to_the_nearest() -> None:
    assert counted(3, 0, 2, eligible=5).agree_needed == 4
    assert counted(3, 0, 2, eligible=5).verdict == "failed"
    assert counted(4, 0, 1, eligible=5).verdict == "passed"
    assert counted(1, eligible=13, quorum="1/4").quorum_needed == 4


def test_more_than_two_thirds_is_not_two_thirds() -> None:
    assert counted(2, 0, 1, comparison="more_than").verdict == "failed"
    assert counted(201, 0, 99, eligible=300, comparison="more_than").verdict == "passed"


def test_the_same_votes_pass_or_fail_by_what_the_fraction_is_of() -> None:
    votes: dict[str, Any] = {
        "agree": 36,
        "abstain": 20,
        "disagree": 4,
        "eligible": 142,
        "threshold": "1/2",
    }
    assert counted(**votes, base="for_against").verdict == "passed"
    assert counted(**votes, base="cast").verdict == "passed"
    assert counted(**votes, base="eligible").verdict == "failed"


def test_a_grant_passed_by_36_of_142_has_all_of_the_votes_and_a_quarter_of_the_members() -> None:
    assert counted(36, eligible=142, quorum="1/4", threshold="1").verdict == "passed"
    assert counted(35, eligible=142, quorum="1/4", threshold="1").verdict == "no_quorum"


def test_whoever_abstains_counts_for_the_quorum() -> None:
    assert counted(6, 4, 0, quorum="1/4", base="for_against").verdict == "passed"


def test_a_block_stops_what_would_pass_where_blocks_are_allowed() -> None:
    assert counted(30, 0, 0, 1).verdict == "blocked"
    assert counted(30, 0, 0, 1, may_block=False).verdict == "passed"


def test_a_tie_is_a_tie_unless_the_manual_says_that_it_fails() -> None:
    half: dict[str, Any] = {"threshold": "1/2", "comparison": "more_than", "base": "for_against"}
    assert counted(10, 5, 10, **half).verdict == "tied"
    assert counted(10, 5, 10, **half, tie_rule="fails").verdict == "failed"
    assert counted(11, 5, 10, **half).verdict == "passed"


def test_nobody_agreeing_never_passes() -> None:
    assert counted().verdict == "failed"
    assert counted(0, 12, 0, base="for_against").verdict == "failed"


@pytest.mark.parametrize("counts", [{"agree": 41}, {"agree": -1}, {"maybe": 1}])
def test_counts_that_cannot_be_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"voted|not counts"):
        tally(counts=counts, eligible=40, rules=rules())


@pytest.mark.parametrize(
    "wrong",
    [
        {"quorum": "3/2"},
        {"threshold": "0"},
        {"base": "shares"},
        {"comparison": "about"},
        {"tie_rule": "coin"},
    ],
)
def test_rules_that_nobody_can_follow_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"quorum|threshold|base|comparison|tie"):
        rules(**wrong)


def test_rules_come_from_json_with_exact_fractions() -> None:
    given_rules = {
        "quorum": "1/4",
        "threshold": "2/3",
        "comparison": "at_least",
        "base": "cast",
        "is_block_allowed": True,
        "tie_rule": "none",
        "is_early_close_allowed": False,
        "voting_days": "7",
    }
    assert rules_read(given_rules).threshold == Fraction(2, 3)
    with pytest.raises(ValueError, match="quorum"):
        rules_read({key: value for key, value in given_rules.items() if key != "quorum"})


votes = st.fixed_dictionaries({choice: st.integers(0, 50) for choice in CHOICES})
fractions = st.builds(
    lambda top, bottom: Fraction(min(top, bottom), bottom), st.integers(1, 60), st.integers(1, 60)
)
any_rules = st.builds(
    Rules,
    quorum=fractions,
    threshold=fractions,
    comparison=st.sampled_from(COMPARISONS),
    base=st.sampled_from(BASES),
    is_block_allowed=st.booleans(),
    tie_rule=st.sampled_from(["none", "fails"]),
    is_early_close_allowed=st.booleans(),
)


@given(counts=votes, stay_away=st.integers(0, 100), given_rules=any_rules)
def test_one_more_who_agrees_never_turns_a_passed_vote(
    counts: dict[str, int], stay_away: int, given_rules: Rules
) -> None:
    eligible = sum(counts.values()) + stay_away + 1
    before = tally(counts=counts, eligible=eligible, rules=given_rules)
    more = counts | {"agree": counts["agree"] + 1}
    after = tally(counts=more, eligible=eligible, rules=given_rules)
    if before.verdict == "passed" and given_rules.threshold < 1:
        assert after.verdict == "passed"


@given(counts=votes, stay_away=st.integers(0, 100), given_rules=any_rules)
def test_the_verdict_says_what_the_exact_fractions_say(
    counts: dict[str, int], stay_away: int, given_rules: Rules
) -> None:
    eligible = sum(counts.values()) + stay_away
    found = tally(counts=counts, eligible=eligible, rules=given_rules)
    if found.verdict == "passed":
        share = Fraction(counts["agree"], found.base_count)
        assert share >= given_rules.threshold
        assert given_rules.comparison == "at_least" or share > given_rules.threshold
        assert found.cast >= given_rules.quorum * eligible
        assert not (given_rules.is_block_allowed and counts["block"])
    if found.verdict == "no_quorum":
        assert found.cast < given_rules.quorum * eligible


@given(counts=votes, stay_away=st.integers(0, 100), given_rules=any_rules)
def test_one_fewer_than_needed_does_not_pass(
    counts: dict[str, int], stay_away: int, given_rules: Rules
) -> None:
    eligible = sum(counts.values()) + stay_away
    found = tally(counts=counts, eligible=eligible, rules=given_rules)
    assert (found.verdict == "passed") == (
        found.has_quorum
        and found.has_threshold
        and not (given_rules.is_block_allowed and counts["block"] > 0)
    )
