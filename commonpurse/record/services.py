"""The only door to the public record: leaves, audit rows, locks and erasable keys.

Every function here runs inside the caller's transaction, so a fact and its leaf are born together
or not at all.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection

from commonpurse.proof import merkle
from commonpurse.proof.canonical import canonical
from commonpurse.record.encoding import leaf_value, row_fields
from commonpurse.record.ids import new_id
from commonpurse.record.models import (
    AuditedModel,
    AuditRow,
    ErasableKey,
    Leaf,
    Lock,
)

Row = TypeVar("Row", bound=AuditedModel)

LEAF_VERSION = "1"
LEAF_BYTES_MAX = 60_000

LEAVES_ADD = """
WITH born AS (
    INSERT INTO record_leaf (id, coop_id, kind, at, body, leaf_hash)
    SELECT * FROM unnest(
        %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::bytea[]
    )
    RETURNING id, coop_id
)
INSERT INTO record_pendingleaf (id, coop_id) SELECT id, coop_id FROM born
"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or the product itself (a job) when `person_id` is None."""

    person_id: UUID | None
    name: str = ""


SYSTEM = Actor(person_id=None, name="Commonpurse")


def leaf_body(*, kind: str, subject_id: UUID, at: datetime, fields: dict[str, object]) -> bytes:
    """The bytes of a leaf: `{v, kind, id, at, fields}` as canonical JSON."""
    body = canonical(
        {
            "v": LEAF_VERSION,
            "kind": kind,
            "id": str(subject_id),
            "at": leaf_value(at),
            "fields": fields,
        }
    )
    assert len(body) <= LEAF_BYTES_MAX, f"a leaf of {len(body)} bytes: send long text by its hash"
    return body


def leaf_hash(body: bytes) -> bytes:
    """The hash of a leaf in the tree: SHA-256 of a zero byte and the body (RFC 6962, 2.1)."""
    return merkle.leaf_hash(body)


def row_add(row: Row) -> Row:
    """Write an audited row and its leaf."""
    rows_add([row])
    return row


def rows_add(rows: Sequence[Row]) -> None:
    """Write audited rows of one table and their leaves, in two statements."""
    if not rows:
        return
    assert connection.in_atomic_block, "a fact and its leaf are born in one transaction"
    type(rows[0])._default_manager.bulk_create(rows)
    leaves_add(
        [
            leaf(
                coop_id=row.coop_id,
                kind=row.leaf_kind,
                subject_id=row.id,
                at=row.at,
                fields=row_fields(row),
            )
            for row in rows
        ]
    )


def leaf(
    *, coop_id: UUID, kind: str, subject_id: UUID, at: datetime, fields: dict[str, object]
) -> Leaf:
    """A leaf in memory, not written yet."""
    body = leaf_body(kind=kind, subject_id=subject_id, at=at, fields=fields)
    return Leaf(
        id=subject_id,
        coop_id=coop_id,
        kind=kind,
        at=at,
        body=body.decode(),
        leaf_hash=leaf_hash(body),
    )


def leaves_add(leaves: Sequence[Leaf]) -> None:
    """Write leaves and queue them for the sequencer, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            LEAVES_ADD,
            [
                [item.id for item in leaves],
                [item.coop_id for item in leaves],
                [item.kind for item in leaves],
                [item.at for item in leaves],
                [item.body for item in leaves],
                [item.leaf_hash for item in leaves],
            ],
        )


def audit_add(
    actor: Actor,
    service: str,
    *,
    coop_id: UUID,
    subject_id: UUID,
    at: datetime,
    **detail: object,
) -> None:
    """Say who did what. Each service calls this once, in the transaction of what it did."""
    AuditRow.objects.create(
        id=new_id(),
        coop_id=coop_id,
        actor_id=actor.person_id,
        service=service,
        subject_id=subject_id,
        at=at,
        detail={key: leaf_value(value) for key, value in detail.items()},
    )


def lock_make(*, coop_id: UUID, subject_id: UUID) -> None:
    """Give a new subject its row to queue at."""
    Lock.objects.create(id=subject_id, coop_id=coop_id)


def lock_take(*subject_ids: UUID) -> None:
    """Queue for these subjects, in the order of their ids, until the transaction ends."""
    wanted = sorted(set(subject_ids))
    found = list(
        Lock.objects.select_for_update().filter(id__in=wanted).order_by("id").values_list("id")
    )
    assert len(found) == len(wanted), "a subject without a lock row"


def lock_share(subject_id: UUID) -> None:
    """Keep this subject from being locked until the transaction ends, together with others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM record_lock WHERE id = %s FOR SHARE", [subject_id])
        assert cursor.fetchone(), "a subject without a lock row"


def queue_take(name: str) -> None:
    """Queue for something that has no row yet, by its name, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def key_make(owner_id: UUID) -> None:
    """Give a person (or a payee) the secret under which private facts stand in the record."""
    ErasableKey.objects.create(owner_id=owner_id, key=os.urandom(32))


def mac(owner_id: UUID, purpose: str, text: str) -> str:
    """A commitment to private text under the owner's erasable key: 64 hexadecimal digits.

    HMAC-SHA-256 over the purpose, a zero byte and the text. Raises ErasableKey.DoesNotExist when
    the owner was erased.
    """
    key = bytes(ErasableKey.objects.get(owner_id=owner_id).key)
    return mac_under(key, purpose, text)


def mac_under(key: bytes, purpose: str, text: str) -> str:
    """As `mac`, with the key in hand."""
    return hmac.new(key, purpose.encode() + b"\x00" + text.encode(), hashlib.sha256).hexdigest()


def keys_of(owner_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of many owners at once; an erased owner is missing from the answer."""
    rows = ErasableKey.objects.filter(owner_id__in=list(owner_ids))
    return {row.owner_id: bytes(row.key) for row in rows}


def key_erase(owner_id: UUID) -> None:
    """Forget a person's secret: what was committed under it can no longer be linked to them."""
    ErasableKey.objects.filter(owner_id=owner_id).delete()
