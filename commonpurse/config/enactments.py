"""Which service a passed result calls: the one place where a vote becomes a deed.

The job `enact` comes here. A result is put into force once, in one transaction with the row that
says so; a refusal is written down publicly and the job is tried again.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.selectors import DecisionView, decision_by_id, result_by_id
from commonpurse.decisions.services import enactment_add, enactment_fail
from commonpurse.errors import NotPossible, PurseError
from commonpurse.manual.clauses import clauses_changed, clauses_from_json
from commonpurse.manual.codec import changed, parameters_from_json
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.services import manual_adopt
from commonpurse.record.services import SYSTEM, lock_take
from commonpurse.treasury.selectors import fund_of
from commonpurse.treasury.services import (
    dues_plan_adopt,
    fund_open,
    mandate_enact,
    mandates_standing_enact,
    sponsor_add,
    suspense_cover,
    trustee_set_adopt,
)


def enact(*, coop_id: UUID, result_id: UUID, at: datetime) -> UUID:
    """Put a passed result into force; the id of what it became. Twice is once.

    Raises NotPossible `not_enacted` after writing down why, so that the job is tried again.
    """
    result = result_by_id(result_id)
    assert result.coop_id == coop_id, "a result of another co-op"
    try:
        with transaction.atomic():
            lock_take(coop_id)
            decision = decision_by_id(result.decision_id)
            if decision.enactment is not None:
                return decision.enactment.subject_id
            kind = decision.effect["kind"]
            subject_id = DEEDS[kind](decision, result_id, at)
            enactment_add(
                result_id=result_id, kind=kind, subject_id=subject_id, actor=SYSTEM, at=at
            )
            return subject_id
    except PurseError as refusal:
        enactment_fail(result_id=result_id, error=refusal.message, actor=SYSTEM, at=at)
        raise NotPossible("not_enacted", refusal.message) from refusal


def found(decision: DecisionView, _result_id: UUID, at: datetime) -> UUID:
    """The first manual, the fund and its books, the trustees, the standing mandates, the dues."""
    effect = decision.effect
    manual = manual_adopt(
        coop_id=decision.coop_id,
        parameters=parameters_from_json(effect["parameters"]),
        clauses=clauses_from_json(effect["clauses"]),
        template=effect["template"],
        decision_id=decision.id,
        actor=SYSTEM,
        at=at,
    )
    sponsor = sponsor_add(name=effect["sponsor"], actor=SYSTEM, at=at)
    fund = fund_open(
        coop_id=decision.coop_id,
        sponsor_id=sponsor.id,
        name="Common fund",
        currency=manual.parameters.currency,
        iban=None,
        actor=SYSTEM,
        at=at,
    )
    if effect["trustees"]:
        trustee_set_adopt(
            coop_id=decision.coop_id,
            member_ids=[UUID(member_id) for member_id in effect["trustees"]],
            approvals_needed=int(effect["approvals_needed"]),
            decision_id=decision.id,
            actor=SYSTEM,
            at=at,
        )
    mandates_standing_enact(
        coop_id=decision.coop_id, manual_version_id=manual.version_id, actor=SYSTEM, at=at
    )
    dues_plan_adopt(fund_id=fund.id, actor=SYSTEM, at=at)
    return manual.version_id


def amend(decision: DecisionView, _result_id: UUID, at: datetime) -> UUID:
    """The next version of the manual, with the standing mandates and the dues that it says."""
    before = manual_current(decision.coop_id)
    manual = manual_adopt(
        coop_id=decision.coop_id,
        parameters=changed(before.parameters, decision.effect["parameters"]),
        clauses=clauses_changed(before.clauses, decision.effect["clauses"]),
        template=before.template,
        decision_id=decision.id,
        actor=SYSTEM,
        at=at,
    )
    mandates_standing_enact(
        coop_id=decision.coop_id, manual_version_id=manual.version_id, actor=SYSTEM, at=at
    )
    fund = fund_of(decision.coop_id)
    assert fund is not None, "a co-op with a manual has a fund"
    dues_plan_adopt(fund_id=fund.id, actor=SYSTEM, at=at)
    return manual.version_id


def spend(_decision: DecisionView, result_id: UUID, at: datetime) -> UUID:
    """A mandate to pay somebody."""
    return mandate_enact(result_id=result_id, actor=SYSTEM, at=at).id


def seat(decision: DecisionView, _result_id: UUID, at: datetime) -> UUID:
    """Who releases money from now on."""
    trustees = trustee_set_adopt(
        coop_id=decision.coop_id,
        member_ids=[UUID(member_id) for member_id in decision.effect["member_ids"]],
        approvals_needed=int(decision.effect["approvals_needed"]),
        decision_id=decision.id,
        actor=SYSTEM,
        at=at,
    )
    return trustees.id


def cover(decision: DecisionView, result_id: UUID, at: datetime) -> UUID:
    """A debit that nothing explained leaves suspense, under a mandate of its own."""
    mandate = mandate_enact(result_id=result_id, actor=SYSTEM, at=at)
    suspense_cover(
        bank_line_id=UUID(decision.effect["bank_line_id"]),
        mandate_id=mandate.id,
        actor=SYSTEM,
        at=at,
    )
    return mandate.id


DEEDS: dict[str, Callable[[DecisionView, UUID, datetime], UUID]] = {
    "found": found,
    "amend": amend,
    "spend": spend,
    "trustees": seat,
    "cover": cover,
}
