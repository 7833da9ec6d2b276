"""Ways by which a person proves who they are: passkeys, codes of an app, recovery codes, links.

The tables are the sign-in library's. What a browser answered is checked where it arrives; here is
written what came of it.
"""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.models import Person
from commonpurse.groups.names import name_checked
from commonpurse.groups.selectors.ways import PASSKEY, RECOVERY, TOTP, passkey_value
from commonpurse.groups.services.people import person_lock
from commonpurse.groups.values import PasskeyView, ProviderLink
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.record.services import Actor, audit_add
from commonpurse.say import say

PASSKEYS_MAX = 20
STEP_SECONDS = 30
STEPS_EITHER_WAY = 1
"""How far the clock of a phone may be off: one code before and one after the present one."""

WRONG_CODE = say("This is not the code that the app shows now. Look again and type it.")


@transaction.atomic
def passkey_add(
    *, person_id: UUID, name: str, credential: dict[str, Any], actor: Actor, at: datetime
) -> PasskeyView:
    """Keep a passkey whose proof was checked. Raises NotPossible `passkeys_many`, Invalid."""
    row = person_lock(person_id)
    held = Authenticator.objects.filter(user_id=row.id, type=PASSKEY).count()
    if held >= PASSKEYS_MAX:
        raise NotPossible("passkeys_many", "You have many passkeys. Remove one you do not use.")
    made = Authenticator.objects.create(
        user_id=row.id,
        type=PASSKEY,
        data={"name": name_checked(name), "credential": credential},
        created_at=at,
    )
    audit_add(actor, "passkey_add", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return passkey_value(made)


@transaction.atomic
def passkey_rename(
    *, person_id: UUID, passkey_id: int, name: str, actor: Actor, at: datetime
) -> PasskeyView:
    """Give a passkey another name. Raises NotFound for another person's."""
    row = passkey_lock(person_id, passkey_id)
    row.data["name"] = name_checked(name)
    row.save(update_fields=["data"])
    audit_add(actor, "passkey_rename", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return passkey_value(row)


@transaction.atomic
def passkey_remove(*, person_id: UUID, passkey_id: int, actor: Actor, at: datetime) -> PasskeyView:
    """Forget a passkey: nobody signs in with it any more. Raises NotFound for another person's."""
    row = passkey_lock(person_id, passkey_id)
    view = passkey_value(row)
    row.delete()
    audit_add(actor, "passkey_remove", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return view


def passkey_lock(person_id: UUID, passkey_id: int) -> Authenticator:
    """A passkey of this person's, ours until the transaction ends. Raises NotFound."""
    person_lock(person_id)
    rows = Authenticator.objects.select_for_update()
    row = rows.filter(user_id=person_id, type=PASSKEY, id=passkey_id).first()
    if row is None:
        raise NotFound("no_passkey", "There is no such passkey of yours.")
    return row


@transaction.atomic
def second_factor_start(
    *, person_id: UUID, secret: str, code: str, actor: Actor, at: datetime
) -> tuple[str, ...]:
    """Ask for an app's code at each sign-in by mail from now on; the new recovery codes.

    The first code proves that the app has the secret. Raises Invalid `code_wrong`, NotPossible
    `second_factor_on`.
    """
    row = person_lock(person_id)
    if Authenticator.objects.filter(user_id=row.id, type=TOTP).exists():
        raise NotPossible("second_factor_on", "The second factor is on already.")
    step = step_of(secret=secret, code=code, at=at, after=-1)
    if step is None:
        raise Invalid("code_wrong", WRONG_CODE, field="code")
    Authenticator.objects.create(
        user_id=row.id,
        type=TOTP,
        data={"secret": encrypt(secret), "step": step},
        created_at=at,
        last_used_at=at,
    )
    codes = recovery_codes_draw(row)
    audit_add(actor, "second_factor_start", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return codes


@transaction.atomic
def second_factor_end(*, person_id: UUID, actor: Actor, at: datetime) -> None:
    """Ask for no app's code any more; the recovery codes go with it. Twice is once."""
    row = person_lock(person_id)
    Authenticator.objects.filter(user_id=row.id, type__in=(TOTP, RECOVERY)).delete()
    audit_add(actor, "second_factor_end", coop_id=PLATFORM_ID, subject_id=row.id, at=at)


@transaction.atomic
def recovery_codes_renew(*, person_id: UUID, actor: Actor, at: datetime) -> tuple[str, ...]:
    """New recovery codes, the old ones worth nothing. Raises NotPossible `second_factor_off`."""
    row = person_lock(person_id)
    if not Authenticator.objects.filter(user_id=row.id, type=TOTP).exists():
        raise NotPossible("second_factor_off", "Turn on the second factor first.")
    codes = recovery_codes_draw(row)
    audit_add(actor, "recovery_codes_renew", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return codes


def recovery_codes_draw(row: Person) -> tuple[str, ...]:
    """Fresh recovery codes instead of those there were."""
    Authenticator.objects.filter(user_id=row.id, type=RECOVERY).delete()
    return tuple(RecoveryCodes.activate(row).get_unused_codes())


@transaction.atomic
def second_factor_use(*, person_id: UUID, code: str, actor: Actor, at: datetime) -> int:
    """Take a code of the app, or a recovery code: each works once. The id of what took it.

    Raises Invalid `code_wrong`. The row is locked, so of two who type one code one comes in.
    """
    rows = Authenticator.objects.select_for_update()
    held = {row.type: row for row in rows.filter(user_id=person_id, type__in=(TOTP, RECOVERY))}
    used = totp_takes(held[TOTP], code=code, at=at) if TOTP in held else None
    if used is None and TOTP in held and RECOVERY in held:
        used = held[RECOVERY] if held[RECOVERY].wrap().validate_code(code) else None
    if used is None:
        raise Invalid("code_wrong", WRONG_CODE, field="code")
    audit_add(
        actor, "second_factor_use", coop_id=PLATFORM_ID, subject_id=person_id, at=at, by=used.type
    )
    return int(used.pk)


def totp_takes(row: Authenticator, *, code: str, at: datetime) -> Authenticator | None:
    """The row, if this is a code of its app that was not used; it remembers the code's step."""
    secret = decrypt(row.data["secret"])
    step = step_of(secret=secret, code=code, at=at, after=row.data.get("step", -1))
    if step is None:
        return None
    row.data["step"] = step
    row.last_used_at = at
    row.save(update_fields=["data", "last_used_at"])
    return row


def step_of(*, secret: str, code: str, at: datetime, after: int) -> int | None:
    """The step of time to which this code belongs, near `at` and later than the last one used.

    A code that was used, and any before it, is worth nothing: who looked over a shoulder is late.
    """
    now = int(at.timestamp()) // STEP_SECONDS
    typed = normalize_user_code(code).encode()
    for step in range(now - STEPS_EITHER_WAY, now + STEPS_EITHER_WAY + 1):
        expected = format_hotp_value(hotp_value(secret, step)).encode()
        if step > after and secrets.compare_digest(typed, expected):
            return step
    return None


@transaction.atomic
def provider_link(
    *, person_id: UUID, provider_id: str, uid: str, actor: Actor, at: datetime
) -> ProviderLink:
    """Let a person sign in by an account at an identity provider, too. Twice is once.

    Raises NotPossible `link_taken` when it is another person's already: nothing is merged.
    """
    person_lock(person_id)
    row, _ = SocialAccount.objects.get_or_create(
        provider=provider_id, uid=uid, defaults={"user_id": person_id, "extra_data": {}}
    )
    if row.user_id != person_id:
        raise NotPossible("link_taken", "That account is linked to somebody else here.")
    audit_add(actor, "provider_link", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return ProviderLink(link_id=row.pk, provider_id=row.provider, linked_at=row.date_joined)


@transaction.atomic
def provider_unlink(*, person_id: UUID, link_id: int, actor: Actor, at: datetime) -> str:
    """Sign in by this account at an identity provider no more; the provider's id.

    Raises NotFound for another person's. The code by mail is always left as a way in.
    """
    person_lock(person_id)
    row = SocialAccount.objects.select_for_update().filter(id=link_id, user_id=person_id).first()
    if row is None:
        raise NotFound("no_link", "There is no such account of yours.")
    provider_id = str(row.provider)
    row.delete()
    audit_add(actor, "provider_unlink", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return provider_id
