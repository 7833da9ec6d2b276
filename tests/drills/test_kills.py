"""Kill -9 while people write: nothing acknowledged is lost, nothing is done twice.

A real `purse serve` runs in a folder of its own. Ten processes post entries and twelve browsers
comment, each again under its key until it is acknowledged. The database, the pages and the worker
are killed in turn; a kill counts when at least eight who wrote had no answer before it and after.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from commonpurse.engine.address import address_of
from commonpurse.engine.cluster import cluster_status
from tests.cli.conftest import READY, ROOT, Served, data, environ, purse, served, until
from tests.drills.writer import OPEN, OVER, SHUT, WRITERS, Board, Ground

__all__ = ["data"]

BROWSERS = 12
UNANSWERED_MIN = 8
ROUNDS = 7
PATIENCE = 180.0
SEQUENCING_SECONDS = 15.0
TOKEN = "t" * 32
FOUND, BUSY = 302, 409


def is_killed(pid: int) -> bool:
    """Kill a process; False when it was gone already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@dataclass
class Browser:
    """One member's browser: it sends a comment again, with its one-time key, until it is kept."""

    number: int
    port: int
    ground: Ground
    gate: Callable[[], float]
    asked: float = 0.0
    acks: list[str] = field(default_factory=list)
    wrong: str = ""

    def run(self) -> None:
        count = 0
        while (gate := self.gate()) != OVER and not self.wrong:
            if gate == SHUT:
                threading.Event().wait(0.02)
                continue
            count += 1
            body = f"b{self.number}-{count}"
            self.asked = time.monotonic()
            while not self.wrong and self.say(body) != FOUND:
                threading.Event().wait(0.1)
            self.acks.append(body)
            self.asked = 0.0

    def say(self, body: str) -> int:
        """Send it once; the status, 0 when nobody answered."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        form = {"body": body, "parent": "", "once": body, "csrfmiddlewaretoken": TOKEN}
        cookie = f"sessionid={self.ground.session}; csrftoken={TOKEN}"
        try:
            line.request(
                "POST",
                f"/c/{self.ground.slug}/threads/{self.ground.thread_id}/",
                urlencode(form),
                {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie},
            )
            status = line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()
        if status not in {FOUND, BUSY} and status < 500:
            self.wrong = f"{body}: {status}"
        return status


@dataclass
class Drill:
    """A served product, who writes into it, and what was killed so far."""

    one: Served
    folder: Path
    ground: Ground
    board: Board
    browsers: list[Browser]
    kills: Counter[str] = field(default_factory=Counter)
    not_counted: int = 0
    in_sequencing: int = 0
    unanswered: list[int] = field(default_factory=list)

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[tuple[int, ...]]]:
        with psycopg.connect(address_of(self.folder, "owner").conninfo, autocommit=True) as made:
            yield made

    def number(self, query: str) -> int:
        with self.session() as session:
            row = session.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])

    def waiting(self, name: str) -> dict[str, float]:
        """Who waits for an answer of what is about to be killed."""
        pages = {f"b{one.number}": one.asked for one in self.browsers if one.asked}
        books = {f"w{slot}": asked for slot, asked in self.board.waiting().items()}
        return pages if name == "web" else books

    def is_answering(self) -> bool:
        try:
            self.number("SELECT 1")
        except psycopg.Error:
            return False
        return self.one.get("/readyz")[0] == READY

    def targets(self, name: str) -> list[int]:
        if name == "database":
            server = cluster_status(self.folder).pid
            return [server] if server else []
        return list(self.one.family(name))

    def kill(self, name: str) -> None:
        """Open the gate, kill it in the middle, see it come back, and let everybody finish."""
        self.board.put(0, OPEN)
        until(lambda: len(self.waiting(name)) >= UNANSWERED_MIN, PATIENCE)
        threading.Event().wait(0.5)
        targets = self.targets(name)
        assert targets
        if name == "worker":
            self.in_sequencing += self.is_sequencing()
        until(lambda: len(self.waiting(name)) >= UNANSWERED_MIN, PATIENCE)
        before = self.waiting(name)
        # A process whose parent was just killed ends by itself, at times before its turn here.
        assert sum(is_killed(pid) for pid in targets) > 0
        after = self.waiting(name)
        unanswered = sum(after.get(who) == asked for who, asked in before.items())
        if unanswered >= UNANSWERED_MIN:
            self.kills[name] += 1
            self.unanswered.append(unanswered)
        else:
            self.not_counted += 1
        until(lambda: bool(set(self.targets(name)) - set(targets)), PATIENCE)
        until(self.is_answering, PATIENCE)
        self.board.put(0, SHUT)
        until(lambda: not self.waiting("web") and not self.waiting("books"), PATIENCE)

    def is_sequencing(self) -> bool:
        """Wait until the worker numbers leaves at this moment; False when it did not for long."""
        limit = time.monotonic() + SEQUENCING_SECONDS
        with self.session() as session:
            while time.monotonic() < limit:
                row = session.execute(
                    "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                    " WHERE c.relname = 'record_logstate' AND l.mode = 'RowShareLock'"
                ).fetchone()
                if row is not None and row[0]:
                    return True
        return False

    def check(self) -> None:
        """Exactly what was acknowledged is there, once, and every entry balances."""
        acks: dict[str, int] = {}
        for path in self.folder.glob("acks-*.txt"):
            for line in path.read_text(encoding="utf-8").splitlines():
                key, amount = line.split()
                acks[key] = int(amount)
        said = [body for one in self.browsers for body in one.acks]
        with self.session() as session:
            booked = session.execute(
                "SELECT e.key, p.amount_minor FROM ledger_entry e"
                " JOIN ledger_posting p ON p.entry_id = e.id WHERE p.account_id = %s",
                [self.ground.bank],
            ).fetchall()
            kept = session.execute("SELECT body FROM discussion_comment").fetchall()
        assert [one.wrong for one in self.browsers if one.wrong] == []
        assert set(acks) - {str(key) for key, _ in booked} == set()  # acknowledged and lost
        assert Counter((str(key), amount) for key, amount in booked) == Counter(acks.items())
        assert Counter(str(body) for (body,) in kept) == Counter(said)
        unbalanced = (
            "SELECT count(*) FROM (SELECT 1 FROM ledger_posting"
            " GROUP BY entry_id HAVING sum(amount_minor) <> 0) wrong"
        )
        assert self.number(unbalanced) == 0
        astray = (
            "SELECT count(*) FROM ledger_balance b WHERE balance_minor <> (SELECT"
            " coalesce(sum(amount_minor), 0) FROM ledger_posting p WHERE p.account_id = b.id)"
        )
        assert self.number(astray) == 0

    def check_log(self) -> None:
        """Every leaf gets one place, without a gap, and the record verifies."""
        until(lambda: self.number("SELECT count(*) FROM record_pendingleaf") == 0, PATIENCE)
        leaves = self.number("SELECT count(*) FROM record_leaf")
        placed = (
            "SELECT count(*) FROM record_leaf l WHERE"
            " (SELECT count(*) FROM record_sequenced s WHERE s.leaf_id = l.id) = 1"
        )
        assert self.number(placed) == leaves
        gaps = (
            "SELECT count(*) FROM (SELECT 1 FROM record_sequenced GROUP BY coop_id"
            " HAVING count(DISTINCT index) <> max(index) + 1 OR count(*) <> max(index) + 1) wrong"
        )
        assert self.number(gaps) == 0
        target = self.folder / f"export-{sum(self.kills.values())}-{self.not_counted}"
        made = purse(self.folder, "export", "--coop", self.ground.slug, str(target))
        assert made.returncode == 0, made.stdout + made.stderr
        key = next(line[5:] for line in made.stdout.splitlines() if line.startswith("Key: "))
        checked = purse(self.folder, "verify", str(target), "--key", key)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def writer(folder: Path, *words: str, stdout: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.drills.writer", *words],
        env=environ(folder, 8000),
        cwd=ROOT,
        text=True,
        stdout=stdout,
    )


@contextmanager
def drilling(folder: Path) -> Iterator[Drill]:
    """A served product, ten processes and twelve browsers that wait at the gate."""
    with served(folder, "serve") as one:
        first = writer(folder, "begin", stdout=subprocess.PIPE)
        told, _ = first.communicate()
        assert first.returncode == 0
        (folder / "ground.json").write_text(told, encoding="utf-8")
        ground = Ground(**json.loads(told))
        board = Board(folder)
        processes = [writer(folder, str(number), str(folder)) for number in range(1, WRITERS + 1)]
        browsers = [
            Browser(number, one.port, ground, lambda: board.get(0)) for number in range(BROWSERS)
        ]
        threads = [threading.Thread(target=browser.run) for browser in browsers]
        for thread in threads:
            thread.start()
        try:
            until(lambda: len(list(folder.glob("ready-*"))) == WRITERS, PATIENCE)
            yield Drill(one, folder, ground, board, browsers)
        finally:
            board.put(0, OVER)
            for process in processes:
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for browser in browsers:
                browser.wrong = browser.wrong or "over"
            for thread in threads:
                thread.join()


@pytest.mark.soak
def test_nothing_is_lost_or_doubled_whatever_is_killed(data: Path) -> None:
    with drilling(data) as drill:
        began = time.monotonic()
        while min(drill.kills[name] for name in ("database", "web", "worker")) < ROUNDS:
            assert drill.not_counted <= ROUNDS
            for name in ("database", "web", "worker"):
                drill.kill(name)
                drill.check()
            drill.check_log()
            print(  # noqa: T201  # the drill says what it did
                f"\n{time.monotonic() - began:.0f} s: {dict(drill.kills)} kills, not counted"
                f" {drill.not_counted}; unanswered at each {drill.unanswered}; in sequencing"
                f" {drill.in_sequencing}; {drill.number('SELECT count(*) FROM ledger_entry')}"
                f" entries and {drill.number('SELECT count(*) FROM discussion_comment')} comments"
                " acknowledged; lost 0, doubled 0, unbalanced 0; every leaf has one place;"
                " the record verifies",
                flush=True,
            )
        assert sum(drill.kills.values()) >= 3 * ROUNDS
