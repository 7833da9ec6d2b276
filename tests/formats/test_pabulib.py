"""Pabulib's files are read as approvals, and nonsense is refused with its line."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonpurse.formats.lines import LINE_BYTES_MAX, BadLine
from commonpurse.rules.projects.rules import projects_choose
from tests.formats.elections import PROJECTS, VOTES, WORKED, approvals, meta, pb, reads_or_refuses

POINTS = "VOTES\nvoter_id;vote;points\n"


def test_the_worked_file() -> None:
    election = pb(WORKED)
    assert (election.projects, election.costs) == (("a", "b", "c"), (50, 50, 20))
    assert (election.budget, election.voters) == (60, 4)
    assert approvals(election) == [["a"], ["a", "c"], ["b"], ["a", "c"]]


@pytest.mark.parametrize("change", ["crlf", "bom", "blank lines", "no last line end", "semicolons"])
def test_what_editors_do_to_a_file_changes_nothing(change: str) -> None:
    changed = {
        "crlf": WORKED.replace("\n", "\r\n").encode(),
        "bom": b"\xef\xbb\xbf" + WORKED.encode(),
        "blank lines": WORKED.replace("PROJECTS", "\nPROJECTS")
        .replace("VOTES", "\n\nVOTES")
        .encode(),
        "no last line end": WORKED.rstrip("\n").encode(),
        "semicolons": WORKED.replace("PROJECTS\n", "PROJECTS;\n").encode(),
    }[change]
    assert approvals(pb(changed)) == approvals(pb(WORKED))


@pytest.mark.parametrize(
    ("kind", "votes", "expected"),
    [
        ("approval", "VOTES\nvoter_id;vote\n1;\n2;c, a\n", [[], ["c", "a"]]),
        ("ordinal", "VOTES\nvoter_id;vote\n1;b,a\n", [["b", "a"]]),
        ("choose-1", "VOTES\nvoter_id;vote\n1;b\n2;\n", [["b"], []]),
        ("cumulative", POINTS + "1;a,b,c;5,0,0.5\n", [["a", "c"]]),
        ("scoring", POINTS + "1;a,b,c;-1,0,3\n2;;\n", [["c"], []]),
    ],
)
def test_every_kind_of_vote_approves(kind: str, votes: str, expected: list[list[str]]) -> None:
    assert approvals(pb(meta(kind=kind) + PROJECTS + votes)) == expected


def test_quotes_may_hold_semicolons_and_money_decimals() -> None:
    projects = (
        'PROJECTS\nname;project_id;cost\n"A park; with a pond";a;20.25\n"""Quoted""";b;10,5\n'
    )
    election = pb(
        meta("60.5", more='description;"One; two"\n') + projects + "VOTES\nvoter_id;vote\n1;a\n"
    )
    assert election.money(election.budget) == Fraction("60.5")
    assert [election.money(cost) for cost in election.costs] == [
        Fraction("20.25"),
        Fraction("10.5"),
    ]


def test_cents_do_not_change_what_one_unit_more_means() -> None:
    cents = WORKED.replace("budget;60", "budget;60.00").replace("c;20", "c;20.000")
    finer = WORKED.replace("b;50", "b;50.01")
    for text in (cents, finer):
        chosen = projects_choose("equal-shares", pb(text), {})
        assert [chosen.election.projects[one] for one in chosen.winners] == ["a"]
        assert chosen.equal_shares is not None
        assert chosen.equal_shares.added == 11


BAD = [
    (b"", 1, "ends before"),
    (b"\n\n", 2, "ends before"),
    (b"\xff\xfeM\x00", 1, "UTF-16"),
    (b"META\nkey;value\nbudget;\xe9\n", 3, "not UTF-8"),
    (WORKED.replace("b;50", "b;5\0").encode(), 8, "zero byte"),
    (WORKED.replace("b;50", "b;5\r0").encode(), 8, "carriage return"),
    ("x" * (LINE_BYTES_MAX + 1), 1, "longer than"),
    ("voter,channel,value\n", 1, "begins with META"),
    (PROJECTS + VOTES, 1, "wrong place"),
    (meta() + VOTES, 5, "wrong place"),
    (meta() + meta(), 5, "wrong place"),
    ("META\n" + PROJECTS, 2, "names its columns"),
    ("META\nkey;text\n", 2, "no column value"),
    ("META\nkey;value;key\n", 2, "named twice"),
    ("META\nkey;value\nbudget;1\nPROJECTS\n", 4, "no vote_type"),
    ("META\nkey;value\nvote_type;approval\nPROJECTS\n", 4, "no budget"),
    (meta(more="budget;7\n"), 5, "given twice"),
    (meta("0"), 3, "not above 0"),
    (meta("-1"), 3, "not an amount"),
    (meta("nan"), 3, "not an amount"),
    (meta("inf"), 3, "not an amount"),
    (meta("1e30"), 3, "up to"),
    (meta("9" * 40), 3, "not an amount"),
    (meta("1/0"), 3, "not an amount"),
    (meta("1.0000001"), 3, "six decimals"),
    (meta("1,000"), 3, "not an amount"),
    (meta(kind="guess"), 4, "no type of vote"),
    (meta() + "PROJECTS\nproject_id\n", 6, "no column cost"),
    (meta() + "PROJECTS\nproject_id;cost\nVOTES\n", 7, "no projects"),
    (meta() + "PROJECTS\nproject_id;cost\na;1\na;2\n", 8, "listed twice"),
    (meta() + "PROJECTS\nproject_id;cost\n;1\n", 7, "missing"),
    (meta() + "PROJECTS\nproject_id;cost\na;0\n", 7, "not above 0"),
    (meta() + "PROJECTS\nproject_id;cost\na;-3\n", 7, "not an amount"),
    (meta() + "PROJECTS\nproject_id;cost\na\n", 7, "not an amount"),
    (meta() + "PROJECTS\nproject_id;cost\na;1;2\n", 7, "3 fields"),
    (meta() + 'PROJECTS\nproject_id;cost\n"a;1\n', 7, "quotes"),
    (meta() + 'PROJECTS\nproject_id;cost\n"a,b";1\n', 7, "comma"),
    (meta() + "PROJECTS\nproject_id;cost\n" + "a" * 201 + ";1\n", 7, "200 letters"),
    (meta() + PROJECTS, 9, "before its VOTES"),
    (meta() + PROJECTS + "VOTES\n", 10, "before its VOTES"),
    (meta() + PROJECTS + "VOTES\nvoter_id\n", 11, "no column vote"),
    (WORKED + "4;b\n", 16, "voted twice"),
    (WORKED + "5;d\n", 16, "no project"),
    (WORKED + "5;a,a\n", 16, "lists a project twice"),
    (WORKED + "5;a,,c\n", 16, "no project"),
    (WORKED + ";a\n", 16, "missing"),
    (WORKED + "5;a\x1b\n", 16, "no project"),
    (meta(kind="choose-1") + PROJECTS + VOTES, 13, "chooses 2"),
    (meta(kind="scoring") + PROJECTS + VOTES, 11, "column points"),
    (meta(kind="scoring") + PROJECTS + POINTS + "1;a,b;1\n", 12, "2 projects and 1"),
    (meta(kind="scoring") + PROJECTS + POINTS + "1;a;nan\n", 12, "number of points"),
    (meta(kind="cumulative") + PROJECTS + POINTS + "1;a;--1\n", 12, "number of points"),
    (meta(more="num_votes;5\n") + PROJECTS + VOTES, 16, "num_votes"),
    (meta(more="num_projects;4\n") + PROJECTS + VOTES, 16, "num_projects"),
]


@pytest.mark.parametrize(("text", "line", "said"), BAD)
def test_nonsense_is_refused_with_its_line(text: str | bytes, line: int, said: str) -> None:
    with pytest.raises(BadLine) as refusal:
        pb(text)
    assert said in refusal.value.message
    assert refusal.value.line == line
    assert refusal.value.message.isprintable()


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for text in (data, WORKED.encode() + data):
        assert reads_or_refuses(pb, text)


@given(st.integers(0, len(WORKED)), st.integers(0, 20), st.text(max_size=5))
@settings(max_examples=500)
def test_a_damaged_file_is_read_or_refused(begin: int, length: int, inserted: str) -> None:
    damaged = WORKED[:begin] + inserted + WORKED[begin + length :]
    data = damaged.encode("utf-8", "surrogatepass")
    assert reads_or_refuses(lambda it: projects_choose("equal-shares", pb(it), {}), data)
