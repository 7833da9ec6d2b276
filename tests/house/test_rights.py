"""The database itself refuses to change what is append-only."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections

from commonpurse.config.roles import is_append_only
from tests.conftest import OwnDatabase

APPEND_ONLY_TABLES = sorted(
    model._meta.db_table for model in apps.get_models() if is_append_only(model)
)
CHANGES = ('UPDATE "{}" SET id = id', 'DELETE FROM "{}"', 'TRUNCATE "{}" CASCADE')


@pytest.mark.django_db
def test_tests_connect_as_the_application_and_not_as_the_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (connections.settings["default"]["USER"], False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner "
            "WHERE r.rolname = current_user"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
def test_nobody_changes_what_is_append_only(own_database: OwnDatabase, table: str) -> None:
    for change in CHANGES:
        with psycopg.connect(own_database.dsn("app")) as session:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(change.format(table))
            session.rollback()
        with psycopg.connect(own_database.dsn("owner")) as session:
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
                session.execute(change.format(table))
            session.rollback()
