"""The database that a command works on, and the programs that it starts by name.

Commands stand below `config`, so they start its programs as processes of their own, by name.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

from commonpurse.engine.cluster import cluster_status, cluster_use
from commonpurse.engine.places import data_check, data_ensure
from commonpurse.engine.surroundings import Surroundings, surroundings
from commonpurse.errors import NotPossible

SETTINGS = "commonpurse.config.settings"


def tell(sentence: str) -> None:
    """Say what is going on, where it does not mix with what a command prints."""
    print(sentence, file=sys.stderr, flush=True)


def here() -> Surroundings:
    """What the environment says. Raises Invalid."""
    return surroundings(os.environ)


@contextlib.contextmanager
def database_running(given: Surroundings, *, is_made: bool = False) -> Iterator[None]:
    """The database of these surroundings, started when it is the embedded one.

    A command that only reads says that it `is_made` already. Raises NotPossible when it is not.
    """
    if is_made:
        made_check(given)
    if not given.is_embedded:
        data_check(given.data)
        yield
        return
    with cluster_use(given.data, say=tell):
        yield


def made_check(given: Surroundings) -> None:
    """Refuse a data folder without a database: a mistyped name must not make one."""
    if given.is_embedded and not cluster_status(given.data).is_made:
        raise NotPossible(
            "no_database",
            f"There is no database in {given.data}. Name the folder that has it in PURSE_DATA; "
            "`purse serve` makes a new one.",
        )


@contextlib.contextmanager
def starting_alone(given: Surroundings) -> Iterator[None]:
    """Queue until nobody else founds a co-op or opens a port from this data folder.

    Two first starts at once then found one demo, and the second finds the port in use.
    """
    data_ensure(given.data)
    with (given.data / "starting.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            tell("Another Commonpurse is starting in this folder. Waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def product_ready() -> Iterator[None]:
    """A running, migrated database and Django set up: for commands that call services."""
    with database_running(here(), is_made=True):
        import django
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        django.setup()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            program_run("migrate")
        yield


def program_words(name: str, *words: str) -> list[str]:
    """The command line of a program of `config`."""
    return [sys.executable, "-m", f"commonpurse.config.{name}", *words]


def program_run(name: str, *words: str, environ: Mapping[str, str] | None = None) -> int:
    """Run a program of `config` to its end; its exit code. Ends the command when it failed.

    It has a session of its own: Ctrl-C is for us, who end it without a traceback.
    """
    done = subprocess.run(
        program_words(name, *words),
        check=False,
        env=dict(os.environ) | dict(environ or {}) | {"PURSE_PARENT": str(os.getpid())},
        start_new_session=True,
    )
    if done.returncode not in {0, 1}:
        raise SystemExit(2)
    return done.returncode
