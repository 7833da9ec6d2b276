"""A client that speaks real HTTP uses the site of the pages' tests."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import database_of_own
from tests.web.conftest import site
from tests.web.scene import Scene, scene

__all__ = ["site"]


@pytest.fixture(scope="module")
def kept(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_template: str
) -> Iterator[Scene]:
    """A scene that was committed, for a whole file of tests, each of which takes back its own."""
    with django_db_blocker.unblock(), database_of_own(database_template):
        yield scene()
