"""`purse worker`: one more worker, for a server of several machines."""

import argparse

from commonpurse.cli.family import family
from commonpurse.cli.stopping import ASKED_TO_END
from commonpurse.cli.surroundings import database_running, here, tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""
    parser.epilog = "`purse serve` runs one already. Ctrl-C stops it after the job at hand."


def run(arguments: argparse.Namespace) -> int:
    """Do jobs until told to stop."""
    del arguments
    given = here()
    with database_running(given), family(given, {}) as members:
        members.start("worker")
        try:
            members.watch()
        except ASKED_TO_END:
            tell("Stopping …")
    return 0
