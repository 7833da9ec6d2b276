"""What a stranger runs needs neither Django nor a database."""

import subprocess
import sys

import pytest

from tests.house.source import PACKAGE, ROOT

BLOCK = """
import sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "procrastinate"}:
            raise ImportError("a stranger has no " + name)
sys.meta_path.insert(0, Wall())
"""


def behind_the_wall(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCK + code], cwd=ROOT, check=False, capture_output=True, text=True
    )


def test_the_wall_stands() -> None:
    assert behind_the_wall("import django").returncode != 0


@pytest.mark.parametrize(
    "words", [["verify", "--help"], ["bank", "check", "--help"], ["tally", "--help"], ["--help"]]
)
def test_what_a_stranger_runs_needs_no_django(words: list[str]) -> None:
    ran = behind_the_wall(f"from commonpurse.cli.main import main; main({words!r})")
    assert ran.returncode == 0, ran.stderr
    assert "usage: purse" in ran.stdout


@pytest.mark.parametrize("room", ["proof", "formats", "rules"])
def test_a_pure_room_imports_without_django(room: str) -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((PACKAGE / room).rglob("*.py"))
        if path.name not in {"__init__.py", "__main__.py", "verify_alone.py"}
    ]
    assert names
    ran = behind_the_wall("".join(f"import {name}\n" for name in names))
    assert ran.returncode == 0, ran.stderr
