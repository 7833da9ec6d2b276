"""The public record: for people, pages; for programs, the log's own files (C2SP tlog-tiles)."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponse

from commonpurse.errors import NotFound
from commonpurse.proof.faults import Malformed
from commonpurse.proof.tiles import tile_path_read
from commonpurse.record.archive import archive_view
from commonpurse.record.selectors import (
    checkpoint_latest,
    entry_bundle,
    leaf_list,
    log_origin,
    log_vkey,
    pending_count,
    proof_inclusion,
    receipt,
    tile,
)
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import LEAF_KINDS

PAGE = 50
FOREVER = "public, max-age=31536000, immutable"
PLAIN = "text/plain; charset=utf-8"


@page(Who.ANYONE)
def record(visit: Visit) -> HttpResponse:
    """The signed head of the log, and its latest leaves."""
    text = visit.request.GET.get("before", "")
    before = int(text[:18]) if text.isascii() and text.isdigit() else None
    leaves = leaf_list(visit.coop.coop_id, before=before, limit=PAGE)
    return visit.show(
        "record/record.html",
        {
            "here": "record",
            "checkpoint": checkpoint_latest(visit.coop.coop_id),
            "vkey": log_vkey(visit.coop.coop_id),
            "origin": log_origin(visit.coop.coop_id),
            "pending": pending_count(visit.coop.coop_id),
            "leaves": leaves,
            "older": leaves[-1].index if len(leaves) == PAGE and leaves[-1].index > 0 else None,
            "kinds": LEAF_KINDS,
            "archive": archive_view(settings.PURSE_DATA, visit.coop.coop_id),
        },
    )


@page(Who.ANYONE)
def record_leaf(visit: Visit, leaf_id: UUID) -> HttpResponse:
    """One leaf: its words, its place, and the receipt to keep."""
    found = receipt(visit.coop.coop_id, leaf_id)
    return visit.show(
        "record/leaf.html",
        {
            "here": "record",
            "receipt": found,
            "kind": LEAF_KINDS.get(found.kind, found.kind),
            "leaf_hash": found.leaf_hash.hex(),
        },
    )


@page(Who.ANYONE)
def record_proof(visit: Visit, leaf_id: UUID) -> HttpResponse:
    """The proof that a leaf is in the log, to keep and to check elsewhere."""
    proof = proof_inclusion(visit.coop.coop_id, leaf_id)
    if proof is None:
        raise NotFound(
            "leaf_pending", "This leaf has no place in the log yet. Look again in a minute."
        )
    answer = HttpResponse(proof, content_type=PLAIN)
    answer["Content-Disposition"] = f'attachment; filename="{leaf_id}.tlog-proof"'
    return answer


@page(Who.ANYONE)
def record_verify(visit: Visit) -> HttpResponse:
    """How anyone checks the record for themselves."""
    context = {
        "here": "record",
        "vkey": log_vkey(visit.coop.coop_id),
        "archive": archive_view(settings.PURSE_DATA, visit.coop.coop_id),
    }
    return visit.show("record/verify.html", context)


@page(Who.ANYONE)
def record_export(visit: Visit) -> HttpResponse:
    """The newest export, whole, as the worker made it ahead."""
    found = archive_view(settings.PURSE_DATA, visit.coop.coop_id)
    if found is None:
        raise NotFound("no_export", "No export is made yet. Look again in a minute.")
    answer = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=f"{visit.coop.slug}-{found.size}.zip",
        content_type="application/zip",
    )
    answer["Cache-Control"] = "no-cache"
    # Streaming answers come in another class, which is as much an answer as any.
    return cast("HttpResponse", answer)


@page(Who.ANYONE)
def log_checkpoint(visit: Visit) -> HttpResponse:
    """The latest signed checkpoint, as it was signed."""
    found = checkpoint_latest(visit.coop.coop_id)
    if found is None:
        raise NotFound("no_checkpoint", "Nothing has been signed yet. Look again in a minute.")
    answer = HttpResponse(found.note, content_type=PLAIN)
    answer["Cache-Control"] = "no-cache"
    return answer


@page(Who.ANYONE)
def log_tile(visit: Visit, name: str) -> HttpResponse:
    """A tile of hashes, or a bundle of entries. Tiles never change, so they may be kept forever."""
    try:
        path = tile_path_read(f"tile/{name}")
    except Malformed as fault:
        raise NotFound("no_tile", "There is no such tile.") from fault
    coop_id = visit.coop.coop_id
    if path.level is None:
        data = entry_bundle(coop_id, path.index, path.width)
    else:
        data = tile(coop_id, path.level, path.index, path.width)
    if data is None:
        raise NotFound("no_tile", "There is no such tile.")
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Cache-Control"] = FOREVER
    return answer
