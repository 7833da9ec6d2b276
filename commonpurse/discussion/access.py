"""Who reads and who writes in which group: each condition on its own line."""

from uuid import UUID

from commonpurse.groups.selectors import (
    GroupView,
    Member,
    coop_view,
    group_list,
    group_view,
    is_group_member,
)


def may_read(group: GroupView, member: Member | None) -> bool:
    """Whether what is said in the group is for this reader; None is a visitor."""
    return (
        is_in(group, member)
        or (group.visibility == "open" and member is not None)
        or (group.visibility == "open" and coop_view(group.coop_id).visibility == "open")
    )


def may_write(group: GroupView, member: Member) -> bool:
    """Whether this member may speak in the group."""
    return member.coop_id == group.coop_id and is_in(group, member)


def is_in(group: GroupView, member: Member | None) -> bool:
    """Whether this member belongs to the group."""
    return member is not None and is_group_member(
        coop_id=group.coop_id, group_id=group.group_id, person_id=member.person_id
    )


def readable_groups(coop_id: UUID, member: Member | None) -> list[UUID]:
    """The groups of the co-op in which this reader may read."""
    person_id = member.person_id if member else None
    groups = group_list(coop_id=coop_id, person_id=person_id)
    return [group.group_id for group in groups if may_read(group, member)]


def is_readable(coop_id: UUID, group_id: UUID, member: Member | None) -> bool:
    """Whether this reader may know of the group and read what is said in it."""
    person_id = member.person_id if member else None
    known = {group.group_id for group in group_list(coop_id=coop_id, person_id=person_id)}
    return group_id in known and may_read(group_view(coop_id=coop_id, group_id=group_id), member)
