"""A disk without room: said in one sentence, and nothing that was saved is lost."""

import resource
from pathlib import Path

import psycopg

from commonpurse.engine.cluster import cluster_use
from tests.engine.conftest import ordinarily

ROOM_BYTES = 1_000_000


def started_without_room(data: Path) -> object:
    """Start where no file may grow past a megabyte, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM_BYTES, ROOM_BYTES))
    with cluster_use(data):
        return "it started"


def noted(data: Path) -> object:
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        session.execute("CREATE TABLE IF NOT EXISTS note (line int)")
        session.execute("INSERT INTO note SELECT count(*) + 1 FROM note")
        return session.execute("SELECT max(line) FROM note").fetchone()


def test_a_full_disk_is_named_when_the_cluster_is_made(data: Path) -> None:
    data.parent.chmod(0o777)
    answer = ordinarily(started_without_room, data)
    assert isinstance(answer, tuple), answer
    code, message = answer
    assert code == "disk_full"
    assert "no room left on the disk" in message
    assert str(data) in message
    assert not (data / "postgres").exists()  # half a cluster is none: the next start makes one
