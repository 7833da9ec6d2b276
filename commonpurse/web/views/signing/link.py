"""Over the identity provider and back, and the link of an account there to the one here."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.groups.services import provider_unlink
from commonpurse.web.notify import notify
from commonpurse.web.provider import provider_enter, provider_return
from commonpurse.web.visit import Visit, Who, page


@page(Who.ANYONE, "GET", "POST", limit="provider_begin")
def enter(visit: Visit, provider_id: str) -> HttpResponse:
    """Go to the identity provider; a look only shows the form that goes there."""
    return provider_enter(visit.request, provider_id)


@page(Who.ANYONE)
def back(visit: Visit, provider_id: str) -> HttpResponse:
    """Come back from the identity provider, to which this browser must have been sent."""
    return provider_return(visit.request, provider_id)


@page(Who.SIGNED_IN, "POST", proof=("POST",), back="me_ways")
def unlink(visit: Visit, link_id: int) -> HttpResponse:
    """Sign in by the identity provider no more."""
    provider_unlink(
        person_id=visit.signed_in.person_id, link_id=link_id, actor=visit.actor, at=visit.at
    )
    notify(visit, "provider_unlinked")
    return visit.go("me_ways", said=_("The link is gone."))
