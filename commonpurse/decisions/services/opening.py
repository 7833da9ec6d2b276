"""Putting a question to the members."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.effects import KIND_OF, effect_checked
from commonpurse.decisions.models import DETAILS_MAX, QUESTION_MAX, Decision, Kind
from commonpurse.decisions.selectors import DecisionView, decision_by_id
from commonpurse.discussion.selectors import thread_view
from commonpurse.errors import Invalid, NotAllowed
from commonpurse.groups.selectors import Member, electorate_at, member_by_id
from commonpurse.manual.rules import rules_for
from commonpurse.manual.selectors import manual_current
from commonpurse.record.ids import new_id
from commonpurse.record.jobs import job_defer
from commonpurse.record.services import audit_add, lock_make, lock_take, row_add
from commonpurse.rules.texts import is_seen, tidied

DAYS_MIN = 1
DAYS_MAX = 90


@transaction.atomic
def decision_open(
    *,
    actor: Member,
    kind: str,
    question: str,
    details: str,
    effect: dict[str, Any],
    closes_at: datetime,
    thread_id: UUID | None = None,
    at: datetime,
) -> DecisionView:
    """Open a decision: from this instant on the members of now may vote until `closes_at`.

    The rules in force are copied from the manual onto it. Raises Invalid `question_empty`,
    `closes_past`, `closes_far`, `kind_wrong` or what is wrong with the effect; NotAllowed for who
    is no member, NotFound for a thread that the proposer may not read.
    """
    lock_take(actor.coop_id)
    if member_by_id(coop_id=actor.coop_id, member_id=actor.member_id) is None:
        raise NotAllowed("not_member", "Only members may propose. Ask to join first.")
    if kind not in KIND_OF or kind == Kind.FOUNDING:
        raise Invalid("kind_wrong", "Choose what the decision is about.", field="kind")
    check_closing(closes_at, at=at)
    if thread_id is not None:
        thread_view(coop_id=actor.coop_id, thread_id=thread_id, member=actor)
    manual = manual_current(actor.coop_id)
    row = decision_row(
        coop_id=actor.coop_id,
        kind=kind,
        question=question,
        details=details,
        effect=effect_checked(
            kind=kind, effect=effect, coop_id=actor.coop_id, closes_at=closes_at, at=at
        ),
        rules=rules_for(kind, manual.parameters),
        manual_version_id=manual.version_id,
        thread_id=thread_id,
        proposer_member_id=actor.member_id,
        closes_at=closes_at,
        at=at,
    )
    lock_make(coop_id=row.coop_id, subject_id=row.id)
    row_add(row)
    job_defer("decision_tell", decision_id=row.id, fact="opened", at=at)
    audit_add(actor.actor, "decision_open", coop_id=row.coop_id, subject_id=row.id, at=at)
    return decision_by_id(row.id)


def decision_row(
    *,
    coop_id: UUID,
    kind: str,
    question: str,
    details: str,
    effect: dict[str, Any],
    rules: dict[str, Any],
    manual_version_id: UUID | None,
    thread_id: UUID | None,
    proposer_member_id: UUID,
    closes_at: datetime,
    at: datetime,
    decision_id: UUID | None = None,
) -> Decision:
    """A decision in memory, numbered next and with the electorate of the opening instant.

    The caller holds the co-op's lock.
    """
    electorate = electorate_at(coop_id=coop_id, at=at)
    last = Decision.objects.filter(coop_id=coop_id).order_by("-number").first()
    return Decision(
        id=decision_id or new_id(),
        coop_id=coop_id,
        at=at,
        number=last.number + 1 if last else 1,
        thread_id=thread_id,
        kind=kind,
        question=question_clean(question),
        details=details_clean(details),
        effect=effect,
        rules=rules,
        manual_version_id=manual_version_id,
        proposer_member_id=proposer_member_id,
        opens_at=at,
        closes_at=closes_at,
        electorate_count=electorate.count,
        electorate_root=electorate.root,
    )


def check_closing(closes_at: datetime, *, at: datetime) -> None:
    """A vote closes in the future, not at once and not in years."""
    if closes_at <= at:
        raise Invalid("closes_past", "Choose a closing time that lies ahead.", field="closes_at")
    if closes_at < at + timedelta(days=DAYS_MIN):
        raise Invalid("closes_soon", "Give everybody at least a day to vote.", field="closes_at")
    if closes_at > at + timedelta(days=DAYS_MAX, hours=1):
        raise Invalid(
            "closes_far",
            "Close the vote within %(days_max)s days.",
            field="closes_at",
            days_max=DAYS_MAX,
        )


def question_clean(text: str) -> str:
    """One line that asks something."""
    cleaned = " ".join(text.split())
    if not is_seen(cleaned):
        raise Invalid("question_empty", "Write the question.", field="question")
    if len(cleaned) > QUESTION_MAX:
        raise Invalid(
            "question_long",
            "Shorten the question to %(question_max)s characters; details go below it.",
            field="question",
            question_max=QUESTION_MAX,
        )
    return cleaned


def details_clean(text: str) -> str:
    """Public words about the question, of a bearable length."""
    cleaned = tidied(text)
    if not is_seen(cleaned):
        return ""
    if len(cleaned) > DETAILS_MAX:
        raise Invalid(
            "details_long",
            "Shorten the details to %(details_max)s characters.",
            field="details",
            details_max=DETAILS_MAX,
        )
    return cleaned
