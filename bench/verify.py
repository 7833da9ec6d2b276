"""How long `purse verify` takes for a large co-op, and how much memory.

    .venv/bin/python -m bench.verify                       # a million postings
    .venv/bin/python -m bench.verify --postings 50000

The export is a real one: entries of two postings go through the ledger's door in batches, the
sequencer places their leaves, `record_export` writes the files. It is kept in the benches' folder
and made again only with --fresh.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

from bench.ledger import AT, BATCH, DAY, Books, books_make
from bench.scratch import machine, scratch_database, server
from commonpurse.engine.surroundings import surroundings


def ledger_fill(books: Books, postings: int) -> None:
    """So many postings, in batches of entries of two."""
    from commonpurse.ledger.services import entries_post
    from commonpurse.ledger.values import Line, NewEntry
    from commonpurse.record.services import SYSTEM

    done = 0
    while done < postings:
        entries = [
            NewEntry(
                key=str(uuid4()),
                booked_on=DAY,
                kind="dues",
                memo="Dues of March",
                lines=(
                    Line(books.accounts[number % 49 + 1], 500 + number),
                    Line(books.accounts[0], -500 - number),
                ),
            )
            for number in range(BATCH)
        ]
        entries_post(
            coop_id=books.coop_id, book_id=books.book_id, entries=entries, actor=SYSTEM, at=AT
        )
        done += 2 * BATCH
        if done % 100_000 == 0:
            print(f"  {done:,} postings booked", flush=True)


def export_make(directory: Path, postings: int) -> None:
    """Book, sequence and export."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with scratch_database() as database:
        from commonpurse.proof.notes import Signer
        from commonpurse.record.export import record_export
        from commonpurse.record.sequencer import record_sequence

        print(machine(database))
        books = books_make(database)
        signer = Signer(Ed25519PrivateKey.generate())
        steps = (
            ("booking", lambda: ledger_fill(books, postings)),
            (
                "sequencing",
                lambda: record_sequence(coop_id=books.coop_id, at=AT, signer=signer),
            ),
            (
                "exporting",
                lambda: record_export(
                    coop_id=books.coop_id, slug="bench", directory=directory, signer=signer, at=AT
                ),
            ),
        )
        for name, step in steps:
            began = time.perf_counter()
            step()
            print(f"{name} {postings:,} postings: {time.perf_counter() - began:.1f} s", flush=True)


def timed(words: list[str]) -> None:
    """Run a command, and print what it printed, its seconds and its largest memory."""
    began = time.perf_counter()
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print((done.stdout + done.stderr).strip())
    print(f"exit {done.returncode}, {took:.1f} s, at most {memory / 1024:,.0f} MB by any child\n")


def main() -> None:
    """Make the export when it is not there, and verify it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postings", type=int, default=1_000_000)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument(
        "--standalone", action="store_true", help="also time the export's verify.py"
    )
    given = parser.parse_args()
    directory = surroundings(os.environ).data / "bench" / f"export-{given.postings}"
    if given.fresh or not (directory / "manifest.json").exists():
        shutil.rmtree(directory, ignore_errors=True)
        with server():
            export_make(directory, given.postings)
    files = sum(path.stat().st_size for path in directory.iterdir())
    print(f"{directory.name}: {files / 1e6:,.0f} MB in {len(list(directory.iterdir()))} files")
    timed([str(Path(sys.executable).with_name("purse")), "verify", str(directory)])
    if given.standalone:
        timed([sys.executable, str(directory / "verify.py"), str(directory)])


if __name__ == "__main__":
    main()
