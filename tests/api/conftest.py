"""A client that speaks real HTTP uses the site of the pages' tests."""

from tests.web.conftest import site

__all__ = ["site"]
