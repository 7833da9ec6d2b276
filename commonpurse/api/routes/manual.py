"""The operating manual: public, in versions."""

from typing import Any

from django.http import HttpRequest
from ninja import Path, Router

from commonpurse.api.caller import call_begin
from commonpurse.api.paging import After, Limit, Page, slice_page
from commonpurse.api.schemas.base import Number
from commonpurse.api.schemas.talk import Manual
from commonpurse.manual.codec import parameters_to_json
from commonpurse.manual.selectors import ManualView, manual_current, manual_list, manual_version

router = Router(tags=["manual"])


def shown(view: ManualView) -> dict[str, Any]:
    """A version as programs read it."""
    return {
        "version_id": view.version_id,
        "number": view.number,
        "template": view.template,
        "parameters": parameters_to_json(view.parameters),
        "clauses": view.clauses,
        "decision_id": view.decision_id,
        "at": view.at,
    }


@router.get("/coops/{slug:slug}/manual", response=Manual, summary="The manual in force")
def manual(request: HttpRequest, slug: str) -> dict[str, Any]:
    """The operating manual in force."""
    return shown(manual_current(call_begin(request, slug).coop_id))


@router.get("/coops/{slug:slug}/manual/versions", response=Page[Manual], summary="All versions")
def versions(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 20
) -> dict[str, object]:
    """Every version of the manual."""
    found = manual_list(call_begin(request, slug).coop_id)
    items, following = slice_page(found, after, limit)
    return {"items": [shown(each) for each in items], "next": following}


@router.get("/coops/{slug:slug}/manual/versions/{number}", response=Manual, summary="One version")
def version(request: HttpRequest, slug: str, number: Path[Number]) -> dict[str, Any]:
    """One version of the manual."""
    return shown(manual_version(call_begin(request, slug).coop_id, number))
