"""Reads of invitations. A token is looked up by its hash; nothing here gives one back."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from commonpurse.groups.models import Invitation
from commonpurse.groups.values import InvitationView


def token_hash(token: str) -> str:
    """What is kept of a token: its SHA-256. Tokens are 192 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_find(*, token: str, at: datetime) -> InvitationView | None:
    """The invitation that this token opens at that instant; None when it opens nothing."""
    row = Invitation.objects.filter(token_hash=token_hash(token)).first()
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        return None
    return invitation_value(row)


def invitation_list_open(*, coop_id: UUID, at: datetime) -> tuple[InvitationView, ...]:
    """The invitations that still let somebody in, latest first."""
    rows = (
        Invitation.objects.filter(coop_id=coop_id, revoked_at=None, expires_at__gt=at)
        .select_related("invited_by")
        .annotate(used=Count("uses"))
        .order_by("-at", "-id")
    )
    return tuple(invitation_value(row) for row in rows if row.used < row.uses_max)


def invitation_value(row: Invitation) -> InvitationView:
    """A row as coordinators may read it."""
    return InvitationView(
        invitation_id=row.id,
        coop_id=row.coop_id,
        email=row.email,
        invited_by_name=row.invited_by.get_full_name(),
        expires_at=row.expires_at,
        uses_left=max(0, row.uses_max - row.uses.count()),
        accepted_at=row.accepted_at,
        revoked_at=row.revoked_at,
    )
