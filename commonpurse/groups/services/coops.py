"""A co-op comes into being, with its founders as first members and coordinators."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.models import (
    Coop,
    CoopAddress,
    Group,
    Membership,
    Person,
    Role,
    RoleGrant,
    Visibility,
)
from commonpurse.groups.names import name_checked, slug_checked
from commonpurse.groups.selectors.coops import coop_value
from commonpurse.groups.services.standing import memberships_begin
from commonpurse.groups.values import Founded, Member
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, lock_make, lock_take, row_add, rows_add

CURRENCY_LETTERS = 3


@transaction.atomic
def coop_make(
    *,
    slug: str,
    name: str,
    currency: str,
    timezone: str,
    template: str,
    founders: Sequence[UUID],
    actor: Actor,
    at: datetime,
    coordinators: Collection[UUID] | None = None,
    decision_id: UUID | None = None,
    visibility: str = Visibility.OPEN,
    coop_id: UUID | None = None,
) -> Founded:
    """Make a co-op of these founders (ids of persons), all of them coordinators unless said.

    Called by the founding decision, which names itself as `decision_id`. Raises Invalid for what
    was typed wrongly, NotPossible when the slug is taken, NotFound for an unknown founder.
    """
    coop_id = coop_id or new_id()
    lock_make(coop_id=coop_id, subject_id=coop_id)
    lock_take(coop_id)
    address = address_take(slug, coop_id)
    people = founders_found(founders)
    check_place(currency, timezone, visibility)

    coop, group = rooted(
        coop_id=coop_id,
        slug=address.slug,
        name=name_checked(name),
        currency=currency,
        timezone=timezone,
        template=template,
        visibility=visibility,
        at=at,
    )
    row_add(coop)
    row_add(group)
    joined = memberships_begin(coop_id=coop_id, people=people, at=at)
    chosen = set(founders if coordinators is None else coordinators)
    rows_add(coordinators_first(joined, chosen, decision_id))
    audit_add(actor, "coop_make", coop_id=coop_id, subject_id=coop_id, at=at)
    members = tuple(founder(row, coop.slug, row.person_id in chosen) for row in joined)
    return Founded(coop=coop_value(coop, visibility), members=members)


def rooted(
    *,
    coop_id: UUID,
    slug: str,
    name: str,
    currency: str,
    timezone: str,
    template: str,
    visibility: str,
    at: datetime,
) -> tuple[Coop, Group]:
    """The co-op's row and its root group's, not written yet."""
    group = Group(
        id=coop_id,
        coop_id=coop_id,
        parent=None,
        name=name,
        slug=slug,
        visibility=visibility,
        at=at,
    )
    coop = Coop(
        coop_id=coop_id,
        slug=slug,
        name=name,
        currency=currency,
        timezone=timezone,
        template=template,
        at=at,
    )
    return coop, group


def coordinators_first(
    joined: Sequence[Membership], chosen: Collection[UUID], decision_id: UUID | None
) -> list[RoleGrant]:
    """The first coordinators' grants, not written yet. Raises Invalid when nobody is chosen."""
    grants = [
        RoleGrant(
            coop_id=row.coop_id,
            member_id=row.member_id,
            role=Role.COORDINATOR,
            granted_by_decision=decision_id,
            at=row.at,
        )
        for row in joined
        if row.person_id in chosen
    ]
    if not grants:
        raise Invalid("no_coordinator", "Name at least one founder as coordinator.")
    return grants


def founder(row: Membership, slug: str, is_coordinator: bool) -> Member:  # noqa: FBT001
    """A founder as a member."""
    return Member(
        coop_id=row.coop_id,
        coop_slug=slug,
        member_id=row.member_id,
        person_id=row.person_id,
        name=row.person.get_full_name(),
        roles=frozenset({"member", "coordinator"} if is_coordinator else {"member"}),
    )


def address_take(slug: str, coop_id: UUID) -> CoopAddress:
    """Take the slug for this co-op. Raises NotPossible when another has it."""
    row = CoopAddress(slug=slug_checked(slug), coop_id=coop_id)
    CoopAddress.objects.bulk_create([row], ignore_conflicts=True)
    if CoopAddress.objects.get(slug=row.slug).coop_id != coop_id:
        raise NotPossible(
            "slug_taken",
            "Another co-op lives at %(slug)s. Choose another short name.",
            field="slug",
            slug=row.slug,
        )
    return row


def founders_found(person_ids: Sequence[UUID]) -> list[Person]:
    """The founders' rows, in the order given. Raises Invalid or NotFound."""
    if not person_ids:
        raise Invalid("no_founders", "Name at least one founder.", field="founders")
    if len(set(person_ids)) != len(person_ids):
        raise Invalid("founder_twice", "Name each founder once.", field="founders")
    rows = {row.id: row for row in Person.objects.filter(id__in=person_ids, erased_at=None)}
    if len(rows) != len(person_ids):
        raise NotFound("no_person", "One of the founders has no account here.")
    return [rows[person_id] for person_id in person_ids]


def check_place(currency: str, timezone: str, visibility: str) -> None:
    """Raise Invalid unless these are a currency's code, a time zone and a visibility."""
    if not (len(currency) == CURRENCY_LETTERS and currency.isalpha() and currency.isupper()):
        raise Invalid("currency_wrong", "Enter a currency such as EUR.", field="currency")
    if timezone not in available_timezones() or not ZoneInfo(timezone).key:
        raise Invalid(
            "timezone_wrong", "Enter a time zone such as Europe/Berlin.", field="timezone"
        )
    if visibility not in Visibility.values:
        raise Invalid("visibility_wrong", "Choose open, closed or secret.", field="visibility")
