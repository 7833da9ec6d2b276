"""The log: every waiting leaf gets one place, whoever crashes or works at the same time."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.proof.checkpoints import checkpoint_open
from commonpurse.proof.merkle import consistency_holds, leaf_hash, root
from commonpurse.proof.notes import Signer, vkey_read
from commonpurse.proof.tiles import bundle_read
from commonpurse.proof.tlogproof import tlog_proof_open
from commonpurse.record import selectors, sequencer
from commonpurse.record.ids import new_id
from commonpurse.record.keys import signer_load, signer_read
from commonpurse.record.sequencer import record_sequence
from commonpurse.record.services import leaf, leaves_add
from tests.conftest import OwnDatabase

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def leaves_write(coop_id: UUID, count: int) -> list[UUID]:
    """Write `count` facts in a transaction of their own."""
    with transaction.atomic():
        leaves = [
            leaf(
                coop_id=coop_id,
                kind="test.fact",
                subject_id=new_id(),
                at=NOON,
                fields={"n": str(n)},
            )
            for n in range(count)
        ]
        leaves_add(leaves)
    return [item.id for item in leaves]


def sequence(coop_id: UUID) -> Sequence[object]:
    return record_sequence(coop_id=coop_id, at=NOON, signer=SIGNER)


def bodies_of(coop_id: UUID) -> list[bytes]:
    size = selectors.log_size(coop_id)
    return [item.body.encode() for item in selectors.leaves_between(coop_id, 0, size)]


@pytest.mark.django_db
def test_waiting_leaves_get_places_in_the_order_of_their_birth() -> None:
    coop_id = new_id()
    first = leaves_write(coop_id, 3)
    receipt = selectors.receipt(coop_id, first[1])
    assert not receipt.is_sequenced
    assert selectors.proof_inclusion(coop_id, first[1]) is None
    assert selectors.pending_count(coop_id) == 3
    assert len(sequence(coop_id)) == 1
    second = leaves_write(coop_id, 2)
    sequence(coop_id)
    assert [item.id for item in selectors.leaf_list(coop_id)] == [*first, *second][::-1]
    assert [item.index for item in selectors.leaf_list(coop_id, before=3, limit=2)] == [2, 1]
    assert selectors.receipt(coop_id, second[0]).index == 3
    assert selectors.pending_count(coop_id) == 0


@pytest.mark.django_db
def test_nothing_waiting_makes_no_checkpoint() -> None:
    coop_id = new_id()
    assert selectors.checkpoint_latest(coop_id) is None
    assert selectors.log_vkey(coop_id) is None
    assert sequence(coop_id) == ()
    leaves_write(coop_id, 1)
    assert len(sequence(coop_id)) == 1
    assert sequence(coop_id) == ()
    assert len(selectors.checkpoint_list(coop_id)) == 1


@pytest.mark.django_db
def test_every_log_with_waiting_leaves_is_sequenced_apart() -> None:
    one, two = new_id(), new_id()
    leaves_write(one, 2)
    leaves_write(two, 3)
    made = record_sequence(coop_id=None, at=NOON, signer=SIGNER)
    assert {item.coop_id: item.size for item in made} == {one: 2, two: 3}


@pytest.mark.django_db
def test_a_stranger_checks_checkpoints_tiles_bundles_and_proofs() -> None:
    coop_id = new_id()
    ids: list[UUID] = []
    for count in (1, 255, 1, 300, 77):
        ids += leaves_write(coop_id, count)
        sequence(coop_id)
    key = vkey_read(str(selectors.log_vkey(coop_id)))
    bodies = bodies_of(coop_id)
    hashes = [leaf_hash(body) for body in bodies]
    heads = [checkpoint_open(item.note, [key]) for item in selectors.checkpoint_list(coop_id)]
    assert [head.size for head in heads] == [1, 256, 257, 557, 634]
    for head in heads:
        assert head.origin == selectors.log_origin(coop_id)
        assert head.root == root(hashes[: head.size])
        assert consistency_holds(
            old=head.size,
            new=634,
            old_root=head.root,
            new_root=heads[-1].root,
            path=selectors.proof_consistency(coop_id, head.size, 634),
        )
    assert selectors.tile(coop_id, 0, 1) == b"".join(hashes[256:512])
    assert selectors.tile(coop_id, 0, 2, 122) == b"".join(hashes[512:])
    assert selectors.tile(coop_id, 0, 2, 123) is None
    assert selectors.tile(coop_id, 1, 0, 2) == root(hashes[:256]) + root(hashes[256:512])
    assert selectors.tile(coop_id, 2, 0, 1) is None
    assert bundle_read(selectors.entry_bundle(coop_id, 2, 5) or b"") == bodies[512:517]
    assert selectors.entry_bundle(coop_id, 3, 1) is None
    for place in (0, 255, 256, 600, 633):
        proof = selectors.proof_inclusion(coop_id, ids[place])
        assert proof
        assert tlog_proof_open(proof, bodies[place], [key]) == heads[-1]
    with pytest.raises(NotFound):
        selectors.proof_consistency(coop_id, 1, 635)
    with pytest.raises(NotFound):
        selectors.receipt(coop_id, new_id())


@pytest.mark.django_db
def test_upper_tiles_are_built_when_the_ones_below_are_full() -> None:
    coop_id = new_id()
    leaves_write(coop_id, 65_400)
    sequence(coop_id)
    leaves_write(coop_id, 140)
    sequence(coop_id)
    hashes = [leaf_hash(body) for body in bodies_of(coop_id)]
    top = selectors.tile(coop_id, 1, 0)
    assert top == b"".join(root(hashes[n * 256 : n * 256 + 256]) for n in range(256))
    assert selectors.tile(coop_id, 2, 0, 1) == root(hashes[:65_536])
    latest = selectors.checkpoint_latest(coop_id)
    assert latest
    assert latest.root == root(hashes)


def test_a_crash_before_the_end_leaves_the_leaves_waiting(
    own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    coop_id = new_id()
    leaves_write(coop_id, 300)

    def crash(*_args: object) -> str:
        raise RuntimeError("power is gone")

    with monkeypatch.context() as patch:
        patch.setattr(sequencer, "checkpoint_sign", crash)
        with pytest.raises(RuntimeError):
            sequence(coop_id)
    assert selectors.pending_count(coop_id) == 300
    assert selectors.checkpoint_latest(coop_id) is None
    sequence(coop_id)
    assert selectors.log_size(coop_id) == 300
    assert selectors.pending_count(coop_id) == 0


def test_workers_and_writers_at_once_give_each_leaf_exactly_one_place(
    own_database: OwnDatabase,
) -> None:
    coop_id = new_id()
    written: list[UUID] = []
    is_over = threading.Event()
    faults: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(20):
                written.extend(leaves_write(coop_id, 5))
        except Exception as error:  # noqa: BLE001 — shown by the assertion below
            faults.append(error)
        finally:
            connection.close()

    def work() -> None:
        try:
            while not is_over.is_set():
                sequence(coop_id)
            sequence(coop_id)
        except Exception as error:  # noqa: BLE001 — shown by the assertion below
            faults.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    workers = [threading.Thread(target=work) for _ in range(3)]
    for thread in (*workers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    is_over.set()
    for thread in workers:
        thread.join()
    assert faults == []
    places = selectors.leaves_between(coop_id, 0, 1_000)
    assert sorted(item.id for item in places) == sorted(written)
    assert [item.index for item in places] == list(range(300))
    hashes = [item.leaf_hash for item in places]
    for checkpoint in selectors.checkpoint_list(coop_id):
        assert checkpoint.root == root(hashes[: checkpoint.size])


def test_without_the_lock_two_workers_would_collide(own_database: OwnDatabase) -> None:
    """The positive control: the same statement outside the lock gives one place twice."""
    coop_id = new_id()
    leaves_write(coop_id, 1)
    with psycopg.connect(own_database.dsn()) as one, psycopg.connect(own_database.dsn()) as two:
        take = sequencer.TAKE
        one.execute(take, {"coop_id": coop_id, "size": 0})
        leaves_write(coop_id, 1)
        one.commit()
        with pytest.raises(psycopg.errors.UniqueViolation):
            two.execute(take, {"coop_id": coop_id, "size": 0})


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["leaf", "sequenced", "tile", "checkpoint"])
def test_the_application_may_not_change_the_log(table: str) -> None:
    coop_id = new_id()
    leaves_write(coop_id, 256)
    sequence(coop_id)
    for statement in (
        f"UPDATE record_{table} SET coop_id = coop_id",
        f"DELETE FROM record_{table}",
        f"TRUNCATE record_{table} CASCADE",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "record.key"
    with pytest.raises(NotPossible, match="cannot be read"):
        signer_read(tmp_path)
    made = signer_load(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert str(signer_load(tmp_path).key("a")) == str(made.key("a"))
    path.chmod(0o640)
    with pytest.raises(Invalid, match="chmod 600"):
        signer_load(tmp_path)
    path.chmod(0o600)
    path.write_text("not a key")
    with pytest.raises(Invalid, match="does not hold"):
        signer_load(tmp_path)


def test_ids_sort_in_the_order_of_their_making() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 10_000
    assert {item.version for item in ids} == {7}
    assert abs((ids[0].int >> 80) / 1_000 - datetime.now(UTC).timestamp()) < 60
