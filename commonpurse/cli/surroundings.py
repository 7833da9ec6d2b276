"""The database that a command works on, and the programs that it starts by name.

Commands stand below `config`, so they start its programs as processes of their own, by name.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping

from commonpurse.engine.cluster import cluster_use
from commonpurse.engine.surroundings import Surroundings, surroundings

SETTINGS = "commonpurse.config.settings"


def tell(sentence: str) -> None:
    """Say what is going on, where it does not mix with what a command prints."""
    print(sentence, file=sys.stderr, flush=True)


def here() -> Surroundings:
    """What the environment says. Raises Invalid."""
    return surroundings(os.environ)


@contextlib.contextmanager
def database_running(given: Surroundings) -> Iterator[None]:
    """The database of these surroundings, started when it is the embedded one."""
    if not given.is_embedded:
        yield
        return
    with cluster_use(given.data, say=tell):
        yield


@contextlib.contextmanager
def product_ready() -> Iterator[None]:
    """A running, migrated database and Django set up: for commands that call services."""
    with database_running(here()):
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
