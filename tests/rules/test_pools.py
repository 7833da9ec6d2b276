"""Dividing a pool: every worked number of the reference, and the fast rules beside slow ones."""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.rules.pools.ballots import BadBallot, Counted, Vote, shares_counted
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.histogram import Histogram
from commonpurse.rules.pools.phantoms import independent_markets, mean, utilitarian
from commonpurse.rules.pools.remainder import Bounds, divide
from commonpurse.rules.pools.rules import pool_divide
from commonpurse.rules.pools.shares import Shares
from tests.rules.slow_pools import (
    Ballots,
    ballots,
    dividing,
    slow_market,
    slow_mean,
    slow_utilitarian,
    support,
    votes_of,
)

EXAMPLES = 500
EXAMPLES_SOAK = 10_000
Rule = Callable[[Counted], Shares]
RULES: list[tuple[Rule, Callable[[Ballots], list[Fraction]]]] = [
    (independent_markets, slow_market),
    (utilitarian, slow_utilitarian),
    (mean, slow_mean),
]
THIRDS = ("1/3", "1/3", "1/3")
CASES: dict[str, list[tuple[int | str, ...]]] = {
    "A": [(1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)],
    "B": [("1/5", 0, "4/5"), ("2/5", "2/5", "1/5"), (1, 0, 0), (1, 0, 0)],
    "C": [("1/2", "1/2", 0), ("1/2", 0, "1/2"), (0, "1/2", "1/2")],
}


def written(rows: list[tuple[int | str, ...]], weight: int = 1) -> Ballots:
    return [([Fraction(one) for one in row], weight) for row in rows]


def shares(rule: Rule, given_ballots: Ballots) -> list[Fraction]:
    found = rule(shares_counted(votes_of(given_ballots), fading=Fading())).of
    assert found.pop("") == 0, "these ballots leave nothing open"
    return list(found.values())


def fractions(*texts: str) -> list[Fraction]:
    return [Fraction(text) for text in texts]


@pytest.mark.parametrize("weight", [1, 20_000])
@pytest.mark.parametrize(
    ("case", "rule", "expected"),
    [
        ("A", mean, ("1/2", "1/4", "1/4")),
        ("A", independent_markets, ("1/2", "1/4", "1/4")),
        ("A", utilitarian, ("1", "0", "0")),
        ("B", mean, ("13/20", "1/10", "1/4")),
        ("B", independent_markets, ("1/2", "1/4", "1/4")),
        ("B", utilitarian, ("4/5", "0", "1/5")),
        ("C", mean, THIRDS),
        ("C", independent_markets, THIRDS),
        ("C", utilitarian, THIRDS),
    ],
)
def test_worked_cases(case: str, rule: Rule, expected: tuple[str, ...], weight: int) -> None:
    assert shares(rule, written(CASES[case], weight)) == fractions(*expected)


@pytest.mark.parametrize(("case", "t"), [("A", "1/4"), ("B", "1/4"), ("C", "1/6")])
def test_the_t_of_the_worked_cases_is_published(case: str, t: str) -> None:
    counted = shares_counted(votes_of(written(CASES[case])), fading=Fading())
    assert independent_markets(counted).why == {"t": t}


def test_what_a_ballot_leaves_open_is_carried_over() -> None:
    votes = [Vote("ann", "news", Fraction(1, 4)), Vote("bo", "news", Fraction(1))]
    found = pool_divide("independent-markets", votes, pool=1000, parameters={})
    # News: min(1/4, 2t) and min(1, t), carried over: min(3/4, t): t = 1/2.
    assert (found.awards, found.residual) == ({"news": 500}, 500)
    named = [*votes, Vote("ann", "later", Fraction(3, 4))]
    parameters = {"carry_over": "later"}
    again = pool_divide("independent-markets", named, pool=1000, parameters=parameters)
    assert (again.awards, again.residual) == (found.awards, found.residual)


@pytest.mark.parametrize(
    "votes",
    [
        [Vote("ann", "a", Fraction(2, 3)), Vote("ann", "b", Fraction(1, 2))],
        [Vote("ann", "a", Fraction(1, 3), 1), Vote("ann", "b", Fraction(1, 2), 2)],
        [
            Vote("ann", "a", Fraction(1, 3)),
            Vote("ann", "b", Fraction(1, 2), weight=Fraction(2)),
        ],
    ],
)
def test_a_ballot_of_more_than_the_whole_or_of_two_ages_is_refused(votes: list[Vote]) -> None:
    with pytest.raises(BadBallot) as refusal:
        shares_counted(votes, fading=Fading())
    assert refusal.value.voter == "ann"


def test_a_whole_may_be_written_as_100() -> None:
    votes = [Vote("ann", "a", Fraction(25)), Vote("ann", "b", Fraction(75))]
    found = pool_divide("mean", votes, pool=1000, parameters={"total": "100"})
    assert found.awards == {"a": 250, "b": 750}


def test_a_cap_and_a_floor_are_carried_over() -> None:
    of = {"a": Fraction(7, 10), "b": Fraction(1, 4), "c": Fraction(1, 20)}
    bounds = Bounds(cap=Fraction(1, 2), floor=Fraction(1, 10))
    found = divide(1000, Shares.exact(of, {}), bounds=bounds)
    assert (found.awards, found.residual) == ({"a": 500, "b": 250, "c": 0}, 250)


def test_missing_cents_go_to_the_largest_remainder_then_by_byte_order() -> None:
    thirds = Shares.exact({name: Fraction(1, 3) for name in ("é", "b", "Z")}, {})
    assert divide(100, thirds, bounds=Bounds()).awards == {"Z": 34, "b": 33, "é": 33}
    assert divide(101, thirds, bounds=Bounds()).awards == {"Z": 34, "b": 34, "é": 33}
    uneven = Shares.exact({"a": Fraction(13, 100), "b": Fraction(87, 100)}, {})
    assert divide(10, uneven, bounds=Bounds()).awards == {"a": 1, "b": 9}
    quarters = Shares.exact({"a": Fraction(1, 4), "b": Fraction(1, 4)}, {})
    found = divide(10, quarters, bounds=Bounds())
    assert (found.awards, found.residual) == ({"a": 3, "b": 2}, 5)


def test_votes_fade_by_days_as_published() -> None:
    fading = Fading(full_days=10, valid_days=60)
    assert [fading.weight(age) for age in (9, 10, 11, 35, 59, 60, 61)] == fractions(
        "1", "1", "49/50", "1/2", "1/50", "0", "0"
    )


def test_votes_fade_by_halves_in_whole_months_and_whole_parts() -> None:
    fading = Fading(half_life_months=12)
    assert fading.weight(29) == 1
    assert fading.weight(12 * 30) == Fraction(1, 2)
    assert fading.weight(24 * 30 + 29) == Fraction(1, 4)
    # 2^20 × 2^(-1/12) = 989,723.99…, rounded down.
    assert fading.weight(30) == Fraction(989_723, 2**20)
    assert fading.weight(30 * 12 * 25) == 0
    parts = [fading.weight(30 * month) for month in range(300)]
    assert parts == sorted(parts, reverse=True)


def test_a_faded_ballot_counts_for_less() -> None:
    votes = [Vote("ann", "a", Fraction(1), 360), Vote("bo", "b", Fraction(1))]
    found = pool_divide("independent-markets", votes, pool=300, parameters={"half_life": "12"})
    assert found.awards == {"a": 100, "b": 200}
    gone = pool_divide("mean", votes, pool=300, parameters={"full_days": "10", "valid_days": "60"})
    assert gone.awards == {"a": 0, "b": 300}


def test_where_no_ballot_has_weight_all_is_carried_over() -> None:
    votes = [Vote("ann", "a", Fraction(1), weight=Fraction(0))]
    for rule in ("independent-markets", "utilitarian", "mean"):
        found = pool_divide(rule, votes, pool=300, parameters={})
        assert (found.awards, found.residual) == ({"a": 0}, 300)


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("independent-markets", {"range": "10"}),
        ("independent-markets", {"total": "0"}),
        ("independent-markets", {"cap": "2"}),
        ("independent-markets", {"floor": "1/2", "cap": "1/3"}),
        ("independent-markets", {"cap": "0"}),
        ("independent-markets", {"half_life": "0"}),
        ("independent-markets", {"half_life": "1.5"}),
        ("independent-markets", {"full_days": "3"}),
        ("independent-markets", {"full_days": "3", "valid_days": "3"}),
        ("mean", {"full_days": "3", "valid_days": "9", "half_life": "3"}),
        ("votermedia", {"range": "0"}),
        ("votermedia", {"range": "nan"}),
        ("votermedia", {"spread": "1/2"}),
        ("votermedia", {"spread": "10000001"}),
        ("votermedia", {"residual": "burn"}),
        ("votermedia", {"total": "1"}),
        ("interpolated-consensus", {"step": "500", "grid": "300"}),
        ("interpolated-consensus", {"step": "500", "grid": "250"}),
        ("interpolated-consensus", {"step": "501"}),
        ("interpolated-consensus", {"step": "0"}),
        ("median", {}),
    ],
)
def test_parameters_that_cannot_be_are_refused(rule: str, parameters: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        pool_divide(rule, [Vote("ann", "a", Fraction(0))], pool=100, parameters=parameters)


@pytest.mark.parametrize("pool", [0, -1, 10**15 + 1])
def test_a_pool_is_some_money_and_not_too_much(pool: int) -> None:
    with pytest.raises(ValueError, match="a pool has"):
        pool_divide("mean", [Vote("ann", "a", Fraction(1))], pool=pool, parameters={})


def agrees_with_the_slow_rules(given_ballots: Ballots) -> None:
    for fast, slow in RULES:
        assert shares(fast, given_ballots) == slow(given_ballots)


def is_lawful(given_ballots: Ballots, pool: int) -> None:
    """Conservation, anonymity, neutrality, proportionality, and a whole that is always given."""
    count = len(given_ballots[0][0])
    channels = "abcde"[:count]
    backwards = channels[::-1]
    for name, rule in (
        ("independent-markets", independent_markets),
        ("utilitarian", utilitarian),
        ("mean", mean),
    ):
        found = pool_divide(name, votes_of(given_ballots), pool=pool, parameters={})
        assert sum(found.awards.values()) + found.residual == pool
        assert sum(found.shares.values()) == 1
        assert shares(rule, given_ballots[::-1]) == list(found.shares.values())
        turned = rule(shares_counted(votes_of(given_ballots, backwards), fading=Fading())).of
        assert [turned[one] for one in backwards] == list(found.shares.values())
        doubled = [(row, 2 * weight) for row, weight in given_ballots]
        assert shares(rule, doubled) == list(found.shares.values())
    whole = sum(weight for _, weight in given_ballots)
    single = [
        ([Fraction(int(at == row.index(max(row)))) for at in range(count)], weight)
        for row, weight in given_ballots
    ]
    parts = [Fraction(support(single, at, Fraction(1)), whole) for at in range(count)]
    assert shares(independent_markets, single) == parts
    assert shares(mean, single) == parts


def raising_a_vote_raises_the_channel(given_ballots: Ballots) -> None:
    """Monotonicity: who moves a part of her ballot to a channel does not lower its share."""
    (row, weight), *others = given_ballots
    giver = max(range(len(row)), key=row.__getitem__)
    taker = (giver + 1) % len(row)
    moved = list(row)
    moved[giver] -= row[giver] / 2
    moved[taker] += row[giver] / 2
    for rule, _ in RULES:
        before = shares(rule, given_ballots)[taker]
        assert shares(rule, [(moved, weight), *others])[taker] >= before


def distance(one: list[Fraction], other: list[Fraction]) -> Fraction:
    return sum((abs(a - b) for a, b in zip(one, other, strict=True)), Fraction(0))


def gain(rule: Rule, given_ballots: Ballots, lie: list[Fraction]) -> Fraction:
    """How much nearer the first voter comes to her true ballot by a lie."""
    (truth, weight), *others = given_ballots
    honest = distance(shares(rule, given_ballots), truth)
    return honest - distance(shares(rule, [(lie, weight), *others]), truth)


@st.composite
def ballots_and_a_lie(draw: st.DrawFn) -> tuple[Ballots, list[Fraction]]:
    profile = draw(ballots())
    parts = draw(st.sampled_from([1, 2, 3, 4, 10]))
    return profile, draw(dividing(len(profile[0][0]), parts))


@given(ballots())
@settings(max_examples=EXAMPLES)
def test_the_fast_rules_agree_with_the_slow_ones(profile: Ballots) -> None:
    agrees_with_the_slow_rules(profile)


@given(ballots(), st.integers(1, 10**6))
@settings(max_examples=EXAMPLES)
def test_properties_of_pool_rules(profile: Ballots, pool: int) -> None:
    is_lawful(profile, pool)
    raising_a_vote_raises_the_channel(profile)


@given(ballots_and_a_lie())
@settings(max_examples=EXAMPLES)
def test_no_lie_pays_under_the_phantom_rules(given_lie: tuple[Ballots, list[Fraction]]) -> None:
    for rule in (independent_markets, utilitarian):
        assert gain(rule, *given_lie) <= 0


def test_the_same_search_finds_lies_that_pay_under_the_mean() -> None:
    chance = random.Random(4)
    gains = 0
    for _ in range(300):
        rows = []
        for _ in range(4):
            cuts = sorted(chance.randint(0, 10) for _ in range(2))
            edges = [0, *cuts, 10]
            rows.append([Fraction(b - a, 10) for a, b in pairwise(edges)])
        truth, lie, *others = rows
        profile: Ballots = [(row, 1) for row in (truth, *others)]
        gains += gain(mean, profile, lie) > 0
        assert gain(independent_markets, profile, lie) <= 0
    assert gains > 10


@pytest.mark.soak
@given(ballots_and_a_lie(), st.integers(1, 10**6))
@settings(max_examples=EXAMPLES_SOAK)
def test_pool_rules_hold_on_ten_thousand(
    given_lie: tuple[Ballots, list[Fraction]], pool: int
) -> None:
    profile, _ = given_lie
    agrees_with_the_slow_rules(profile)
    is_lawful(profile, pool)
    raising_a_vote_raises_the_channel(profile)
    for rule in (independent_markets, utilitarian):
        assert gain(rule, *given_lie) <= 0


def test_a_histogram_that_is_kept_gives_the_same_shares_as_counting_anew() -> None:
    chance = random.Random(7)
    channels, grid = ["", *"abcd"], 1000
    rows = {(voter, at): 0 for voter in range(50) for at in range(len(channels))}
    for voter in range(50):
        cuts = sorted(chance.randint(0, grid) for _ in range(len(channels) - 1))
        for at, (low, high) in enumerate(pairwise([0, *cuts, grid])):
            rows[voter, at] = high - low
    kept = Histogram.count(
        channels,
        grid=grid,
        channel_of=np.array([at for _, at in rows]),
        value_of=np.array(list(rows.values())),
        weight_of=np.array([1 + voter % 3 for voter, _ in rows]),
        weight=sum(1 + voter % 3 for voter in range(50)),
    )
    for voter in range(5):
        for rule in (independent_markets, utilitarian, mean):
            votes = [
                Vote(str(one), channels[at], Fraction(value, grid), weight=Fraction(1 + one % 3))
                for (one, at), value in rows.items()
                if at
            ]
            anew = rule(shares_counted(votes, fading=Fading()))
            again = rule(kept.counted())
            assert (again.of, again.why) == (anew.of, anew.why)
        given_up = rows[voter, 1]
        kept.move(1, before=given_up, after=0, weight=1 + voter % 3)
        rows[voter, 1] = 0
        kept.move(
            2,
            before=rows[voter, 2],
            after=rows[voter, 2] + given_up,
            weight=1 + voter % 3,
        )
        rows[voter, 2] += given_up
