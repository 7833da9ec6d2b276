"""Reads of decisions, several at once in a fixed number of queries."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from commonpurse.decisions.models import (
    Ballot,
    Choice,
    Decision,
    Enactment,
    EnactmentFailure,
    Outcome,
    Result,
)
from commonpurse.decisions.selectors.ballots import counts_of
from commonpurse.decisions.values import DecisionView, EnactmentView, OutcomeView, ResultView
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import Member, is_eligible_at
from commonpurse.rules.proposals import rules_read, tally

PAGE = 30


def decision_by_id(decision_id: UUID) -> DecisionView:
    """One decision. Raises NotFound `no_decision`."""
    return _one(Decision.objects.filter(id=decision_id))


def decision_by_number(*, coop_id: UUID, number: int) -> DecisionView:
    """One decision by the number that people use. Raises NotFound `no_decision`."""
    return _one(Decision.objects.filter(coop_id=coop_id, number=number))


def decision_list(
    *, coop_id: UUID, thread_id: UUID | None = None, before: int | None = None, limit: int = PAGE
) -> tuple[DecisionView, ...]:
    """The co-op's decisions, newest first, below the number `before`; of one thread if named."""
    rows = Decision.objects.filter(coop_id=coop_id)
    if thread_id is not None:
        rows = rows.filter(thread_id=thread_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return decision_views(rows.order_by("-number")[:limit])


def decisions_waiting_for(*, member: Member, at: datetime) -> tuple[DecisionView, ...]:
    """Open decisions on which this member may vote and has not, the next to close first."""
    rows = Decision.objects.filter(
        ~Exists(Result.objects.filter(decision=OuterRef("pk"))),
        coop_id=member.coop_id,
        opens_at__lte=at,
        closes_at__gt=at,
    ).order_by("closes_at", "number")
    mine = dict(
        Ballot.objects.filter(
            coop_id=member.coop_id, voter_member_id=member.member_id, decision__in=rows
        )
        .order_by("decision_id", "-at", "-id")
        .distinct("decision_id")
        .values_list("decision_id", "choice")
    )
    waiting = [row for row in rows if mine.get(row.id, Choice.WITHDRAWN) == Choice.WITHDRAWN]
    return tuple(
        view
        for view in decision_views(waiting)
        if may_vote(decision=view, member_id=member.member_id)
    )


def decisions_due(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Co-op and id of each decision whose time is over and that has no result."""
    rows = Decision.objects.filter(
        ~Exists(Result.objects.filter(decision=OuterRef("pk"))), closes_at__lte=at
    ).order_by("closes_at", "id")
    return tuple(rows.values_list("coop_id", "id"))


def decisions_closing(*, after: datetime, until: datetime, opened_by: datetime) -> tuple[UUID, ...]:
    """The open decisions that close within this span and had opened by then, in every co-op."""
    rows = Decision.objects.filter(
        ~Exists(Result.objects.filter(decision=OuterRef("pk"))),
        closes_at__gt=after,
        closes_at__lte=until,
        opens_at__lte=opened_by,
    )
    return tuple(rows.order_by("closes_at", "id").values_list("id", flat=True))


def may_vote(*, decision: DecisionView, member_id: UUID) -> bool:
    """Whether this member belonged to the electorate when the decision opened."""
    return is_eligible_at(coop_id=decision.coop_id, member_id=member_id, at=decision.opens_at)


def result_by_id(result_id: UUID) -> ResultView:
    """One result. Raises NotFound `no_result`."""
    row = Result.objects.filter(id=result_id).first()
    if row is None:
        raise NotFound("no_result", "There is no such result.")
    return result_view(row)


def decision_views(rows: Iterable[Decision]) -> tuple[DecisionView, ...]:
    """Frozen decisions with tallies, results, outcomes and enactments."""
    found = list(rows)
    ids = [row.id for row in found]
    results = {
        row.decision_id: result_view(row) for row in Result.objects.filter(decision_id__in=ids)
    }
    outcomes = {
        row.decision_id: OutcomeView(row.id, row.author_member_id, row.statement, row.at)
        for row in Outcome.objects.filter(decision_id__in=ids).order_by("at", "id")
    }
    enactments = {
        row.result.decision_id: EnactmentView(row.id, row.kind, row.subject_id, row.at)
        for row in Enactment.objects.filter(result__decision_id__in=ids).select_related("result")
    }
    failures = dict(
        EnactmentFailure.objects.filter(
            id__in=[result.id for result in results.values()]
        ).values_list("id", "error")
    )
    open_counts = counts_of([decision_id for decision_id in ids if decision_id not in results])
    return tuple(
        _view(row, results.get(row.id), outcomes, enactments, failures, open_counts)
        for row in found
    )


def _view(
    row: Decision,
    result: ResultView | None,
    outcomes: dict[UUID, OutcomeView],
    enactments: dict[UUID, EnactmentView],
    failures: dict[UUID, str],
    open_counts: dict[UUID, dict[str, int]],
) -> DecisionView:
    counts = result.counts if result else open_counts[row.id]
    return DecisionView(
        id=row.id,
        coop_id=row.coop_id,
        number=row.number,
        kind=row.kind,
        question=row.question,
        details=row.details,
        effect=row.effect,
        rules=row.rules,
        manual_version_id=row.manual_version_id,
        thread_id=row.thread_id,
        proposer_member_id=row.proposer_member_id,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        electorate_count=row.electorate_count,
        electorate_root=row.electorate_root,
        tally=tally(counts=counts, eligible=row.electorate_count, rules=rules_read(row.rules)),
        result=result,
        outcome=outcomes.get(row.id),
        enactment=enactments.get(row.id),
        enactment_error=failures.get(result.id, "") if result else "",
    )


def result_view(row: Result) -> ResultView:
    """A frozen result."""
    return ResultView(
        id=row.id,
        coop_id=row.coop_id,
        decision_id=row.decision_id,
        verdict=row.verdict,
        counts=row.counts,
        electorate_count=row.electorate_count,
        ballots_root=row.ballots_root,
        at=row.at,
    )


def _one(rows: Iterable[Decision]) -> DecisionView:
    views = decision_views(rows)
    if not views:
        raise NotFound("no_decision", "There is no such decision.")
    return views[0]
