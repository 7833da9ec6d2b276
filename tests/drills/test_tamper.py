"""Every lie in the record is found: by column, by character, by cut and by key.

A real co-op's loop is told through services, in two chapters that leave no audited table empty.
Then somebody with the owner's rights and time changes one value of one row, past all triggers and
foreign keys, and exports: both verifiers find it. What an export does not hold, and the database
can find again from what it does hold, is `purse doctor --deep`'s to find.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from psycopg import sql

from commonpurse.cli.looks import LOOKS, looked
from commonpurse.errors import PurseError
from commonpurse.proof.checkpoints import origin_of
from commonpurse.proof.faults import Broken, Unreadable
from commonpurse.proof.notes import Signer
from commonpurse.proof.standalone import chain, signatures
from commonpurse.proof.verify import verify
from commonpurse.record.export import record_export
from commonpurse.record.models import AuditedModel
from tests.conftest import OwnDatabase
from tests.record.loop import SIGNER, Loop, loop, sequenced
from tests.record.loop_more import loop_whole
from tests.world import NOON

BOTH = {"purse verify", "verify.py"}
THIEF = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
MOVES_IN = ("ledger_entry", "ledger_posting", "ledger_balance", "treasury_charge")
LOG = ("record_leaf", "record_sequenced", "record_checkpoint")
NUMBERED = ("ledger_posting", "record_sequenced", "record_checkpoint")
"""Tables whose primary key holds a number, which is one of the columns to change."""

UNSEEN = {
    # the record does not hold them, as commonpurse/record/unaudited.py argues
    ("decisions_ballot", "voter_member_id"): "the ballot is secret: no leaf says who cast it",
    ("groups_membership", "person_id"): "no leaf says which person a member is",
    ("treasury_bankline", "line_key"): "made from private text; the leaf commits to it by text_mac",
    # nothing else in the database says it again
    ("record_checkpoint", "id"): "not exported: a checkpoint is named by its size",
    ("record_checkpoint", "at"): "when the worker says that it signed; size and root are signed",
}
"""Columns in which a lie is not found, each with the reason."""

DOCTORS = {
    ("ledger_balance", "held_minor"): "a running sum of the holds, whose own rows are audited",
    ("ledger_entry", "body_hash"): "answers a repeated key; follows from the entry",
    ("record_leaf", "at"): "stands in the leaf's body too, which alone is exported",
    ("record_leaf", "kind"): "stands in the leaf's body too, which alone is exported",
}
"""Columns that no export holds, in which `purse doctor --deep` finds a lie."""

QUICK = (
    ("groups_coop", "name"),
    ("groups_membership", "kind"),
    ("groups_roleend", "grant_id"),
    ("manual_manualversion", "parameters"),
    ("decisions_decision", "closes_at"),
    ("decisions_ballot", "choice"),
    ("decisions_result", "verdict"),
    ("treasury_approval", "payload_hash"),
    ("treasury_bankline", "amount_minor"),
    ("treasury_orderfailure", "order_id"),
    ("treasury_paymentreversal", "entry_id"),
    ("treasury_requestend", "kind"),
    ("ledger_periodclose", "through"),
    ("ledger_posting", "amount_minor"),
    ("ledger_balance", "balance_minor"),
    ("record_leaf", "body"),
)

Session = psycopg.Connection[tuple[Any, ...]]


@dataclass
class Found:
    """What became of the changes."""

    changed: int = 0
    empty: list[str] = field(default_factory=list)
    unseen: list[tuple[str, str]] = field(default_factory=list)
    by_doctor: list[tuple[str, str]] = field(default_factory=list)
    half: list[tuple[str, str]] = field(default_factory=list)


def believers(made: Loop, folder: Path) -> set[str]:
    """The verifiers that believe an export made now; none when it cannot even be written."""
    believing = set()
    try:
        written(made, folder, SIGNER)
        with contextlib.suppress(Broken, Unreadable):
            verify(folder)
            believing.add("purse verify")
        with contextlib.suppress(signatures.Broken, signatures.Unreadable):
            chain.verify(folder, [], None)
            believing.add("verify.py")
    except PurseError:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return believing


def is_well(owner: Session) -> bool:
    """What `purse doctor --deep` makes of the database."""
    return all(found.is_well for look in LOOKS if (found := looked(owner, look)))


def lie(column: str, kind: str, value: object) -> sql.Composable | None:
    """Another value of the same type; None when an empty value has no other."""
    name = sql.Identifier(column)
    if value is None:
        made = {
            "uuid": "gen_random_uuid()",
            "text": "'x'",
            "character varying": "'x'",
            "date": "current_date",
            "timestamp with time zone": "now()",
            "integer": "1",
            "bigint": "1",
        }.get(kind)
        return sql.SQL(made) if made else None
    fixed = {
        "uuid": "gen_random_uuid()",
        "jsonb": "'{\"lie\": true}'",
        "bytea": "'\\x00'",
        "boolean": "NOT {}",
        "date": "{} + 1",
        "timestamp with time zone": "{} + interval '1 microsecond'",
        "integer": "{} + 1",
        "bigint": "{} + 1",
        "smallint": "{} + 1",
    }.get(kind)
    if fixed:
        return sql.SQL(fixed).format(name) if "{}" in fixed else sql.SQL(fixed)
    return sql.SQL("CASE WHEN left({0}, 1) = 'a' THEN 'b' ELSE 'a' END || substr({0}, 2)").format(
        name
    )


def walls_fall(owner: Session, tables: list[str]) -> None:
    """No key, no check and no trigger hinders the liar."""
    walls = owner.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND (contype IN ('c', 'f', 'u')"
        " OR contype = 'p' AND conrelid::regclass::text = ANY (%s))",
        [list(NUMBERED)],
    ).fetchall()
    for table, name in walls:
        owner.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE").format(
                sql.Identifier(table.strip('"')), sql.Identifier(name)
            )
        )
    indexes = owner.execute(
        "SELECT i.indexrelid::regclass::text FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indisunique AND NOT i.indisprimary"
        " AND c.relnamespace = 'public'::regnamespace"
    ).fetchall()
    for (name,) in indexes:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name.strip('"'))))
    for table in tables:
        owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))


def columns(owner: Session, table: str) -> Iterator[tuple[str, str]]:
    yield from owner.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
        " AND table_schema = 'public' ORDER BY ordinal_position",
        [table],
    ).fetchall()


def each_column_changed(
    owner: Session, wanted: list[tuple[str, str, str]], look: Callable[[int], set[str]]
) -> Found:
    """Change each column in one row, look, and put the row back."""
    found = Found()
    for number, (table, column, kind) in enumerate(wanted):
        name, spot = sql.Identifier(table), sql.Identifier(column)
        row = owner.execute(
            sql.SQL("SELECT ctid::text, {0} FROM {1} ORDER BY {0} IS NULL, ctid LIMIT 1").format(
                spot, name
            )
        ).fetchone()
        value = lie(column, kind, row[1]) if row else None
        if row is None or value is None:
            found.empty.append(f"{table}.{column}")
            continue
        owner.execute(sql.SQL("CREATE TEMP TABLE kept AS SELECT * FROM {}").format(name))
        owner.execute(
            sql.SQL("UPDATE {} SET {} = {} WHERE ctid = %s::tid").format(name, spot, value),
            [row[0]],
        )
        found.changed += 1
        match len(look(number)):
            case 0:
                pass
            case 1:
                found.half.append((table, column))
            case _ if is_well(owner):
                found.unseen.append((table, column))
            case _:
                found.by_doctor.append((table, column))
        owner.execute(sql.SQL("DELETE FROM {}").format(name))
        owner.execute(sql.SQL("INSERT INTO {} SELECT * FROM kept").format(name))
        owner.execute("DROP TABLE kept")
    return found


def drill(
    own: OwnDatabase, folder: Path, tables: list[str], only: tuple[tuple[str, str], ...] = ()
) -> Found:
    """Tell the loop, see it hold, change columns one by one, and see it hold again."""
    made = loop_whole()
    sequenced(made.coop_id)
    assert believers(made, folder / "before") == BOTH
    with psycopg.connect(own.dsn("owner"), autocommit=True) as owner:
        owner.execute("SET client_min_messages = error")
        walls_fall(owner, tables)
        wanted = [
            (table, column, kind)
            for table in tables
            for column, kind in columns(owner, table)
            if not only or (table, column) in only
        ]
        assert is_well(owner)
        found = each_column_changed(owner, wanted, lambda n: believers(made, folder / str(n)))
        assert is_well(owner)
    assert believers(made, folder / "after") == BOTH
    return found


def test_a_changed_value_of_a_row_is_found(own_database: OwnDatabase, tmp_path: Path) -> None:
    tables = sorted({table for table, _ in QUICK})
    found = drill(own_database, tmp_path, tables, QUICK)
    assert found.changed == len(QUICK)
    assert (found.empty, found.half, found.by_doctor, found.unseen) == ([], [], [], [])


@pytest.mark.soak
def test_a_changed_value_of_any_column_is_found(own_database: OwnDatabase, tmp_path: Path) -> None:
    audited = [m._meta.db_table for m in apps.get_models() if issubclass(m, AuditedModel)]
    tables = sorted({*audited, *MOVES_IN, *LOG})
    found = drill(own_database, tmp_path, tables)
    print(  # noqa: T201  # the drill says what it did
        f"\n{found.changed} columns of {len(tables)} tables changed, one at a time; unseen:"
        f" {found.unseen}; found by doctor alone: {found.by_doctor}; by one verifier alone:"
        f" {found.half}; without a row or another value: {found.empty}"
    )
    assert found.changed > 350
    assert found.empty == []
    assert found.half == []
    assert set(found.by_doctor) == set(DOCTORS)
    assert set(found.unseen) == set(UNSEEN)


@pytest.fixture
def exported(db: None, tmp_path: Path) -> tuple[Loop, Path]:
    made = loop()
    sequenced(made.coop_id)
    return made, written(made, tmp_path / "export", SIGNER)


def written(made: Loop, folder: Path, signer: Signer) -> Path:
    record_export(
        coop_id=made.coop_id,
        slug=made.here.coop.slug,
        directory=folder,
        signer=signer,
        at=NOON,
    )
    return folder


def test_one_character_in_any_file_is_found(exported: tuple[Loop, Path]) -> None:
    _, folder = exported
    verify(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    changed = 0
    for path in files:
        data = path.read_bytes()
        for place in sorted({0, len(data) // 2, len(data) - 1} if data else ()):
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
            with pytest.raises((Broken, Unreadable)):
                verify(folder)
            changed += 1
        path.write_bytes(data)
    assert changed > len(files)
    verify(folder)


def test_a_cut_log_is_found(exported: tuple[Loop, Path]) -> None:
    _, folder = exported
    leaves = folder / "leaves.jsonl"
    leaves.write_bytes(b"".join(leaves.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(Broken):
        verify(folder)


def test_a_record_that_somebody_else_signed_is_found(
    exported: tuple[Loop, Path], tmp_path: Path
) -> None:
    made, folder = exported
    key = str(SIGNER.key(origin_of(made.coop_id)))
    verify(folder, [key])
    forged = written(made, tmp_path / "forged", THIEF)
    with pytest.raises(Broken):
        verify(forged, [key])
