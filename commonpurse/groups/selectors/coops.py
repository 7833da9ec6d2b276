"""Reads of co-ops and groups, and who may see them. Each condition stands on its own line."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable

from commonpurse.errors import NotAllowed, NotFound
from commonpurse.groups.models import (
    Coop,
    CoopAddress,
    Departure,
    Group,
    GroupName,
    Membership,
    Visibility,
)
from commonpurse.groups.selectors.members import member_of, open_memberships
from commonpurse.groups.values import (
    CoopAccess,
    CoopView,
    GroupAccess,
    GroupSeen,
    GroupView,
    Member,
)


def coop_view(coop_id: UUID) -> CoopView:
    """A co-op by its id. Raises NotFound."""
    return _coop(Coop.objects.filter(coop_id=coop_id))


def coop_by_slug(slug: str) -> CoopView:
    """A co-op by its slug, for whoever may see it or not: pages call `access_coop`."""
    address = CoopAddress.objects.filter(slug=slug.lower()).values("coop_id")
    return _coop(Coop.objects.filter(coop_id__in=address))


def _coop(rows: QuerySet[Coop]) -> CoopView:
    """The one co-op of these rows with its root group's visibility. Raises NotFound."""
    row = rooted(rows).first()
    if row is None:
        raise _no_coop()
    return coop_value(row, str(row.visibility))


def rooted(rows: QuerySet[Coop]) -> QuerySet[Any]:
    """These co-ops, each with the visibility of its root group."""
    root = Group.objects.filter(id=OuterRef("coop_id")).values("visibility")
    return rows.annotate(visibility=Subquery(root))


def coop_list() -> tuple[CoopView, ...]:
    """All co-ops, oldest first: for jobs and the command line."""
    rows = rooted(Coop.objects.order_by("at", "id"))
    return tuple(coop_value(row, str(row.visibility)) for row in rows)


def coops_by_id(coop_ids: Collection[UUID]) -> dict[UUID, CoopView]:
    """Co-ops by their ids, for rooms that have checked access."""
    rows = rooted(Coop.objects.filter(coop_id__in=coop_ids))
    return {row.coop_id: coop_value(row, str(row.visibility)) for row in rows}


def coops_open(*, limit: int) -> tuple[CoopView, ...]:
    """Co-ops that anybody may see and that want to be seen, oldest first."""
    roots = Group.objects.filter(parent=None, visibility=Visibility.OPEN).values("id")
    rows = Coop.objects.filter(coop_id__in=roots).order_by("at", "id")[:limit]
    return tuple(coop_value(row, Visibility.OPEN) for row in rows)


def coops_of_person(person_id: UUID) -> tuple[CoopView, ...]:
    """The co-ops that this person belongs to, by name."""
    joined = Membership.objects.filter(person_id=person_id, group__parent=None)
    ended = Departure.objects.filter(membership__in=joined).values_list("membership_id", flat=True)
    coop_ids = joined.exclude(id__in=ended).values("coop_id")
    rows = rooted(Coop.objects.filter(coop_id__in=coop_ids))
    views = (coop_value(row, str(row.visibility)) for row in rows)
    return tuple(sorted(views, key=lambda coop: (coop.name.casefold(), coop.coop_id)))


def access_coop(*, slug: str, person_id: UUID | None) -> CoopAccess:
    """The co-op, for somebody who may know of it. Raises NotFound for everybody else."""
    coop = coop_by_slug(slug)
    member = member_of(coop_id=coop.coop_id, person_id=person_id) if person_id else None
    if may_know_coop(coop, member):
        return CoopAccess(coop=coop, member=member)
    raise _no_coop()


def access_member(*, slug: str, person_id: UUID | None) -> Member:
    """The member, for pages that only members see. Raises NotFound or NotAllowed."""
    access = access_coop(slug=slug, person_id=person_id)
    if access.member is None:
        raise NotAllowed("not_member", "Only members of %(name)s see this.", name=access.coop.name)
    return access.member


def access_coordinator(*, slug: str, person_id: UUID | None) -> Member:
    """The coordinator, for what only coordinators do. Raises NotFound or NotAllowed."""
    member = access_member(slug=slug, person_id=person_id)
    if not member.may_coordinate:
        raise NotAllowed("not_coordinator", "Only a coordinator may do this. Ask one of them.")
    return member


def access_group(*, slug: str, group_slug: str, person_id: UUID | None) -> GroupAccess:
    """The group, for somebody who may know of it. Raises NotFound for everybody else."""
    access = access_coop(slug=slug, person_id=person_id)
    known = groups_known(coop_id=access.coop.coop_id, person_id=person_id)
    seen = next((each for each in known if each.group.slug == group_slug), None)
    if seen is None:
        raise NotFound("no_group", "There is no such group here.")
    return GroupAccess(
        coop=access.coop, group=seen.group, member=access.member, is_in_group=seen.is_in
    )


def access_group_content(*, slug: str, group_slug: str, person_id: UUID | None) -> GroupAccess:
    """As `access_group`, for what is said in the group. Raises NotFound or NotAllowed."""
    access = access_group(slug=slug, group_slug=group_slug, person_id=person_id)
    if may_read_group(access):
        return access
    raise NotAllowed("not_in_group", "Only members of %(name)s read this.", name=access.group.name)


def group_list(*, coop_id: UUID, person_id: UUID | None) -> tuple[GroupView, ...]:
    """The groups of a co-op that this person may know of, the co-op itself first."""
    return tuple(each.group for each in groups_known(coop_id=coop_id, person_id=person_id))


def groups_known(*, coop_id: UUID, person_id: UUID | None) -> tuple[GroupSeen, ...]:
    """As `group_list`, each with whether this person is in it; one query whatever their number."""
    tree = group_tree(coop_id, person_id)
    found = (seen for seen in tree.values() if may_know_group(seen.group.group_id, tree))
    return tuple(sorted(found, key=lambda seen: seen.group.level))


def group_tree(coop_id: UUID, person_id: UUID | None) -> dict[UUID, GroupSeen]:
    """All groups of a co-op by id, oldest first, as one person stands to them.

    For this room only: which of them somebody may know of is judged by `may_know_group`.
    """
    joined: Combinable = Value(value=False)
    if person_id is not None:
        joined = Exists(open_memberships(coop_id, OuterRef("id")).filter(person_id=person_id))
    hidden = GroupName.objects.filter(id=OuterRef("id")).values("name")
    rows = Group.objects.filter(coop_id=coop_id).order_by("at", "id")
    found = {row.id: row for row in rows.annotate(is_in=joined, hidden=Subquery(hidden))}

    def level(row: Group) -> int:
        return 0 if row.parent_id is None else 1 + level(found[row.parent_id])

    return {
        row.id: GroupSeen(
            group=group_frozen(row, name=row.hidden or row.name, level=level(row)),
            is_in=row.is_in,
        )
        for row in found.values()
    }


def group_view(*, coop_id: UUID, group_id: UUID) -> GroupView:
    """A group by its id, for rooms that have checked access. Raises NotFound."""
    row = Group.objects.filter(coop_id=coop_id, id=group_id).first()
    if row is None:
        raise NotFound("no_group", "There is no such group here.")
    return group_value(row)


def may_know_coop(coop: CoopView, member: Member | None) -> bool:
    """Whether the co-op exists for this person."""
    return (
        coop.visibility == Visibility.OPEN  # noqa: PLR1714  (one condition on a line)
        or coop.visibility == Visibility.CLOSED
        or member is not None
    )


def may_know_group(group_id: UUID, tree: dict[UUID, GroupSeen]) -> bool:
    """Whether the group, and each group above it, exists for the person whose tree this is."""
    seen = tree[group_id]
    if not (
        seen.group.visibility == Visibility.OPEN  # noqa: PLR1714  (one condition on a line)
        or seen.group.visibility == Visibility.CLOSED
        or seen.is_in
    ):
        return False
    return seen.group.parent_id is None or may_know_group(seen.group.parent_id, tree)


def may_read_group(access: GroupAccess) -> bool:
    """Whether what is said in the group is for this person."""
    return (
        access.is_in_group
        or (access.group.visibility == Visibility.OPEN and access.member is not None)
        or (
            access.group.visibility == Visibility.OPEN and access.coop.visibility == Visibility.OPEN
        )
    )


def coop_value(row: Coop, visibility: str) -> CoopView:
    """A row as others may read it."""
    return CoopView(
        coop_id=row.coop_id,
        slug=row.slug,
        name=row.name,
        currency=row.currency,
        timezone=row.timezone,
        template=row.template,
        visibility=str(visibility),
        founded_at=row.at,
    )


def group_value(row: Group) -> GroupView:
    """A row as those may read it who may know of the group."""
    name = row.name
    if row.name_mac is not None:
        name = GroupName.objects.values_list("name", flat=True).get(id=row.id)
    return group_frozen(row, name=name, level=group_level(row))


def group_frozen(row: Group, *, name: str, level: int) -> GroupView:
    """The frozen value of a group whose name and level were read beside it."""
    return GroupView(
        group_id=row.id,
        coop_id=row.coop_id,
        parent_id=row.parent_id,
        name=name,
        slug=row.slug,
        visibility=str(row.visibility),
        level=level,
    )


def group_level(row: Group) -> int:
    """How far below the co-op: 0 for the co-op itself."""
    return 0 if row.parent is None else 1 + group_level(row.parent)


def _no_coop() -> NotFound:
    return NotFound("no_coop", "There is no co-op at this address, or it is not open to you.")
