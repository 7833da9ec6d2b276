"""The readers of votes, fed by a fuzzer that sees which of their branches it has reached.

What it found worth keeping stands in `readers/`: a run begins with it. After a fault the input that
showed it stands in the message; put it there too, so that it is tried first from then on.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).with_name("readers")
LOCK = ROOT / "requirements" / "fuzz.lock"
SECONDS = 180
EXECUTED_MIN = 20_000
"""Far fewer would mean that nothing was tried: a quiet machine does some 10,000 a second."""


@pytest.fixture(scope="session")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has atheris, which only this drill needs."""
    folder = tmp_path_factory.mktemp("fuzzer") / "venv"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    python = folder / "bin" / "python"
    sync = [*uv, "pip", "sync", "-q", "--python", str(python), "--require-hashes", str(LOCK)]
    subprocess.run(sync, check=True)
    return python


@pytest.mark.soak
@pytest.mark.parametrize("name", ["ballots", "pabulib"])
def test_no_file_breaks_a_reader(fuzzer: Path, tmp_path: Path, name: str) -> None:
    fresh = tmp_path / "corpus"
    fresh.mkdir()
    done = subprocess.run(
        [
            str(fuzzer),
            str(HERE / "reader.py"),
            name,
            str(fresh),
            str(HERE / name),
            f"-max_total_time={SECONDS}",
            "-max_len=4096",
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            f"-artifact_prefix={tmp_path}/fault-",
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    faults = [(path.name, path.read_bytes()) for path in tmp_path.glob("fault-*")]
    assert (done.returncode, faults) == (0, []), done.stderr[-3000:]
    executed = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    assert executed is not None
    new = len(list(fresh.iterdir()))
    print(  # noqa: T201  # the drill says what it did
        f"\n{name}: {int(executed[1]):,} files read or refused, {new} of them new"
    )
    assert int(executed[1]) >= EXECUTED_MIN
