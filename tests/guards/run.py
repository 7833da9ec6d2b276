"""Prove that guards guard: take each one away in a copy of the tree and see its tests turn red.

`make guards` runs every guard of the registry; `make guards ONLY=word` those whose name has it.
A guard whose tests stay green without it guards nothing, and the run fails. So does a guard whose
text is no longer in the tree: then the registry is out of date, which is just as bad. And so does
one whose tests could not even begin without it: a tree that is broken proves nothing.

Guards that stand in the database's schema come last, because each needs a template of its own.
Two are tried at a time, each in its own copy of the tree and in databases of its own. A copy is
used again: the file that lost its guard is put back as it was, with its time, so that Python
compiles that one file anew and no other.
"""

import argparse
import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from commonpurse.engine.cluster import cluster_use
from tests.guards.guard import Guard
from tests.guards.registry import GUARDS

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 600
RED = 1  # pytest's exit status when tests ran and at least one failed.
AT_ONCE = 2
FAILED = re.compile(r"^(?:.*, )?[0-9]+ failed\b", re.MULTILINE)
SAID = re.compile(r"^E +(\S.*)$", re.MULTILINE)
SCHEMA = ("/migrations/", "/models", "config/roles.py")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a guard: `wrong` is empty when its tests turned red, `said` what they said."""

    wrong: str
    said: str
    seconds: float


def tree_copy(target: Path) -> None:
    """Copy what git tracks or would track, as it stands, into an empty folder."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def data_folder() -> Path:
    """Where the tests keep their server: the same for every copy of the tree."""
    return Path(os.environ.get("PURSE_DATA", "").strip() or ROOT / ".purse")


@contextlib.contextmanager
def server_kept() -> Iterator[None]:
    """Keep the tests' own server up from the first guard to the last."""
    if os.environ.get("DATABASE_URL", "").strip():
        yield
        return
    with cluster_use(data_folder() / "test", is_durable=False):
        yield


def tests_run(tree: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """Run tests of a copied tree against that tree's own code; exit status and output."""
    environment = os.environ | {
        "PYTHONPATH": str(tree),
        "PURSE_DATA": str(data_folder()),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(tree.with_suffix(".hypothesis")),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def guard_remove(tree: Path, guard: Guard) -> None:
    """Take the guard's text out of the copy. ValueError unless it stands there exactly once."""
    path = tree / guard.file
    text = path.read_text(encoding="utf-8")
    if text.count(guard.find) != 1:
        raise ValueError(f"{guard.file} holds the guard's text {text.count(guard.find)} times")
    path.write_text(text.replace(guard.find, guard.replace), encoding="utf-8")


def guard_prove(guard: Guard, tree: Path) -> Verdict:
    """Run the guard's tests without it, and put it back."""
    start = time.monotonic()
    said = ""
    path, aside = tree / guard.file, tree.with_suffix(".aside")
    shutil.copy2(path, aside)
    try:
        guard_remove(tree, guard)
        status, output = tests_run(tree, guard.tests)
    except ValueError as fault:
        wrong = str(fault)
    except subprocess.TimeoutExpired:
        wrong = f"its tests were not over after {SECONDS_MAX} seconds"
    else:
        wrong = wrong_of(status, output)
        found = SAID.search(output)
        said = found[1] if found else ""
    finally:
        shutil.copy2(aside, path)
    return Verdict(wrong, said, time.monotonic() - start)


def wrong_of(status: int, output: str) -> str:
    """Empty when pytest's answer means that a test failed, else what it means."""
    if status == 0:
        return "its tests stay green without it"
    if status != RED or not FAILED.search(output):  # An error while setting up is no failure.
        return (
            f"its tests could not be run without it (pytest ended with {status}):\n{output[-2000:]}"
        )
    return ""


@contextlib.contextmanager
def trees_kept(count: int) -> Iterator[list[Path]]:
    """Copies of the tree, one for each guard that is tried at a time."""
    with tempfile.TemporaryDirectory(prefix="guards-") as folder:
        trees = [Path(folder, str(number)) for number in range(count)]
        for tree in trees:
            tree_copy(tree)
        yield trees


def guards_prove(wanted: list[Guard], trees: list[Path]) -> Iterator[tuple[Guard, Verdict]]:
    """Each guard with its verdict, in their order, as many at a time as there are trees."""
    free: queue.Queue[Path] = queue.Queue()
    for tree in trees:
        free.put(tree)

    def prove(guard: Guard) -> Verdict:
        tree = free.get()
        try:
            return guard_prove(guard, tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        yield from zip(wanted, pool.map(prove, wanted), strict=True)


def is_schema(guard: Guard) -> bool:
    """Whether taking the guard away changes the schema."""
    return any(part in guard.file for part in SCHEMA)


def main() -> int:
    """Run the guards asked for and say for each whether its tests turned red."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards whose name has this word")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="how many are tried at a time")
    parser.add_argument("--why", action="store_true", help="say how the tests failed")
    given = parser.parse_args()
    wanted = sorted((guard for guard in GUARDS if given.only in guard.name), key=is_schema)
    failed = 0
    with server_kept(), trees_kept(given.at_once) as trees:
        for guard, found in guards_prove(wanted, trees):
            word = "WRONG" if found.wrong else "red  "
            print(f"{word} {found.seconds:5.1f} s  {guard.name}", flush=True)
            failed += bool(found.wrong)
            if found.wrong or given.why:
                print(f"      {found.wrong or found.said}", flush=True)
    print(f"{len(wanted) - failed} of {len(wanted)} guards turn their tests red when removed")
    return 1 if failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
