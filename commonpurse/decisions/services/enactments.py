"""Writing down that a passed result is in force, or why it is not yet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.models import Enactment, EnactmentFailure
from commonpurse.decisions.selectors import EnactmentView, decision_by_id, result_by_id
from commonpurse.errors import NotPossible
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, lock_take, row_add


@transaction.atomic
def enactment_add(
    *, result_id: UUID, kind: str, subject_id: UUID, actor: Actor, at: datetime
) -> EnactmentView:
    """Say what a passed result became; once per result.

    Raises NotFound `no_result`, NotPossible `not_passed`.
    """
    result = result_by_id(result_id)
    lock_take(result.decision_id)
    known = decision_by_id(result.decision_id).enactment
    if known is not None:
        return known
    if result.verdict != "passed":
        raise NotPossible("not_passed", "Only a passed decision is put into force.")
    row = row_add(
        Enactment(
            id=new_id(),
            coop_id=result.coop_id,
            at=at,
            result_id=result_id,
            kind=kind,
            subject_id=subject_id,
        )
    )
    EnactmentFailure.objects.filter(id=result_id).delete()
    audit_add(actor, "enactment_add", coop_id=row.coop_id, subject_id=subject_id, at=at)
    return EnactmentView(row.id, row.kind, row.subject_id, row.at)


@transaction.atomic
def enactment_fail(*, result_id: UUID, error: str, actor: Actor, at: datetime) -> int:
    """Say publicly that a passed result is not in force, and why; which try this was."""
    result = result_by_id(result_id)
    lock_take(result.decision_id)
    row, is_new = EnactmentFailure.objects.get_or_create(
        id=result_id,
        defaults={"coop_id": result.coop_id, "error": error, "tries": 1, "at": at},
    )
    if not is_new:
        row.error, row.tries, row.at = error, row.tries + 1, at
        row.save()
    audit_add(
        actor, "enactment_fail", coop_id=result.coop_id, subject_id=result_id, at=at, error=error
    )
    return row.tries
