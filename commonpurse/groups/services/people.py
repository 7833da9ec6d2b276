"""People: made once per address, renamed, and emptied when they ask for it."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from commonpurse.errors import Invalid, NotFound
from commonpurse.groups.erasure import Erased, erasure_steps
from commonpurse.groups.models import (
    ApiToken,
    Departure,
    Invitation,
    InvitationUse,
    Kind,
    Person,
    PersonSession,
)
from commonpurse.groups.names import email_checked, name_checked
from commonpurse.groups.selectors.people import person_value
from commonpurse.groups.services.standing import (
    check_not_last_coordinator,
    memberships_end,
    memberships_open_of,
    standings_of,
)
from commonpurse.groups.values import PersonView
from commonpurse.record.ids import PLATFORM_ID, random_id
from commonpurse.record.services import SYSTEM, Actor, audit_add, key_erase, key_make, lock_take


@transaction.atomic
def person_ensure(
    *,
    email: str,
    name: str,
    at: datetime,
    actor: Actor = SYSTEM,
    kind: str = Kind.HUMAN,
    language: str = "",
) -> PersonView:
    """The person with this address: found, or made together with their erasable key.

    Twice is once, also for two at the same moment; a known person keeps their name.
    """
    if kind not in Kind.values:
        raise Invalid("kind_wrong", "Choose a human or an organisation.", field="kind")
    address = email_checked(email)
    found = Person.objects.filter(email=address).first()
    if found is not None:
        return person_value(found)

    row = Person(
        email=address, name=name_checked(name), kind=kind, language=language, created_at=at
    )
    Person.objects.bulk_create([row], ignore_conflicts=True)
    made = Person.objects.get(email=address)
    if made.id != row.id:  # Somebody else made them since we looked.
        return person_value(made)
    key_make(made.id)
    audit_add(actor, "person_ensure", coop_id=PLATFORM_ID, subject_id=made.id, at=at)
    return person_value(made)


@transaction.atomic
def person_rename(*, person_id: UUID, name: str, actor: Actor, at: datetime) -> PersonView:
    """Give a person another name to be shown, everywhere and at once."""
    row = person_lock(person_id)
    row.name = name_checked(name)
    row.save(update_fields=["name"])
    audit_add(actor, "person_rename", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return person_value(row)


@transaction.atomic
def person_speak(*, person_id: UUID, language: str, actor: Actor, at: datetime) -> PersonView:
    """Speak another language to a person, on pages and in mails; empty: as their browser asks."""
    if language and language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", "Choose one of the languages shown.", field="language")
    row = person_lock(person_id)
    row.language = language
    row.save(update_fields=["language"])
    audit_add(actor, "person_speak", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return person_value(row)


@transaction.atomic
def person_sign_out_everywhere(*, person_id: UUID, actor: Actor, at: datetime) -> PersonView:
    """End every visit in every browser."""
    row = person_lock(person_id)
    sessions_end(row)
    audit_add(actor, "person_sign_out_everywhere", coop_id=PLATFORM_ID, subject_id=row.id, at=at)
    return person_value(row)


@transaction.atomic
def person_erase(*, person_id: UUID, actor: Actor, at: datetime) -> PersonView:
    """Forget a person: name, address, key, ways in, visits, invitations; memberships end.

    What they wrote and voted stays, by a "Former member"; the public record is untouched and
    verifies as before. Raises NotPossible while others would be left without a coordinator.
    """
    row = person_lock(person_id)
    standings = standings_of(person_id)
    lock_take(*{coop_id for coop_id, _ in standings})
    open_rows = memberships_open_of(person_id)
    for coop_id, member_id in standings:
        check_not_last_coordinator(coop_id, member_id)

    erased = Erased(person_id=person_id, email=row.email, member_ids=standings, at=at)
    memberships_end(open_rows, reason=Departure.Reason.ERASED, at=at)
    for step in erasure_steps():
        step(erased)
    identity_forget(row, at=at)
    audit_add(actor, "person_erase", coop_id=PLATFORM_ID, subject_id=person_id, at=at)
    return person_value(row)


def identity_forget(row: Person, *, at: datetime) -> None:
    """Empty the person's row and delete all that would lead back to them."""
    Invitation.objects.filter(email=row.email).exclude(email=None).delete()
    InvitationUse.objects.filter(person_id=row.id).delete()
    EmailAddress.objects.filter(user_id=row.id).delete()
    Authenticator.objects.filter(user_id=row.id).delete()
    SocialAccount.objects.filter(user_id=row.id).delete()
    ApiToken.objects.filter(person_id=row.id).delete()
    sessions_end(row)
    key_erase(row.id)
    row.email = None
    row.name = ""
    row.language = ""
    row.last_login = None
    row.is_active = False
    row.is_staff = False
    row.erased_at = at
    row.save()


def sessions_end(row: Person) -> None:
    """Delete the person's sessions; the new stamp makes any that is left worthless."""
    PersonSession.objects.filter(person_id=row.id).delete()
    row.session_stamp = random_id()
    row.save(update_fields=["session_stamp"])


def person_lock(person_id: UUID) -> Person:
    """The person's row, ours until the transaction ends. Raises NotFound, also for erased ones."""
    row = Person.objects.select_for_update().filter(id=person_id, erased_at=None).first()
    if row is None:
        raise NotFound("no_person", "There is no such person here.")
    return row
