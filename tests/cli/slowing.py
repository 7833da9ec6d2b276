"""Makes the workers of a Dask cluster wait in the middle of a part, and write down what they do."""

import os
import threading
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

from commonpurse.cli import tally_parts
from commonpurse.cli.tally_parts import Answer
from commonpurse.rules.pools.sums import Counting

STEP_SECONDS = 0.02
STEPS_MAX = 3_000


class Slowed(WorkerPlugin):  # type: ignore[misc]
    """A worker counts its first part, then waits inside the next until there is a file `go`."""

    name = "slowed"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counted: Any = None
        self.finished = 0

    def setup(self, worker: Any) -> None:
        del worker
        self.counted = tally_parts.part_count
        tally_parts.part_count = self.slow_count

    def teardown(self, worker: Any) -> None:
        del worker
        tally_parts.part_count = self.counted

    def slow_count(self, path: str, counting: Counting) -> Answer:
        self.note("begun", path)
        if self.finished:
            for _ in range(STEPS_MAX):
                if (self.folder / "go").exists():
                    break
                threading.Event().wait(STEP_SECONDS)
        answer: Answer = self.counted(path, counting)
        self.finished += 1
        self.note("done", path)
        return answer

    def note(self, what: str, path: str) -> None:
        """One line, whole even when two processes write at once."""
        line = f"{os.getpid()} {what} {Path(path).name}\n".encode()
        file = os.open(self.folder / "notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            os.write(file, line)
        finally:
            os.close(file)


def notes(folder: Path) -> list[tuple[int, str, str]]:
    """Who began and who finished which part, in order."""
    try:
        lines = (folder / "notes").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [(int(pid), what, part) for pid, what, part in (line.split() for line in lines)]
