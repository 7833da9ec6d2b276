"""`purse doctor`: look whether everything is well, and say what is not."""

import argparse
import os
import platform
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import psycopg

from commonpurse.cli.looks import LOOKS, Finding, looked
from commonpurse.cli.surroundings import here, tell
from commonpurse.engine.address import address_for
from commonpurse.engine.binaries import wheel_folder
from commonpurse.engine.cluster import cluster_status
from commonpurse.engine.places import data_check
from commonpurse.engine.surroundings import Surroundings
from commonpurse.errors import NotPossible, PurseError

ROOM_BYTES = 1_000_000_000
OLDEST = 150_000
HEARTBEAT_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How deep to look."""
    parser.add_argument(
        "--deep",
        action="store_true",
        help="read all books and the whole log too; takes minutes where there are millions of rows",
    )
    parser.epilog = "Changes nothing and starts nothing. Exit code 1 when something is not well."


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and print a line for each."""
    given = here()
    looks: tuple[Callable[[Surroundings], Iterator[Finding]], ...] = (
        python,
        folder,
        database,
        partial(books, is_deep=arguments.deep),
        web,
    )
    findings = []
    for look in looks:
        try:
            findings += list(look(given))
        except PurseError as refusal:
            found = Finding(is_well=False, sentence=refusal.message)
            findings += [found] if found not in findings else []
    for found in findings:
        print(f"{'well' if found.is_well else 'NOT WELL':9} {found.sentence}")
    return 0 if all(found.is_well for found in findings) else 1


def python(_given: Surroundings) -> Iterator[Finding]:
    """The Python that runs us."""
    yield Finding(
        is_well=sys.version_info >= (3, 11),
        sentence=f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
    )


def folder(given: Surroundings) -> Iterator[Finding]:
    """The data folder: ours, with room, its keys to ourselves."""
    if not given.data.is_dir():
        yield Finding(is_well=True, sentence=f"Data folder {given.data}: not made yet")
        return
    is_ours = os.access(given.data, os.R_OK | os.W_OK | os.X_OK)
    whose = "ours" if is_ours else "of another account; name one of your own in PURSE_DATA"
    yield Finding(is_well=is_ours, sentence=f"Data folder {given.data}: {whose}")
    try:
        data_check(given.data)
    except NotPossible as refusal:
        yield Finding(is_well=False, sentence=refusal.message)
    free = shutil.disk_usage(given.data).free
    yield Finding(
        is_well=free > ROOM_BYTES,
        sentence=f"Room on its disk: {free / ROOM_BYTES:.1f} GB"
        + ("" if free > ROOM_BYTES else "; free some before it runs full"),
    )
    if given.keys.is_dir():
        is_private = not given.keys.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
        advice = "to ourselves" if is_private else f"open to others; run chmod 700 {given.keys}"
        yield Finding(is_well=is_private, sentence=f"Keys: {advice}")


def database(given: Surroundings) -> Iterator[Finding]:
    """The database: there, running, new enough, with a worker."""
    if given.is_embedded:
        _, version = wheel_folder()
        found = cluster_status(given.data)
        state = f"running as process {found.pid}" if found.pid else "not running"
        state = state if found.is_made else "not made yet"
        yield Finding(is_well=True, sentence=f"Embedded PostgreSQL (package {version}): {state}")
        if not found.pid:
            return
    for role in ("owner", "app"):
        address = address_for(role, given)
        try:
            with psycopg.connect(address.conninfo, connect_timeout=5) as session:
                server = session.info.server_version
                yield Finding(
                    is_well=server >= OLDEST,
                    sentence=f"Role {address.user}: PostgreSQL {server // 10_000} lets it in",
                )
                if role == "app":
                    yield worker(session)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            yield Finding(is_well=False, sentence=f"Role {address.user}: {reason}")


def worker(session: psycopg.Connection[tuple[object, ...]]) -> Finding:
    """Whether a worker has been heard of lately."""
    try:
        row = session.execute(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [HEARTBEAT_SECONDS],
        ).fetchone()
    except psycopg.errors.UndefinedTable:
        return Finding(is_well=False, sentence="The tables are not made yet; run purse migrate")
    count = row[0] if row else 0
    if not count:
        return Finding(
            is_well=False, sentence="No worker runs: decisions do not close by themselves"
        )
    return Finding(is_well=True, sentence=f"Workers heard of within a minute: {count}")


def books(given: Surroundings, *, is_deep: bool) -> Iterator[Finding]:
    """The books' sums; with `is_deep` everything that books and log must say of each other.

    Each look is one statement, so it sees one state of the database, whatever goes on meanwhile.
    """
    if given.is_embedded and not cluster_status(given.data).pid:
        if is_deep:
            yield Finding(
                is_well=False,
                sentence="Books and log: not looked at, the database does not run; "
                "start purse serve and look again",
            )
        return
    try:
        session = psycopg.connect(
            address_for("app", given).conninfo, connect_timeout=5, autocommit=True
        )
    except psycopg.OperationalError:
        return  # What is wrong with the role has been said.
    with session:
        session.read_only = True
        # As an export does: plan for every row, also in tables that grew a moment ago.
        session.execute("SET enable_nestloop = off")
        for look in LOOKS:
            if look.is_deep and not is_deep:
                continue
            if look.is_deep:
                tell(f"Looking at all {look.what} ...")
            try:
                yield looked(session, look)
            except psycopg.errors.UndefinedTable:
                return  # That the tables are not made yet has been said.
            except psycopg.Error as error:
                reason = str(error).strip().splitlines()[0]
                yield Finding(is_well=False, sentence=f"{look.what.capitalize()}: {reason}")


def web(given: Surroundings) -> Iterator[Finding]:
    """Whether somebody listens on our port."""
    with closing(socket.socket()) as trial:
        trial.settimeout(2)
        is_taken = trial.connect_ex(("127.0.0.1", given.port)) == 0
    state = "answers" if is_taken else "free"
    yield Finding(is_well=True, sentence=f"Port {given.port}: {state}")
