"""Search over all that one may see."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from commonpurse.api.caller import caller_of
from commonpurse.api.paging import Limit, Page
from commonpurse.groups.selectors import access_coop, search_scope, search_scope_here
from commonpurse.rules.search import KINDS, TYPED_MAX, marked
from commonpurse.search.finding import search as search_for

Typed = Annotated[
    str,
    Field(
        max_length=TYPED_MAX,
        description="Words, an amount, a payload code or a number. The last word may go on.",
        examples=["backups"],
    ),
]
FoundKind = Literal[
    "coop",
    "thread",
    "comment",
    "decision",
    "outcome",
    "clause",
    "member",
    "payee",
    "request",
    "payment",
]
Slug = Annotated[
    str, Field(max_length=60, pattern=r"^[a-z0-9-]*$", description="In this co-op alone.")
]
Place = Annotated[str, Field(max_length=400, description="The `next` of the page before.")]

router = Router(tags=["search"])


class Found(Schema):
    """Something that was found. `ref` is what its own operation calls it: a number or an id."""

    kind: str
    id: UUID
    coop_slug: str
    ref: str
    title: str
    snippet: str
    at: datetime


@router.get("/search", response=Page[Found], summary="Search")
def search(
    request: HttpRequest,
    q: Typed,
    kind: Annotated[list[FoundKind], Query()] = [],  # noqa: B006  (read, never changed)
    coop: Slug = "",
    after: Place = "",
    limit: Limit = 20,
) -> dict[str, object]:
    """What you may see of what you look for, the best first. Without a token: what is public."""
    caller = caller_of(request)
    if caller.person is not None:
        caller.need("read")
    scope = search_scope(caller.person_id)
    if coop:
        scope = search_scope_here(access_coop(slug=coop, person_id=caller.person_id))
    found = search_for(q, scope=scope, kinds=kind or KINDS, after=after, limit=limit)
    items = [
        {
            "kind": hit.kind,
            "id": hit.id,
            "coop_slug": found.coops[hit.coop_id].slug,
            "ref": hit.ref,
            "title": hit.title,
            "snippet": "".join(piece for _is_marked, piece in marked(hit.text, found.words)),
            "at": hit.at,
        }
        for hit in found.hits
    ]
    return {"items": items, "next": found.next or None}
