"""Reads of the browsers in which a person is signed in."""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import salted_hmac

from commonpurse.groups.models import PersonSession
from commonpurse.groups.values import VisitView


def visit_list(*, person_id: UUID, session_key: str | None, at: datetime) -> tuple[VisitView, ...]:
    """A person's visits that have not ended, the latest first; `session_key` is this one's."""
    rows = PersonSession.objects.filter(person_id=person_id, expire_date__gt=at)
    found = [
        VisitView(
            visit_key=visit_key(row.session_key),
            browser=row.browser,
            place=row.place,
            signed_in_at=row.signed_in_at,
            is_this=row.session_key == session_key,
        )
        for row in rows.order_by("-signed_in_at", "session_key")
    ]
    return tuple(sorted(found, key=lambda each: not each.is_this))


def visit_key(session_key: str) -> str:
    """What names a visit on a page. The session's own key would sign in whoever reads it."""
    return salted_hmac("commonpurse.groups.visit", session_key, algorithm="sha256").hexdigest()[:32]
