"""Reads of memberships and roles, and the electorate at an instant.

A membership is a half-open interval: it holds from its `at` until the `at` of its departure,
which no longer counts.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from commonpurse.groups.models import (
    FORMER_MEMBER,
    CoopAddress,
    Departure,
    Membership,
    Role,
    RoleEnd,
    RoleGrant,
)
from commonpurse.groups.values import Electorate, Member, MemberView
from commonpurse.proof.merkle import root_of_texts

ELECTORATE_SQL = """
SELECT m.member_id FROM groups_membership m
WHERE m.coop_id = %(coop_id)s AND m.group_id = %(coop_id)s AND m.at <= %(instant)s
  AND NOT EXISTS (
    SELECT 1 FROM groups_departure d
    WHERE d.coop_id = m.coop_id AND d.membership_id = m.id AND d.at <= %(instant)s
  )
"""


def electorate_sql() -> str:
    """The electorate as a SELECT of member ids, each once; takes `coop_id` and `instant`."""
    return ELECTORATE_SQL


def electorate_at(*, coop_id: UUID, at: datetime) -> Electorate:
    """Who may vote in this co-op at that instant: members of its root group."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{ELECTORATE_SQL} ORDER BY m.member_id",
            {"coop_id": coop_id, "instant": at},
        )
        member_ids = tuple(row[0] for row in cursor)
    return Electorate(
        count=len(member_ids),
        root=root_of_texts([str(member_id) for member_id in member_ids]),
        member_ids=member_ids,
    )


def is_eligible_at(*, coop_id: UUID, member_id: UUID, at: datetime) -> bool:
    """Whether this member belongs to the electorate at that instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS ({ELECTORATE_SQL} AND m.member_id = %(member_id)s)",
            {"coop_id": coop_id, "instant": at, "member_id": member_id},
        )
        return bool(cursor.fetchone()[0])


def member_of(*, coop_id: UUID, person_id: UUID) -> Member | None:
    """The person's present standing in the co-op."""
    return _member(open_memberships(coop_id).filter(person_id=person_id))


def member_by_id(*, coop_id: UUID, member_id: UUID) -> Member | None:
    """The present member with this public id."""
    return _member(open_memberships(coop_id).filter(member_id=member_id))


def members_with_role(*, coop_id: UUID, role: str) -> tuple[Member, ...]:
    """The present members who hold this role, by name."""
    holders = [key for key, roles in roles_open(coop_id).items() if role in roles]
    rows = open_memberships(coop_id).filter(member_id__in=holders).select_related("person")
    members = [_member_value(row, coop_slug(coop_id), roles_open(coop_id)) for row in rows]
    return tuple(sorted(members, key=lambda member: (member.name.casefold(), member.member_id)))


def member_list(*, coop_id: UUID, at: datetime | None = None) -> tuple[MemberView, ...]:
    """The members of the co-op, at present or at that instant, by name."""
    return member_views(coop_id, coop_id, at)


def group_member_list(*, coop_id: UUID, group_id: UUID) -> tuple[MemberView, ...]:
    """The present members of a sub-group, under their ids in the co-op, by name."""
    return member_views(coop_id, group_id, None)


def member_views(coop_id: UUID, group_id: UUID, at: datetime | None) -> tuple[MemberView, ...]:
    """The members of one group, whose ids in the co-op may differ from those in the group."""
    rows = list(open_memberships(coop_id, group_id, at).select_related("person"))
    ids = {row.person_id: row.member_id for row in rows}
    if group_id != coop_id:
        ids = dict(
            open_memberships(coop_id)
            .filter(person_id__in=list(ids))
            .values_list("person_id", "member_id")
        )
    roles = roles_open(coop_id)
    views = [
        MemberView(
            member_id=ids[row.person_id],
            name=row.person.get_full_name(),
            kind=row.kind,
            roles=roles[ids[row.person_id]] | {"member"},
            joined_at=row.at,
            is_current=True,
        )
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.member_id)))


def member_names(*, coop_id: UUID, member_ids: Collection[UUID] | None = None) -> dict[UUID, str]:
    """Names by member id, of former members too; one query. Erased ones are "Former member"."""
    rows = Membership.objects.filter(coop_id=coop_id, group_id=coop_id)
    if member_ids is not None:
        rows = rows.filter(member_id__in=list(member_ids))
    pairs = rows.values_list("member_id", "person__name")
    return {member_id: name or FORMER_MEMBER for member_id, name in pairs}


def member_persons(*, coop_id: UUID, member_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Persons by member id, of former members too: for notices and commitments, never shown."""
    return dict(
        Membership.objects.filter(
            coop_id=coop_id, group_id=coop_id, member_id__in=list(member_ids)
        ).values_list("member_id", "person_id")
    )


def electorate_persons(*, coop_id: UUID, at: datetime) -> dict[UUID, UUID]:
    """Persons by member id: the electorate of that instant without who has left since. To tell."""
    rows = open_memberships(coop_id).filter(at__lte=at, person__erased_at=None)
    return dict(rows.values_list("member_id", "person_id"))


def member_count(*, coop_id: UUID, at: datetime | None = None) -> int:
    """How many members the co-op has, at present or at that instant."""
    return open_memberships(coop_id, coop_id, at).count()


def is_group_member(*, coop_id: UUID, group_id: UUID, person_id: UUID) -> bool:
    """Whether this person belongs to the group at present."""
    return open_memberships(coop_id, group_id).filter(person_id=person_id).exists()


def open_memberships(
    coop_id: UUID, group_id: UUID | None = None, at: datetime | None = None
) -> QuerySet[Membership]:
    """Memberships that have not ended (by `at`) in the co-op or one of its groups.

    For this room only: selectors hand out values.
    """
    ended = Departure.objects.filter(coop_id=coop_id, membership_id=OuterRef("id"))
    rows = Membership.objects.filter(coop_id=coop_id, group_id=group_id or coop_id)
    if at is not None:
        ended = ended.filter(at__lte=at)
        rows = rows.filter(at__lte=at)
    return rows.filter(~Exists(ended))


def roles_open(coop_id: UUID) -> defaultdict[UUID, frozenset[str]]:
    """The roles that are held now, by member id. For this room only."""
    ended = RoleEnd.objects.filter(coop_id=coop_id, grant_id=OuterRef("id"))
    held: defaultdict[UUID, frozenset[str]] = defaultdict(frozenset)
    rows = RoleGrant.objects.filter(~Exists(ended), coop_id=coop_id)
    for member_id, role in rows.values_list("member_id", "role"):
        held[member_id] |= {str(Role(role))}
    return held


def coop_slug(coop_id: UUID) -> str:
    """The slug under which the co-op lives."""
    return CoopAddress.objects.get(coop_id=coop_id).slug


def _member(rows: QuerySet[Membership]) -> Member | None:
    address = CoopAddress.objects.filter(coop_id=OuterRef("coop_id")).values("slug")
    row = rows.select_related("person").annotate(slug=Subquery(address)).first()
    if row is None:
        return None
    return _member_value(row, str(row.slug), roles_open(row.coop_id))


def _member_value(row: Membership, slug: str, roles: defaultdict[UUID, frozenset[str]]) -> Member:
    return Member(
        coop_id=row.coop_id,
        coop_slug=slug,
        member_id=row.member_id,
        person_id=row.person_id,
        name=row.person.get_full_name(),
        roles=roles[row.member_id] | {"member"},
    )
