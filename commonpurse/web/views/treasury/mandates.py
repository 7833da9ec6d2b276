"""What the co-op has allowed to be paid, and what is left of it."""

from django.http import HttpResponse

from commonpurse.decisions.selectors import decision_by_id
from commonpurse.treasury.selectors import mandate_by_number, mandate_list
from commonpurse.web.visit import Visit, Who, page


@page(Who.ANYONE)
def mandates(visit: Visit) -> HttpResponse:
    """Every mandate: by decision, and standing in the manual."""
    found = mandate_list(visit.coop.coop_id, at=visit.at)
    return visit.show(
        "treasury/mandates.html",
        {
            "here": "mandates",
            "decided": [item for item in found if item.kind == "decision"],
            "standing": [item for item in found if item.kind == "standing" and item.is_valid],
            "past": [item for item in found if item.kind == "standing" and not item.is_valid],
        },
    )


@page(Who.ANYONE)
def mandate(visit: Visit, number: int) -> HttpResponse:
    """One mandate: what it allows, the vote behind it, what was used."""
    found = mandate_by_number(visit.coop.coop_id, number, at=visit.at)
    decision = decision_by_id(found.decision_id) if found.decision_id else None
    return visit.show(
        "treasury/mandate.html", {"here": "mandates", "mandate": found, "decision": decision}
    )
