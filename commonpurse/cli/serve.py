"""`purse serve`: the database, the pages and the worker, in one command."""

import argparse
import contextlib
import socket
import time
import urllib.error
import urllib.request
from dataclasses import replace

from commonpurse.cli.family import Family, family
from commonpurse.cli.stopping import ASKED_TO_END
from commonpurse.cli.surroundings import database_running, here, program_run, starting_alone, tell
from commonpurse.engine.keys import key_ensure
from commonpurse.engine.surroundings import Surroundings, port_number
from commonpurse.errors import NotPossible

LOOPBACK = "127.0.0.1"
LOOPBACKS = {LOOPBACK, "::1", "localhost"}
READY_SECONDS = 60.0
STEP_SECONDS = 0.1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The port and the address to listen on."""
    parser.add_argument("--port", help="the port of the pages (PORT, else 8000)")
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        help="the address to listen on; beyond this computer, put a proxy with TLS before it",
    )
    parser.epilog = "Ctrl-C stops everything that this command started."


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop."""
    serve(place(arguments), host=arguments.host, environ={})
    return 0


def place(arguments: argparse.Namespace) -> Surroundings:
    """The surroundings, with the port of the command line before that of the environment."""
    given = here()
    return replace(given, port=port_number(arguments.port)) if arguments.port else given


def serve(
    given: Surroundings, *, host: str, environ: dict[str, str], prepare: str = "", hint: str = ""
) -> None:
    """Bring everything up, keep it up, and take it down. Raises NotPossible.

    `prepare` names a program of `config` to run once the database is ready.
    """
    port_check(host, given.port)
    with database_running(given), contextlib.ExitStack() as all_of_it:
        with starting_alone(given):
            # Whoever was starting before us may have opened the port meanwhile.
            port_check(host, given.port)
            key_ensure(given.keys, "session")
            program_run("migrate", environ=environ)
            if prepare:
                program_run(prepare, environ=environ)
            members = all_of_it.enter_context(family(given, environ))
            members.start("web", host, str(given.port))
            members.start("worker")
            answer_wait(members, host, given.port)
        tell(f"\nCommonpurse is at http://localhost:{given.port}   (Ctrl-C stops it)")
        if hint:
            tell(hint)
        try:
            members.watch()
        except ASKED_TO_END:
            tell("\nStopping …")
    tell("Stopped.")


def port_check(host: str, port: int) -> None:
    """Refuse a port that another program listens on."""
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(kind, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise NotPossible(
                "port",
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                f"Choose another one, for example PORT={port + 1}.",
            ) from error


def answer_wait(members: Family, host: str, port: int) -> None:
    """Wait until the pages answer. Raises NotPossible."""
    name = f"[{host}]" if ":" in host else host
    asked = f"http://{LOOPBACK if name == '0.0.0.0' else name}:{port}/healthz"  # noqa: S104
    limit = time.monotonic() + READY_SECONDS
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(asked, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            for member in members.members:
                if member.process is not None and member.process.poll() is not None:
                    members.relaunch(member)
            time.sleep(STEP_SECONDS)
    raise NotPossible("silent", f"The pages did not answer within {READY_SECONDS:.0f} seconds.")
