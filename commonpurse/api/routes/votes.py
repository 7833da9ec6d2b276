"""Decisions: asking, voting, outcomes. Reading them is public where the co-op is."""

from django.http import HttpRequest
from ninja import Path, Router

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, cursor_number, cursor_write, page_of
from commonpurse.api.schemas.base import Number
from commonpurse.api.schemas.votes import (
    Ballot,
    BallotIn,
    Decision,
    DecisionIn,
    Outcome,
    OutcomeIn,
    PublicBallot,
)
from commonpurse.decisions.selectors import (
    DecisionView,
    ballot_list,
    decision_by_number,
    decision_list,
    my_ballot,
)
from commonpurse.decisions.services import (
    ballot_cast,
    ballot_withdraw,
    decision_open,
    outcome_write,
)
from commonpurse.errors import NotFound

router = Router(tags=["decisions"])


def decision_here(call: Call, number: int) -> DecisionView:
    """A decision of this co-op. Raises NotFound."""
    return decision_by_number(coop_id=call.coop_id, number=number)


@router.get("/coops/{slug:slug}/decisions", response=Page[Decision], summary="Decisions")
def decisions(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 30
) -> dict[str, object]:
    """Every decision, newest first."""
    call = call_begin(request, slug)
    before = cursor_number(after) if after else None
    found = decision_list(coop_id=call.coop_id, before=before, limit=limit + 1)
    shown = found[:limit]
    following = cursor_write(shown[-1].number) if len(found) > limit else None
    return {"items": shown, "next": following}


@router.post("/coops/{slug:slug}/decisions", response={201: Decision}, summary="Put a question")
@writes("vote", status=201)
def decision_new(request: HttpRequest, slug: str, given: DecisionIn) -> Decision:
    """Open a decision: the members of now may vote until it closes."""
    call = call_begin(request, slug)
    made = decision_open(
        actor=call.member,
        kind=given.kind,
        question=given.question,
        details=given.details,
        effect=given.effect,
        closes_at=given.closes_at,
        thread_id=given.thread_id,
        at=call.at,
    )
    return Decision.from_orm(made)


@router.get("/coops/{slug:slug}/decisions/{number}", response=Decision, summary="One decision")
def decision(request: HttpRequest, slug: str, number: Path[Number]) -> object:
    """A question, its rules, its tally as it stands, and what came of it."""
    return decision_here(call_begin(request, slug), number)


@router.get(
    "/coops/{slug:slug}/decisions/{number}/ballots",
    response=Page[PublicBallot],
    summary="The ballots that count",
)
def ballots(
    request: HttpRequest,
    slug: str,
    number: Path[Number],
    after: After = None,
    limit: Limit = 100,
) -> dict[str, object]:
    """The ballots that count now, under pseudonyms: recount them."""
    found = decision_here(call_begin(request, slug), number)
    return page_of(ballot_list(found.id), after, limit)


@router.get("/coops/{slug:slug}/decisions/{number}/ballot", response=Ballot, summary="Your ballot")
def ballot(request: HttpRequest, slug: str, number: Path[Number]) -> object:
    """Your ballot that counts now."""
    call = call_begin(request, slug)
    found = my_ballot(decision_id=decision_here(call, number).id, member_id=call.member.member_id)
    if found is None:
        raise NotFound("no_ballot", "You have not voted in this decision.")
    return found


@router.put("/coops/{slug:slug}/decisions/{number}/ballot", response=Ballot, summary="Vote")
@writes("vote")
def ballot_put(request: HttpRequest, slug: str, number: Path[Number], given: BallotIn) -> Ballot:
    """Cast your ballot, or change your mind. The latest counts."""
    call = call_begin(request, slug)
    made = ballot_cast(
        decision_id=decision_here(call, number).id,
        choice=given.choice,
        reason=given.reason,
        actor=call.member,
        at=call.at,
    )
    return Ballot.from_orm(made)


@router.delete(
    "/coops/{slug:slug}/decisions/{number}/ballot", response=Ballot, summary="Take your vote back"
)
@writes("vote")
def ballot_drop(request: HttpRequest, slug: str, number: Path[Number]) -> Ballot:
    """Take your ballot back, as if you had not voted."""
    call = call_begin(request, slug)
    made = ballot_withdraw(
        decision_id=decision_here(call, number).id, actor=call.member, at=call.at
    )
    return Ballot.from_orm(made)


@router.post(
    "/coops/{slug:slug}/decisions/{number}/outcome",
    response={201: Outcome},
    summary="Write the outcome",
)
@writes("vote", status=201)
def outcome(request: HttpRequest, slug: str, number: Path[Number], given: OutcomeIn) -> Outcome:
    """Say what the result means."""
    call = call_begin(request, slug)
    made = outcome_write(
        decision_id=decision_here(call, number).id,
        statement=given.statement,
        actor=call.member,
        at=call.at,
    )
    return Outcome.from_orm(made)
