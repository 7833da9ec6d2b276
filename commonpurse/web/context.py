"""What every page knows besides its own values, allauth's pages too: the demo's banner."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from commonpurse.web.demo import is_demo


def shell(request: HttpRequest) -> dict[str, Any]:
    """Whether this is the demo, and whom one may become in it."""
    if not is_demo(request):
        return {"is_demo": False}
    return {"is_demo": True, "personas": settings.PURSE_PERSONAS}
