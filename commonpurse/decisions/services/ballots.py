"""Voting: a ballot is added, never changed, and the latest counts."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.models import REASON_MAX, Ballot, BallotReason, Choice
from commonpurse.decisions.selectors import (
    BallotView,
    DecisionView,
    ballots_of,
    decision_by_id,
    may_vote,
    my_ballot,
)
from commonpurse.decisions.services.closing import closes_early, result_add
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import Member, member_by_id
from commonpurse.record.ids import new_id
from commonpurse.record.services import audit_add, lock_share, lock_take, mac, row_add
from commonpurse.rules.texts import is_seen, tidied

PSEUDONYM_LENGTH = 16


@transaction.atomic
def ballot_cast(
    *, decision_id: UUID, choice: str, reason: str = "", actor: Member, at: datetime
) -> BallotView:
    """Cast a ballot, or change one's mind with a further one.

    Where the rules close a vote as soon as everybody has voted, the last ballot closes it. Raises
    NotFound, NotAllowed `not_eligible`, NotPossible `vote_closed`, Invalid `choice_wrong`,
    `reason_missing` (a block needs one) or `reason_long`.
    """
    decision = decision_locked(decision_id, actor)
    check_open(decision, actor, at=at)
    if choice not in Choice.values or choice == Choice.WITHDRAWN:
        raise Invalid("choice_wrong", "Choose agree, abstain, disagree or block.", field="choice")
    if choice == Choice.BLOCK and not decision.rules["is_block_allowed"]:
        raise Invalid("choice_wrong", "The manual knows no blocks.", field="choice")
    text = reason_clean(reason, is_needed=choice == Choice.BLOCK)
    row = ballot_add(decision, choice, text, actor, at=at)
    audit_add(
        actor.actor,
        "ballot_cast",
        coop_id=row.coop_id,
        subject_id=decision_id,
        at=at,
        ballot=row.id,
    )
    if closes_early(decision_id):
        result_add(decision_by_id(decision_id), at=at)
    return ballots_of(decision_id=decision_id, member_id=actor.member_id)[0]


@transaction.atomic
def ballot_withdraw(*, decision_id: UUID, actor: Member, at: datetime) -> BallotView:
    """Take one's vote back; one may vote again until closing.

    Raises NotPossible `no_ballot` or `vote_closed`, NotFound, NotAllowed.
    """
    decision = decision_locked(decision_id, actor)
    check_open(decision, actor, at=at)
    if my_ballot(decision_id=decision_id, member_id=actor.member_id) is None:
        raise NotPossible("no_ballot", "You have no vote to take back.")
    row = ballot_add(decision, Choice.WITHDRAWN, "", actor, at=at)
    audit_add(
        actor.actor,
        "ballot_withdraw",
        coop_id=row.coop_id,
        subject_id=decision_id,
        at=at,
        ballot=row.id,
    )
    return ballots_of(decision_id=decision_id, member_id=actor.member_id)[0]


def decision_locked(decision_id: UUID, actor: Member) -> DecisionView:
    """The decision, which nobody closes until this transaction ends.

    Votes queue beside each other, except where the last one closes the decision.
    """
    decision = decision_by_id(decision_id)
    if decision.coop_id != actor.coop_id:
        raise NotFound("no_decision", "There is no such decision.")
    if decision.rules["is_early_close_allowed"]:
        lock_take(decision_id)
    else:
        lock_share(decision_id)
    return decision_by_id(decision_id)


def check_open(decision: DecisionView, actor: Member, *, at: datetime) -> None:
    """The vote is open and this member belongs to its electorate."""
    if not decision.is_open(at):
        raise NotPossible("vote_closed", "This vote is closed. Its result is on the page.")
    if member_by_id(coop_id=actor.coop_id, member_id=actor.member_id) is None:
        raise NotAllowed("not_member", "Only members may vote.")
    if not may_vote(decision=decision, member_id=actor.member_id):
        raise NotAllowed(
            "not_eligible",
            "You joined after this vote opened. Those who were members then may vote on it.",
        )


def ballot_add(
    decision: DecisionView, choice: str, reason: str, actor: Member, *, at: datetime
) -> Ballot:
    """Write the ballot under the voter's pseudonym for this decision, and its reason apart."""
    row = row_add(
        Ballot(
            id=new_id(),
            coop_id=decision.coop_id,
            at=at,
            decision_id=decision.id,
            pseudonym=mac(actor.person_id, "ballot", str(decision.id))[:PSEUDONYM_LENGTH],
            choice=choice,
            reason_mac=mac(actor.person_id, "reason", reason) if reason else None,
            voter_member_id=actor.member_id,
        )
    )
    if reason:
        BallotReason.objects.create(id=row.id, coop_id=row.coop_id, text=reason)
    return row


def reason_clean(text: str, *, is_needed: bool) -> str:
    """The voter's reason, of a bearable length."""
    cleaned = tidied(text)
    if not is_seen(cleaned):
        if is_needed:
            raise Invalid("reason_missing", "Say why you block it.", field="reason")
        return ""
    if len(cleaned) > REASON_MAX:
        raise Invalid(
            "reason_long",
            "Shorten the reason to %(reason_max)s characters.",
            field="reason",
            reason_max=REASON_MAX,
        )
    return cleaned
