"""Telling the electorate: a vote opened, closes soon, is closed, and what came of it.

Jobs do it, so that opening a vote before a hundred thousand members takes no longer than before
ten. The instant told is the fact's own, however late the job runs.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from commonpurse.decisions.selectors import (
    DecisionView,
    decision_by_id,
    decisions_closing,
    voters_of,
)
from commonpurse.groups.selectors import coop_view, electorate_persons, member_names
from commonpurse.notices.selectors import is_told
from commonpurse.notices.services import notice_add
from commonpurse.record.services import SYSTEM
from commonpurse.say import Hour, Said, say

SOON = timedelta(hours=24)
WORDS_MAX = 600
VERDICTS = {
    "passed": say("Passed: %(question)s"),
    "failed": say("Not passed: %(question)s"),
    "no_quorum": say("No quorum: %(question)s"),
    "tied": say("Tie: %(question)s"),
    "blocked": say("Blocked: %(question)s"),
}


CHOICES = {
    "agree": say("agree %(count)s"),
    "abstain": say("abstain %(count)s"),
    "disagree": say("disagree %(count)s"),
    "block": say("block %(count)s"),
}


def decision_tell(*, decision_id: UUID, fact: str, at: datetime) -> int:
    """Tell the electorate of this fact: `opened`, `closed` or `outcome`; how many were told now."""
    decision = decision_by_id(decision_id)
    people = electorate_persons(coop_id=decision.coop_id, at=decision.opens_at)
    kind, words = FACTS[fact]
    subject, text = words(decision)
    key = f"{fact}:{decision.id}"
    if fact == "outcome" and decision.outcome is not None:
        key = f"{fact}:{decision.outcome.id}"
    return told(decision, people.values(), kind, (subject, text), key=key, at=at)


def decisions_closing_tell_due(*, at: datetime) -> int:
    """Remind who has not voted of each vote that closes within a day; how many were told.

    Nobody is reminded of what opened less than a day ago, and of one vote twice.
    """
    count = 0
    for decision_id in decisions_closing(after=at, until=at + SOON, opened_by=at - SOON):
        decision = decision_by_id(decision_id)
        key = f"closing:{decision.id}"
        if is_told(coop_id=decision.coop_id, key=key):
            continue
        people = electorate_persons(coop_id=decision.coop_id, at=decision.opens_at)
        voted = voters_of(decision.id)
        silent = [person for member, person in people.items() if member not in voted]
        subject = say("You have not voted: %(question)s", question=decision.question)
        words = (subject, closes_words(decision))
        count += told(decision, silent, "decision_closing", words, key=key, at=at)
    return count


def told(
    decision: DecisionView,
    people: Collection[UUID],
    kind: str,
    words: tuple[str, str],
    *,
    key: str,
    at: datetime,
) -> int:
    """Leave the notices."""
    if not people:
        return 0
    subject, text = words
    return notice_add(
        coop_id=decision.coop_id,
        person_ids=people,
        kind=kind,
        subject=subject,
        text=text,
        path=f"/c/{coop_view(decision.coop_id).slug}/decisions/{decision.number}/",
        key=key,
        actor=SYSTEM,
        at=at,
    )


def opened_words(decision: DecisionView) -> tuple[str, str]:
    """What is said of a vote that opened."""
    names = member_names(coop_id=decision.coop_id, member_ids=[decision.proposer_member_id])
    name = names.get(decision.proposer_member_id, "")
    return (
        say("Vote: %(question)s", question=decision.question),
        say("%(name)s asks. %(closes)s", name=name, closes=closes_words(decision)),
    )


def closed_words(decision: DecisionView) -> tuple[str, str]:
    """What is said of a result: the verdict, and the counts with what they are of."""
    result = decision.result
    assert result is not None, "a decision that closed has a result"
    counts = tuple(
        Said(CHOICES[choice].pattern, {"count": count}) for choice, count in result.counts.items()
    )
    return (
        Said(VERDICTS[result.verdict].pattern, {"question": decision.question}),
        say(
            "Ballots that count: %(counts)s. %(members)s members could vote.",
            counts=counts,
            members=result.electorate_count,
        ),
    )


def outcome_words(decision: DecisionView) -> tuple[str, str]:
    """What is said of an outcome: its own words."""
    statement = decision.outcome.statement if decision.outcome else ""
    if len(statement) > WORDS_MAX:
        statement = statement[: WORDS_MAX - 1] + "…"
    return say("Outcome: %(question)s", question=decision.question), statement


def closes_words(decision: DecisionView) -> Said:
    """When a vote closes, by the co-op's clock."""
    local = decision.closes_at.astimezone(ZoneInfo(coop_view(decision.coop_id).timezone))
    return say("The vote closes %(hour)s.", hour=Hour(local))


FACTS: dict[str, tuple[str, Callable[[DecisionView], tuple[str, str]]]] = {
    "opened": ("decision_opened", opened_words),
    "closed": ("decision_closed", closed_words),
    "outcome": ("outcome", outcome_words),
}
"""The kind of notice and the words for each fact."""
