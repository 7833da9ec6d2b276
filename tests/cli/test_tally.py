"""`purse tally`: what it prints, its exit codes, and that it needs no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_bank_check import WITHOUT_DJANGO
from tests.formats.elections import WORKED

POOL = "voter,channel,value\n1,news,1\n2,news,1\n3,code,1\n4,music,1\n"
VOTERMEDIA = "voter,channel,value\n" + "".join(
    f"{name}{number},{name},40\n" for name in "ABC" for number in range(10)
)


def tally(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, "tally", str(path), *more],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


@pytest.fixture
def election(tmp_path: Path) -> Path:
    path = tmp_path / "city.pb"
    path.write_text(WORKED, encoding="utf-8")
    return path


@pytest.fixture
def ballots(tmp_path: Path) -> Path:
    path = tmp_path / "ballots.csv"
    path.write_text(POOL, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "winners", "cost"),
    [
        (["--rule", "equal-shares"], ["a"], 50),
        (["--rule", "equal-shares", "--completion", "none"], ["c"], 20),
        (["--rule", "equal-shares", "--completion", "add1-greedy"], ["a"], 50),
        (["--rule", "greedy"], ["a"], 50),
        (["--rule", "phragmen"], ["c"], 20),
        (["--rule", "phragmen", "--param", "overspend=skip"], ["c"], 20),
    ],
)
def test_projects_as_json(election: Path, words: list[str], winners: list[str], cost: int) -> None:
    done = tally(election, *words, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["rule"], found["winners"]) == (words[1], winners)
    assert (found["cost"], found["budget"], found["voters"]) == (cost, 60, 4)


def test_people_read_who_paid_what_and_why(election: Path) -> None:
    done = tally(election, "--rule", "equal-shares")
    assert done.returncode == 0
    assert "each supporter paid at most" in done.stdout
    assert "16.67" in done.stdout
    assert "every voter could spend 26" in done.stdout


def test_the_json_of_a_pool_is_exactly_what_is_documented(ballots: Path) -> None:
    done = tally(ballots, "--rule", "independent-markets", "--pool", "1001", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "rule": "independent-markets",
        "pool": 1001,
        "shares": {"code": "1/4", "music": "1/4", "news": "1/2"},
        "awards": {"code": 250, "music": 250, "news": 501},
        "residual": 0,
        "parameters": {},
        "why": {"t": "1/4"},
    }


@pytest.mark.parametrize(
    ("rule", "parameters", "awards"),
    [
        ("utilitarian", [], {"code": 0, "music": 0, "news": 1000}),
        ("mean", ["cap=2/5"], {"code": 250, "music": 250, "news": 400}),
        ("interpolated-consensus", [], {"code": 1, "music": 1, "news": 1}),
    ],
)
def test_other_rules_and_their_parameters(
    ballots: Path, rule: str, parameters: list[str], awards: dict[str, int]
) -> None:
    words = [word for one in parameters for word in ("--param", one)]
    done = tally(ballots, "--rule", rule, "--pool", "1000", "--json", *words)
    found = json.loads(done.stdout)
    assert found["awards"] == awards
    assert sum(found["awards"].values()) + found["residual"] == 1000


def test_votermedia_by_its_parameters(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(VOTERMEDIA, encoding="utf-8")
    plain = tally(path, "--rule", "votermedia", "--pool", "100", "--json")
    assert json.loads(plain.stdout)["awards"] == {"A": 35, "B": 35, "C": 30}
    words = ["--param", "spread=8", "--param", "range=10"]
    spread = tally(path, "--rule", "votermedia", "--pool", "100", "--json", *words)
    assert json.loads(spread.stdout)["awards"] == {"A": 34, "B": 33, "C": 33}


def test_people_read_a_table_of_awards_that_adds_up(ballots: Path) -> None:
    done = tally(ballots, "--rule", "independent-markets", "--pool", "1001")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "4 voters" in lines[0]
    assert [line.split()[0] for line in lines if " % " in line] == [
        "news",
        "code",
        "music",
        "(carried",
    ]
    assert "1/4  t*" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "greedy", "--pool", "5"], "its own budget"),
        (["--rule", "greedy", "--completion", "add1"], "no parameter"),
        (["--rule", "phragmen", "--param", "overspend=sometimes"], "is one of"),
        (["--rule", "greedy", "--param", "colour=red"], "no parameter"),
        (["--rule", "greedy", "--param", "colour"], "NAME=VALUE"),
        (["--rule", "phragmen", "--param", "overspend=stop", "--param", "overspend=skip"], "twice"),
    ],
)
def test_what_makes_no_sense_for_projects_is_refused(
    election: Path, words: list[str], said: str
) -> None:
    refused(tally(election, *words), said, str(election))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rule", "mean"], "--pool"),
        (["--rule", "mean", "--pool", "0"], "a pool has"),
        (["--rule", "mean", "--pool", "-5"], "not a whole number"),
        (["--rule", "mean", "--pool", "1.5"], "not a whole number"),
        (["--rule", "mean", "--pool", "5", "--completion", "none"], "equal-shares"),
        (["--rule", "mean", "--pool", "5", "--param", "range=5"], "no parameter"),
        (["--rule", "votermedia", "--pool", "5", "--param", "spread=nan"], "not a number"),
        (["--rule", "mean", "--pool", "5", "--param", "total=1/2"], "line 2"),
    ],
)
def test_what_makes_no_sense_for_a_pool_is_refused(
    ballots: Path, words: list[str], said: str
) -> None:
    refused(tally(ballots, *words), said, str(ballots))


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"", 1), (b"\xff", 1), (b"voter,channel,value\nann,news,1\nann,news,1\n", 3)],
)
def test_a_malformed_file_is_one_line_with_its_place(
    tmp_path: Path, data: bytes, line: int
) -> None:
    path = tmp_path / "broken"
    path.write_bytes(data)
    refused(tally(path, "--rule", "mean", "--pool", "5"), f"line {line}:", str(path))
    refused(tally(path, "--rule", "greedy"), "line 1:", str(path))


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    refused(tally(tmp_path, "--rule", "greedy"), "Is a directory", str(tmp_path))
    refused(tally(tmp_path / "no", "--rule", "greedy"), "No such file", "no")


@pytest.mark.parametrize(
    "words", [["--rule", "best"], [], ["--rule", "greedy", "--completion", "x"]]
)
def test_the_command_line_itself_is_checked(election: Path, words: list[str]) -> None:
    done = tally(election, *words)
    assert done.returncode == 2
    assert done.stdout == ""


def refused(done: subprocess.CompletedProcess[str], said: str, named: str) -> None:
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert named in done.stderr
