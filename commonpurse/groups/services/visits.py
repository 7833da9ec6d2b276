"""Visits in browsers: one of them ended by the person whose it is."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import NotFound
from commonpurse.groups.models import PersonSession
from commonpurse.groups.selectors.visits import visit_key
from commonpurse.groups.services.people import person_lock
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.services import Actor, audit_add


@transaction.atomic
def visit_end(*, person_id: UUID, key: str, actor: Actor, at: datetime) -> None:
    """End one visit of a person's own. Raises NotFound for another person's, and for an ended one.

    Whoever holds that browser's cookie is a stranger from the next request on.
    """
    person_lock(person_id)
    found = [
        row
        for row in PersonSession.objects.filter(person_id=person_id)
        if secrets.compare_digest(visit_key(row.session_key), key)
    ]
    if not found:
        raise NotFound("no_visit", "There is no such visit of yours. It may have ended already.")
    found[0].delete()
    audit_add(actor, "visit_end", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
