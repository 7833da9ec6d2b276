"""How quick the pages are, beside a page of one row on the same server.

    .venv/bin/python -m bench.pages                       # 10^3 and 10^6 entries, five minutes
    .venv/bin/python -m bench.pages --entries 1000 --seconds 2

The server is the product's own, as `purse serve` starts it. The page of one row is a leaf of the
public record, for a member: signed in, with the whole frame of a page (session, person, co-op,
standing, count of notices, navigation) and one row of its own. A round asks for every page once,
so that whatever else the machine does falls on all of them.
"""

import argparse
import gzip
import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bench.crowd import crowd_make
from bench.scratch import dsn_of, machine, scratch_database, server

if TYPE_CHECKING:
    from tests.web.scene import Scene

CLIENTS = 32
RATIO_AIM = 3.0
QUERIES_AIM = 15
FIRST_LOAD_AIM = 100_000
ACTION_AIM = 10_000
HIDDEN = re.compile(r'<input type="hidden" name="(csrfmiddlewaretoken|once)" value="([^"]+)"')
LINKED = re.compile(r'(?:href|src)="(/static/[^"#?]+)')


@dataclass(frozen=True)
class Served:
    """A server with a co-op behind it, and the cookie of a member who looks."""

    port: int
    cookie: str
    made: "Scene"
    pages: dict[str, str]


def pages_of(made: "Scene") -> dict[str, str]:
    """The pages to ask for; the first is the page of one row."""
    root = f"/c/{made.slug}/"
    return {
        "one row": f"{root}record/leaf/{made.world.founding.id}/",
        "home": root,
        "thread": f"{root}threads/{made.thread_id}/",
        "fund": f"{root}fund/",
    }


@contextmanager
def served(made: "Scene", database: str) -> Iterator[Served]:
    """The product's web server on a free port, on this database."""
    from commonpurse.engine.address import address_from

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environ = os.environ | {
        "DATABASE_URL": address_from(dsn_of("owner", database)).url,
        "DATABASE_APP_URL": address_from(dsn_of("default", database)).url,
    }
    cookie = made.client("member").cookies["sessionid"].value
    words = [sys.executable, "-m", "commonpurse.config.web", "127.0.0.1", str(port)]
    process = subprocess.Popen(words, env=environ)
    try:
        answer_wait(port)
        yield Served(port, f"sessionid={cookie}", made, pages_of(made))
    finally:
        process.terminate()
        process.wait(30)


def answer_wait(port: int) -> None:
    """Wait until the server answers."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            asked(http.client.HTTPConnection("127.0.0.1", port), "/healthz", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not answer.")


def asked(connection: http.client.HTTPConnection, path: str, cookie: str) -> tuple[bytes, str]:
    """One page, as a browser asks for it: its bytes as served, and its text."""
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip, br", "Host": "localhost"}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{path} answered {answer.status}")
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return body, (gzip.decompress(body) if is_packed else body).decode(errors="replace")


def alone(place: Served, seconds: float) -> dict[str, list[float]]:
    """How long each page takes for one client, in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    taken: dict[str, list[float]] = {name: [] for name in place.pages}
    for _ in range(5):
        for path in place.pages.values():
            asked(connection, path, place.cookie)
    limit = time.monotonic() + seconds * len(place.pages)
    while time.monotonic() < limit:
        for name, path in place.pages.items():
            began = time.perf_counter()
            asked(connection, path, place.cookie)
            taken[name].append(time.perf_counter() - began)
    return taken


def crowded(place: Served, path: str, seconds: float) -> list[float]:
    """How long one page takes for each of thirty-two clients at once."""
    taken: list[float] = []
    limit = time.monotonic() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", place.port)
        while time.monotonic() < limit:
            began = time.perf_counter()
            asked(connection, path, place.cookie)
            taken.append(time.perf_counter() - began)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def queries(place: Served, path: str) -> int:
    """How many queries a page needs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = place.made.client("member")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path, headers={"host": "localhost"}).status_code == http.HTTPStatus.OK
    return len(seen)


def first_load(place: Served, path: str) -> int:
    """The bytes of a page with all that it links to, as served."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    body, text = asked(connection, path, place.cookie)
    linked = sorted(set(LINKED.findall(text)))
    return len(body) + sum(len(asked(connection, each, place.cookie)[0]) for each in linked)


def action(place: Served, path: str, target: str, part: str, typed: dict[str, str]) -> int:
    """The bytes that answer a form sent in place, as served, its redirect followed."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port)
    _, text = asked(connection, path, place.cookie)
    form = text[text.index(f'data-swap="{part}"') :]
    typed |= dict(HIDDEN.findall(form[: form.index("</form>")]))
    headers = {
        "Cookie": f"{place.cookie}; csrftoken={typed['csrfmiddlewaretoken']}",
        "Accept-Encoding": "gzip, br",
        "Host": "localhost",
        "HX-Request": "true",
        "HX-Target": part,
    }
    said = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", target, urlencode(typed), headers | said)
    answer = connection.getresponse()
    size = len(answer.read())
    while address := answer.headers.get("Location"):
        connection.request("GET", address.partition("#")[0], headers=headers)
        answer = connection.getresponse()
        size += len(answer.read())
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"{target} answered {answer.status}")
    return size


def actions_print(place: Served) -> None:
    """Print what a vote and a comment load in place."""
    thread = place.pages["thread"]
    vote = f"/c/{place.made.slug}/decisions/{place.made.vote.number}/"
    sizes = {
        "a vote": action(place, vote, f"{vote}vote/", "vote", {"choice": "agree"}),
        "a comment": action(place, thread, thread, "write", {"body": "So it is, and so it goes."}),
    }
    for name, size in sizes.items():
        print(
            f"  {name} in place: {size / 1000:.1f} kB, aim at most {ACTION_AIM / 1000:.0f}: "
            f"{verdict(size, ACTION_AIM)}"
        )


def verdict(figure: float, aim: float) -> str:
    """Whether an aim is met."""
    return "met" if figure <= aim else "MISSED"


def measure(entries: int, seconds: float) -> None:
    """Make a co-op of this size and print what its pages need."""
    with scratch_database() as database:
        began = time.perf_counter()
        made = crowd_make(database, entries)
        print(f"\n{entries:,} entries, made in {time.perf_counter() - began:.0f} s", flush=True)
        with served(made, database) as place:
            alone_print(place, seconds)
            crowd_print(place, seconds)
            actions_print(place)
            for name, path in place.pages.items():
                size = first_load(place, path)
                print(
                    f"  first load of {name}: {size / 1000:.1f} kB, aim at most "
                    f"{FIRST_LOAD_AIM / 1000:.0f}: {verdict(size, FIRST_LOAD_AIM)}"
                )


def alone_print(place: Served, seconds: float) -> None:
    """Print the medians of one client beside the page of one row, and the numbers of queries."""
    medians = {name: statistics.median(found) for name, found in alone(place, seconds).items()}
    floor = medians["one row"]
    for name, path in place.pages.items():
        ratio, count = medians[name] / floor, queries(place, path)
        print(
            f"  {name}: median {medians[name] * 1000:.1f} ms, ratio {ratio:.2f}, aim at most "
            f"{RATIO_AIM:.0f}: {verdict(ratio, RATIO_AIM)}; {count} queries, aim at most "
            f"{QUERIES_AIM}: {verdict(count, QUERIES_AIM)}",
            flush=True,
        )


def crowd_print(place: Served, seconds: float) -> None:
    """Print the ninety-ninth percentiles under thirty-two clients."""
    late: dict[str, float] = {}
    for name, path in place.pages.items():
        taken = crowded(place, path, 2 * seconds)
        late[name] = statistics.quantiles(taken, n=100)[98]
        ratio = late[name] / late["one row"]
        print(
            f"  {name}, {CLIENTS} clients: p99 {late[name] * 1000:.0f} ms, "
            f"{len(taken) / (2 * seconds):.0f} a second, ratio {ratio:.2f}, aim at most "
            f"{RATIO_AIM:.0f}: {verdict(ratio, RATIO_AIM)}",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=8.0)
    arguments = parser.parse_args()
    import django

    # The server must know the session that is opened here.
    os.environ.setdefault("PURSE_SECRET_KEY", secrets.token_urlsafe())
    with server():
        django.setup()
        print(machine("postgres"))
        for entries in arguments.entries:
            measure(entries, arguments.seconds)


if __name__ == "__main__":
    main()
