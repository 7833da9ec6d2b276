"""`purse bank check FILE`: what it prints, its exit codes, and that it needs no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.statements import IBAN, PAYER, camt, detail, entry, statement

RF = "RF18539007547034"
GOOD = camt(
    statement(
        entry("12.50", details=detail(text="dues rf18 5390 0754 7034")),
        entry("7.00", way="DBIT", details=detail(name="Bo", role="Cdtr", reason="AC04")),
        closing="105.50",
    ),
    version="08",
)
WITHOUT_DJANGO = """
import sys
from commonpurse.cli.main import main
code = main(sys.argv[1:])
assert not any(name.split(".")[0] == "django" for name in sys.modules), "Django was imported"
sys.exit(code)
"""


def check(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, "bank", "check", str(path), *more],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )


def file(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "statement.xml"
    path.write_bytes(data)
    return path


def test_the_json_is_exactly_what_is_documented(tmp_path: Path) -> None:
    done = check(file(tmp_path, GOOD), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "format": "camt.053.001.08",
        "statements": [
            {
                "account": IBAN,
                "currency": "EUR",
                "opening_minor": 10_000,
                "closing_minor": 10_550,
                "balanced": True,
                "difference_minor": 0,
                "entries": [
                    {
                        "booked_on": "2026-03-02",
                        "amount_minor": 1_250,
                        "reference": RF,
                        "counterparty": "Cy Member",
                        "iban": PAYER,
                        "return_reason": None,
                    },
                    {
                        "booked_on": "2026-03-02",
                        "amount_minor": -700,
                        "reference": None,
                        "counterparty": "Bo",
                        "iban": PAYER,
                        "return_reason": "AC04",
                    },
                ],
            }
        ],
    }


def test_people_read_a_table_with_a_verdict(tmp_path: Path) -> None:
    done = check(file(tmp_path, GOOD))
    assert done.returncode == 0
    assert "DE89 3704 0044 0532 0130 00" in done.stdout
    assert "Reconciles" in done.stdout
    assert "returned: AC04" in done.stdout


@pytest.mark.parametrize(
    ("opening", "closing", "balanced", "said"),
    [
        ("100.00", "105.51", False, "0.01 off"),
        (None, "105.50", None, "a balance is missing"),
        ("100.00", None, None, "a balance is missing"),
    ],
)
def test_what_does_not_reconcile_exits_with_one(
    tmp_path: Path, opening: str | None, closing: str | None, balanced: bool | None, said: str
) -> None:
    lines = (entry("12.50"), entry("7.00", way="DBIT"))
    path = file(tmp_path, camt(statement(*lines, opening=opening, closing=closing)))
    done = check(path, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["statements"][0]["balanced"] is balanced
    assert said in check(path).stdout


@pytest.mark.parametrize(
    "data",
    [
        b"",
        GOOD[:300],
        b"<html>",
        b"%PDF",
        camt(statement(), message="camt.054.001"),
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + GOOD.partition(b"\n")[2],
    ],
)
def test_what_cannot_be_read_exits_with_two_and_one_line(tmp_path: Path, data: bytes) -> None:
    done = check(file(tmp_path, data), "--json")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_exits_with_two(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.xml", tmp_path):
        done = check(path)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
