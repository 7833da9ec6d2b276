"""`purse`: the commands of Commonpurse.

Each verb is a module of this folder with a line of help, its arguments and `run`. Exit codes: 0 it
is so or it is done, 1 it is not so, 2 it could not be read or not be done. Bad input gets one line.
"""

import argparse
import errno
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from commonpurse import __version__
from commonpurse.cli.stopping import Stopped
from commonpurse.errors import PurseError

VERBS = {
    "demo": "open a living co-op on this computer, to try everything",
    "serve": "run Commonpurse: database, pages and worker",
    "worker": "run one more worker, for a server of several machines",
    "migrate": "bring the database up to date",
    "doctor": "look whether everything is well, and say what is not",
    "db": "the database's address, a psql session, its state, a stop",
    "bank": "read a bank's statement and check that it adds up",
    "export": "write a co-op's whole public record into a folder",
    "tally": "count a vote again, by any rule, from a file",
    "verify": "check such a folder, trusting nobody",
    "sponsor": "say who acts for an organisation that holds funds",
}

WITH_PRODUCT = {"export", "sponsor"}
"""Verbs that call services: they get a running database, brought up to date, and Django."""

EXAMPLES = """examples:
  purse demo                                  a year in the life of a co-op, on this computer
  purse serve --port 8080                     your own, beginning empty
  purse bank check statement.xml              does this statement add up?
  purse tally ballots.csv --rule independent-markets --pool 50000    who gets what of 500 euros
  purse export --coop demo ./record           everything the public may know, as files
  purse verify ./record --key "$(cat key)"    and whether it all holds

exit codes: 0 yes or done, 1 no, 2 could not be read or done.
environment: PURSE_DATA, PORT, DATABASE_URL and more; see docs/guide/settings.md.
"""

WRONG = 2
INTERRUPTED = 130
UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""What a full or broken disk answers to whoever writes; such a fault names no file."""


def parser_of(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command line, with the arguments of the verb that it names."""
    parser = argparse.ArgumentParser(
        prog="purse",
        description="Commonpurse: pool money, decide together, buy together.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"purse {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    named = next((word for word in words if not word.startswith("-")), "")
    for name, sentence in VERBS.items():
        verb = verbs.add_parser(
            name,
            help=sentence,
            description=sentence[0].upper() + sentence[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == named:
            importlib.import_module(f"commonpurse.cli.{name}").add_arguments(verb)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Run the verb, with the product behind it when it needs that."""
    verb = importlib.import_module(f"commonpurse.cli.{arguments.verb}")
    if arguments.verb not in WITH_PRODUCT:
        return int(verb.run(arguments))
    from commonpurse.cli.surroundings import product_ready

    with product_ready():
        return int(verb.run(arguments))


def stop(_number: int, _frame: FrameType | None) -> NoReturn:
    """Turn SIGTERM into the same orderly end as Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped


def main(words: Sequence[str] | None = None) -> int:
    """Run the verb that the command line names; the answer is the exit code."""
    given = sys.argv[1:] if words is None else list(words)
    arguments = parser_of(given).parse_args(given)
    if words is None:
        signal.signal(signal.SIGTERM, stop)
        # A shell lets what it starts in the background ignore SIGINT; whoever sends it means it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = run(arguments)
        sys.stdout.flush()
    except PurseError as refusal:
        print(f"purse: {refusal.message}", file=sys.stderr)
        return WRONG
    except (KeyboardInterrupt, Stopped):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our lines has gone; Python must not complain about it at exit.
        output_drop()
        return WRONG
    except OSError as fault:
        if fault.errno not in UNWRITABLE or fault.filename is not None:
            raise
        output_drop()
        print(f"purse: the answer cannot be written: {fault.strerror}.", file=sys.stderr)
        return WRONG
    return code


def output_drop() -> None:
    """Let what still waits to be written go nowhere: Python writes it once more at its exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
