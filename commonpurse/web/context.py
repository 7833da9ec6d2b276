"""What every page knows besides its own values, allauth's pages too: the demo, the inbox."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from commonpurse.notices.selectors import notice_count_unread
from commonpurse.web.demo import is_demo


def shell(request: HttpRequest) -> dict[str, Any]:
    """How many notices are unread; whether this is the demo, and whom one may become in it."""
    known: dict[str, Any] = {
        "is_demo": is_demo(request),
        "unread": SimpleLazyObject(unread_of(request)),
    }
    if known["is_demo"]:
        known["personas"] = settings.PURSE_PERSONAS
        known["personas_shown"] = is_first_look(request)
    return known


def is_first_look(request: HttpRequest) -> bool:
    """Whether somebody unknown stands at the door: there the people to be are not folded away."""
    match = request.resolver_match
    is_landing = match is not None and match.url_name == "landing"
    return is_landing and not request.user.is_authenticated


def unread_of(request: HttpRequest) -> Callable[[], int]:
    """The count of unread notices, asked for by the pages that show it and by no others."""

    def count() -> int:
        person_id = request.user.pk if request.user.is_authenticated else None
        return notice_count_unread(person_id=person_id) if isinstance(person_id, UUID) else 0

    return count
