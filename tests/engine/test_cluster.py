"""The embedded PostgreSQL, brought up in every place where a person may put it."""

import os
import stat
from pathlib import Path

import psycopg
import pytest

from commonpurse.engine.address import address_of
from commonpurse.engine.cluster import cluster_status, cluster_stop, cluster_use
from commonpurse.engine.places import places_of
from commonpurse.errors import NotPossible
from tests.engine.conftest import ordinarily

CLOSED = 0o700


def noted(data: Path) -> list[object]:
    """Start, note one more line, and return all lines that were ever noted."""
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        session.execute("CREATE TABLE IF NOT EXISTS note (line int)")
        session.execute("INSERT INTO note SELECT count(*) + 1 FROM note")
        return [line for (line,) in session.execute("SELECT line FROM note ORDER BY line")]


def test_a_cluster_is_made_once_and_keeps_what_was_written(data: Path) -> None:
    assert noted(data) == [1]
    assert cluster_status(data).pid is None
    assert noted(data) == [1, 2]


def test_an_ordinary_account_brings_up_its_own(data: Path) -> None:
    data.parent.chmod(0o777)
    assert ordinarily(noted, data) == [1]


def test_a_checkout_that_only_its_owner_may_enter_is_no_obstacle(data: Path) -> None:
    closed = data.parent
    closed.chmod(CLOSED)
    assert noted(data) == [1]
    assert noted(data) == [1, 2]
    assert stat.S_IMODE(closed.stat().st_mode) == CLOSED  # nobody was let in on the way
    if os.geteuid() == 0:
        assert places_of(data).link.is_symlink()
        assert (data / "postgres" / "PG_VERSION").read_text(encoding="ascii").strip() == "18"


def test_a_path_far_longer_than_a_socket_may_have_is_no_obstacle(data: Path) -> None:
    deep = data.joinpath(*["a-rather-long-name-of-a-folder"] * 8)
    assert len(str(deep)) > 230
    try:
        assert noted(deep) == [1]
        assert len(str(places_of(deep).socket / ".s.PGSQL.5432")) < 107
    finally:
        cluster_stop(deep)


def test_a_path_with_blanks_quotes_and_letters_of_the_world_is_no_obstacle(data: Path) -> None:
    odd = data / "it's the co-op's \"purse\" – caffè 会"
    try:
        assert noted(odd) == [1]
    finally:
        cluster_stop(odd)


def test_it_listens_on_no_port_and_keeps_its_passwords_to_its_owner(data: Path) -> None:
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        shown = [
            session.execute(f"SHOW {name}").fetchone() for name in ("listen_addresses", "fsync")
        ]
        assert shown == [("",), ("on",)]
        wrong = address_of(data, "app").conninfo.replace("password=", "password=x")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        for key in (data / "keys").iterdir():
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert stat.S_IMODE((data / "keys").stat().st_mode) == CLOSED


def test_owner_and_application_are_two_roles_and_neither_is_all_powerful(data: Path) -> None:
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        rows = session.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles "
            "WHERE rolname LIKE 'purse%' ORDER BY rolname"
        ).fetchall()
        assert rows == [("purse_app", False, False, False), ("purse_owner", False, True, False)]


def test_text_sorts_by_code_points_on_every_machine(data: Path) -> None:
    with cluster_use(data) as owner, psycopg.connect(owner.conninfo) as session:
        found = session.execute(
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding), upper('é') "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert found == ("b", "C.UTF-8", "UTF8", "É")


def refusal(data: Path) -> tuple[str, str]:
    with pytest.raises(NotPossible) as caught, cluster_use(data):
        pass
    return caught.value.code, caught.value.message


def test_a_folder_of_somebody_else_is_refused_in_one_sentence(data: Path) -> None:
    answer = ordinarily(noted, Path("/purse-of-somebody-else") if os.geteuid() else data / "x")
    assert isinstance(answer, tuple)
    code, message = answer
    assert code == "folder"
    assert "belongs to somebody else" in message
    assert "PURSE_DATA" in message


def test_a_file_in_the_place_of_the_folder_is_refused_in_one_sentence(data: Path) -> None:
    data.write_text("not a folder", encoding="ascii")
    code, message = refusal(data)
    data.unlink()
    assert code == "folder"
    assert "PURSE_DATA" in message


def test_a_cluster_of_another_version_is_refused_and_left_alone(data: Path) -> None:
    noted(data)
    (data / "postgres" / "PG_VERSION").write_text("17\n", encoding="ascii")
    code, message = refusal(data)
    assert code == "version"
    assert "made by PostgreSQL 17; this Commonpurse brings PostgreSQL 18" in message
    (data / "postgres" / "PG_VERSION").write_text("18\n", encoding="ascii")
    assert noted(data) == [1, 2]


def test_keys_of_another_folder_are_refused_in_one_sentence(data: Path) -> None:
    noted(data)
    key = data / "keys" / "database-superuser"
    kept = key.read_text(encoding="ascii")
    key.write_text("another\n", encoding="ascii")
    code, message = refusal(data)
    key.write_text(kept, encoding="ascii")
    assert code == "keys"
    assert "Put back the folder of keys" in message
    assert noted(data) == [1, 2]
