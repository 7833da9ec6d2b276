"""Stories that are walked in a browser use the site and the browser of the pages' tests."""

from tests.web.conftest import browser, chromium, site, unwatched

__all__ = ["browser", "chromium", "site", "unwatched"]
