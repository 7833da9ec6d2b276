"""What `purse doctor` asks the database itself: whether books and log agree with themselves."""

from dataclasses import dataclass
from typing import Any

import psycopg

from commonpurse.ledger.looks import LOOKS as LEDGER_LOOKS
from commonpurse.record.looks import LOOKS as RECORD_LOOKS
from commonpurse.record.looks import Look
from commonpurse.treasury.looks import LOOKS as TREASURY_LOOKS

LOOKS = (*LEDGER_LOOKS, *TREASURY_LOOKS, *RECORD_LOOKS)

ADVICE = (
    "Somebody wrote past Commonpurse. Stop it, copy the database as it is, and compare it with "
    "your last backup."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well, or not, and what to do then."""

    is_well: bool
    sentence: str


def looked(session: psycopg.Connection[Any], look: Look) -> Finding:
    """Ask one question, and say the answer in a sentence."""
    row = session.execute(look.sql.encode()).fetchone()
    assert row is not None, "a look counts, and a count has one row"
    count, wrong, first = row
    what = look.what.capitalize()
    if not wrong:
        return Finding(is_well=True, sentence=f"{what}: {count:,}, each {look.rule}")
    return Finding(
        is_well=False,
        sentence=f"{what}: {wrong:,} of {count:,} not {look.rule}: first {first}. {ADVICE}",
    )
