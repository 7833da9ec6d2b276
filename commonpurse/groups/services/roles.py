"""Roles that coordinators give and take. Trustees are not among them: a decision makes those."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.models import Role, RoleGrant
from commonpurse.groups.services.members import check_coordinator, member_found
from commonpurse.groups.services.standing import (
    check_not_last_coordinator,
    grants_open,
    roles_end,
)
from commonpurse.groups.values import Member
from commonpurse.record.services import audit_add, lock_take, row_add


@transaction.atomic
def role_grant(
    *,
    coop_id: UUID,
    member_id: UUID,
    role: str,
    actor: Member,
    at: datetime,
    decision_id: UUID | None = None,
) -> Member:
    """Give a member a role. Who has it already keeps it: twice is once."""
    lock_take(coop_id)
    check_coordinator(actor, coop_id)
    check_role(role)
    member = member_found(coop_id, member_id)
    if member.has_role(role):
        return member
    row = row_add(
        RoleGrant(
            coop_id=coop_id,
            member_id=member_id,
            role=role,
            granted_by_decision=decision_id,
            at=at,
        )
    )
    audit_add(actor.actor, "role_grant", coop_id=coop_id, subject_id=row.id, at=at, role=role)
    return member_found(coop_id, member_id)


@transaction.atomic
def role_end(*, coop_id: UUID, member_id: UUID, role: str, actor: Member, at: datetime) -> Member:
    """Take a role from a member. Raises NotPossible for the last coordinator's.

    Also where nobody else is there yet: who comes later would find a co-op that nobody can lead.
    """
    lock_take(coop_id)
    check_coordinator(actor, coop_id)
    check_role(role)
    member = member_found(coop_id, member_id)
    if not member.has_role(role):
        raise NotPossible("role_not_held", "%(name)s does not have this role.", name=member.name)
    if role == Role.COORDINATOR:
        check_not_last_coordinator(coop_id, member_id, others_min=0)
    roles_end(grants_open(coop_id, member_id).filter(role=role), at=at)
    audit_add(actor.actor, "role_end", coop_id=coop_id, subject_id=member_id, at=at, role=role)
    return member_found(coop_id, member_id)


def check_role(role: str) -> None:
    """Raise Invalid unless coordinators may give this role."""
    if role == "trustee":
        raise Invalid(
            "role_by_decision", "Trustees are made by a decision: propose it.", field="role"
        )
    if role not in Role.values:
        raise Invalid(
            "role_wrong", "Choose facilitator, coordinator, treasurer or auditor.", field="role"
        )
