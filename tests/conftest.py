"""The test databases: migrated once as owner, cloned for each process, used as the app's role.

A template is migrated once for each state of the migrations and kept, so that a second run starts
in a moment. Each test process works in a clone of it; a test that must really commit asks for
`own_database`, a clone of its own.
"""

import contextlib
import hashlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from commonpurse.config.database import databases
from commonpurse.engine.address import address_from
from commonpurse.engine.cluster import cluster_use

# How long one example takes says more about the machine than about the product.
hypothesis.settings.register_profile("purse", deadline=None)
hypothesis.settings.load_profile("purse")

ROOT = Path(__file__).resolve().parent.parent
LONGEST = (
    "tests/web/test_looks_whole.py",
    "tests/api/test_fuzz_writes.py",
    "tests/web/test_looks.py",
    "tests/web/test_sizes_of_pages.py",
    "tests/web/test_payloads.py",
    "tests/web/test_keyboard.py",
    "tests/api/test_fuzz_reads.py",
    "tests/api/test_replays.py",
    "tests/stories/test_phone.py",
    "tests/stories/test_loop.py",
)
TEMPLATES_KEPT = 3
TEMPLATE_LOCK = 4_242


@dataclass(frozen=True)
class OwnDatabase:
    """A database that one test has to itself."""

    name: str

    def dsn(self, role: str = "app") -> str:
        """The libpq connection string of a role, `app` or `owner`."""
        return dsn_of("owner" if role == "owner" else "default", self.name)

    @property
    def environ(self) -> dict[str, str]:
        """The environment that makes a child process use this database."""
        urls = {
            "DATABASE_URL": address_from(self.dsn("owner")).url,
            "DATABASE_APP_URL": address_from(self.dsn("app")).url,
        }
        return dict(os.environ) | urls


def dsn_of(alias: str, name: str) -> str:
    given = connections.settings[alias]
    return psycopg.conninfo.make_conninfo(
        host=given["HOST"],
        port=given.get("PORT") or None,
        user=given["USER"],
        password=given.get("PASSWORD") or None,
        dbname=name,
    )


def owner_session() -> psycopg.Connection[tuple[object, ...]]:
    """A session of the owner's in which databases can be made and dropped."""
    return psycopg.connect(dsn_of("owner", "postgres"), autocommit=True)


def schema_key() -> str:
    """A digest of everything that shapes the database."""
    shape = hashlib.sha256()
    package = ROOT / "commonpurse"
    files = [
        *package.glob("*/migrations/*.py"),
        *package.rglob("*.sql"),
        *package.rglob("models.py"),
        *package.rglob("models/*.py"),
        package / "config" / "roles.py",
        Path(__file__),
        package / "config" / "settings.py",
        ROOT / "requirements" / "run.lock",
    ]
    for path in sorted(files):
        shape.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return shape.hexdigest()[:16]


def connections_point(name: str) -> None:
    """Let both roles' connections, in every thread, lead to this database from now on."""
    for alias in connections:
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections.settings[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


def template_ready(keeper: psycopg.Connection[tuple[object, ...]]) -> str:
    """The name of a template in the state of today's migrations, made when there is none.

    The keeper's session holds a lock on it, so that no other run drops it as an old one.
    """
    from commonpurse.config.roles import roles_apply

    name = f"purse_template_{schema_key()}"
    with owner_session() as session:
        session.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        keeper.execute("SELECT pg_advisory_lock_shared(hashtext(%s))", [name])
        if session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        making = f"{name}_making"
        session.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')
        session.execute(f'CREATE DATABASE "{making}"')
        connections_point(making)
        call_command("migrate", database="owner", verbosity=0)
        roles_apply()
        connections_point("postgres")
        vacuum_keep_out(making)
        session.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
        leftovers_drop(session)
    return name


def vacuum_keep_out(name: str) -> None:
    """Let no vacuum into this database or its clones.

    Tests take back what they write, so a vacuum would find every table empty. From then on the
    server plans to read whole tables, keeps such plans for checking foreign keys, and a test that
    lives a year in one transaction takes minutes, depending on when the vacuum came by.
    """
    with psycopg.connect(dsn_of("owner", name), autocommit=True) as owner:
        tables = owner.execute(
            "SELECT oid::regclass::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            owner.execute(f"ALTER TABLE {table} SET (autovacuum_enabled = off)")


def leftovers_drop(session: psycopg.Connection[tuple[object, ...]]) -> None:
    """Drop old templates, and the databases of test processes that no longer live."""
    old = session.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'purse_template_%%' ORDER BY oid DESC"
    ).fetchall()
    names = [str(name) for (name,) in old[TEMPLATES_KEPT:]]
    clones = session.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'purse_test_%%'"
    ).fetchall()
    for (clone,) in clones:
        process = str(clone).split("_")[2]
        if not Path("/proc", process).exists():
            names.append(str(clone))
    for name in names:
        row = session.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name]).fetchone()
        if row == (True,):  # No test run still clones it.
            with contextlib.suppress(psycopg.Error):
                session.execute(f'DROP DATABASE IF EXISTS "{name}"')
            session.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])


def database_clone(template: str) -> str:
    name = f"purse_test_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with owner_session() as session:
        session.execute("SELECT pg_advisory_lock_shared(%s)", [TEMPLATE_LOCK])
        session.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return name


def database_drop(name: str) -> None:
    """Drop it: wait for sessions that are just leaving (PostgreSQL does), then end the owner's.

    The owner may not end sessions of the application's role, so waiting comes first.
    """
    with owner_session() as session:
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            session.execute(f'DROP DATABASE IF EXISTS "{name}"')
            return
        session.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no worker is left with one at the end."""

    def place(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return LONGEST.index(file) if file in LONGEST else len(LONGEST)

    items.sort(key=place)


@pytest.fixture(autouse=True)
def language_left() -> None:
    """Let no test begin in the language that a request of an earlier one was answered in."""
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Nothing to rename: databases are cloned below."""


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The server of DATABASE_URL, or an embedded one of the tests' own, kept between runs."""
    given = settings.SURROUNDINGS
    if not given.is_embedded:
        yield
        return
    data = given.data / "test"
    with cluster_use(data, is_durable=False):
        for alias, described in databases(replace(given, data=data)).items():
            connections.settings[alias].update(described)
        yield


@pytest.fixture(scope="session")
def database_template(django_db_blocker: DjangoDbBlocker, database_server: None) -> Iterator[str]:
    del database_server
    with owner_session() as keeper:
        with django_db_blocker.unblock():
            name = template_ready(keeper)
        yield name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, database_template: str) -> Iterator[None]:
    """This process's database; `default` is the application's role, `owner` the owner's."""
    with django_db_blocker.unblock():
        name = database_clone(database_template)
        connections_point(name)
    yield
    with django_db_blocker.unblock():
        connections_point("postgres")
        database_drop(name)


@contextlib.contextmanager
def database_of_own(template: str) -> Iterator[OwnDatabase]:
    """Let both roles' connections lead to a fresh database, which is dropped afterwards."""
    shared = str(connections.settings["default"]["NAME"])
    name = database_clone(template)
    connections_point(name)
    try:
        yield OwnDatabase(name)
    finally:
        connections_point(shared)
        database_drop(name)


@pytest.fixture
def own_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_template: str
) -> Iterator[OwnDatabase]:
    """A fresh database in which a test may commit, race and kill; dropped afterwards."""
    del django_db_setup
    with django_db_blocker.unblock(), database_of_own(database_template) as made:
        yield made
