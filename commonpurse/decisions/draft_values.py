"""What selectors and services of drafts answer with: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from commonpurse.manual.clauses import Clause
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.words import Piece


@dataclass(frozen=True, slots=True)
class FounderView:
    """Somebody who founds a co-op that is being drafted."""

    founder_id: UUID
    person_id: UUID
    name: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of one's list of drafts."""

    draft_id: UUID
    name: str
    led_by_name: str
    changed_at: datetime
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its founders read it. `parameters` are those that would be opened now."""

    draft_id: UUID
    coop_id: UUID
    name: str
    slug: str
    template: str
    sponsor_name: str
    changes: dict[str, Any]
    parameters: Parameters
    clauses: tuple[Clause, ...]
    has_trustees: bool
    steps: tuple[str, ...]
    led_by_person_id: UUID
    led_by_name: str
    version: int
    begun_at: datetime
    changed_at: datetime
    opened_at: datetime | None
    founders: tuple[FounderView, ...]

    def clause(self, key: str) -> Clause | None:
        """The clause with this key, if it has one."""
        return next((each for each in self.clauses if each.key == key), None)

    @property
    def purpose(self) -> str:
        """What it is for, in the words of its manual."""
        found = self.clause("purpose")
        return found.text if found else ""


@dataclass(frozen=True, slots=True)
class DraftAccess:
    """A draft that somebody founds, and their place in it."""

    draft: DraftView
    founder: FounderView

    @property
    def is_lead(self) -> bool:
        """Whether they lead it: change it, settle suggestions, open the vote."""
        return self.founder.person_id == self.draft.led_by_person_id


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A wish for one clause. `text` is empty where the clause shall go."""

    suggestion_id: UUID
    draft_id: UUID
    key: str
    title: str
    text: str
    base_title: str
    base_text: str
    why: str
    person_id: UUID
    name: str
    state: str
    at: datetime
    settled_at: datetime | None
    settled_by_name: str
    comments_count: int

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class SuggestionShown:
    """A suggestion beside the clause as it stands: word by word, and what accepting it names.

    `is_stale` says that the clause was changed after the suggestion was made.
    """

    suggestion: SuggestionView
    pieces: tuple[Piece, ...]
    titles: tuple[Piece, ...]
    seen: str
    is_stale: bool


@dataclass(frozen=True, slots=True)
class SuggestionCommentView:
    """What a founder said about a suggestion."""

    comment_id: UUID
    person_id: UUID
    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftInvitationView:
    """An invitation to found, without its token. `email` is None for a link."""

    invitation_id: UUID
    draft_id: UUID
    email: str | None
    invited_by_name: str
    at: datetime
    expires_at: datetime
    uses_left: int


@dataclass(frozen=True, slots=True)
class DraftInvitationMade:
    """A new invitation and its token, which is shown once."""

    invitation: DraftInvitationView
    token: str


@dataclass(frozen=True, slots=True)
class DraftInvited:
    """What an invitation to found leads to, before one has joined."""

    draft_id: UUID
    name: str
    purpose: str
    led_by_name: str
    email: str | None
    founders_count: int
    founder_ids: frozenset[UUID]
    opened_slug: str
    """The co-op's slug when the founding vote has opened already; empty before."""


@dataclass(frozen=True, slots=True)
class DraftChangeView:
    """One version of a draft, and what it changed."""

    number: int
    part: str
    title: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    person_id: UUID
    name: str
    suggestion_id: UUID | None
    at: datetime
