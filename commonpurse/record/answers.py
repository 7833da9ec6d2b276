"""What was answered to a form or a call that carried a one-time key: asked twice, done once.

A key is scoped by who asks and where. The answer is kept in the transaction of what was done, so
there is no answer without the deed; a failure keeps nothing and may be tried again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from commonpurse.errors import Invalid, NotPossible
from commonpurse.record.ids import new_id
from commonpurse.record.models import Answer

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered before: where a form led, or what a program got."""

    status: int
    location: str
    body: str


def answer_of(
    *, coop_id: UUID, actor_id: UUID, route: str, key: str, body_hash: str
) -> Answered | None:
    """What this key got before, or None when it is new; holds the key until the transaction ends.

    Raises NotPossible while the same key is being answered elsewhere, and Invalid when it comes
    with another body.
    """
    assert connection.in_atomic_block, "the answer and the deed are one transaction"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{coop_id}/{actor_id}/{route}/{key}"],
        )
        if cursor.fetchone() != (True,):
            raise NotPossible(
                "in_flight", "This is being answered already. Wait a moment, then look again."
            )
    row = Answer.objects.filter(coop_id=coop_id, actor_id=actor_id, route=route, key=key).first()
    if row is None:
        return None
    if row.body_hash != body_hash:
        raise Invalid(
            "key_used",
            "This key was used for other words. Open the form afresh, or take a new key.",
        )
    return Answered(status=row.status, location=row.location, body=row.body)


def answer_keep(
    *,
    coop_id: UUID,
    actor_id: UUID,
    route: str,
    key: str,
    body_hash: str,
    at: datetime,
    location: str = "",
    status: int = 302,
    body: str = "",
) -> None:
    """Remember where this key led, or what it was answered. Secrets never come here."""
    Answer.objects.create(
        id=new_id(),
        coop_id=coop_id,
        actor_id=actor_id,
        route=route,
        key=key,
        body_hash=body_hash,
        location=location,
        status=status,
        body=body,
        at=at,
    )


def answers_sweep(*, at: datetime) -> int:
    """Forget answers older than a day; how many there were."""
    swept, _ = Answer.objects.filter(at__lt=at - KEPT).delete()
    return swept
