"""Reads of people."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from commonpurse.errors import NotFound
from commonpurse.groups.models import Person
from commonpurse.groups.values import PersonView


def person_view(person_id: UUID) -> PersonView:
    """A person, also an erased one. Raises NotFound."""
    row = Person.objects.filter(id=person_id).first()
    if row is None:
        raise NotFound("no_person", "There is no such person here.")
    return person_value(row)


def person_signed_in(user: AbstractBaseUser | AnonymousUser) -> PersonView | None:
    """Whoever signed in, from the row that signing in has read; None for nobody known."""
    return person_value(user) if isinstance(user, Person) else None


def person_by_email(email: str) -> PersonView | None:
    """The person who signs in with this address, however its letters are cased."""
    row = Person.objects.filter(email=email.strip().lower()).first()
    return person_value(row) if row else None


def person_addresses(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Where mail reaches these people; who was erased or closed has no address."""
    rows = Person.objects.filter(id__in=list(person_ids), erased_at=None, is_active=True)
    return {person_id: email for person_id, email in rows.values_list("id", "email") if email}


def person_languages(person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The language in which mails speak to these people: as chosen, else the house's own."""
    rows = Person.objects.filter(id__in=list(person_ids)).values_list("id", "language")
    return {person_id: language or settings.LANGUAGE_CODE for person_id, language in rows}


def person_value(row: Person) -> PersonView:
    """A row as others may read it."""
    return PersonView(
        person_id=row.id,
        email=row.email,
        name=row.get_full_name(),
        kind=row.kind,
        is_erased=row.erased_at is not None,
        language=row.language,
    )
