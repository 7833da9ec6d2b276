"""Keys for programs that act for a person: made, used, taken back."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.models import ApiToken
from commonpurse.groups.names import name_checked
from commonpurse.groups.selectors.tokens import secret_hash, token_value
from commonpurse.groups.services.people import person_lock
from commonpurse.groups.values import TokenMade, TokenView
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.services import Actor, audit_add

PREFIX = "purse_"
SCOPES = ("read", "talk", "vote", "pay", "approve", "manage")
"""Read all one may read; threads; proposals and ballots; requests, payees, bank; approvals;
members, roles, invitations, one's own account."""

DAYS_MAX = 366
TOKENS_MAX = 50
USED_EVERY = timedelta(minutes=10)


@transaction.atomic
def token_make(
    *,
    person_id: UUID,
    name: str,
    scopes: Collection[str],
    actor: Actor,
    at: datetime,
    days: int = 90,
) -> TokenMade:
    """Make a key for a program, which may do what its scopes name, for so many days.

    Raises Invalid `scopes_wrong`, `days_wrong` or what is wrong with the name; NotPossible
    `tokens_many`; NotFound for an erased person.
    """
    row = person_lock(person_id)
    wanted = [scope for scope in SCOPES if scope in set(scopes)]
    if not wanted or set(scopes) - set(SCOPES):
        raise Invalid(
            "scopes_wrong",
            "Choose at least one of %(scopes)s.",
            field="scopes",
            scopes=", ".join(SCOPES),
        )
    if not 1 <= days <= DAYS_MAX:
        raise Invalid(
            "days_wrong",
            "Let it live from 1 to %(days_max)s days.",
            field="days",
            days_max=DAYS_MAX,
        )
    if ApiToken.objects.filter(person_id=row.id, revoked_at=None).count() >= TOKENS_MAX:
        raise NotPossible("tokens_many", "You have many tokens. Revoke one that you do not use.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=row,
        name=name_checked(name),
        token_hash=secret_hash(secret),
        scopes=wanted,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    audit_add(actor, "token_make", coop_id=PLATFORM_ID, subject_id=token.id, at=at, scopes=wanted)
    return TokenMade(token=token_value(token), secret=secret)


@transaction.atomic
def token_revoke(*, token_id: UUID, person_id: UUID, actor: Actor, at: datetime) -> TokenView:
    """Take a key back, at once. Twice is once. Raises NotFound for another person's."""
    row = ApiToken.objects.select_for_update().filter(id=token_id, person_id=person_id).first()
    if row is None:
        raise NotFound("no_token", "There is no such token of yours.")
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
    audit_add(actor, "token_revoke", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return token_value(row)


def token_seen(token: TokenView, *, at: datetime) -> None:
    """Note that a program came in with it; at most every ten minutes, so that reading is cheap."""
    if token.used_at is None or at - token.used_at > USED_EVERY:
        ApiToken.objects.filter(id=token.token_id).update(used_at=at)
