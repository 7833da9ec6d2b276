"""A site in a thread, for tests that look at pages in a real browser.

pytest-django's live server empties tables between tests, which append-only tables refuse. This one
serves `own_database`, connected as the application's role.
"""

import os
import shutil
import socketserver
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.auth import get_user_model
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from tests.conftest import OwnDatabase
from tests.web.watch import watched

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        del args


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = False


def closing(product: "WSGIApplication") -> "WSGIApplication":
    """The product, which leaves no connection open in the threads of this server."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        response = product(environ, start)
        try:
            body = list(response)
        finally:
            if hasattr(response, "close"):
                response.close()
            connections.close_all()
        return body

    return answer


@dataclass(frozen=True)
class Site:
    """Where the pages are served, and a way to be signed in there."""

    url: str
    blocker: DjangoDbBlocker

    def sign_in(self, context: BrowserContext, client: Client) -> None:
        """Give a browser the session of a test client."""
        cookies = [
            {"name": name, "value": morsel.value, "url": self.url}
            for name, morsel in client.cookies.items()
        ]
        if cookies:
            context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.fixture
def site(own_database: OwnDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The product on a free port of this machine, on a database of the test's own."""
    del own_database
    with django_db_blocker.unblock():
        get_user_model()
        server = make_server(
            "127.0.0.1",
            0,
            closing(get_wsgi_application()),
            server_class=Threaded,
            handler_class=Quiet,
        )
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield Site(f"http://127.0.0.1:{server.server_port}", django_db_blocker)
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            for alias in connections:
                connections[alias].close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The Chromium of this machine; the bootstrap sees to it that there is one."""
    given = os.environ.get("PURSE_CHROMIUM", "")
    return given or next((path for name in CHROMIUM if (path := shutil.which(name))), "")


@pytest.fixture
def unwatched(chromium: str) -> Iterator[Browser]:
    """A browser for a test that does on purpose what the watch would complain of."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        made = play.chromium.launch(
            executable_path=chromium or None,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield made
        connections.close_all()  # those that the test opened while the browser's loop ran
        made.close()


@pytest.fixture
def browser(unwatched: Browser) -> Iterator[Browser]:
    """A browser whose complaints fail the test."""
    with watched(unwatched):
        yield unwatched
