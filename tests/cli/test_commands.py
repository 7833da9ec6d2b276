"""Commands answer with 0, 1 or 2, and bad input with one line, never with a traceback."""

import shlex
import subprocess
from pathlib import Path

import psycopg
import pytest

from commonpurse.engine.address import address_of
from commonpurse.engine.cluster import cluster_stop, cluster_use
from commonpurse.engine.places import data_check
from commonpurse.errors import NotPossible
from tests.cli.conftest import PURSE, environ, purse
from tests.conftest import OwnDatabase
from tests.formats.statements import camt, entry, statement
from tests.proof.exports import Maker, books

VERBS = ["demo", "serve", "worker", "migrate", "doctor", "db", "bank", "export", "verify"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(data: Path, verb: str) -> None:
    shown = purse(data, verb, "--help")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith(f"usage: purse {verb}")
    assert len(shown.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("words", "more"),
    [
        (["unheard-of"], {}),
        ([], {}),
        (["db"], {}),
        (["serve", "--port", "none"], {}),
        (["serve"], {"PORT": "seventy"}),
        (["migrate"], {"DATABASE_URL": "postgresql://ann:geheim@host:port:port/%%%"}),
        (["migrate"], {"DATABASE_URL": "postgresql://ann:geheim@127.0.0.1:1/purse"}),
        (["db", "url"], {"DATABASE_URL": "postgresql://ann:geheim@host:port:port/%%%"}),
        (["db", "psql"], {"PURSE_DATA": "/proc/purse"}),
        (["serve"], {"PURSE_DATA": "/dev/null"}),
        (["bank", "check", "/nowhere.xml"], {}),
        (["verify", "/nowhere"], {}),
    ],
)
def test_bad_input_is_answered_with_two_and_a_sentence(
    data: Path, words: list[str], more: dict[str, str]
) -> None:
    refused = purse(data, *words, **more)
    assert refused.returncode == 2, refused.stdout
    assert refused.stderr.strip()
    assert "Traceback" not in refused.stderr
    assert "geheim" not in refused.stderr + refused.stdout


def test_an_answer_that_cannot_be_written_is_two_and_one_line(data: Path, tmp_path: Path) -> None:
    """A disk is full: `/dev/full` says so of whatever is written to it."""
    export = books(Maker()).write(tmp_path / "export")
    statement_file = tmp_path / "statement.xml"
    statement_file.write_bytes(camt(statement(entry("12.50"), closing="112.50")))
    for words in (["verify", str(export)], ["bank", "check", str(statement_file)]):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*PURSE, *words],
                check=False,
                env=environ(data, 8000),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
            )
        assert done.returncode == 2, done.stderr
        assert done.stderr.splitlines() == [
            "purse: the answer cannot be written: No space left on device."
        ]


def test_migrating_twice_changes_nothing_and_both_roles_get_in(data: Path) -> None:
    first = purse(data, "migrate")
    assert (first.returncode, "migrations applied" in first.stdout) == (0, True), first.stderr
    second = purse(data, "migrate")
    assert (second.returncode, second.stdout) == (0, "Up to date.\n")
    for role, user in (("app", "purse_app"), ("owner", "purse_owner")):
        asked = purse(data, "db", "psql", "--role", role, "--", "-Atc", "SELECT current_user")
        assert (asked.returncode, asked.stdout) == (0, f"{user}\n"), asked.stderr
        url = purse(data, "db", "url", "--role", role)
        assert url.stdout.startswith(f"postgresql://{user}:")
    state = purse(data, "db", "status")
    assert (state.returncode, "does not run" in state.stdout) == (1, True)
    assert purse(data, "db", "stop").stdout == "It was not running.\n"


@pytest.mark.parametrize("words", [["serve"], ["demo"], ["migrate"], ["worker"]])
def test_a_folder_of_other_things_is_not_adopted(data: Path, words: list[str]) -> None:
    (data / "bin").mkdir()
    (data / "keys").mkdir()
    refused = purse(data, *words)
    assert refused.returncode == 2
    assert refused.stderr == (
        f"purse: The folder {data} holds other things and nothing of Commonpurse. "
        "Name a new or an empty folder in PURSE_DATA.\n"
    )
    assert sorted(entry.name for entry in data.iterdir()) == ["bin", "keys"]


@pytest.mark.parametrize(
    "words", [["export", "--coop", "demo", "out"], ["db", "psql"], ["db", "url"]]
)
def test_what_only_reads_makes_no_database(data: Path, words: list[str]) -> None:
    refused = purse(data, *words, PURSE_DATA=str(data / "mistyped"))
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"purse: There is no database in {data}/mistyped.")
    assert len(refused.stderr.splitlines()) == 1
    assert not list(data.iterdir())


def test_a_folder_from_before_the_marker_and_an_empty_disk_are_ours(data: Path) -> None:
    (data / "lost+found").mkdir()
    data_check(data)
    (data / "notes").touch()
    with pytest.raises(NotPossible):
        data_check(data)
    for known in ("keys/session", "test/postgres", "commonpurse.txt"):
        (data / known).parent.mkdir(exist_ok=True)
        (data / known).touch()
        data_check(data)
        (data / known).unlink()
        with pytest.raises(NotPossible):
            data_check(data)


def test_doctor_says_what_is_not_well(data: Path) -> None:
    (data / "keys").mkdir(mode=0o755)
    found = purse(data, "doctor")
    assert found.returncode == 1
    assert f"NOT WELL  Keys: open to others; run chmod 700 {data}/keys" in found.stdout


def test_a_server_of_ones_own_gets_its_application_role_when_the_owner_migrates(
    data: Path, own_database: OwnDatabase
) -> None:
    """With DATABASE_URL alone, the owner makes `purse_app` if it may, or says what is missing."""
    owner = own_database.environ["DATABASE_URL"]
    refused = purse(data, "migrate", DATABASE_URL=owner)
    assert refused.returncode == 2
    assert "may not make the role purse_app" in refused.stderr
    both = {key: own_database.environ[key] for key in ("DATABASE_URL", "DATABASE_APP_URL")}
    done = purse(data, "migrate", **both)
    assert (done.returncode, done.stdout) == (0, "Up to date.\n"), done.stderr
    shown = purse(data, "db", "url", **both)
    with psycopg.connect(shown.stdout.strip()) as session:
        row = session.execute("SELECT current_database()").fetchone()
        assert row == (own_database.name,)
    assert not (data / "postgres").exists()


def test_a_reader_who_leaves_early_gets_no_complaint(data: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", f"PURSE_DATA={data} {shlex.join(PURSE)} --help | head -1"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.stdout.startswith("usage: purse")
    assert "BrokenPipe" not in ended.stderr


def test_an_owner_who_may_make_roles_gets_the_applications_role_made(data: Path) -> None:
    """The embedded server plays the server of one's own: its superuser is the owner."""
    with cluster_use(data / "server"):
        address = address_of(data / "server", "superuser", "purse")
        with psycopg.connect(address.conninfo, autocommit=True) as session:
            session.execute("DROP ROLE purse_app")
        given = {"DATABASE_URL": address.url, "PURSE_DATA": str(data / "own")}
        done = purse(data, "migrate", **given)
        assert (done.returncode, "migrations applied" in done.stdout) == (0, True), done.stderr
        asked = purse(data, "db", "url", **given)
        with psycopg.connect(asked.stdout.strip()) as session:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute("DELETE FROM record_leaf")
            session.rollback()
            assert session.execute("SELECT current_user").fetchone() == ("purse_app",)
        assert not (data / "own" / "postgres").exists()
    cluster_stop(data / "server")
