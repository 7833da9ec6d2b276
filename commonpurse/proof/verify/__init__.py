"""Verification of an export, from its files alone: no database, no Django, no network.

In this order: who signed the manifest, that each leaf is the hash of its bytes, that the tree over
them has the signed root and continues every earlier checkpoint, that rows and leaves stand for
each other one to one, that the books balance, that every tally comes out again from the ballots,
that every payment rests on approvals, a mandate and a passed decision, and at last that no file
differs from the manifest by one byte. The first thing that does not hold ends it.
"""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from commonpurse.proof.checkpoints import Checkpoint
from commonpurse.proof.faults import Broken, Malformed, Unreadable
from commonpurse.proof.notes import VerifierKey, vkey_read
from commonpurse.proof.reader import Export, Row, export_open
from commonpurse.proof.verify.bank import bank_check
from commonpurse.proof.verify.bookings import reasons_of
from commonpurse.proof.verify.decisions import decisions_check, enactments_check
from commonpurse.proof.verify.dues import dues_check
from commonpurse.proof.verify.ends import ends_check
from commonpurse.proof.verify.leaves import (
    leaves_read,
    leaves_without_row,
    places_of,
    rows_placed,
    tables_match,
)
from commonpurse.proof.verify.ledger import ENTRIES, Ledger
from commonpurse.proof.verify.mandates import mandates_check
from commonpurse.proof.verify.members import Members, members_check
from commonpurse.proof.verify.payments import payments_check
from commonpurse.proof.verify.tables import Tables
from commonpurse.proof.verify.tree import since_check, tree_check

SELF_CONSISTENT_ONLY = (
    "Self-consistent only. Give --key with the key that you know and --since with a checkpoint "
    "that you kept, to know that this is that record and that nothing was taken from its end."
)

BALLOTS_UNPROVED = (
    "Not proved: that each ballot is a member's own. Ballots stand under pseudonyms, so whoever "
    "keeps the record could cast some for members who did not vote; no more voted than could."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified, when everything held."""

    slug: str
    head: Checkpoint
    counts: dict[str, int]
    reasons: int
    vkeys: tuple[str, ...]
    is_key_given: bool
    since: Checkpoint | None
    strangers: tuple[str, ...] = field(default=())
    left_out: tuple[str, ...] = field(default=())

    @property
    def sentences(self) -> list[str]:
        """The summary, a sentence a line."""
        counted = ", ".join(f"{count:,} {name}" for name, count in self.counts.items() if count)
        lines = [
            f"{self.slug}: everything holds.",
            f"Log {self.head.origin}, {self.head.size:,} leaves, root {self.head.root.hex()}.",
            f"Rederived: {counted}.",
        ]
        if self.counts.get("ballots"):
            lines.append(BALLOTS_UNPROVED)
        if self.reasons:
            lines.append(
                f"{self.reasons:,} bank statements did not reconcile or go on from the last one: a "
                "treasurer gave a reason, which is private, and their sums are not proved."
            )
        if self.since:
            lines.append(f"It continues your checkpoint of {self.since.size:,} leaves.")
        elif self.is_key_given:
            lines.append(
                "Signed by your key. No earlier checkpoint was compared: keep this one for "
                "--since the next time."
            )
        if not self.is_key_given:
            lines.append(SELF_CONSISTENT_ONLY)
            lines.append(f"Key in the export: {', '.join(self.vkeys)}")
        if self.left_out:
            lines.append(f"Left out when it was written: {', '.join(self.left_out)}.")
        if self.strangers:
            lines.append(f"Not part of the export: {', '.join(self.strangers)}.")
        return lines


def verify(directory: Path, vkeys: Sequence[str] = (), since: str | None = None) -> Report:
    """Verify an export; `since` is the text of a checkpoint kept earlier.

    Raises Broken at the first thing that does not hold, Unreadable for what cannot be read.
    """
    keys = tuple(key_given(text) for text in vkeys)
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return verify_open(export_open(directory, keys), keys, since)
    finally:
        if was_collecting:
            gc.enable()


def key_given(text: str) -> VerifierKey:
    """The key that somebody typed in."""
    try:
        return vkey_read(text.strip())
    except Malformed as error:
        raise Unreadable(f"--key: {error}.") from error


def verify_open(export: Export, keys: tuple[VerifierKey, ...], since: str | None) -> Report:
    """Verify an opened export."""
    hashes = leaves_read(export)
    head = tree_check(export, hashes)
    earlier = since_check(export, hashes, since) if since is not None else None
    places = places_of(hashes)
    del hashes
    try:
        tables = Tables(tables_match(export, places, but=ENTRIES))
        ledger = ledger_check(export, places, tables)
        leaves_without_row(export, places)
        counts = {"leaves": head.size, "entries": ledger.entries_count}
        counts["postings"] = ledger.postings_count
        counts |= decisions_check(tables)
        counts |= payments_check(tables, ledger)
        counts |= bank_check(tables, ledger)
        reasons = counts.pop("statements with a reason")
        members = Members(tables)
        counts |= dues_check(export, tables, ledger, members)
        enactments_check(tables)
        mandates_check(tables)
        members_check(tables, members)
        ends_check(tables)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Broken(
            str(export.directory.name), f"a row is not formed as expected: {error!r}"
        ) from error
    slug_check(export, tables.rows("coops"))
    export.digests_check()
    return Report(
        slug=str(export.manifest["slug"]),
        head=head,
        counts=counts,
        reasons=reasons,
        vkeys=tuple(str(key) for key in export.keys),
        is_key_given=bool(keys),
        since=earlier,
        strangers=tuple(export.strangers()),
        left_out=tuple(map(str, export.manifest.get("left_out", []))),
    )


def ledger_check(export: Export, places: dict[bytes, int], tables: Tables) -> Ledger:
    """Match the entries with the log and check the books."""
    ledger = Ledger(
        tables.rows("accounts"),
        tables.rows("funds"),
        wanted=tables.entry_ids(),
        explained=reasons_of(tables),
    )
    if ENTRIES in export.files:
        kind = str(export.files[ENTRIES].leaf_kind)
        for line, row, _ in rows_placed(export, ENTRIES, kind, places):
            ledger.take(line, row)
    ledger.finish(export)
    return ledger


def slug_check(export: Export, coops: list[Row]) -> None:
    """The manifest's name of the co-op is the one that the record founded."""
    for coop in coops:
        if coop["slug"] != export.manifest["slug"]:
            raise Broken(
                "manifest.json",
                f"its slug is {export.manifest['slug']!r}, and the co-op's is {coop['slug']!r}",
            )
