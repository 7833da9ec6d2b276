"""The test database: made once as owner, used as the application's role, cloned where tests commit."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker


def _name(worker: str) -> str:
    return f"purse_test_{os.getpid()}_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """A migrated database; `default` is the application's role, `owner` the owner's."""
    name = _name(worker_id)
    from commonpurse.config.roles import roles_apply

    with django_db_blocker.unblock():
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        for alias in connections:
            connections[alias].close()
            settings.DATABASES[alias]["NAME"] = name
            connections[alias].settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)
        roles_apply()
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = "purse"
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
