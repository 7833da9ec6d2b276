"""People, co-ops, members, roles, invitations, tokens, notices."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import In, Line, Words

Role = Literal["facilitator", "coordinator", "treasurer", "auditor"]
Scope = Literal["read", "talk", "vote", "pay", "approve", "manage"]


class Me(Schema):
    """The person whose token it is."""

    person_id: UUID
    name: str
    email: str | None
    kind: str
    language: str


class MeIn(In):
    """A name to be shown, a language to be spoken to in; what is not given stays."""

    name: Annotated[str, Field(min_length=1, max_length=80, examples=["Noor"])] | None = None
    language: Annotated[str, Field(max_length=10, examples=["de"])] | None = None


class Token(Schema):
    """A program's key, without its secret."""

    token_id: UUID
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TokenIn(In):
    """A wish for a key."""

    name: Annotated[str, Field(min_length=1, max_length=80, examples=["Bookkeeping"])]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=6, examples=[["read"]])]
    days: Annotated[int, Field(strict=True, ge=1, le=366)] = 90


class TokenOut(Token):
    """A new key. `secret` is shown this once and never replayed."""

    secret: str | None = None


class Notice(Schema):
    """A line of the inbox."""

    notice_id: UUID
    coop_id: UUID
    kind: str
    subject: Words
    text: Words
    path: str
    at: datetime
    read_at: datetime | None


class Coop(Schema):
    """A co-op."""

    coop_id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    visibility: str
    founded_at: datetime


class CoopPage(Coop):
    """A co-op and the caller's standing in it: null for who is no member."""

    members_count: int
    me: "Standing | None"


class Standing(Schema):
    """A member's standing."""

    member_id: UUID
    roles: list[str]
    is_trustee: bool


class Member(Schema):
    """A line of the list of members."""

    member_id: UUID
    name: str
    kind: str
    roles: list[str]
    joined_at: datetime
    is_current: bool


class RoleIn(In):
    """A role to give."""

    role: Role


class InvitationIn(In):
    """Whom to invite: an address, or nobody in particular, by a link for several."""

    email: Annotated[str | None, Field(max_length=254, examples=["robin@example.org"])] = None
    days: Annotated[int, Field(strict=True, ge=1, le=90)] = 14
    uses_max: Annotated[int, Field(strict=True, ge=1, le=500)] = 1


class Invitation(Schema):
    """An invitation that is open."""

    invitation_id: UUID
    email: str | None
    invited_by_name: str
    expires_at: datetime
    uses_left: int


class InvitationOut(Invitation):
    """A new invitation. `secret` is the end of its link, shown this once and never replayed."""

    secret: str | None = None


class JoinIn(In):
    """An invitation that was received."""

    secret: Annotated[str, Field(min_length=1, max_length=200)]


class Group(Schema):
    """A group of a co-op; `level` is 0 for the co-op itself."""

    group_id: UUID
    parent_id: UUID | None
    name: str
    slug: str
    visibility: str
    level: int


class GroupIn(In):
    """A group to make."""

    name: Line
    slug: Annotated[str, Field(min_length=1, max_length=40, examples=["garden"])]
    visibility: Literal["open", "closed", "secret"] = "open"
    parent_id: UUID | None = None
