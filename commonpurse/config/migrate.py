"""Bring the database up to date, as its owner.

    python -m commonpurse.config.migrate [--tell | --check]

Two that migrate at once queue at an advisory lock. `--check` needs no database: it compares the
models with the migrations and answers 1 when a migration is missing.
"""

import os
import sys
from dataclasses import replace

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg import sql

from commonpurse.engine.address import APP_KEY, Address, address_for
from commonpurse.engine.keys import key_ensure
from commonpurse.engine.parent import die_with_starter
from commonpurse.errors import NotPossible, PurseError

OLDEST = 150_000
LOCK = 7_216_001


def app_role_ensure() -> None:
    """On a server of somebody's own: the application's role, made when it is not there.

    Raises NotPossible when the server is too old or the owner may not make roles.
    """
    given = settings.SURROUNDINGS
    owner = address_for("owner", given)
    try:
        with psycopg.connect(owner.conninfo, autocommit=True) as session:
            if session.info.server_version < OLDEST:
                raise NotPossible(
                    "version",
                    f"The server runs PostgreSQL {session.info.server_version // 10_000}. "
                    "Commonpurse needs 15 or newer.",
                )
            if given.is_embedded or given.database_app_url:
                return
            role_ensure(session, replace(address_for("app", given), password=""))
    except psycopg.OperationalError as error:
        raise NotPossible(
            "unreachable",
            f"The database at {owner.host or 'this machine'} does not answer: "
            f"{str(error).strip().splitlines()[-1]}",
        ) from error


def role_ensure(session: psycopg.Connection[tuple[object, ...]], app: Address) -> None:
    """Make the role `purse_app`, or give it the password of this installation."""
    found = session.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [app.user]).fetchone()
    if found and key_known():
        return
    verb = "ALTER" if found else "CREATE"
    password = key_ensure(settings.SURROUNDINGS.keys, APP_KEY)
    try:
        session.execute(
            sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}").format(
                sql.Identifier(app.user), sql.Literal(password)
            )
        )
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotPossible(
            "no_role",
            f"The owner in DATABASE_URL may not make the role {app.user}. Let an administrator run "
            f"CREATE ROLE {app.user} LOGIN PASSWORD '…' and name it in DATABASE_APP_URL.",
        ) from error


def key_known() -> bool:
    """Whether this installation has the application's password already."""
    return bool((settings.SURROUNDINGS.keys / APP_KEY).is_file())


def migrate() -> int:
    """Apply what is missing and renew the application's rights; the number applied."""
    from commonpurse.config.roles import roles_apply

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        executor = MigrationExecutor(connections["owner"])
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if missing:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        roles_apply()
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return len(missing)


def rooms_without_migration() -> list[str]:
    """The rooms whose models differ from their migrations."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    rooms = {config.label for config in apps.get_app_configs() if "commonpurse" in config.name}
    return sorted(rooms & set(detector.changes(graph=loader.graph)))


def say(sentence: str) -> None:
    """Print a line, as a command does."""
    sys.stdout.write(sentence + "\n")


def main(words: list[str]) -> int:
    """Do what the command line says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonpurse.config.settings")
    try:
        if "--check" in words:
            django.setup()
            rooms = rooms_without_migration()
            say("Migrations are missing in: " + ", ".join(rooms) if rooms else "Migrations fit.")
            return 1 if rooms else 0
        app_role_ensure()
        django.setup()
        done = migrate()
    except PurseError as refusal:
        sys.stderr.write(f"purse: {refusal.message}\n")
        return 2
    if "--tell" in words:
        say(f"{done} migrations applied." if done else "Up to date.")
    return 0


if __name__ == "__main__":
    die_with_starter()
    sys.exit(main(sys.argv[1:]))
