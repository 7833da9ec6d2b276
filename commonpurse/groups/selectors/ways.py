"""Reads of the ways by which a person proves who they are."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from commonpurse.groups.values import PasskeyView, ProviderLink, WaysIn

TOTP, RECOVERY, PASSKEY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.RECOVERY_CODES,
    Authenticator.Type.WEBAUTHN,
)


def ways_of(person_id: UUID) -> WaysIn:
    """All ways of one person: passkeys, the second factor, accounts at identity providers."""
    rows = list(Authenticator.objects.filter(user_id=person_id).order_by("created_at", "id"))
    recovery = next((row for row in rows if row.type == RECOVERY), None)
    links = SocialAccount.objects.filter(user_id=person_id).order_by("date_joined", "id")
    return WaysIn(
        passkeys=tuple(passkey_value(row) for row in rows if row.type == PASSKEY),
        has_second_factor=any(row.type == TOTP for row in rows),
        recovery_codes_left=len(recovery.wrap().get_unused_codes()) if recovery else 0,
        providers=tuple(
            ProviderLink(link_id=link.pk, provider_id=link.provider, linked_at=link.date_joined)
            for link in links
        ),
    )


def has_second_factor(person_id: UUID) -> bool:
    """Whether this person turned on codes of an app."""
    return bool(Authenticator.objects.filter(user_id=person_id, type=TOTP).exists())


def passkey_value(row: Authenticator) -> PasskeyView:
    """A row as a page may see it."""
    return PasskeyView(
        passkey_id=row.pk,
        name=row.data["name"],
        made_at=row.created_at,
        used_at=row.last_used_at,
    )
