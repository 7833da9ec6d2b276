"""Invitations: a coordinator opens the door for one address, or for a few who hold a link."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.models import Invitation
from commonpurse.groups.names import email_checked
from commonpurse.groups.selectors.invitations import invitation_value, token_hash
from commonpurse.groups.selectors.members import member_of
from commonpurse.groups.selectors.people import person_by_email
from commonpurse.groups.services.members import check_coordinator
from commonpurse.groups.values import InvitationMade, InvitationView, Member
from commonpurse.record.services import audit_add, lock_take

TOKEN_BYTES = 24
DAYS_MAX = 90
USES_MAX = 500


@transaction.atomic
def invitation_make(
    *,
    coordinator: Member,
    email: str | None,
    at: datetime,
    days: int = 14,
    uses_max: int = 1,
) -> InvitationMade:
    """Invite one address (used once), or make a link for the first `uses_max` who follow it.

    The token in the answer is the only one there is: the caller mails it or shows it. An earlier
    open invitation to the same address is taken back.
    """
    if not 1 <= days <= DAYS_MAX:
        raise Invalid(
            "days_wrong", "Choose 1 to %(days_max)s days.", field="days", days_max=DAYS_MAX
        )
    if not 1 <= uses_max <= USES_MAX:
        raise Invalid(
            "uses_wrong", "Choose 1 to %(uses_max)s people.", field="uses_max", uses_max=USES_MAX
        )
    address = None
    if email is not None:
        address = email_checked(email)
        if uses_max != 1:
            raise Invalid("uses_wrong", "An invitation to an address is for one.", field="uses_max")
    lock_take(coordinator.coop_id)
    check_coordinator(coordinator, coordinator.coop_id)
    if address is not None:
        check_not_member(coordinator.coop_id, address)
        Invitation.objects.filter(
            coop_id=coordinator.coop_id, email=address, accepted_at=None, revoked_at=None
        ).update(revoked_at=at)

    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Invitation.objects.create(
        coop_id=coordinator.coop_id,
        email=address,
        token_hash=token_hash(token),
        invited_by_id=coordinator.person_id,
        at=at,
        expires_at=at + timedelta(days=days),
        uses_max=uses_max,
    )
    audit_add(coordinator.actor, "invitation_make", coop_id=row.coop_id, subject_id=row.id, at=at)
    return InvitationMade(invitation=invitation_value(row), token=token)


@transaction.atomic
def invitation_revoke(*, invitation_id: UUID, coordinator: Member, at: datetime) -> InvitationView:
    """Take an invitation back. Twice is once; who came in by it stays."""
    lock_take(coordinator.coop_id)
    check_coordinator(coordinator, coordinator.coop_id)
    row = Invitation.objects.filter(coop_id=coordinator.coop_id, id=invitation_id).first()
    if row is None:
        raise NotFound("no_invitation", "There is no such invitation in this co-op.")
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
    audit_add(coordinator.actor, "invitation_revoke", coop_id=row.coop_id, subject_id=row.id, at=at)
    return invitation_value(row)


def check_not_member(coop_id: UUID, address: str) -> None:
    """Raise NotPossible when this address is a member's already."""
    person = person_by_email(address)
    if person is not None and member_of(coop_id=coop_id, person_id=person.person_id):
        raise NotPossible(
            "member_already", "%(name)s is a member already.", field="email", name=person.name
        )
