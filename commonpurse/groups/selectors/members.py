"""Reads of memberships and roles, and the electorate at an instant.

A membership is a half-open interval: it holds from its `at` until the `at` of its departure,
which no longer counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

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
WHERE m.coop_id = {coop_id} AND m.group_id = {coop_id} AND m.at <= {instant}
  AND NOT EXISTS (
    SELECT 1 FROM groups_departure d
    WHERE d.coop_id = m.coop_id AND d.membership_id = m.id AND d.at <= {instant}
  )
"""


NAME_SQL = """(
    SELECT coalesce(nullif(p.name, ''), %s)
    FROM groups_membership m JOIN groups_person p ON p.id = m.person_id
    WHERE m.coop_id = {coop_id} AND m.group_id = {coop_id} AND m.member_id = {member_id}
    LIMIT 1
)"""


def electorate_sql(*, coop_id: str = "%(coop_id)s", instant: str = "%(instant)s") -> str:
    """The electorate as a SELECT of member ids `m.member_id`, each once.

    It takes `coop_id` and `instant`, or reads them from the columns that are named.
    """
    return ELECTORATE_SQL.format(coop_id=coop_id, instant=instant)


def electorate_at(*, coop_id: UUID, at: datetime) -> Electorate:
    """Who may vote in this co-op at that instant: members of its root group."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{electorate_sql()} ORDER BY m.member_id",
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
            f"SELECT EXISTS ({electorate_sql()} AND m.member_id = %(member_id)s)",
            {"coop_id": coop_id, "instant": at, "member_id": member_id},
        )
        return bool(cursor.fetchone()[0])


def member_of(*, coop_id: UUID, person_id: UUID) -> Member | None:
    """The person's present standing in the co-op."""
    return next(_members(open_memberships(coop_id).filter(person_id=person_id)), None)


def member_by_id(*, coop_id: UUID, member_id: UUID) -> Member | None:
    """The present member with this public id."""
    return next(_members(open_memberships(coop_id).filter(member_id=member_id)), None)


def members_with_role(*, coop_id: UUID, role: str) -> tuple[Member, ...]:
    """The present members who hold this role, by name."""
    holders = grants_open(coop_id).filter(role=role).values("member_id")
    members = _members(open_memberships(coop_id).filter(member_id__in=holders))
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


def member_name_sql(*, coop_id: str, member_id: str) -> RawSQL:
    """The name of the member whose ids stand in the named columns, as a column of a query.

    As `member_names` has it: of former members too, and "Former member" for who was erased.
    """
    return RawSQL(  # noqa: S611  (our own text)
        NAME_SQL.format(coop_id=coop_id, member_id=member_id),
        [FORMER_MEMBER],
        output_field=CharField(),
    )


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
    coop_id: UUID, group_id: UUID | OuterRef | None = None, at: datetime | None = None
) -> QuerySet[Membership]:
    """Memberships that have not ended (by `at`) in the co-op or one of its groups, or in the
    group of an outer query.
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
    held: defaultdict[UUID, frozenset[str]] = defaultdict(frozenset)
    for member_id, role in grants_open(coop_id).values_list("member_id", "role"):
        held[member_id] |= {str(Role(role))}
    return held


def grants_open(coop_id: UUID | OuterRef) -> QuerySet[RoleGrant]:
    """The grants of roles that have not ended. For this room only."""
    ended = RoleEnd.objects.filter(coop_id=OuterRef("coop_id"), grant_id=OuterRef("id"))
    return RoleGrant.objects.filter(~Exists(ended), coop_id=coop_id)


def _members(rows: QuerySet[Membership]) -> Iterator[Member]:
    """The standings behind these memberships in co-ops, in one query whatever their number."""
    address = CoopAddress.objects.filter(coop_id=OuterRef("coop_id")).values("slug")
    held = grants_open(OuterRef("coop_id")).filter(member_id=OuterRef("member_id")).values("role")
    found = rows.select_related("person").annotate(
        slug=Subquery(address), roles=ArraySubquery(held)
    )
    for row in found:
        yield Member(
            coop_id=row.coop_id,
            coop_slug=str(row.slug),
            member_id=row.member_id,
            person_id=row.person_id,
            name=row.person.get_full_name(),
            roles=frozenset(str(Role(role)) for role in row.roles) | {"member"},
        )
