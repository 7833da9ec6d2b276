"""Keys of private feeds: whoever has the address reads what its person may read."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import NotFound, NotPossible
from commonpurse.groups.selectors import Member
from commonpurse.notices.models import FeedToken
from commonpurse.notices.selectors.feeds import feed_hash, feed_token_value
from commonpurse.notices.values import FeedTokenMade
from commonpurse.record.ids import new_id
from commonpurse.record.services import audit_add

TOKENS_MAX = 10
TOKEN_BYTES = 24


@transaction.atomic
def feed_token_make(*, actor: Member, at: datetime) -> FeedTokenMade:
    """Make a key for the member's own feeds of this co-op. Raises NotPossible `feeds_many`."""
    mine = FeedToken.objects.filter(
        person_id=actor.person_id, coop_id=actor.coop_id, revoked_at=None
    )
    if mine.count() >= TOKENS_MAX:
        raise NotPossible(
            "feeds_many",
            "You have %(tokens_max)s keys. Take one back first.",
            tokens_max=TOKENS_MAX,
        )
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    row = FeedToken.objects.create(
        id=new_id(),
        coop_id=actor.coop_id,
        person_id=actor.person_id,
        token_hash=feed_hash(secret),
        made_at=at,
    )
    audit_add(actor.actor, "feed_token_make", coop_id=row.coop_id, subject_id=row.id, at=at)
    return FeedTokenMade(token=feed_token_value(row), secret=secret)


@transaction.atomic
def feed_token_revoke(*, token_id: UUID, actor: Member, at: datetime) -> None:
    """Take a key back, at once. Twice is once. Raises NotFound for another person's."""
    rows = FeedToken.objects.select_for_update()
    row = rows.filter(id=token_id, person_id=actor.person_id, coop_id=actor.coop_id).first()
    if row is None:
        raise NotFound("no_feed_token", "There is no such key of yours.")
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
    audit_add(actor.actor, "feed_token_revoke", coop_id=row.coop_id, subject_id=row.id, at=at)
