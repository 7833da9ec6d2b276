"""Two starters at once, a killed server, a killed product: one server, and nothing lost."""

import os
import signal
import subprocess
from pathlib import Path

import psycopg

from commonpurse.engine.cluster import cluster_status, cluster_use
from commonpurse.engine.places import places_of
from commonpurse.engine.processes import is_alive, processes_of
from tests.engine.conftest import child, line_of, tell

STARTERS = 4

USER = """
import sys
from pathlib import Path
from commonpurse.engine.cluster import cluster_status, cluster_use
print("here", flush=True)
sys.stdin.readline()
with cluster_use(Path(sys.argv[1])):
    print(cluster_status(Path(sys.argv[1])).pid, flush=True)
    sys.stdin.readline()
"""


def ended(process: subprocess.Popen[str]) -> None:
    tell(process, "end")
    process.communicate()
    assert process.returncode == 0


def test_processes_that_begin_at_once_share_one_server_and_the_last_stops_it(data: Path) -> None:
    starters = [child(USER, data) for _ in range(STARTERS)]
    assert [line_of(one) for one in starters] == ["here"] * STARTERS
    for one in starters:
        tell(one, "go")
    servers = {line_of(one) for one in starters}
    assert len(servers) == 1
    for one in starters[:-1]:
        ended(one)
    assert str(cluster_status(data).pid) in servers
    ended(starters[-1])
    assert cluster_status(data).pid is None
    assert processes_of(places_of(data)) == []


def test_a_killed_server_comes_back_with_everything_that_was_committed(data: Path) -> None:
    with cluster_use(data, is_kept=True) as owner:
        session = psycopg.connect(owner.conninfo)
        session.execute("CREATE TABLE note (line int)")
        session.execute("INSERT INTO note SELECT generate_series(1, 10000)")
        session.commit()
        session.execute("INSERT INTO note VALUES (0)")  # never committed
        server = cluster_status(data).pid
        assert server is not None
        os.kill(server, signal.SIGKILL)
        session.close()
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        assert session.execute("SELECT count(*), min(line) FROM note").fetchone() == (10_000, 1)


def test_a_note_that_names_a_living_stranger_does_not_stop_the_start(data: Path) -> None:
    with cluster_use(data):
        note = (data / "postgres" / "postmaster.pid").read_text(encoding="utf-8")
    stale = data / "postgres" / "postmaster.pid"
    stale.write_text("\n".join([str(os.getpid()), *note.splitlines()[1:]]), encoding="utf-8")
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_killed_product_leaves_a_server_that_the_next_one_takes_over(data: Path) -> None:
    first = child(USER, data)
    tell(first, "go")
    assert line_of(first) == "here"
    server = int(line_of(first))
    first.kill()
    first.communicate()
    assert is_alive(server)
    with cluster_use(data):
        assert cluster_status(data).pid == server
    assert cluster_status(data).pid is None
    assert not is_alive(server)


def test_a_product_killed_while_it_makes_the_cluster_leaves_no_half_of_one(data: Path) -> None:
    first = child(USER, data)
    tell(first, "go")
    assert line_of(first) == "here"
    places = places_of(data)
    while not list(data.glob("postgres.making-*")) and not places.is_made:
        assert first.poll() is None
    first.kill()
    first.communicate()
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
    assert list(data.glob("postgres.making-*")) == []
