"""The words that a person writes after a vote."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.models import STATEMENT_MAX, Outcome
from commonpurse.decisions.selectors import OutcomeView, decision_by_id
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import Member
from commonpurse.record.ids import new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import audit_add, lock_take, row_add
from commonpurse.rules.texts import is_seen, tidied

WRITERS = ("facilitator", "coordinator")


@transaction.atomic
def outcome_write(*, decision_id: UUID, statement: str, actor: Member, at: datetime) -> OutcomeView:
    """Say what a result means and what happens now. Later words stand instead of earlier ones.

    The proposer, facilitators and coordinators write it. Raises NotFound, NotAllowed
    `not_writer`, NotPossible `still_open`, Invalid `statement_empty` or `statement_long`.
    """
    decision = decision_by_id(decision_id)
    if decision.coop_id != actor.coop_id:
        raise NotFound("no_decision", "There is no such decision.")
    lock_take(decision_id)
    decision = decision_by_id(decision_id)
    if decision.result is None:
        raise NotPossible("still_open", "An outcome is written after the vote has closed.")
    if not (
        actor.member_id == decision.proposer_member_id
        or any(actor.has_role(role) for role in WRITERS)
    ):
        raise NotAllowed(
            "not_writer", "The proposer, a facilitator or a coordinator writes the outcome."
        )
    text = tidied(statement)
    if not is_seen(text):
        raise Invalid("statement_empty", "Write what was decided.", field="statement")
    if len(text) > STATEMENT_MAX:
        raise Invalid(
            "statement_long",
            "Shorten it to %(statement_max)s characters.",
            field="statement",
            statement_max=STATEMENT_MAX,
        )
    row = row_add(
        Outcome(
            id=new_id(),
            coop_id=actor.coop_id,
            at=at,
            decision_id=decision_id,
            author_member_id=actor.member_id,
            statement=text,
        )
    )
    job_defer("decision_tell", decision_id=decision_id, fact="outcome", at=at)
    audit_add(actor.actor, "outcome_write", coop_id=row.coop_id, subject_id=decision_id, at=at)
    return OutcomeView(row.id, row.author_member_id, row.statement, row.at)
