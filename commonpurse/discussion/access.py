"""Who reads and who writes in which group: each condition on its own line."""

from uuid import UUID

from commonpurse.groups.selectors import GroupSeen, GroupView, Member, groups_known, is_group_member


def may_read(seen: GroupSeen, member: Member | None, *, is_public: bool) -> bool:
    """Whether what is said in the group is for this reader; None is a visitor.

    `is_public` says whether the co-op is open to everybody.
    """
    return (
        seen.is_in
        or (seen.group.visibility == "open" and member is not None)
        or (seen.group.visibility == "open" and is_public)
    )


def may_write(group: GroupView, member: Member) -> bool:
    """Whether this member may speak in the group."""
    return member.coop_id == group.coop_id and is_group_member(
        coop_id=group.coop_id, group_id=group.group_id, person_id=member.person_id
    )


def readable_groups(coop_id: UUID, member: Member | None) -> list[UUID]:
    """The groups of the co-op in which this reader may read."""
    known = groups_known(coop_id=coop_id, person_id=member.person_id if member else None)
    is_public = any(seen.group.level == 0 and seen.group.visibility == "open" for seen in known)
    return [seen.group.group_id for seen in known if may_read(seen, member, is_public=is_public)]


def is_readable(coop_id: UUID, group_id: UUID, member: Member | None) -> bool:
    """Whether this reader may know of the group and read what is said in it."""
    return group_id in readable_groups(coop_id, member)
