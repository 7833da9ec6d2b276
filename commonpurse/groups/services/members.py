"""Who belongs to a co-op: joining by invitation, being added, leaving, being removed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import NotAllowed, NotFound, NotPossible
from commonpurse.groups.models import Departure, Invitation, InvitationUse, Person
from commonpurse.groups.selectors.invitations import token_hash
from commonpurse.groups.selectors.members import member_by_id, member_of
from commonpurse.groups.services.standing import (
    check_not_last_coordinator,
    memberships_begin,
    memberships_end,
    memberships_open_of,
)
from commonpurse.groups.values import Member
from commonpurse.record.services import Actor, audit_add, lock_take


@transaction.atomic
def member_join(
    *, coop_id: UUID, person_id: UUID, token: str, actor: Actor, at: datetime
) -> Member:
    """Follow an invitation into the co-op. Who is a member already stays one: twice is once.

    Raises NotFound for a token that opens nothing, NotPossible for one that is used up, revoked or
    over, NotAllowed when it was meant for another address.
    """
    lock_take(coop_id)
    invitation = Invitation.objects.filter(coop_id=coop_id, token_hash=token_hash(token)).first()
    if invitation is None:
        raise NotFound("no_invitation", "This link opens nothing. Ask for a new invitation.")
    person = person_found(person_id)
    if invitation.email is not None and invitation.email != person.email:
        raise NotAllowed(
            "not_your_invitation",
            "This invitation went to another address. Sign in with that address, "
            "or ask for an invitation to yours.",
        )
    already = member_of(coop_id=coop_id, person_id=person_id)
    if already is not None:
        return already
    check_invitation_open(invitation, at)

    [row] = memberships_begin(coop_id=coop_id, people=[person], at=at)
    InvitationUse.objects.create(coop_id=coop_id, invitation=invitation, person=person, at=at)
    if invitation.accepted_at is None:
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
    audit_add(
        actor,
        "member_join",
        coop_id=coop_id,
        subject_id=row.member_id,
        at=at,
        invitation=invitation.id,
    )
    return member_found(coop_id, row.member_id)


@transaction.atomic
def member_add(*, coop_id: UUID, person_id: UUID, actor: Member, at: datetime) -> Member:
    """A coordinator adds somebody who has an account: who signed on paper, say."""
    lock_take(coop_id)
    check_coordinator(actor, coop_id)
    already = member_of(coop_id=coop_id, person_id=person_id)
    if already is not None:
        return already
    [row] = memberships_begin(coop_id=coop_id, people=[person_found(person_id)], at=at)
    audit_add(actor.actor, "member_add", coop_id=coop_id, subject_id=row.member_id, at=at)
    return member_found(coop_id, row.member_id)


@transaction.atomic
def members_add(
    *, coop_id: UUID, person_ids: Sequence[UUID], actor: Member, at: datetime
) -> tuple[UUID, ...]:
    """A coordinator adds many at once; their member ids, in the same order.

    For a list that is taken over. Nobody on it may be a member yet.
    """
    lock_take(coop_id)
    check_coordinator(actor, coop_id)
    found = Person.objects.filter(erased_at=None).in_bulk(list(person_ids))
    if len(found) != len(set(person_ids)):
        raise NotFound("no_person", "One of these people has no account here.")
    people = [found[person_id] for person_id in person_ids]
    rows = memberships_begin(coop_id=coop_id, people=people, at=at)
    audit_add(
        actor.actor, "members_add", coop_id=coop_id, subject_id=coop_id, at=at, count=len(rows)
    )
    return tuple(row.member_id for row in rows)


@transaction.atomic
def member_leave(*, member: Member, at: datetime) -> Member:
    """Leave the co-op and all of its groups. Dues that are owed stay owed.

    Raises NotPossible for the last coordinator while others stay.
    """
    lock_take(member.coop_id)
    left = standing_end(member, reason=Departure.Reason.LEFT, at=at)
    audit_add(
        member.actor, "member_leave", coop_id=member.coop_id, subject_id=member.member_id, at=at
    )
    return left


@transaction.atomic
def member_remove(*, coop_id: UUID, member_id: UUID, actor: Member, at: datetime) -> Member:
    """A coordinator ends somebody's membership. Raises NotAllowed, NotFound or NotPossible."""
    lock_take(coop_id)
    check_coordinator(actor, coop_id)
    left = standing_end(member_found(coop_id, member_id), reason=Departure.Reason.REMOVED, at=at)
    audit_add(actor.actor, "member_remove", coop_id=coop_id, subject_id=member_id, at=at)
    return left


def standing_end(member: Member, *, reason: str, at: datetime) -> Member:
    """End all memberships of this member in the co-op. Raises NotPossible."""
    rows = memberships_open_of(member.person_id, member.coop_id)
    if not rows:
        raise NotPossible("not_member", "They are not a member any more.")
    if any(row.at > at for row in rows):
        raise NotPossible("before_joining", "They joined later than that. Choose a later date.")
    check_not_last_coordinator(member.coop_id, member.member_id)
    memberships_end(rows, reason=reason, at=at)
    return member


def check_coordinator(actor: Member, coop_id: UUID) -> None:
    """Raise NotAllowed unless this member coordinates this co-op at present."""
    present = member_of(coop_id=coop_id, person_id=actor.person_id)
    if actor.coop_id != coop_id or present is None or not present.may_coordinate:
        raise NotAllowed("not_coordinator", "Only a coordinator may do this. Ask one of them.")


def check_invitation_open(invitation: Invitation, at: datetime) -> None:
    """Raise NotPossible when this invitation lets nobody in any more."""
    if invitation.revoked_at is not None:
        raise NotPossible(
            "invitation_revoked", "This invitation was taken back. Ask for a new one."
        )
    if invitation.expires_at <= at:
        raise NotPossible("invitation_over", "This invitation is over. Ask for a new one.")
    if invitation.uses.count() >= invitation.uses_max:
        raise NotPossible("invitation_used", "This invitation was used. Ask for a new one.")


def person_found(person_id: UUID) -> Person:
    """The person's row. Raises NotFound, also for an erased one."""
    row = Person.objects.filter(id=person_id, erased_at=None).first()
    if row is None:
        raise NotFound("no_person", "There is no such person here.")
    return row


def member_found(coop_id: UUID, member_id: UUID) -> Member:
    """The present member. Raises NotFound."""
    member = member_by_id(coop_id=coop_id, member_id=member_id)
    if member is None:
        raise NotFound("no_member", "There is no such member in this co-op.")
    return member
