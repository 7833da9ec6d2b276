"""What every page knows besides its own values, allauth's pages too: the demo's banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from commonpurse.web.demo import is_demo


def shell(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and whom one may become in it."""
    if not is_demo(request):
        return {"is_demo": False}
    return {
        "is_demo": True,
        "personas": settings.PURSE_PERSONAS,
        "personas_shown": is_first_look(request),
    }


def is_first_look(request: HttpRequest) -> bool:
    """Whether somebody unknown stands at the door: there the people to be are not folded away."""
    match = request.resolver_match
    is_landing = match is not None and match.url_name == "landing"
    return is_landing and not request.user.is_authenticated
