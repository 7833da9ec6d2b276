"""`purse verify`: checks an export from its files alone. Needs neither a database nor Django."""

import argparse
import sys
from pathlib import Path

from commonpurse.proof.faults import Broken, Unreadable
from commonpurse.proof.verify import verify

HELP = "check that an export of a co-op's record holds together, from its files alone"

NOTE_BYTES_MAX = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Rederives everything in an export from its rows: each leaf, the tree and its signatures, "
        "the books, every tally, and the authority of every payment. Exit status 0: everything "
        "holds; 1: something does not, and its file, line and id are named; 2: the export cannot "
        "be read."
    )
    parser.add_argument("directory", type=Path, metavar="DIR", help="the directory of the export")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help="the record's key as you know it, name+id+key; without it the export's own is taken",
    )
    parser.add_argument(
        "--since",
        type=Path,
        metavar="CHECKPOINT",
        help="a file with a checkpoint that you kept: the log must continue it",
    )


def run(args: argparse.Namespace) -> int:
    """Verify and say so."""
    try:
        report = verify(args.directory, args.key, since_read(args.since))
    except Broken as fault:
        print(f"This does not hold. {fault}")
        return 1
    except Unreadable as fault:
        print(f"This cannot be read. {fault}", file=sys.stderr)
        return 2
    print("\n".join(report.sentences))
    return 0


def since_read(path: Path | None) -> str | None:
    """The text of the checkpoint that somebody kept."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return file.read(NOTE_BYTES_MAX).decode()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not a checkpoint.") from error
