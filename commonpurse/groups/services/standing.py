"""How memberships and roles begin and end: the rows that several services here write.

The callers hold the co-op's lock.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from commonpurse.errors import NotPossible
from commonpurse.groups.models import (
    Departure,
    Membership,
    Person,
    Role,
    RoleEnd,
    RoleGrant,
)
from commonpurse.groups.selectors.coops import coop_view
from commonpurse.groups.selectors.members import member_count, roles_open
from commonpurse.record.ids import random_id
from commonpurse.record.services import rows_add


def memberships_begin(*, coop_id: UUID, people: Sequence[Person], at: datetime) -> list[Membership]:
    """Write the beginning of these people's membership in the co-op.

    Who was here before gets the same member id again. Raises NotPossible for a date before their
    last departure, which would make one person a member twice over.
    """
    known = dict(
        Membership.objects.filter(coop_id=coop_id, group_id=coop_id, person__in=people)
        .order_by("at")
        .values_list("person_id", "member_id")
    )
    if known:
        check_after_departures(coop_id, known.values(), at)
    rows = [
        Membership(
            coop_id=coop_id,
            group_id=coop_id,
            person=person,
            member_id=known.get(person.id) or random_id(),
            kind=person.kind,
            at=at,
        )
        for person in people
    ]
    rows_add(rows)
    return rows


def check_after_departures(coop_id: UUID, member_ids: Collection[UUID], at: datetime) -> None:
    """Raise NotPossible when one of these members left later than `at`."""
    later = Departure.objects.filter(
        coop_id=coop_id, membership__member_id__in=list(member_ids), at__gt=at
    )
    if later.exists():
        raise NotPossible("before_departure", "They left later than that. Choose a later date.")


def memberships_end(rows: Sequence[Membership], *, reason: str, at: datetime) -> None:
    """Write the end of these memberships, and of the roles that went with them."""
    rows_add([Departure(coop_id=row.coop_id, membership=row, reason=reason, at=at) for row in rows])
    rooted = [row for row in rows if row.group_id == row.coop_id]
    for row in rooted:
        roles_end(grants_open(row.coop_id, row.member_id), at=at)


def roles_end(grants: QuerySet[RoleGrant], *, at: datetime) -> None:
    """Write the end of these roles."""
    rows_add([RoleEnd(coop_id=grant.coop_id, grant=grant, at=at) for grant in grants])


def grants_open(coop_id: UUID, member_id: UUID) -> QuerySet[RoleGrant]:
    """The roles that this member holds."""
    ended = RoleEnd.objects.filter(coop_id=coop_id, grant_id=OuterRef("id"))
    return RoleGrant.objects.filter(~Exists(ended), coop_id=coop_id, member_id=member_id).order_by(
        "id"
    )


def memberships_open_of(person_id: UUID, coop_id: UUID | None = None) -> list[Membership]:
    """A person's open memberships in all groups, of one co-op or of all."""
    ended = Departure.objects.filter(membership_id=OuterRef("id"))
    rows = Membership.objects.filter(~Exists(ended), person_id=person_id)
    if coop_id is not None:
        rows = rows.filter(coop_id=coop_id)
    return list(rows.order_by("coop_id", "id"))


def standings_of(person_id: UUID) -> tuple[tuple[UUID, UUID], ...]:
    """Co-op and member id of every standing that this person has or had."""
    rows = Membership.objects.filter(person_id=person_id, group__parent=None)
    return tuple(sorted(set(rows.values_list("coop_id", "member_id"))))


def check_not_last_coordinator(coop_id: UUID, member_id: UUID, *, others_min: int = 1) -> None:
    """Raise NotPossible when so many others would stay behind without a coordinator."""
    held = roles_open(coop_id)
    coordinators = {key for key, roles in held.items() if Role.COORDINATOR in roles}
    if coordinators != {member_id}:
        return
    if member_count(coop_id=coop_id) > others_min:
        raise NotPossible(
            "last_coordinator",
            "%(name)s would be left without a coordinator. Make somebody else coordinator first.",
            name=coop_view(coop_id).name,
        )
