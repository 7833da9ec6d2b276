"""Closing: the ballots that count are counted, once, and a passed result is sent on its way."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from commonpurse.decisions.models import Ballot, Result
from commonpurse.decisions.selectors import (
    DecisionView,
    ResultView,
    counted_ballot_ids,
    decision_by_id,
    decisions_due,
    result_by_id,
)
from commonpurse.errors import NotPossible
from commonpurse.proof.merkle import root_of_texts
from commonpurse.record.ids import new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import SYSTEM, Actor, audit_add, lock_take, row_add


@transaction.atomic
def decision_close(*, decision_id: UUID, actor: Actor, at: datetime) -> ResultView:
    """Close a decision whose time is over; a closed one gives the result that it has.

    Raises NotFound `no_decision`, NotPossible `too_early`.
    """
    lock_take(decision_id)
    decision = decision_by_id(decision_id)
    if decision.result is not None:
        return decision.result
    if at < decision.closes_at:
        raise NotPossible("too_early", "This vote is still open. It closes by itself.")
    result = result_add(decision, at=at)
    audit_add(
        actor,
        "decision_close",
        coop_id=decision.coop_id,
        subject_id=decision_id,
        at=at,
        verdict=result.verdict,
    )
    return result


def decisions_close_due(*, at: datetime) -> int:
    """Close every decision whose time is over, each in a transaction of its own; how many."""
    due = decisions_due(at=at)
    for _coop_id, decision_id in due:
        decision_close(decision_id=decision_id, actor=SYSTEM, at=at)
    return len(due)


def closes_early(decision_id: UUID) -> bool:
    """Everybody has voted, and the rules do not make them wait for the closing time."""
    decision = decision_by_id(decision_id)
    return (
        decision.result is None
        and decision.rules["is_early_close_allowed"] is True
        and decision.tally.cast == decision.electorate_count
    )


def result_add(decision: DecisionView, *, at: datetime) -> ResultView:
    """Write the verdict. The caller holds the decision's lock, so no ballot slips in between."""
    ids = counted_ballot_ids(decision.id)
    assert len(ids) == decision.tally.cast, "a ballot slipped past the lock"
    # Whoever voted last may have read the clock before somebody who queued ahead of them.
    newest = Ballot.objects.filter(decision_id=decision.id).aggregate(at=Max("at"))["at"]
    row = row_add(
        Result(
            id=new_id(),
            coop_id=decision.coop_id,
            at=max(at, newest) if newest else at,
            decision_id=decision.id,
            verdict=decision.tally.verdict,
            counts=decision.tally.counts,
            electorate_count=decision.electorate_count,
            ballots_root=root_of_texts([str(ballot_id) for ballot_id in ids]),
        )
    )
    job_defer("decision_tell", decision_id=decision.id, fact="closed", at=row.at)
    if row.verdict == "passed" and decision.effect["kind"] != "none":
        job_defer("enact", coop_id=row.coop_id, result_id=row.id)
    return result_by_id(row.id)
