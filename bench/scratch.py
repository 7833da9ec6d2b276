"""A scratch database, made and migrated as the product makes its own.

On the server of DATABASE_URL when it is given, else on an embedded one of the benches' own in the
data folder, started with the product's settings: fsync on, every commit on the disk.
"""

import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django
import psycopg

from commonpurse.engine.address import address_of
from commonpurse.engine.cluster import cluster_use
from commonpurse.engine.surroundings import surroundings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")


def dsn_of(alias: str, name: str) -> str:
    """The libpq connection string of `default` (the application) or `owner` for a database."""
    from django.db import connections

    given = connections.settings[alias]
    return psycopg.conninfo.make_conninfo(
        host=given["HOST"],
        port=given.get("PORT") or None,
        user=given["USER"],
        password=given.get("PASSWORD") or None,
        dbname=name,
    )


def database_use(name: str) -> None:
    """Set Django up in this process and let both roles' connections lead to this database."""
    django.setup()
    from django.conf import settings
    from django.db import connections

    for alias in connections:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def server() -> Iterator[None]:
    """The server to measure on; its addresses stand in the environment for child processes."""
    given = surroundings(os.environ)
    with ExitStack() as stack:
        if given.is_embedded:
            data = given.data / "bench"
            stack.enter_context(cluster_use(data))
            os.environ["DATABASE_URL"] = address_of(data, "owner").url
            os.environ["DATABASE_APP_URL"] = address_of(data, "app").url
        yield


@contextmanager
def scratch_database() -> Iterator[str]:
    """A migrated database with the application's rights, dropped at the end."""
    with server():
        django.setup()
        from django.core.management import call_command

        from commonpurse.config.roles import roles_apply

        name = f"purse_bench_{os.getpid()}"
        with psycopg.connect(dsn_of("owner", "postgres"), autocommit=True) as session:
            session.execute(f'CREATE DATABASE "{name}"')
        try:
            database_use(name)
            call_command("migrate", database="owner", verbosity=0)
            roles_apply()
            yield name
        finally:
            database_use("postgres")
            with psycopg.connect(dsn_of("owner", "postgres"), autocommit=True) as session:
                session.execute(f'DROP DATABASE IF EXISTS "{name}"')


def machine(name: str) -> str:
    """One line on what the figures were measured on."""
    with psycopg.connect(dsn_of("owner", name)) as session:
        shown = [
            f"{setting} {session.execute(f'SHOW {setting}').fetchone()[0]}"  # type: ignore[index]
            for setting in ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        ]
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {cpu}, Python {platform.python_version()}, "
        f"PostgreSQL {', '.join(shown)}; load of the machine at the start {load:.1f}"
    )
