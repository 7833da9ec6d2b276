"""Reads of the keys of private feeds."""

import hashlib
from uuid import UUID

from commonpurse.notices.models import FeedToken
from commonpurse.notices.values import FeedTokenView


def feed_token_find(*, coop_id: UUID, secret: str) -> FeedTokenView | None:
    """The key that opens this co-op's feeds; None when there is none, or it was taken back."""
    row = FeedToken.objects.filter(
        coop_id=coop_id, token_hash=feed_hash(secret), revoked_at=None, person__erased_at=None
    ).first()
    return feed_token_value(row) if row else None


def feed_token_list(*, person_id: UUID, coop_id: UUID) -> tuple[FeedTokenView, ...]:
    """A person's keys of this co-op's feeds, newest first."""
    rows = FeedToken.objects.filter(person_id=person_id, coop_id=coop_id, revoked_at=None)
    return tuple(feed_token_value(row) for row in rows.order_by("-made_at", "-id"))


def feed_hash(secret: str) -> str:
    """What is kept of a key. It is long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_token_value(row: FeedToken) -> FeedTokenView:
    """A row as a page may show it."""
    return FeedTokenView(
        token_id=row.id, person_id=row.person_id, coop_id=row.coop_id, made_at=row.made_at
    )
