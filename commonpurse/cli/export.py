"""`purse export`: writes one co-op's public record into a directory for anybody to verify."""

import argparse
import sys
from pathlib import Path

HELP = "write a co-op's public record into a directory that anybody can verify"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Writes everything public of one co-op, up to its log's newest checkpoint, into a new "
        "directory, and signs the list of the files with the record's key."
    )
    parser.add_argument("--coop", required=True, metavar="SLUG", help="the co-op's short name")
    parser.add_argument("directory", type=Path, metavar="DIR", help="a new or empty directory")


def run(args: argparse.Namespace) -> int:
    """Export and say what was written."""
    from django.conf import settings

    from commonpurse.groups.selectors import coop_by_slug
    from commonpurse.record.export import record_export
    from commonpurse.record.keys import signer_read
    from commonpurse.record.selectors import database_now

    signer = signer_read(settings.PURSE_DATA)
    coop = coop_by_slug(args.coop)
    made = record_export(
        coop_id=coop.coop_id,
        slug=coop.slug,
        directory=args.directory,
        signer=signer,
        at=database_now(),
    )
    print(f"Wrote {len(made.files) + 2} files to {made.directory}: {made.size:,} leaves.")
    if made.pending:
        print(f"{made.pending:,} newer leaves wait for the next checkpoint and are not in it.")
    for name in made.left_out:
        print(f"Left out, because its rows contradict each other: {name}", file=sys.stderr)
    print(f"Key: {made.vkey}")
    print(f"Check it with: purse verify {made.directory} --key {made.vkey}")
    return 0
