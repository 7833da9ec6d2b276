"""Reads of decisions, several at once in a fixed number of queries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from commonpurse.decisions.models import (
    Ballot,
    Choice,
    Decision,
    Enactment,
    EnactmentFailure,
    Outcome,
    Result,
)
from commonpurse.decisions.selectors.ballots import counts_sql, counts_whole
from commonpurse.decisions.values import DecisionView, EnactmentView, OutcomeView, ResultView
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import Member, electorate_sql, is_eligible_at
from commonpurse.record.beside import beside, beside_read
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
    mine = Ballot.objects.filter(
        coop_id=member.coop_id, voter_member_id=member.member_id, decision=OuterRef("pk")
    ).order_by("-at", "-id")
    rows = Decision.objects.annotate(
        mine=Coalesce(Subquery(mine.values("choice")[:1]), Value(Choice.WITHDRAWN.value))
    ).filter(
        ~Exists(Result.objects.filter(decision=OuterRef("pk"))),
        eligible(member.member_id),
        coop_id=member.coop_id,
        opens_at__lte=at,
        closes_at__gt=at,
        mine=Choice.WITHDRAWN,
    )
    found = rows.order_by("closes_at", "number").annotate(open_counts=counts_sql())
    return tuple(_view(row) for row in found)


def eligible(member_id: UUID) -> RawSQL:
    """Whether this member belonged to the electorate when a decision opened: for its query."""
    voters = electorate_sql(
        coop_id="decisions_decision.coop_id", instant="decisions_decision.opens_at"
    )
    return RawSQL(  # noqa: S611  (our own text; input goes in as a parameter)
        f"EXISTS ({voters} AND m.member_id = %s)", [member_id], output_field=BooleanField()
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


def decision_views(rows: QuerySet[Decision]) -> tuple[DecisionView, ...]:
    """Frozen decisions with tallies, results, outcomes and enactments, in one query."""
    is_open = Q(results__isnull=True)
    failure = EnactmentFailure.objects.filter(id=OuterRef("results__id")).values("error")
    outcome = Outcome.objects.filter(decision=OuterRef("pk")).order_by("-at", "-id")
    found = rows.annotate(
        result_row=beside(Result, "results__"),
        enactment_row=beside(Enactment, "results__enactments__"),
        outcome_row=Subquery(outcome.values(row=beside(Outcome))[:1]),
        failure=Subquery(failure),
        open_counts=Case(When(is_open, then=counts_sql()), output_field=JSONField()),
    )
    return tuple(_view(row) for row in found)


def _view(row: Any) -> DecisionView:
    """The frozen value of a decision with what was read beside it; of an open one only ballots."""
    result = beside_read(Result, getattr(row, "result_row", None))
    outcome = beside_read(Outcome, getattr(row, "outcome_row", None))
    enactment = beside_read(Enactment, getattr(row, "enactment_row", None))
    counts = result.counts if result else counts_whole(row.open_counts)
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
        result=result_view(result) if result else None,
        outcome=OutcomeView(outcome.id, outcome.author_member_id, outcome.statement, outcome.at)
        if outcome
        else None,
        enactment=EnactmentView(enactment.id, enactment.kind, enactment.subject_id, enactment.at)
        if enactment
        else None,
        enactment_error=getattr(row, "failure", None) or "",
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


def _one(rows: QuerySet[Decision]) -> DecisionView:
    views = decision_views(rows)
    if not views:
        raise NotFound("no_decision", "There is no such decision.")
    return views[0]
