"""Reads of the keys that programs come in with."""

import hashlib
from datetime import datetime
from uuid import UUID

from commonpurse.groups.models import ApiToken
from commonpurse.groups.values import TokenView


def secret_hash(secret: str) -> str:
    """What is kept of a secret. It is long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_find(*, secret: str, at: datetime) -> TokenView | None:
    """The token with this secret; None when there is none, or it ran out or was revoked."""
    row = ApiToken.objects.filter(
        token_hash=secret_hash(secret), person__erased_at=None, person__is_active=True
    ).first()
    view = token_value(row) if row else None
    return view if view and view.is_valid(at) else None


def token_list(*, person_id: UUID) -> tuple[TokenView, ...]:
    """All tokens that a person ever made and did not revoke, newest first."""
    rows = ApiToken.objects.filter(person_id=person_id, revoked_at=None)
    return tuple(token_value(row) for row in rows.order_by("-created_at", "id"))


def token_value(row: ApiToken) -> TokenView:
    """A row as a page or a program may see it."""
    return TokenView(
        token_id=row.id,
        person_id=row.person_id,
        name=row.name,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
