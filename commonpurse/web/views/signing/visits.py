"""Where one is signed in: each browser, and the ends of visits."""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.groups.selectors import visit_key, visit_list
from commonpurse.groups.services import person_sign_out_everywhere, visit_end
from commonpurse.web.visit import Visit, Who, page


@page(Who.SIGNED_IN)
def visits(visit: Visit) -> HttpResponse:
    """One's sign-ins: which browser, since when, from where; this one is marked."""
    found = visit_list(
        person_id=visit.signed_in.person_id,
        session_key=visit.request.session.session_key,
        at=visit.at,
    )
    return visit.show("people/visits.html", {"visits": found})


@page(Who.SIGNED_IN, "POST")
def visit_stop(visit: Visit, key: str) -> HttpResponse:
    """End one visit; ending this one signs out."""
    mine = visit.request.session.session_key
    visit_end(person_id=visit.signed_in.person_id, key=key, actor=visit.actor, at=visit.at)
    if mine is not None and visit_key(mine) == key:
        logout(visit.request)
        return visit.go("landing", said=_("You are signed out."))
    return visit.go("me_visits", said=_("That browser is signed out."))


@page(Who.SIGNED_IN, "POST")
def visits_stop(visit: Visit) -> HttpResponse:
    """Sign out everywhere, here too."""
    person_sign_out_everywhere(person_id=visit.signed_in.person_id, actor=visit.actor, at=visit.at)
    logout(visit.request)
    return visit.go("landing", said=_("You are signed out everywhere."))
