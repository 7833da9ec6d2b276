"""Charges of dues: rows that stand in the record by their batch, which has the digest of them."""

import hashlib
from collections import defaultdict

from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Export, number
from commonpurse.proof.verify.ledger import Ledger
from commonpurse.proof.verify.tables import Tables, amount, broken, expect

CHARGES = "charges.jsonl"


def dues_check(export: Export, tables: Tables, ledger: Ledger) -> dict[str, int]:
    """Each batch's rows have its digest, its count and its sum, and its entry books the sum."""
    batches = tables.by_id("charge_batches")
    digests = {batch_id: hashlib.sha256() for batch_id in batches}
    counts: dict[str, int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    charges_count = 0
    if CHARGES in export.files:
        for line, data, row in export.rows(CHARGES):
            batch_id = str(row["batch_id"])
            if batch_id not in batches:
                raise Broken(CHARGES, f"batch {batch_id} is not there", line=line)
            digests[batch_id].update(data)
            counts[batch_id] += 1
            totals[batch_id] += number(row["amount_minor"], CHARGES, line=line)
            charges_count += 1
    for batch_id, batch in batches.items():
        expect(batch, "rows_sha256", batch["rows_sha256"], digests[batch_id].hexdigest())
        expect(batch, "count", amount(batch, "count"), counts[batch_id])
        expect(batch, "total_minor", amount(batch, "total_minor"), totals[batch_id])
        entry = ledger.kept.get(str(batch["entry_id"]))
        if not entry:
            raise broken(batch, f"entry {batch['entry_id']} is not in the books")
        booked = [abs(int(posting["amount_minor"])) for posting in entry["postings"]]
        expect(batch, "what its entry books", sum(booked), 2 * totals[batch_id])
    return {"charges": charges_count}
