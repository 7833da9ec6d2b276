"""Groups within a co-op, at most two levels below it, and who is in them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.models import (
    Departure,
    Group,
    GroupName,
    Membership,
    Person,
    Visibility,
)
from commonpurse.groups.names import name_checked, slug_checked
from commonpurse.groups.selectors.coops import (
    group_level,
    group_tree,
    group_value,
    may_know_group,
)
from commonpurse.groups.selectors.members import is_group_member
from commonpurse.groups.services.members import check_coordinator, member_found
from commonpurse.groups.services.standing import memberships_open_of
from commonpurse.groups.values import GroupView, Member
from commonpurse.record.ids import new_id, random_id
from commonpurse.record.services import audit_add, key_make, lock_take, mac, row_add, rows_add

LEVELS_BELOW = 2


@transaction.atomic
def group_make(
    *,
    member: Member,
    name: str,
    slug: str,
    visibility: str,
    at: datetime,
    parent_id: UUID | None = None,
) -> GroupView:
    """A coordinator makes a group below the co-op or below one of its groups, and is in it.

    A secret group's name and short name stay out of the public record: its address is its id.
    Raises NotAllowed, NotFound, NotPossible or Invalid.
    """
    lock_take(member.coop_id)
    check_coordinator(member, member.coop_id)
    parent = group_found(member, parent_id or member.coop_id)
    if group_level(parent) >= LEVELS_BELOW:
        raise NotPossible("too_deep", "Groups go two levels below the co-op. Choose a higher one.")
    if visibility not in Visibility.values:
        raise Invalid("visibility_wrong", "Choose open, closed or secret.", field="visibility")
    tidy_name, tidy_slug = name_checked(name), slug_checked(slug)
    if Group.objects.filter(coop_id=member.coop_id, slug=tidy_slug).exists():
        raise NotPossible(
            "slug_taken",
            "Another group lives at %(tidy_slug)s. Choose another.",
            field="slug",
            tidy_slug=tidy_slug,
        )

    group = Group(
        id=new_id(),
        coop_id=member.coop_id,
        parent=parent,
        name=tidy_name,
        slug=tidy_slug,
        visibility=visibility,
        at=at,
    )
    if visibility == Visibility.SECRET:
        name_hide(group)
    row_add(group)
    group_begin(group, member.person_id, member.member_id, at)
    audit_add(member.actor, "group_make", coop_id=group.coop_id, subject_id=group.id, at=at)
    return group_value(group)


@transaction.atomic
def group_join(*, member: Member, group_id: UUID, at: datetime) -> GroupView:
    """Join an open group of one's co-op. Twice is once. Raises NotAllowed for a closed one."""
    lock_take(member.coop_id)
    group = group_found(member, group_id)
    person_id = member_found(member.coop_id, member.member_id).person_id
    if is_group_member(coop_id=group.coop_id, group_id=group.id, person_id=person_id):
        return group_value(group)
    if group.visibility != Visibility.OPEN:
        raise NotAllowed("group_closed", "Ask somebody in this group to add you.")
    group_begin(group, person_id, member.member_id, at)
    audit_add(member.actor, "group_join", coop_id=group.coop_id, subject_id=group.id, at=at)
    return group_value(group)


@transaction.atomic
def group_member_add(*, member: Member, group_id: UUID, member_id: UUID, at: datetime) -> GroupView:
    """Add another member of the co-op to a group. Twice is once."""
    lock_take(member.coop_id)
    group = group_found(member, group_id)
    other = member_found(member.coop_id, member_id)
    present = member_found(member.coop_id, member.member_id)
    if not (
        is_group_member(coop_id=group.coop_id, group_id=group.id, person_id=present.person_id)
        or present.may_coordinate
    ):
        raise NotAllowed("not_in_group", "Only somebody in this group may add others.")
    if not is_group_member(coop_id=group.coop_id, group_id=group.id, person_id=other.person_id):
        group_begin(group, other.person_id, other.member_id, at)
    audit_add(member.actor, "group_member_add", coop_id=group.coop_id, subject_id=group.id, at=at)
    return group_value(group)


@transaction.atomic
def group_leave(*, member: Member, group_id: UUID, at: datetime) -> GroupView:
    """Leave a sub-group and the groups below it, and stay in the co-op."""
    lock_take(member.coop_id)
    group = group_found(member, group_id)
    if group.parent_id is None:
        raise NotPossible("leave_the_coop", "To leave the co-op itself, use Leave this co-op.")
    below = set(
        Group.objects.filter(coop_id=group.coop_id, parent=group).values_list("id", flat=True)
    ) | {group.id}
    rows = [
        row
        for row in memberships_open_of(member.person_id, member.coop_id)
        if row.group_id in below
    ]
    if not any(row.group_id == group.id for row in rows):
        raise NotPossible("not_in_group", "You are not in this group.")
    rows_add(
        [
            Departure(coop_id=row.coop_id, membership=row, reason=Departure.Reason.LEFT, at=at)
            for row in rows
        ]
    )
    audit_add(member.actor, "group_leave", coop_id=group.coop_id, subject_id=group.id, at=at)
    return group_value(group)


def group_found(member: Member, group_id: UUID) -> Group:
    """The group, if this member may know of it. Raises NotFound."""
    row = Group.objects.filter(coop_id=member.coop_id, id=group_id).first()
    tree = group_tree(member.coop_id, member.person_id)
    if row is None or not may_know_group(row.id, tree):
        raise NotFound("no_group", "There is no such group here.")
    return row


def name_hide(group: Group) -> None:
    """Keep a secret group's name out of its audited row; the row commits to it."""
    key_make(group.id)
    GroupName.objects.create(id=group.id, coop_id=group.coop_id, name=group.name)
    group.name_mac = mac(group.id, "group_name", group.name)
    group.name = ""
    group.slug = random_id().hex


def group_begin(group: Group, person_id: UUID, member_id: UUID, at: datetime) -> None:
    """Write that this person is in the group now; in a secret one under an id of its own."""
    is_secret = group.visibility == Visibility.SECRET
    row_add(
        Membership(
            coop_id=group.coop_id,
            group=group,
            person_id=person_id,
            member_id=random_id() if is_secret else member_id,
            kind=Person.objects.values_list("kind", flat=True).get(id=person_id),
            at=at,
        )
    )
