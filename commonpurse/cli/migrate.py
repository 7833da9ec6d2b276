"""`purse migrate`: bring the database up to date."""

import argparse

from commonpurse.cli.surroundings import database_running, here, program_run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to change anything."""
    parser.add_argument(
        "--check",
        action="store_true",
        help="only say whether the migrations describe the tables; needs no database",
    )
    parser.epilog = "Safe to run again: what is done already stays as it is."


def run(arguments: argparse.Namespace) -> int:
    """Migrate as the owner and renew the application's rights."""
    if arguments.check:
        return program_run("migrate", "--check")
    with database_running(here()):
        return program_run("migrate", "--tell")
