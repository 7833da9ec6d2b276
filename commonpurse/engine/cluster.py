"""Making, starting, sharing and stopping the embedded PostgreSQL of one data folder.

Any number of processes may use a cluster at once: each holds a shared lock on `postgres.users`
while it does, whoever finds no server starts one, and the last to leave stops it. What starts and
stops is done under `postgres.lock`, so two processes that begin at once get one server.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from commonpurse.engine.address import DATABASE, Address, address_of
from commonpurse.engine.binaries import Binaries, binaries_for
from commonpurse.engine.faults import fault, log_tail
from commonpurse.engine.keys import key_ensure, keys_folder
from commonpurse.engine.places import Places, data_ensure, home_ensure, places_of, socket_ensure
from commonpurse.engine.processes import (
    STEP_SECONDS,
    is_alive,
    plain_environment,
    processes_of,
    server_end,
    server_pid,
    server_spawn,
)
from commonpurse.errors import NotPossible

Say = Callable[[str], None]

PATIENCE_SECONDS = 600.0
NEWS_SECONDS = 10.0
ORPHANS_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Status:
    """What can be said of a cluster without touching it."""

    folder: Path
    is_made: bool
    pid: int | None
    version: str


def quiet(_sentence: str) -> None:
    """Tell nobody."""


def cluster_status(data: Path) -> Status:
    """Whether the cluster of this data folder is made and running."""
    places = places_of(data)
    version = ""
    with contextlib.suppress(OSError):
        version = (places.folder / "PG_VERSION").read_text(encoding="ascii").strip()
    return Status(
        folder=places.folder, is_made=bool(version), pid=server_pid(places), version=version
    )


@contextlib.contextmanager
def cluster_use(
    data: Path, *, say: Say = quiet, is_durable: bool = True, is_kept: bool = False
) -> Iterator[Address]:
    """The running cluster of this data folder, made and started when need be.

    Yields the owner's address. The last process to leave stops the server, unless `is_kept`.
    Raises NotPossible with a sentence that says what to do.
    """
    data_ensure(data)
    places = places_of(data)
    with lock_file(places, "postgres.users") as users:
        with start_lock(places, say):
            fcntl.flock(users, fcntl.LOCK_SH)
            cluster_start(places, say=say, is_durable=is_durable)
        try:
            yield address_of(places.data, "owner")
        finally:
            if not is_kept:
                with start_lock(places, say):
                    if is_last(users):
                        cluster_end(places)


def cluster_revive(data: Path, *, say: Say = quiet) -> bool:
    """Start the server again when it has ended while it was used; True when that was so."""
    places = places_of(data)
    if server_pid(places) is not None:
        return False
    with start_lock(places, say):
        if server_pid(places) is not None:
            return False
        cluster_start(places, say=say, is_durable=True)
    return True


def cluster_stop(data: Path) -> bool:
    """Stop the server of this data folder, whoever uses it; False when none was running."""
    places = places_of(data)
    if not places.is_made:
        return False
    with start_lock(places, quiet):
        return cluster_end(places)


@contextlib.contextmanager
def lock_file(places: Places, name: str) -> Iterator[IO[bytes]]:
    """An open file to lock."""
    try:
        file = (places.data / name).open("ab")
    except OSError as error:
        raise fault(places.data, str(error)) from error
    with file:
        yield file


@contextlib.contextmanager
def start_lock(places: Places, say: Say) -> Iterator[None]:
    """Queue until nobody else starts or stops this cluster."""
    with lock_file(places, "postgres.lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another process is starting or stopping this database. Waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_last(users: IO[bytes]) -> bool:
    """Whether no other process uses the cluster."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def cluster_start(places: Places, *, say: Say, is_durable: bool) -> None:
    """Make the cluster when there is none, start its server when none runs, wait until it answers.

    The caller holds the start lock.
    """
    binaries = binaries_for(places.account)
    socket_ensure(places)
    if not places.is_made:
        say("Making a database of its own for Commonpurse. This takes a few seconds, once.")
        cluster_make(places, binaries, is_durable=is_durable)
    version_check(places, binaries)
    since = places.log.stat().st_size if places.log.exists() else 0
    try:
        found = server_pid(places)
        if found is None or not ready_wait(places, found, say=say):
            orphans_outwait(places)
            pid = server_spawn(places, binaries, is_durable=is_durable)
            if not ready_wait(places, pid, say=say):
                raise fault(places.data, log_tail(places.log, since))
        roles_ensure(places)
    except psycopg.Error as error:
        raise fault(places.data, str(error)) from error


def version_check(places: Places, binaries: Binaries) -> None:
    """Refuse a folder that another version of PostgreSQL made, or that cannot be read."""
    try:
        made = (places.folder / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError as error:
        raise fault(places.data, str(error)) from error
    if made != str(binaries.major):
        raise NotPossible(
            "version",
            f"The folder {places.data} was made by PostgreSQL {made}; this Commonpurse brings "
            f"PostgreSQL {binaries.major}. Export the data with the Commonpurse that made it.",
        )


def cluster_make(places: Places, binaries: Binaries, *, is_durable: bool) -> None:
    """Initialise the cluster in a draft folder and move it into place when it is whole."""
    keys_folder(places.keys)
    home = home_ensure(places)
    for leftover in home.glob("postgres.making-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = home / f"postgres.making-{os.getpid()}"
    password = places.socket / f"password-{os.getpid()}"
    words = [
        binaries.program("initdb"),
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--encoding=UTF8",
        "--locale=C",
        "--username=postgres",
        f"--pwfile={password}",
        "--auth-local=scram-sha-256",
        "--auth-host=reject",
        *([] if is_durable else ["--no-sync"]),
        "-D",
        str(draft),
    ]
    try:
        draft.mkdir(mode=0o700)
        password.touch(mode=0o600)
        password.write_text(key_ensure(places.keys, "database-superuser"), encoding="ascii")
        if not places.account.is_me:
            os.chown(draft, places.account.uid, places.account.gid)
            os.chown(password, places.account.uid, places.account.gid)
        made = subprocess.run(
            words,
            check=False,
            cwd="/",
            env=plain_environment(),
            capture_output=True,
            **places.account.as_account(),
        )
        if made.returncode != 0:
            raise fault(places.data, (made.stdout + made.stderr).decode(errors="replace"))
        if places.link.is_symlink():
            places.link.unlink()
        draft.rename(home / "postgres")
        if home != places.data:
            places.link.symlink_to(home / "postgres")
    except OSError as error:
        raise fault(places.data, str(error)) from error
    finally:
        password.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def orphans_outwait(places: Places) -> None:
    """After a killed server, wait for what it left behind, then forget its notes.

    PostgreSQL's own check takes a note for true when another process has come to bear the noted
    number; the list of processes knows better.
    """
    limit = time.monotonic() + ORPHANS_SECONDS
    while processes_of(places):
        if time.monotonic() > limit:
            raise NotPossible(
                "orphans",
                f"Processes of an earlier PostgreSQL still work in {places.data}: "
                f"{', '.join(map(str, processes_of(places)))}. End them, then start again.",
            )
        time.sleep(STEP_SECONDS)
    try:
        (places.folder / "postmaster.pid").unlink(missing_ok=True)
        for leftover in places.socket.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)
    except OSError as error:
        raise fault(places.data, str(error)) from error


def ready_wait(places: Places, pid: int, *, say: Say) -> bool:
    """Wait until the server answers; False when it ended instead.

    Recovery after a crash may take long: it is never cut off.
    """
    began = time.monotonic()
    news = began + NEWS_SECONDS
    while True:
        try:
            psycopg.connect(address_of(places.data, "superuser", "postgres").conninfo).close()
        except psycopg.OperationalError as error:
            reason = str(error)
            if "password authentication failed" in reason:
                raise NotPossible(
                    "keys",
                    f"The passwords in {places.keys} do not fit the database in {places.data}. "
                    "Put back the folder of keys that belongs to it.",
                ) from error
        else:
            return True
        if not is_alive(pid):
            return False
        if time.monotonic() > news:
            news += NEWS_SECONDS
            say(
                "The database is putting itself in order after an unclean stop "
                f"({time.monotonic() - began:.0f} s so far). Nothing is lost; please wait."
            )
        time.sleep(STEP_SECONDS)


def roles_ensure(places: Places) -> None:
    """The two roles and the database, made when they are not there."""
    with psycopg.connect(
        address_of(places.data, "superuser", "postgres").conninfo, autocommit=True
    ) as session:
        known = {str(name) for (name,) in session.execute("SELECT rolname FROM pg_roles")}
        for role, rights in (("owner", "CREATEDB"), ("app", "")):
            address = address_of(places.data, role)
            if address.user in known and address.password:
                continue
            verb = "ALTER" if address.user in known else "CREATE"
            session.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}} {rights}").format(
                    sql.Identifier(address.user),
                    sql.Literal(key_ensure(places.keys, f"database-{role}")),
                )
            )
        owner = sql.Identifier(address_of(places.data, "owner").user)
        name = sql.Identifier(DATABASE)
        if not session.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            session.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))


def cluster_end(places: Places) -> bool:
    """Stop the server cleanly; False when none was running. The caller holds the start lock."""
    pid = server_pid(places)
    if pid is None:
        return False
    if not server_end(places, pid, seconds=PATIENCE_SECONDS):
        raise NotPossible(
            "stopping",
            f"PostgreSQL in {places.data} is still closing after {PATIENCE_SECONDS:.0f} seconds. "
            f"Its log is {places.log}.",
        )
    return True
