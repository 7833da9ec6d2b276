"""`purse demo`: a co-op that has lived for a year, to walk around in."""

import argparse

from commonpurse.cli.serve import LOOPBACK, LOOPBACKS, place, serve
from commonpurse.errors import NotAllowed

HINT = """Sign in as one of six people with one click; the banner on each page names them.
Everything you do stays on this computer, in {data}"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The port and the address to listen on."""
    parser.add_argument("--port", help="the port of the pages (PORT, else 8000)")
    parser.add_argument("--host", default=LOOPBACK, help="this computer only: 127.0.0.1 or ::1")
    parser.epilog = "Ctrl-C stops everything that this command started. The data stays."


def run(arguments: argparse.Namespace) -> int:
    """Serve the demo until told to stop. Raises NotAllowed off loopback."""
    if arguments.host not in LOOPBACKS:
        raise NotAllowed(
            "demo_host",
            f"The demo signs anybody in with one click, so it never listens on {arguments.host}. "
            "Use `purse serve` there.",
        )
    given = place(arguments)
    serve(
        given,
        host=LOOPBACK if arguments.host == "localhost" else arguments.host,
        environ={"PURSE_DEMO": "1"},
        prepare="demo_found",
        hint=HINT.format(data=given.data),
    )
    return 0
