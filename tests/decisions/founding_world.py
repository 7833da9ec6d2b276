"""A co-op that was really founded: three founders agreed, the manual and the fund are in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import DecisionView, decision_by_id
from commonpurse.decisions.services import ballot_cast, coop_found, decision_close, decision_open
from commonpurse.groups.selectors import CoopView, Member
from commonpurse.groups.services import member_add, role_grant
from commonpurse.record.services import SYSTEM
from tests.world import NOON, person

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class FoundedWorld:
    """Ann, Bo and Eve founded it and are its trustees; Cy joined; Eve keeps the books."""

    coop: CoopView
    ann: Member
    bo: Member
    eve: Member
    cy: Member
    founding: DecisionView
    at: datetime

    @property
    def coop_id(self) -> UUID:
        return self.coop.coop_id

    @property
    def members(self) -> tuple[Member, ...]:
        return (self.ann, self.bo, self.eve, self.cy)


CHANGES: dict[str, object] = {
    "dues_minor": 1500,
    "trustees_seats": 3,
    "approvals_needed": 2,
    "quorum": "1/2",
    "threshold": "2/3",
    "threshold_base": "cast",
    "threshold_comparison": "at_least",
    "is_block_allowed": True,
    "is_early_close_allowed": False,
}


def founded(
    at: datetime = NOON, *, slug: str = "brine", name: str = "Brine and Salt", **changes: object
) -> FoundedWorld:
    """Found a co-op of Ann, Bo and Eve; `at` is when the founding vote opens."""
    people = [person(name, at) for name in ("Ann", "Bo", "Eve")]
    ids = [one.person_id for one in people]
    foundation = coop_found(
        slug=slug,
        name=name,
        template="software-users",
        changes=CHANGES | changes,
        founders=ids,
        trustees=ids,
        sponsor_name="Harbour Commons Foundation",
        actor=SYSTEM,
        at=at,
    )
    for step, member in enumerate(foundation.members, start=1):
        ballot_cast(
            decision_id=foundation.decision.id,
            choice="agree",
            actor=member,
            at=at + step * HOUR,
        )
    closed = decision_by_id(foundation.decision.id)
    assert closed.result is not None
    enact(coop_id=foundation.coop.coop_id, result_id=closed.result.id, at=at + 4 * HOUR)
    ann, bo, eve = foundation.members
    cy = member_add(
        coop_id=foundation.coop.coop_id,
        person_id=person("Cy", at).person_id,
        actor=ann,
        at=at + 5 * HOUR,
    )
    role_grant(
        coop_id=foundation.coop.coop_id,
        member_id=eve.member_id,
        role="treasurer",
        actor=ann,
        at=at + 5 * HOUR,
    )
    return FoundedWorld(foundation.coop, ann, bo, eve, cy, closed, at + 6 * HOUR)


def asked(world: FoundedWorld, *, at: datetime | None = None, **facts: object) -> DecisionView:
    """Cy asks all members something; it closes in a week unless said."""
    at = at or world.at
    given: dict[str, object] = {
        "actor": world.cy,
        "kind": "statement",
        "question": "Shall we meet on Tuesdays?",
        "details": "The first Tuesday of each month.",
        "effect": {"kind": "none"},
        "closes_at": at + 7 * DAY,
        "at": at,
    }
    return decision_open(**(given | facts))  # type: ignore[arg-type]


def voted(
    decision: DecisionView, *choices: tuple[Member, str], at: datetime, close: bool = True
) -> DecisionView:
    """These members vote; then the vote closes, and what passed is enacted."""
    for step, (member, choice) in enumerate(choices):
        ballot_cast(
            decision_id=decision.id,
            choice=choice,
            reason="For this reason." if choice == "block" else "",
            actor=member,
            at=at + timedelta(minutes=step),
        )
    if close:
        result = decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at + HOUR)
        if result.verdict == "passed" and decision.effect["kind"] != "none":
            enact(
                coop_id=decision.coop_id,
                result_id=result.id,
                at=decision.closes_at + 2 * HOUR,
            )
    return decision_by_id(decision.id)
