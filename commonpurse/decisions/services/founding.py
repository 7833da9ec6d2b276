"""Founding is decision 1: every founder's ballot adopts the first operating manual."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.founding import changed_from, sponsor_clean
from commonpurse.decisions.models import Decision, Kind
from commonpurse.decisions.selectors import Foundation, decision_by_id
from commonpurse.decisions.services.opening import decision_row
from commonpurse.errors import Invalid
from commonpurse.groups.services import coop_make
from commonpurse.groups.values import Founded
from commonpurse.manual.clauses import Clause, clauses_to_json
from commonpurse.manual.codec import parameters_to_json
from commonpurse.manual.parameters import Parameters, check_for_members
from commonpurse.manual.rules import rules_for
from commonpurse.manual.templates import template as template_by_key
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, lock_make, row_add


@transaction.atomic
def coop_found(
    *,
    slug: str,
    name: str,
    template: str,
    changes: dict[str, Any],
    founders: Sequence[UUID],
    trustees: Sequence[UUID],
    sponsor_name: str,
    visibility: str = "open",
    clauses: Sequence[Clause] | None = None,
    coop_id: UUID | None = None,
    actor: Actor,
    at: datetime,
) -> Foundation:
    """Gather the founders (ids of persons, the one who acts first) around a first manual.

    `changes` are the parameters that differ from the template's, `clauses` the prose where it
    does; `trustees` are founders who shall release money once all agree (too few of them, and
    trustees are chosen by a later decision).
    The co-op, its founders' memberships and decision 1 are there at once; manual, fund, trustees
    and mandates come with the last founder's ballot. Raises Invalid, naming the field.
    """
    chosen = template_by_key(template)
    parameters = changed_from(chosen.parameters, changes)
    check_for_members(parameters, len(set(founders)))
    sponsor = sponsor_clean(sponsor_name)
    coop_id, decision_id = coop_id or new_id(), new_id()
    founded = coop_make(
        slug=slug,
        name=name,
        currency=parameters.currency,
        timezone=parameters.timezone,
        template=template,
        founders=founders,
        actor=actor,
        at=at,
        decision_id=decision_id,
        visibility=visibility,
        coop_id=coop_id,
    )
    trusted = trustees_of(founded, trustees, parameters)
    row = decision_first(
        founded,
        decision_id=decision_id,
        parameters=parameters,
        effect=effect_of(
            template,
            parameters,
            chosen.clauses if clauses is None else clauses,
            trusted,
            sponsor,
        ),
        at=at,
    )
    lock_make(coop_id=coop_id, subject_id=row.id)
    row_add(row)
    audit_add(actor, "coop_found", coop_id=coop_id, subject_id=row.id, at=at)
    return Foundation(founded.coop, decision_by_id(row.id), founded.members)


def decision_first(
    founded: Founded,
    *,
    decision_id: UUID,
    parameters: Parameters,
    effect: dict[str, Any],
    at: datetime,
) -> Decision:
    """The founding decision in memory; its electorate are the founders."""
    return decision_row(
        coop_id=founded.coop.coop_id,
        decision_id=decision_id,
        kind=Kind.FOUNDING,
        question=f"Found {founded.coop.name} under this operating manual?",
        details="",
        effect=effect,
        rules=rules_for(Kind.FOUNDING, parameters),
        manual_version_id=None,
        thread_id=None,
        proposer_member_id=founded.members[0].member_id,
        closes_at=at + timedelta(days=parameters.voting_days),
        at=at,
    )


def effect_of(
    template: str,
    parameters: Parameters,
    clauses: Sequence[Clause],
    trustees: list[str],
    sponsor: str,
) -> dict[str, Any]:
    """What founding does: the first manual, its trustees, and who holds the money."""
    return {
        "kind": "found",
        "template": template,
        "parameters": parameters_to_json(parameters),
        "clauses": clauses_to_json(clauses),
        "trustees": trustees,
        "approvals_needed": parameters.approvals_needed,
        "sponsor": sponsor,
    }


def trustees_of(founded: Founded, trustees: Sequence[UUID], parameters: Parameters) -> list[str]:
    """The member ids of the first trustees, sorted; none where there are too few."""
    members = {member.person_id: member for member in founded.members}
    if not set(trustees) <= set(members):
        raise Invalid("trustees_not_founders", "The first trustees are founders.", field="trustees")
    if len(set(trustees)) > parameters.trustees_seats:
        raise Invalid(
            "trustees_number",
            "The manual has %(trustees_seats)s seats for trustees.",
            field="trustees",
            trustees_seats=parameters.trustees_seats,
        )
    if len(set(trustees)) <= parameters.approvals_needed:
        return []
    return sorted(str(members[person_id].member_id) for person_id in set(trustees))
