"""Decisions, ballots, results, outcomes."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from commonpurse.api.schemas.base import In, Prose


class Tally(Schema):
    """The ballots that count, and what they come to now."""

    counts: dict[str, int]
    cast: int
    verdict: str


class Result(Schema):
    """The verdict of a closed decision."""

    id: UUID
    verdict: str
    counts: dict[str, int]
    electorate_count: int
    ballots_root: str
    at: datetime


class Outcome(Schema):
    """What a person wrote after a result."""

    id: UUID
    author_member_id: UUID
    statement: str
    at: datetime


class Enactment(Schema):
    """What a passed result became."""

    id: UUID
    kind: str
    subject_id: UUID
    at: datetime


class Decision(Schema):
    """A question, its rules, its tally as it stands, and what came of it."""

    id: UUID
    number: int
    code: str
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
    result: Result | None
    outcome: Outcome | None
    enactment: Enactment | None
    enactment_error: str


class DecisionIn(In):
    """A question to put. `effect` is what it does when it passes; see the developer's guide."""

    kind: Annotated[
        Literal["statement", "spend", "trustees", "amendment", "cover"],
        Field(examples=["statement"]),
    ]
    question: Annotated[
        str, Field(min_length=1, max_length=200, examples=["Shall we meet in May?"])
    ]
    details: Prose = ""
    effect: Annotated[dict[str, Any], Field(examples=[{"kind": "none"}])]
    closes_at: AwareDatetime
    thread_id: UUID | None = None


class BallotIn(In):
    """A choice. A block needs a reason."""

    choice: Annotated[Literal["agree", "abstain", "disagree", "block"], Field(examples=["agree"])]
    reason: Annotated[str, Field(max_length=2_000)] = ""


class Ballot(Schema):
    """A ballot as its voter sees it. `receipt` finds its leaf in the public record."""

    id: UUID
    choice: str
    reason: str
    pseudonym: str
    at: datetime


class PublicBallot(Schema):
    """A ballot that counts, under the voter's pseudonym in this decision."""

    id: UUID
    pseudonym: str
    choice: str
    at: datetime


class OutcomeIn(In):
    """What a person writes after a result."""

    statement: Annotated[str, Field(min_length=1, max_length=20_000)]
