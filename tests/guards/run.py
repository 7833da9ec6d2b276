"""Prove that guards guard: take each one away in a copy of the tree and see its tests turn red.

`make guards` runs every guard of the registry; `make guards ONLY=word` those whose name has it.
A guard whose tests stay green without it guards nothing, and the run fails. So does a guard whose
text is no longer in the tree: then the registry is out of date, which is just as bad.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.guards.guard import Guard
from tests.guards.registry import GUARDS

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 600
RED = 1  # pytest's exit status when tests ran and at least one failed.


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


def tests_run(tree: Path, tests: tuple[str, ...]) -> tuple[int, str]:
    """Run tests of a copied tree against that tree's own code; exit status and output."""
    data = os.environ.get("PURSE_DATA", "").strip() or str(ROOT / ".purse")
    environment = os.environ | {"PYTHONPATH": str(tree), "PURSE_DATA": data}
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


def guard_prove(guard: Guard) -> str:
    """Empty when the guard's tests turn red without it, else what went wrong."""
    with tempfile.TemporaryDirectory(prefix="guard-") as folder:
        tree = Path(folder)
        tree_copy(tree)
        try:
            guard_remove(tree, guard)
        except ValueError as wrong:
            return str(wrong)
        status, output = tests_run(tree, guard.tests)
    if status == RED:
        return ""
    if status == 0:
        return "its tests stay green without it"
    return f"pytest ended with {status}:\n{output[-2000:]}"


def main() -> int:
    """Run the guards asked for and say for each whether its tests turned red."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="guards whose name has this word")
    wanted = [guard for guard in GUARDS if parser.parse_args().only in guard.name]
    failed = 0
    for guard in wanted:
        start = time.monotonic()
        wrong = guard_prove(guard)
        took = time.monotonic() - start
        print(f"{'red  ' if not wrong else 'WRONG'} {took:5.1f} s  {guard.name}", flush=True)
        if wrong:
            failed += 1
            print(f"      {wrong}", flush=True)
    print(f"{len(wanted) - failed} of {len(wanted)} guards turn their tests red when removed")
    return 1 if failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
