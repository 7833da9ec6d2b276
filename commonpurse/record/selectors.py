"""Reads of the public record: everything here may be shown to anybody who may see the co-op."""

from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from commonpurse.errors import NotFound
from commonpurse.proof.checkpoints import origin_of
from commonpurse.proof.merkle import HASH_BYTES, consistency_proof, inclusion_proof
from commonpurse.proof.tiles import TILE_WIDTH, Tiles, bundle_write, tile_width
from commonpurse.proof.tlogproof import TlogProof, tlog_proof_write
from commonpurse.record.models import Checkpoint, Leaf, PendingLeaf, Sequenced, Tile
from commonpurse.record.values import CheckpointView, LeafView, Receipt

LEAVES = """
SELECT s.index, l.id, l.kind, l.at, l.body, l.leaf_hash
FROM record_sequenced s JOIN record_leaf l ON l.id = s.leaf_id AND l.coop_id = s.coop_id
WHERE s.coop_id = %(coop_id)s AND s.index >= %(start)s AND s.index < %(end)s
ORDER BY s.index
"""


def database_now() -> datetime:
    """The instant by the database's clock: the one clock that cuts off ballots and periods.

    The shell asks once per request or job and hands the answer to every service.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now.astimezone(UTC)


def log_origin(coop_id: UUID) -> str:
    """The name of a co-op's log and of its key: `commonpurse/` and the co-op's id."""
    return origin_of(coop_id)


def log_vkey(coop_id: UUID) -> str | None:
    """The key that verifies the log's newest checkpoint; None before the first."""
    latest = checkpoint_latest(coop_id)
    return latest.vkey if latest else None


def checkpoint_latest(coop_id: UUID) -> CheckpointView | None:
    """The newest signed head of the log; None while nothing is sequenced."""
    found = Checkpoint.objects.filter(coop_id=coop_id).order_by("-size").first()
    return checkpoint_view(found) if found else None


def checkpoint_list(coop_id: UUID) -> tuple[CheckpointView, ...]:
    """Every signed head of the log, the oldest first."""
    rows = Checkpoint.objects.filter(coop_id=coop_id).order_by("size")
    return tuple(checkpoint_view(row) for row in rows)


def checkpoint_view(row: Checkpoint) -> CheckpointView:
    """The frozen value of a checkpoint's row."""
    return CheckpointView(
        coop_id=row.coop_id,
        size=row.size,
        root=bytes(row.root),
        note=row.note,
        vkey=row.vkey,
        at=row.at,
    )


def log_size(coop_id: UUID) -> int:
    """How many leaves the newest checkpoint covers."""
    latest = checkpoint_latest(coop_id)
    return latest.size if latest else 0


def pending_count(coop_id: UUID) -> int:
    """How many leaves wait for the sequencer."""
    return PendingLeaf.objects.filter(coop_id=coop_id).count()


def leaves_between(coop_id: UUID, start: int, end: int) -> tuple[LeafView, ...]:
    """The leaves with an index in `[start, end)`, in the log's order."""
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, {"coop_id": coop_id, "start": start, "end": end})
        return tuple(
            LeafView(index, leaf_id, kind, at, body, bytes(leaf_hash))
            for index, leaf_id, kind, at, body, leaf_hash in cursor.fetchall()
        )


def leaf_list(coop_id: UUID, *, before: int | None = None, limit: int = 50) -> tuple[LeafView, ...]:
    """A page of the log, the newest leaf first; `before` is the last index of the page before."""
    end = log_size(coop_id) if before is None else before
    return leaves_between(coop_id, max(0, end - limit), end)[::-1]


def tile(coop_id: UUID, level: int, index: int, width: int = TILE_WIDTH) -> bytes | None:
    """The hashes of a tile, or of its first `width`; None when the log has not that many.

    Full tiles are stored; a partial one is read from the leaves or from the tiles below it.
    """
    if not 0 < width <= min(TILE_WIDTH, tile_width(log_size(coop_id), level, index)):
        return None
    return tile_read(coop_id, level, index, width)


def tile_read(coop_id: UUID, level: int, index: int, width: int) -> bytes:
    """As `tile`, for a tile that is known to be wide enough."""
    stored = Tile.objects.filter(coop_id=coop_id, level=level, index=index).first()
    if stored:
        return bytes(stored.data)[: width * HASH_BYTES]
    start = index * TILE_WIDTH
    if level == 0:
        return b"".join(leaf.leaf_hash for leaf in leaves_between(coop_id, start, start + width))
    below = Tile.objects.filter(
        coop_id=coop_id, level=level - 1, index__gte=start, index__lt=start + width
    )
    return b"".join(bytes(root) for root in below.order_by("index").values_list("root", flat=True))


def entry_bundle(coop_id: UUID, index: int, width: int = TILE_WIDTH) -> bytes | None:
    """The bytes of `width` leaves from the (256 * index)-th on, as a bundle of tlog-tiles."""
    if not 0 < width <= min(TILE_WIDTH, tile_width(log_size(coop_id), 0, index)):
        return None
    start = index * TILE_WIDTH
    leaves = leaves_between(coop_id, start, start + width)
    return bundle_write(leaf.body.encode() for leaf in leaves)


def log_tiles(coop_id: UUID, size: int) -> Tiles:
    """The nodes of the log's tree at a size that a checkpoint has."""
    return Tiles(size, lambda level, index, width: tile_read(coop_id, level, index, width))


def receipt(coop_id: UUID, leaf_id: UUID) -> Receipt:
    """What the record holds of one fact. Raises NotFound when it holds nothing of that id."""
    leaf = Leaf.objects.filter(coop_id=coop_id, id=leaf_id).first()
    if leaf is None:
        raise NotFound("no_leaf", "The record of this co-op holds no such fact.")
    place = Sequenced.objects.filter(coop_id=coop_id, leaf_id=leaf_id).first()
    return Receipt(
        leaf_id=leaf.id,
        kind=leaf.kind,
        at=leaf.at,
        leaf_hash=bytes(leaf.leaf_hash),
        body=leaf.body,
        index=place.index if place else None,
        checkpoint=checkpoint_latest(coop_id) if place else None,
    )


def proof_inclusion(coop_id: UUID, leaf_id: UUID) -> str | None:
    """The proof that the leaf is in the log, as a .tlog-proof text; None while it is pending."""
    found = receipt(coop_id, leaf_id)
    if found.index is None or found.checkpoint is None:
        return None
    size = found.checkpoint.size
    path = inclusion_proof(log_tiles(coop_id, size), found.index, size)
    return tlog_proof_write(TlogProof(found.index, tuple(path), found.checkpoint.note))


def proof_consistency(coop_id: UUID, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """The proof that the log of `old_size` leaves is the beginning of the log of `new_size`.

    Raises NotFound unless 0 < old_size <= new_size <= the size of the newest checkpoint.
    """
    if not 0 < old_size <= new_size <= log_size(coop_id):
        raise NotFound("no_such_size", "The log has never had these sizes.")
    return tuple(consistency_proof(log_tiles(coop_id, new_size), old_size, new_size))
