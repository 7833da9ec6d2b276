"""Reads of decisions and their results: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commonpurse.decisions.models import Decision, Result
from commonpurse.errors import NotFound


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A question, its rules and what it does when it passes."""

    id: UUID
    coop_id: UUID
    number: int
    kind: str
    question: str
    effect: dict[str, Any]
    manual_version_id: UUID | None
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ResultView:
    """The verdict of a closed decision."""

    id: UUID
    coop_id: UUID
    decision_id: UUID
    verdict: str
    counts: dict[str, int]
    electorate_count: int
    at: datetime


def decision_by_id(decision_id: UUID) -> DecisionView:
    """One decision. Raises NotFound `no_decision`."""
    row = Decision.objects.filter(id=decision_id).first()
    if row is None:
        raise NotFound("no_decision", "There is no such decision.")
    return DecisionView(
        id=row.id,
        coop_id=row.coop_id,
        number=row.number,
        kind=row.kind,
        question=row.question,
        effect=row.effect,
        manual_version_id=row.manual_version_id,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
    )


def result_by_id(result_id: UUID) -> ResultView:
    """One result. Raises NotFound `no_result`."""
    row = Result.objects.filter(id=result_id).first()
    if row is None:
        raise NotFound("no_result", "There is no such result.")
    return ResultView(
        id=row.id,
        coop_id=row.coop_id,
        decision_id=row.decision_id,
        verdict=row.verdict,
        counts=row.counts,
        electorate_count=row.electorate_count,
        at=row.at,
    )
