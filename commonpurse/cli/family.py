"""The processes of a running Commonpurse: started together, started anew, stopped together."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from commonpurse.cli.stopping import finish_undisturbed
from commonpurse.cli.surroundings import program_words, tell
from commonpurse.engine.cluster import cluster_revive
from commonpurse.engine.surroundings import Surroundings
from commonpurse.errors import NotPossible

STEP_SECONDS = 0.2
GRACE_SECONDS = 15.0
SHORT_LIFE_SECONDS = 10.0
SHORT_LIVES_MAX = 5


@dataclass
class Member:
    """One process of the family and how often it ended too soon."""

    name: str
    words: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    short_lives: int = 0


@dataclass
class Family:
    """The processes that this one started and answers for."""

    given: Surroundings
    environ: Mapping[str, str] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)

    def start(self, name: str, *words: str) -> None:
        """Start a program of `config` and keep it running."""
        member = Member(name=name, words=words)
        self.members.append(member)
        self.launch(member)

    def launch(self, member: Member) -> None:
        """Start one process, in a session of its own: Ctrl-C is for us, who then stop in order."""
        member.began = time.monotonic()
        member.process = subprocess.Popen(
            program_words(member.name, *member.words),
            env=dict(os.environ) | dict(self.environ) | {"PURSE_PARENT": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def watch(self) -> None:
        """Stay until told to stop; start anew whatever ends meanwhile. Raises NotPossible."""
        while True:
            time.sleep(STEP_SECONDS)
            if self.given.is_embedded and cluster_revive(self.given.data, say=tell):
                tell("The database had ended and was started again. Nothing is lost.")
            for member in self.members:
                if member.process is not None and member.process.poll() is not None:
                    self.relaunch(member)

    def relaunch(self, member: Member) -> None:
        """Start an ended process again, unless it keeps ending at once."""
        assert member.process is not None
        code = member.process.returncode
        if time.monotonic() - member.began < SHORT_LIFE_SECONDS:
            member.short_lives += 1
        else:
            member.short_lives = 0
        if member.short_lives >= SHORT_LIVES_MAX:
            raise NotPossible(
                "keeps_ending",
                f"The {member.name} process ended {SHORT_LIVES_MAX} times in a row (exit code "
                f"{code}). What it wrote stands above; `purse doctor` may know more.",
            )
        tell(f"The {member.name} process ended (exit code {code}) and is started again.")
        time.sleep(STEP_SECONDS * member.short_lives)
        self.launch(member)

    def stop(self) -> None:
        """Ask every process to end, wait, and end those that do not listen."""
        finish_undisturbed()
        living = [one.process for one in self.members if one.process is not None]
        for process in living:
            if process.poll() is None:
                process.terminate()
        limit = time.monotonic() + GRACE_SECONDS
        for process in living:
            try:
                process.wait(timeout=max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextlib.contextmanager
def family(given: Surroundings, environ: Mapping[str, str]) -> Iterator[Family]:
    """A family of processes that ends, whole, when the block does."""
    one = Family(given=given, environ=environ)
    try:
        yield one
    finally:
        one.stop()
