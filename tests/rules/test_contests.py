"""VoterMedia's continuous tally and interpolated consensus: worked numbers and slow twins."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.rules.pools import votermedia as media
from commonpurse.rules.pools.ballots import BadBallot, Vote
from commonpurse.rules.pools.consensus import Menu, interpolated_consensus
from commonpurse.rules.pools.fading import Fading
from commonpurse.rules.pools.rules import pool_divide
from commonpurse.rules.pools.votermedia import Book, Exchange, VoterMedia, support, tallied
from tests.rules.slow_pools import slow_consensus, slow_exchange

EXAMPLES = 500
EXAMPLES_SOAK = 10_000
Rows = dict[str, list[tuple[int, int]]]
"""For each channel, votes and their ages in days."""


def cast(channels: dict[str, list[tuple[int, int]]], age: int = 0) -> list[Vote]:
    """(value, how many) for each channel."""
    return [
        Vote(f"{channel}{value}{number}", channel, Fraction(value), age)
        for channel, row in channels.items()
        for value, count in row
        for number in range(count)
    ]


def rules(support_range: int = 10, spread: int = 1, residual: str = "deal") -> VoterMedia:
    return VoterMedia(Fraction(support_range), Fraction(spread), residual=residual)


def exchange(
    votes: list[Vote], chosen: VoterMedia, start: dict[str, int] | None = None
) -> Exchange:
    return media.exchange(tallied(votes, chosen.fading), chosen, start)


T1 = cast(
    {
        "A": [(40, 6), (20, 2), (0, 2)],
        "B": [(40, 3), (30, 3), (0, 4)],
        "C": [(20, 5), (10, 2), (0, 3)],
    }
)
T2 = [
    *cast({"A": [(40, 5), (0, 5)], "C": [(20, 10)]}),
    *cast({"B": [(40, 8)]}, age=35),
    *cast({"B": [(0, 2)]}),
]
T3 = cast({"A": [(100, 4)], "B": [(100, 1)]})
T6 = cast({name: [(40, 10)] for name in "ABC"})


@pytest.mark.parametrize(
    ("votes", "support_range", "spread", "points", "bid", "offer"),
    [
        (T1, 10, 1, [41, 38, 21], 1.8, 2.0),
        (T1, 10, 8, [41, 38, 21], 0.9493, 0.9529),
        (T1, 5, 1, [41, 39, 20], 1.5, 1.8),
        (T1, 5, 8, [40, 39, 21], 0.7674, 0.9333),
        (T2, 10, 1, [40, 38, 22], 2.4, 2.5),
        (T2, 10, 8, [39, 38, 23], 1.0882, 1.2397),
        (T3, 10, 1, [100, 0], None, None),
        (T3, 10, 4, [96, 4], None, None),
        (T3, 10, 8, [83, 17], None, None),
        (T6, 10, 1, [35, 35, 30], None, None),
        (T6, 10, 8, [34, 33, 33], None, None),
    ],
)
def test_worked_exchanges(
    votes: list[Vote],
    support_range: int,
    spread: int,
    points: list[int],
    bid: float | None,
    offer: float | None,
) -> None:
    ended = exchange(votes, rules(support_range, spread))
    assert list(ended.points.values()) == points
    if bid is not None:
        assert (round(ended.bid, 4), round(ended.offer, 4)) == (bid, offer)


def test_where_the_exchange_begins_is_part_of_the_rule() -> None:
    assert list(exchange(T6, rules(), {"A": 40, "B": 40, "C": 20}).points.values()) == [35, 35, 30]
    assert list(exchange(T6, rules(), {"A": 34, "B": 33, "C": 33}).points.values()) == [34, 33, 33]


@pytest.mark.parametrize(
    ("support_range", "vote", "points", "expected"),
    [
        (10, 30, 30, "1/2"),
        (10, 30, 31, "2/5"),
        (5, 30, 32, "1/10"),
        (5, 20, 17, "1"),
        (5, 20, 18, "9/10"),
        (5, 20, 22, "1/10"),
        (5, 20, 23, "0"),
        (10, 0, 0, "1"),
        (10, 0, 1, "0"),
    ],
)
def test_how_far_a_vote_supports(support_range: int, vote: int, points: int, expected: str) -> None:
    assert support(Fraction(vote), Fraction(support_range), 10)[points] == 10 * Fraction(expected)


@pytest.mark.parametrize(
    ("points", "discount"),
    [(10, 0.1877), (20, 0.3402), (30, 0.4641), (40, 0.5647), (50, 0.6464), (100, 0.875)],
)
def test_a_spread_of_8_takes_more_from_larger_shares(points: int, discount: float) -> None:
    votes = tallied(cast({"A": [(100, 1)]}), Fading())
    plain = Book.of(votes, rules(spread=1)).values[0][points]
    assert round(1 - Book.of(votes, rules(spread=8)).values[0][points] / plain, 4) == discount


def test_bids_that_floats_cannot_tell_apart_are_equal() -> None:
    # With a spread of 4, one vote at 4 points and two at 54 are the same: 4^(50/100) is 2.
    book = Book.of(tallied(cast({"A": [(100, 1)], "B": [(100, 2)]}), Fading()), rules(spread=4))
    assert book.values[0][4] != book.values[1][54]
    assert not book.is_less((0, 4), (1, 54))
    assert not book.is_less((1, 54), (0, 4))
    assert book.is_less((0, 5), (1, 54))


def test_what_nobody_bids_for_is_dealt_or_carried_over() -> None:
    votes = cast({"A": [(40, 1)], "B": [(0, 1)]})
    assert exchange(votes, rules()).points == {"A": 99, "B": 1}
    assert exchange(votes, rules(residual="carry")).points == {"A": 44, "B": 0}
    found = pool_divide("votermedia", votes, pool=1000, parameters={"residual": "carry"})
    assert (found.awards, found.residual) == ({"A": 440, "B": 0}, 560)
    lone = exchange(cast({"A": [(40, 1)]}), rules())
    assert lone.points == {"A": 100}


def test_a_vote_for_more_than_all_points_is_refused() -> None:
    with pytest.raises(BadBallot, match="of 100 points"):
        pool_divide("votermedia", cast({"A": [(101, 1)]}), pool=5, parameters={})


def test_weight_classes_and_bonus_votes_count() -> None:
    votes = [Vote("a", "A", Fraction(100), weight=Fraction(1, 5)), Vote("b", "B", Fraction(100))]
    assert exchange(votes, rules()).points == {"A": 0, "B": 100}
    bonus = VoterMedia(bonus_votes=Fraction(1, 3))
    assert sum(exchange(votes, bonus).points.values()) == 100


def test_more_channels_than_points_leave_the_later_ones_without() -> None:
    names = [f"c{number:03}" for number in range(120)]
    votes = [Vote(name, name, Fraction(1)) for name in names]
    points = exchange(votes, rules()).points
    assert [name for name in names if points[name]] == names[:100]


CONSENSUS = {
    "A": [1000] * 6 + [500] * 2 + [0] * 2,
    "B": [1000] * 2 + [500] * 5 + [0] * 3,
    "C": [500] * 4 + [0] * 6,
}


def named(rows: dict[str, list[int]]) -> list[Vote]:
    return [
        Vote(f"{number}", channel, Fraction(amount))
        for channel, row in rows.items()
        for number, amount in enumerate(row)
    ]


@pytest.mark.parametrize(
    ("parameters", "awards", "cutoff"),
    [
        ({}, [1000, 500, 500], "4"),
        ({"step": "500", "grid": "100"}, [1000, 600, 400], "16/5"),
        ({"step": "500"}, [1000, 600, 400], "16/5"),
        ({"grid": "100"}, [1000, 600, 400], "16/5"),
    ],
)
def test_worked_consensus(parameters: dict[str, str], awards: list[int], cutoff: str) -> None:
    found = pool_divide(
        "interpolated-consensus", named(CONSENSUS), pool=2000, parameters=parameters
    )
    assert list(found.awards.values()) == awards
    assert (found.residual, found.why["cutoff"]) == (0, cutoff)


def test_a_vote_is_spread_over_five_points_of_the_grid() -> None:
    of = interpolated_consensus(
        [Vote("a", "A", Fraction(250))], pool=300, menu=Menu(125, 25), fading=Fading()
    )
    # One fifth of a vote is enough for the largest of 200, 225, 250, 275, 300, and it fits.
    assert (of.of["A"], of.why["cutoff"]) == (Fraction(1), "1/5")


def test_where_no_cutoff_meets_the_pool_the_rest_is_carried_over() -> None:
    rows = {"A": [700, 700], "B": [700, 700]}
    found = pool_divide("interpolated-consensus", named(rows), pool=1000, parameters={})
    assert (found.awards, found.residual, found.why) == ({"A": 0, "B": 0}, 1000, {})


@pytest.mark.parametrize("value", ["1/2", "250"])
def test_an_amount_that_is_not_on_the_menu_is_refused(value: str) -> None:
    with pytest.raises(BadBallot, match="not on the menu"):
        pool_divide(
            "interpolated-consensus",
            [Vote("ann", "A", Fraction(value))],
            pool=100,
            parameters={"step": "500", "grid": "100"},
        )


@st.composite
def exchanges(draw: st.DrawFn) -> tuple[Rows, int, int]:
    names = "ABCDE"[: draw(st.integers(1, 5))]
    vote = st.tuples(st.sampled_from([0, 10, 20, 30, 40]), st.sampled_from([0, 9, 35, 59, 60]))
    rows = {name: draw(st.lists(vote, min_size=1, max_size=5)) for name in names}
    return rows, draw(st.sampled_from([5, 10])), draw(st.sampled_from([1, 4, 8]))


def standing(rows: Rows) -> list[Vote]:
    return [
        Vote(f"{channel}{number}", channel, Fraction(value), age)
        for channel, row in rows.items()
        for number, (value, age) in enumerate(row)
    ]


def the_exchange_is_lawful(case: tuple[Rows, int, int]) -> None:
    rows, support_range, spread = case
    chosen = rules(support_range, spread)
    ended = exchange(standing(rows), chosen)
    assert sum(ended.points.values()) == 100
    assert ended.bid <= ended.offer * (1 + 1e-9)
    again = exchange(standing({name: row[::-1] for name, row in rows.items()}), chosen)
    assert again == ended
    for name in rows:
        raised = dict(rows)
        raised[name] = [(40, 0), *rows[name][1:]]
        after = exchange(standing(raised), chosen, ended.points)
        assert after.points[name] >= ended.points[name]


def the_consensus_is_lawful(rows: dict[str, list[int]], pool: int) -> None:
    for step, grid in ((0, 0), (500, 100)):
        found = pool_divide(
            "interpolated-consensus",
            named(rows),
            pool=pool,
            parameters={"step": str(step), "grid": str(grid)} if step else {},
        )
        awards, rest = slow_consensus(rows, pool, step, grid)
        assert (list(found.awards.values()), found.residual) == (awards, rest)
        turned = {name: row[::-1] for name, row in rows.items()}
        assert (
            pool_divide(
                "interpolated-consensus",
                named(turned),
                pool=pool,
                parameters={"step": str(step), "grid": str(grid)} if step else {},
            )
            == found
        )


amounts = st.lists(st.sampled_from([0, 500, 1000, 1500, 2000]), min_size=1, max_size=6)
contests = st.dictionaries(st.sampled_from("ABCD"), amounts, min_size=1)


@given(exchanges())
@settings(max_examples=60)
def test_the_fast_exchange_agrees_with_the_slow_one(case: tuple[Rows, int, int]) -> None:
    rows, support_range, spread = case
    ended = exchange(standing(rows), rules(support_range, spread))
    assert ended.points == slow_exchange(rows, support_range, spread)


@given(exchanges())
@settings(max_examples=EXAMPLES)
def test_properties_of_the_exchange(case: tuple[Rows, int, int]) -> None:
    the_exchange_is_lawful(case)


@given(contests, st.integers(1, 4000))
@settings(max_examples=EXAMPLES)
def test_properties_of_the_consensus(rows: dict[str, list[int]], pool: int) -> None:
    the_consensus_is_lawful(rows, pool)


@pytest.mark.soak
@given(exchanges(), contests, st.integers(1, 4000))
@settings(max_examples=EXAMPLES_SOAK)
def test_contests_hold_on_ten_thousand(
    case: tuple[Rows, int, int], rows: dict[str, list[int]], pool: int
) -> None:
    the_exchange_is_lawful(case)
    ended = exchange(standing(case[0]), rules(case[1], case[2]))
    assert ended.points == slow_exchange(*case)
    the_consensus_is_lawful(rows, pool)
