"""Drafts of co-ops: what is written before the founding vote is opened."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import In, Number
from commonpurse.api.schemas.talk import Clause
from commonpurse.decisions.services import DraftWish

Template = Literal["solidarity-fund", "software-users"]
Step = Literal["purpose", "name", "money", "dues", "manual", "founders"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["members"])]
Title = Annotated[str, Field(max_length=120, examples=["Who belongs to us"])]
Text = Annotated[str, Field(max_length=8_000, examples=["Whoever mends a tool."])]
Seen = Annotated[
    str | None,
    Field(
        max_length=20,
        description="The `digest` of the clause as you read it; another by now is refused.",
    ),
]


class DraftLine(Schema):
    """A line of your list of drafts."""

    draft_id: UUID
    name: str
    led_by_name: str
    changed_at: datetime
    opened_at: datetime | None


class Founder(Schema):
    """Somebody who founds it."""

    founder_id: UUID
    name: str
    joined_at: datetime


class DraftClause(Clause):
    """A clause of a draft. `digest` tells one wording from another."""

    digest: str


class Obstacle(Schema):
    """Something that keeps the founding vote from being opened."""

    code: str
    detail: str
    field: str


class Draft(Schema):
    """A draft, as each of its founders reads it.

    `parameters` are those that would be opened now; `changes` are those that somebody chose.
    `sponsor_name` is empty while nobody holds the money. `decision_number` is the founding
    decision's, once it is open.
    """

    draft_id: UUID
    name: str
    slug: str
    template: str
    sponsor_name: str
    changes: dict[str, Any]
    parameters: dict[str, Any]
    clauses: list[DraftClause]
    has_trustees: bool
    steps: list[str]
    led_by_name: str
    is_lead: bool
    version: int
    begun_at: datetime
    changed_at: datetime
    opened_at: datetime | None
    founders: list[Founder]
    problems: list[Obstacle]
    decision_number: int | None


class DraftIn(In):
    """What a draft shall be; what is left out stays as it is.

    `purpose` is the text of the clause of that name. `changes` are parameters as in an amendment.
    """

    template: Template | None = None
    purpose: Annotated[str | None, Field(max_length=8_000)] = None
    name: Annotated[str | None, Field(max_length=200, examples=["Tool Shed"])] = None
    slug: Annotated[str | None, Field(max_length=80, examples=["tool-shed"])] = None
    sponsor_name: Annotated[str | None, Field(max_length=200)] = None
    changes: Annotated[dict[str, Any] | None, Field(examples=[{"dues_minor": 500}])] = None
    has_trustees: bool | None = None
    step: Step | None = None

    def wish(self) -> DraftWish:
        """What the services take."""
        return DraftWish(
            template=self.template,
            purpose=self.purpose,
            name=self.name,
            slug=self.slug,
            sponsor_name=self.sponsor_name,
            changes=self.changes,
            has_trustees=self.has_trustees,
            step=self.step,
        )


class ClauseIn(In):
    """A clause of one's own."""

    key: Key
    title: Title
    text: Text


class CoopIn(DraftIn):
    """A co-op to found alone, at once. `clauses` are written over the template's, or added."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Tool Shed"])]
    clauses: Annotated[list[ClauseIn], Field(max_length=40)] = []


class CoopOut(Schema):
    """A co-op whose founding vote is open."""

    coop_id: UUID
    slug: str
    decision_number: int
    closes_at: datetime


class WordingIn(In):
    """Words for a clause. Empty `text` leaves it out."""

    title: Title = ""
    text: Text
    seen: Seen = None


class NewClauseIn(In):
    """A clause that is not there yet."""

    title: Title
    text: Text


class SuggestionIn(In):
    """Other words for the clause `key`; a new clause without it. Empty `text` leaves it out."""

    key: Key | None = None
    title: Title = ""
    text: Text
    why: Annotated[str, Field(max_length=1_000)] = ""


class SuggestionChange(Schema):
    """A run of words that stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    text: str


class Suggestion(Schema):
    """A suggestion, word by word beside the clause of now, or of then once it was answered.

    `is_stale`: the clause was changed after it was made. `seen` is what accepting it names.
    """

    suggestion_id: UUID
    key: str
    title: str
    text: str
    base_title: str
    base_text: str
    why: str
    name: str
    state: Literal["open", "accepted", "declined", "withdrawn"]
    at: datetime
    settled_at: datetime | None
    settled_by_name: str
    comments_count: int
    pieces: list[SuggestionChange]
    seen: str
    is_stale: bool


class AcceptIn(In):
    """What was read when a suggestion is accepted."""

    seen: Seen = None


class DraftCommentIn(In):
    """A word about a suggestion."""

    text: Annotated[str, Field(min_length=1, max_length=2_000, examples=["I like it."])]


class DraftComment(Schema):
    """What a founder said about a suggestion."""

    comment_id: UUID
    name: str
    text: str
    at: datetime


class DraftChange(Schema):
    """A version of a draft, and what it changed."""

    number: int
    part: str
    title: str
    before: str
    after: str
    name: str
    suggestion_id: UUID | None
    at: datetime


class OpenIn(In):
    """The version that was read last."""

    version: Number


class FounderInvitationIn(In):
    """Whom to invite as a founder: an address, or nobody in particular, by a link for several."""

    email: Annotated[str | None, Field(max_length=254, examples=["robin@example.org"])] = None
    uses_max: Annotated[int, Field(strict=True, ge=1, le=30)] = 1


class FounderInvitation(Schema):
    """An invitation to found that is open."""

    invitation_id: UUID
    email: str | None
    invited_by_name: str
    expires_at: datetime
    uses_left: int


class FounderInvitationOut(FounderInvitation):
    """A new invitation. `secret` is the end of its link, shown this once and never replayed."""

    secret: str | None = None


class SlugOut(Schema):
    """Whether an address is free; for a name, which one it would get."""

    slug: str
    is_free: bool
    detail: str
