"""`purse doctor --deep` finds what somebody changed where no export would show it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from commonpurse.cli.looks import LOOKS, looked
from tests.cli.conftest import purse
from tests.conftest import OwnDatabase
from tests.record.loop import sequenced
from tests.record.loop_more import loop_whole

TABLES = (
    "ledger_balance",
    "ledger_daytotal",
    "ledger_entry",
    "ledger_holdend",
    "ledger_posting",
    "record_leaf",
    "record_pendingleaf",
    "record_sequenced",
    "treasury_linetotal",
)
BANK = "(SELECT id FROM ledger_account WHERE code = '1000')"
ENTRY = f"(SELECT entry_id FROM ledger_posting WHERE account_id = {BANK} LIMIT 1)"
AGAIN = "INSERT INTO record_pendingleaf (id, coop_id) SELECT id, coop_id FROM record_leaf"
LIES = (
    ("sums of books", f"UPDATE ledger_balance SET balance_minor = 7 WHERE id = {BANK}"),
    ("amounts held", f"UPDATE ledger_balance SET held_minor = held_minor + 1 WHERE id = {BANK}"),
    ("amounts held", "DELETE FROM ledger_holdend WHERE kind = 'released'"),
    ("balances", f"UPDATE ledger_balance SET balance_minor = 7 WHERE id = {BANK}"),
    ("balances", f"UPDATE ledger_balance SET version = version + 1 WHERE id = {BANK}"),
    ("postings", f"UPDATE ledger_posting SET balance_after = 7 WHERE entry_id = {ENTRY}"),
    ("postings", f"DELETE FROM ledger_posting WHERE entry_id = {ENTRY}"),
    ("totals of days", f"UPDATE ledger_daytotal SET amount_minor = 7 WHERE account_id = {BANK}"),
    ("totals of days", f"DELETE FROM ledger_daytotal WHERE account_id = {BANK}"),
    ("totals of lines", "UPDATE treasury_linetotal SET amount_minor = 7 WHERE kind = 'dues'"),
    ("totals of lines", "DELETE FROM treasury_linetotal WHERE kind = 'grant'"),
    ("entries", f"UPDATE ledger_entry SET body_hash = sha256('') WHERE id = {ENTRY}"),
    ("entries", f"UPDATE ledger_entry SET memo = memo || '.' WHERE id = {ENTRY}"),
    ("entries", f"UPDATE ledger_entry SET postings_count = 9 WHERE id = {ENTRY}"),
    ("entries", f"DELETE FROM ledger_posting WHERE entry_id = {ENTRY}"),
    ("leaves", f"UPDATE record_leaf SET kind = kind || 's' WHERE id = {BANK}"),
    ("leaves", f"UPDATE record_leaf SET at = at + interval '1 microsecond' WHERE id = {BANK}"),
    ("leaves", f"UPDATE record_leaf SET leaf_hash = sha256('') WHERE id = {BANK}"),
    ("leaves", f"UPDATE record_leaf SET body = replace(body, 'Bank', 'Bonk') WHERE id = {BANK}"),
    ("leaves", f"UPDATE record_leaf SET body = 'no JSON' WHERE id = {BANK}"),
    ("leaves' places", f"DELETE FROM record_sequenced WHERE leaf_id = {BANK}"),
    ("leaves' places", f"{AGAIN} WHERE id = {BANK}"),
)
"""Each with the look that finds it."""


def not_well(session: psycopg.Connection[Any]) -> dict[str, str]:
    """The looks that find something, with what they say."""
    found = {look.what: looked(session, look) for look in LOOKS}
    return {what: one.sentence for what, one in found.items() if not one.is_well}


def triggers_rest(owner: psycopg.Connection[Any]) -> None:
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def test_each_lie_is_found_by_the_look_that_is_meant_to(own_database: OwnDatabase) -> None:
    sequenced(loop_whole().coop_id)
    with psycopg.connect(own_database.dsn("app")) as session:
        assert not_well(session) == {}
    with psycopg.connect(own_database.dsn("owner")) as owner:
        for what, lie in LIES:
            triggers_rest(owner)
            assert owner.execute(lie.encode()).rowcount >= 1, lie
            said = not_well(owner)
            assert what in said, lie
            assert "Stop it, copy the database" in said[what]
            owner.rollback()
        assert not_well(owner) == {}
    assert {what for what, _ in LIES} == {look.what for look in LOOKS}


def test_doctor_looks_deep_when_asked(own_database: OwnDatabase, data: Path) -> None:
    sequenced(loop_whole().coop_id)
    urls = {key: own_database.environ[key] for key in ("DATABASE_URL", "DATABASE_APP_URL")}

    def told(*words: str) -> str:
        done = purse(data, "doctor", *words, **urls)
        assert done.returncode == 1, "no worker runs"
        assert "Traceback" not in done.stderr
        assert ("Looking at all entries ..." in done.stderr) == ("--deep" in words)
        return done.stdout

    assert "well      Sums of books: 1, each zero over all of the book's balances" in told()
    deep = told("--deep")
    assert deep.count("NOT WELL") == 1
    assert "well      Leaves' places: " in deep
    with psycopg.connect(own_database.dsn("owner")) as owner:
        triggers_rest(owner)
        owner.execute(f"UPDATE ledger_balance SET held_minor = 5 WHERE id = {BANK}".encode())
    assert "Amounts held" not in told()
    deep = told("--deep")
    assert deep.count("NOT WELL") == 2
    assert "NOT WELL  Amounts held: 1 of " in deep


def test_doctor_says_when_it_could_not_look_deep(data: Path) -> None:
    found = purse(data, "doctor", "--deep")
    assert found.returncode == 1
    assert "NOT WELL  Books and log: not looked at, the database does not run" in found.stdout


def test_doctor_needs_no_django() -> None:
    script = "import sys; import commonpurse.cli.doctor; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
