"""`purse` as people run it: as a process of its own, in a data folder of its own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from commonpurse.engine.cluster import cluster_status, cluster_stop
from commonpurse.engine.processes import command_lines, is_alive

ROOT = Path(__file__).resolve().parent.parent.parent
PURSE = [
    sys.executable,
    "-c",
    "import sys; from commonpurse.cli.main import main; sys.exit(main())",
]
READY = 200
STEP_SECONDS = 0.1
OURS = ("PURSE_", "DATABASE_", "PORT")


def environ(data: Path, port: int) -> dict[str, str]:
    """The environment of a person who set nothing but a folder and a port."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    return plain | {"PYTHONPATH": str(ROOT), "PURSE_DATA": str(data), "PORT": str(port)}


def purse(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*PURSE, *words],
        check=False,
        cwd=data if data.is_dir() else ROOT,
        env=environ(data, 8000) | more,
        capture_output=True,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Served:
    """A running `purse serve`."""

    data: Path
    port: int
    process: subprocess.Popen[str]

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page: its status and text; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def family(self, *names: str) -> dict[int, str]:
        """The living processes of these programs that this command started, and their children."""
        return {
            pid: line.decode(errors="replace")
            for pid, line in command_lines().items()
            if any(f"commonpurse.config.{name}".encode() in line for name in names)
            and f"PURSE_DATA={self.data}".encode() in environment_of(pid)
            and is_alive(pid)
        }

    def end(self, number: int = signal.SIGINT) -> int:
        """Stop it as Ctrl-C or a service would; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def environment_of(pid: int) -> bytes:
    try:
        return Path("/proc", str(pid), "environ").read_bytes()
    except OSError:
        return b""


def until(question: Callable[[], bool], seconds: float = 120) -> None:
    """Ask again until the answer is yes; fail when time is over."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if question():
            return
        threading.Event().wait(STEP_SECONDS)
    raise AssertionError("it never became so")


def told_by(data: Path) -> Path:
    """Where a served product's words go: beside its data folder, which holds nothing else."""
    return data.with_suffix(".told")


@contextlib.contextmanager
def served(data: Path, *words: str) -> Iterator[Served]:
    """A running `purse serve`, ready; ended with the block when it has not ended before."""
    port = free_port()
    with told_by(data).open("w", encoding="utf-8") as told:
        process = subprocess.Popen(
            [*PURSE, *words], env=environ(data, port), cwd=ROOT, stdout=told, stderr=told, text=True
        )
    one = Served(data=data, port=port, process=process)
    try:
        until(lambda: one.get("/readyz")[0] == READY or process.poll() is not None)
        assert process.poll() is None, told_by(data).read_text(encoding="utf-8")
        yield one
    finally:
        if process.poll() is None:
            one.end()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder of a test's own; whatever still runs there is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="purse-cli-"))
    folder.chmod(0o755)
    yield folder
    if cluster_status(folder).is_made:
        cluster_stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
    told_by(folder).unlink(missing_ok=True)
