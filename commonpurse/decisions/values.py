"""What selectors and services of decisions answer with: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commonpurse.groups.selectors import CoopView, Member
from commonpurse.rules.proposals import Tally


@dataclass(frozen=True, slots=True)
class BallotView:
    """One member's recorded choice. `reason` is empty where none was given, or once erased."""

    id: UUID
    decision_id: UUID
    voter_member_id: UUID
    pseudonym: str
    choice: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ResultView:
    """The verdict of a closed decision."""

    id: UUID
    coop_id: UUID
    decision_id: UUID
    verdict: str
    counts: dict[str, int]
    electorate_count: int
    ballots_root: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What a person wrote about a result."""

    id: UUID
    author_member_id: UUID
    statement: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EnactmentView:
    """What a passed result became: the mandate's id, the manual's or the trustee set's."""

    id: UUID
    kind: str
    subject_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A question, its rules, its tally as it stands, and what came of it."""

    id: UUID
    coop_id: UUID
    number: int
    kind: str
    question: str
    details: str
    effect: dict[str, Any]
    rules: dict[str, Any]
    manual_version_id: UUID | None
    thread_id: UUID | None
    proposer_member_id: UUID
    opens_at: datetime
    closes_at: datetime
    electorate_count: int
    electorate_root: str
    tally: Tally
    result: ResultView | None
    outcome: OutcomeView | None
    enactment: EnactmentView | None
    enactment_error: str

    @property
    def code(self) -> str:
        """How people name it: D-0009."""
        return f"D-{self.number:04d}"

    @property
    def is_closed(self) -> bool:
        """There is a result."""
        return self.result is not None

    @property
    def is_waiting_enactment(self) -> bool:
        """It passed and changes something, and that has not been put into force."""
        return (
            self.result is not None
            and self.result.verdict == "passed"
            and self.effect["kind"] != "none"
            and self.enactment is None
        )

    def is_open(self, at: datetime) -> bool:
        """Whether ballots are taken at that instant."""
        return self.result is None and self.opens_at <= at < self.closes_at


@dataclass(frozen=True, slots=True)
class Foundation:
    """A co-op that its founders are about to found, and the decision by which they do."""

    coop: CoopView
    decision: DecisionView
    members: tuple[Member, ...]
