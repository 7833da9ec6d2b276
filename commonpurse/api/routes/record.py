"""The public record: its signed head, its leaves, receipts to keep."""

from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest
from ninja import Router

from commonpurse.api.caller import call_begin
from commonpurse.api.paging import After, Limit, Page, cursor_number, cursor_write
from commonpurse.api.schemas.record import Checkpoint, Leaf, Receipt
from commonpurse.errors import NotFound
from commonpurse.record.selectors import (
    checkpoint_latest,
    leaf_list,
    log_origin,
    proof_inclusion,
    receipt,
)

router = Router(tags=["record"])


@router.get("/coops/{slug:slug}/record/checkpoint", response=Checkpoint, summary="The signed head")
def checkpoint(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The newest signed checkpoint of the co-op's log."""
    call = call_begin(request, slug)
    found = checkpoint_latest(call.coop_id)
    if found is None:
        raise NotFound("no_checkpoint", "Nothing has been signed yet. Look again in a minute.")
    return {
        "origin": log_origin(call.coop_id),
        "size": found.size,
        "root": found.root.hex(),
        "note": found.note,
        "vkey": found.vkey,
        "at": found.at,
    }


@router.get("/coops/{slug:slug}/record/leaves", response=Page[Leaf], summary="Public facts")
def leaves(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The leaves of the log, newest first."""
    call = call_begin(request, slug)
    before = cursor_number(after) if after else None
    found = leaf_list(call.coop_id, before=before, limit=limit)
    items = [
        {
            "index": each.index,
            "id": each.id,
            "kind": each.kind,
            "at": each.at,
            "leaf_hash": each.leaf_hash.hex(),
            "body": orjson.loads(each.body),
        }
        for each in found
    ]
    last = found[-1].index if len(found) == limit else 0
    return {"items": items, "next": cursor_write(last) if last else None}


@router.get(
    "/coops/{slug:slug}/record/leaves/{leaf_id}", response=Receipt, summary="A receipt to keep"
)
def leaf(request: HttpRequest, slug: str, leaf_id: UUID) -> dict[str, Any]:
    """A leaf, and the proof that it is in the log once it has its place."""
    call = call_begin(request, slug)
    found = receipt(call.coop_id, leaf_id)
    return {
        "leaf_id": found.leaf_id,
        "kind": found.kind,
        "at": found.at,
        "leaf_hash": found.leaf_hash.hex(),
        "body": orjson.loads(found.body),
        "index": found.index,
        "proof": proof_inclusion(call.coop_id, leaf_id) if found.is_sequenced else None,
    }
