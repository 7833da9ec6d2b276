"""The sequencer: gives waiting leaves their place in the log, and signs the log's new head.

One transaction per log, under the log's lock: take every waiting leaf that can be seen, number
them after the last, put their hashes at the right edge of the tree, write the tiles that became
full, sign one checkpoint. A crash anywhere leaves nothing behind; a second worker waits at the
lock and finds nothing left to do. The log is never hashed again: the right edge is enough.

All leaves that can be seen are taken in one statement, so a checkpoint never holds a fact without
the facts that it was written on top of.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from commonpurse.proof.checkpoints import Checkpoint as Head
from commonpurse.proof.checkpoints import checkpoint_sign, origin_of
from commonpurse.proof.merkle import HASH_BYTES, Frontier
from commonpurse.proof.notes import Signer
from commonpurse.proof.tiles import TILE_HEIGHT, TILE_WIDTH, tile_root
from commonpurse.record.models import Checkpoint, LogState, PendingLeaf, Tile
from commonpurse.record.values import CheckpointView

CHUNK = 4_096

TAKE = """
WITH taken AS (DELETE FROM record_pendingleaf WHERE coop_id = %(coop_id)s RETURNING id)
INSERT INTO record_sequenced (leaf_id, coop_id, index)
SELECT id, %(coop_id)s, %(size)s + row_number() OVER (ORDER BY id) - 1 FROM taken
"""

HASHES = """
SELECT l.leaf_hash FROM record_sequenced s
JOIN record_leaf l ON l.id = s.leaf_id AND l.coop_id = s.coop_id
WHERE s.coop_id = %s AND s.index >= %s ORDER BY s.index
"""


def record_sequence(
    *, coop_id: UUID | None, at: datetime, signer: Signer
) -> tuple[CheckpointView, ...]:
    """Sequence one co-op's log, or every log in which leaves wait; the checkpoints that it made."""
    waiting = PendingLeaf.objects.order_by("coop_id").values_list("coop_id", flat=True).distinct()
    logs = list(waiting) if coop_id is None else [coop_id]
    made = [log_sequence(coop_id=log, at=at, signer=signer) for log in logs]
    return tuple(checkpoint for checkpoint in made if checkpoint)


@transaction.atomic
def log_sequence(*, coop_id: UUID, at: datetime, signer: Signer) -> CheckpointView | None:
    """Sequence one log; None when no leaf waits in it."""
    LogState.objects.bulk_create([LogState(coop_id=coop_id)], ignore_conflicts=True)
    state = LogState.objects.select_for_update().get(coop_id=coop_id)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"coop_id": coop_id, "size": state.size})
        count = cursor.rowcount
    if not count:
        return None
    frontier = Frontier.read(state.size, bytes(state.peaks))
    leaves_place(coop_id, frontier)
    assert frontier.size == state.size + count, "a waiting leaf without its leaf"
    upper_tiles_make(coop_id, state.size, frontier.size)
    head = Head(origin_of(coop_id), frontier.size, frontier.root())
    checkpoint = Checkpoint.objects.create(
        coop_id=coop_id,
        size=head.size,
        root=head.root,
        note=checkpoint_sign(head, signer),
        vkey=str(signer.key(head.origin)),
        at=at,
    )
    LogState.objects.filter(coop_id=coop_id).update(size=head.size, peaks=frontier.write())
    return CheckpointView(
        coop_id=coop_id,
        size=head.size,
        root=head.root,
        note=checkpoint.note,
        vkey=checkpoint.vkey,
        at=at,
    )


def leaves_place(coop_id: UUID, frontier: Frontier) -> None:
    """Put the newly numbered leaves at the right edge, and write the tiles that became full."""
    old = frontier.size
    start = old - old % TILE_WIDTH
    tile = bytearray()
    full: list[Tile] = []
    for index, leaf in enumerate(hashes_from(coop_id, start), start=start):
        if index >= old:
            frontier.add(leaf)
        tile += leaf
        if len(tile) == TILE_WIDTH * HASH_BYTES:
            full.append(tile_new(coop_id, 0, index // TILE_WIDTH, bytes(tile)))
            tile.clear()
    Tile.objects.bulk_create(full)


def hashes_from(coop_id: UUID, start: int) -> Iterator[bytes]:
    """The leaf hashes of a log in its order, from index `start` on."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(HASHES, [coop_id, start])
        while rows := cursor.fetchmany(CHUNK):
            for (leaf,) in rows:
                yield bytes(leaf)


def upper_tiles_make(coop_id: UUID, old: int, new: int) -> None:
    """Write the tiles above the leaves that became full between two sizes of the log."""
    level = 1
    while new >> TILE_HEIGHT * (level + 1):
        for index in range(old >> TILE_HEIGHT * (level + 1), new >> TILE_HEIGHT * (level + 1)):
            below = Tile.objects.filter(
                coop_id=coop_id,
                level=level - 1,
                index__gte=index * TILE_WIDTH,
                index__lt=(index + 1) * TILE_WIDTH,
            )
            roots = [bytes(root) for root in below.order_by("index").values_list("root", flat=True)]
            tile_new(coop_id, level, index, b"".join(roots)).save(force_insert=True)
        level += 1


def tile_new(coop_id: UUID, level: int, index: int, data: bytes) -> Tile:
    """A full tile in memory."""
    return Tile(coop_id=coop_id, level=level, index=index, data=data, root=tile_root(data))
