"""`purse serve` brings everything up, keeps it up, and takes all of it down, and nothing else."""

import json
import os
import signal
import socket
import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest

from commonpurse.engine.cluster import cluster_status
from commonpurse.engine.processes import is_alive
from tests.cli.conftest import (
    PURSE,
    READY,
    Served,
    environ,
    free_port,
    purse,
    served,
    told_by,
    until,
)

STOPS = [signal.SIGINT, signal.SIGTERM]
EVERYWHERE = "0.0.0.0"  # noqa: S104  # the demo must refuse it


@pytest.mark.parametrize("number", STOPS)
def test_it_comes_up_answers_and_stops_everything_that_it_started(data: Path, number: int) -> None:
    with served(data, "serve") as one:
        assert one.get("/healthz") == (200, json.dumps({"status": "alive"}))
        assert one.get("/readyz") == (200, json.dumps({"status": "ready"}))
        started = {line.split()[2] for line in one.family("web", "worker").values()}
        assert started == {"commonpurse.config.web", "commonpurse.config.worker"}
        assert cluster_status(data).pid is not None
        assert stat.S_IMODE((data / "keys" / "session").stat().st_mode) == 0o600
        until(lambda: purse(data, "doctor", PORT=str(one.port)).returncode == 0)
        assert one.end(number) == 0
        assert one.family("web", "worker") == {}
        assert cluster_status(data).pid is None


def is_anew(one: Served, name: str, before: set[int]) -> bool:
    return bool(set(one.family(name)) - before)


def test_whatever_is_killed_is_started_again(data: Path) -> None:
    with served(data, "serve") as one:
        for name in ("web", "worker"):
            before = set(one.family(name))
            assert before
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            until(partial(is_anew, one, name, before))
            until(lambda: one.get("/readyz")[0] == READY)
        database = cluster_status(data).pid
        assert database is not None
        os.kill(database, signal.SIGKILL)
        until(lambda: cluster_status(data).pid not in {None, database})
        until(lambda: one.get("/readyz")[0] == READY)
        assert one.process.poll() is None
        assert one.end() == 0


def test_nothing_of_it_outlives_a_killed_product_but_the_database_for_the_next(data: Path) -> None:
    with served(data, "serve") as one:
        family = one.family("web", "worker")
        database = cluster_status(data).pid
        assert database is not None
        one.process.kill()
        one.process.wait()
        until(lambda: not any(is_alive(pid) for pid in family))
    with served(data, "serve") as next_one:
        assert cluster_status(data).pid == database
        assert next_one.end() == 0
        assert cluster_status(data).pid is None


def test_a_half_sent_request_keeps_nothing_from_stopping(data: Path) -> None:
    with served(data, "serve") as one, socket.create_connection(("127.0.0.1", one.port)) as half:
        half.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
        assert one.end() == 0
    assert "Killing" not in told_by(data).read_text(encoding="utf-8")


def test_a_port_that_is_taken_is_said_in_one_line(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        refused = purse(data, "serve", PORT=str(port))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"purse: Port {port} on 127.0.0.1 cannot be used")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (data / "postgres").exists()


def test_of_two_first_starts_at_once_the_second_waits_and_finds_the_port_in_use(data: Path) -> None:
    port = free_port()
    both = [
        subprocess.Popen(
            [*PURSE, "demo"], env=environ(data, port), stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    until(lambda: any(one.poll() is not None for one in both))
    second, first = sorted(both, key=lambda one: one.poll() is None)
    assert second.communicate()[1].splitlines()[-1].startswith(f"purse: Port {port} on 127.0.0.1")
    assert second.returncode == 2
    assert first.poll() is None
    assert Served(data, port, first).get("/readyz")[0] == READY
    first.send_signal(signal.SIGINT)
    assert "Stopped." in first.communicate(timeout=60)[1]
    assert first.returncode == 0


@pytest.mark.parametrize("host", [EVERYWHERE, "192.0.2.1", "::", "example.org"])
def test_the_demo_never_listens_beyond_this_computer(data: Path, host: str) -> None:
    refused = purse(data, "demo", "--host", host)
    assert refused.returncode == 2
    assert "signs anybody in with one click" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
