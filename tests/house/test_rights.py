"""The database itself refuses to change what is append-only."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.utils import ProgrammingError

from commonpurse.config.roles import grants_by_table, is_append_only, roles_apply
from tests.conftest import OwnDatabase

APPEND_ONLY = {
    model._meta.db_table: model._meta.concrete_fields[0].column
    for model in apps.get_models()
    if is_append_only(model)
}
CHANGES = ('UPDATE "{0}" SET {1} = {1}', 'DELETE FROM "{0}"', 'TRUNCATE "{0}" CASCADE')
RIGHTS = {"SELECT", "INSERT", "UPDATE", "DELETE"}


@pytest.mark.django_db
def test_tests_connect_as_the_application_and_not_as_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreatedb, rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        )
        user = connections.settings["default"]["USER"]
        assert cursor.fetchone() == (user, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE r.rolname = current_user"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_application_has_the_rights_that_the_models_give_it_and_no_more() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.table_privileges "
            "WHERE grantee IN (current_user, 'PUBLIC') AND table_schema = 'public'"
        )
        given: dict[str, set[str]] = {}
        for table, right in cursor.fetchall():
            given.setdefault(table, set()).add(right)
    wanted = grants_by_table()
    assert {table: given.get(table, set()) for table in wanted} == {
        table: set(rights) for table, rights in wanted.items()
    }
    assert given["django_migrations"] == {"SELECT"}
    assert all(rights <= RIGHTS for rights in given.values())  # no TRUNCATE anywhere


@pytest.mark.django_db
def test_every_append_only_table_has_its_trigger_and_it_is_on() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = 'append_only' AND t.tgenabled = 'O'"
        )
        assert {table for (table,) in cursor.fetchall()} >= set(APPEND_ONLY)


def test_nobody_changes_what_is_append_only_not_even_the_owner(own_database: OwnDatabase) -> None:
    app = psycopg.connect(own_database.dsn("app"), autocommit=True)
    owner = psycopg.connect(own_database.dsn("owner"), autocommit=True)
    with app, owner:
        for table, key in APPEND_ONLY.items():
            for change in CHANGES:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    app.execute(change.format(table, key))
                with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-"):
                    owner.execute(change.format(table, key))


GUARDS_OFF = [
    "ALTER TABLE record_leaf DISABLE TRIGGER append_only",
    "DROP TRIGGER append_only ON record_leaf",
    "DROP FUNCTION append_only_refuse() CASCADE",
    "ALTER FUNCTION append_only_refuse() RENAME TO something",
    "DROP TABLE record_leaf CASCADE",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
]


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", GUARDS_OFF)
def test_the_application_cannot_take_its_guards_away(attempt: str) -> None:
    words = attempt.format(owner=connections.settings["owner"]["USER"])
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(words)


@pytest.mark.django_db
def test_the_application_cannot_give_itself_rights() -> None:
    """PostgreSQL answers with a warning only, so the right itself is asked for."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT UPDATE ON record_leaf TO current_user")
        cursor.execute("SELECT has_table_privilege('record_leaf', 'UPDATE')")
        assert cursor.fetchone() == (False,)


def test_a_right_that_somebody_gave_is_gone_after_the_next_migration(
    own_database: OwnDatabase,
) -> None:
    role = connections.settings["default"]["USER"]
    with psycopg.connect(own_database.dsn("owner"), autocommit=True) as owner:
        owner.execute(f'GRANT UPDATE ON record_leaf TO "{role}"')
        roles_apply()
        found = owner.execute(
            "SELECT has_table_privilege(%s, 'record_leaf', 'UPDATE')", [role]
        ).fetchone()
    assert found == (False,)
