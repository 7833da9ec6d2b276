"""Threads, comments, the operating manual."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import In, Prose


class Thread(Schema):
    """A thread as the caller sees it. `html` is safe to show."""

    id: UUID
    group_id: UUID
    title: str
    body: str
    html: str
    author_member_id: UUID
    author_name: str
    opened_at: datetime
    edited_at: datetime | None
    last_at: datetime
    comments_count: int
    unread_count: int
    is_locked: bool
    is_pinned: bool


class ThreadIn(In):
    """A thread to open, in the co-op itself unless a group is named."""

    title: Annotated[str, Field(min_length=1, max_length=150, examples=["Which mail provider?"])]
    body: Prose = ""
    group_id: UUID | None = None


class ThreadEdit(In):
    """What a thread shall say."""

    title: Annotated[str, Field(min_length=1, max_length=150)]
    body: Prose


class FlagIn(In):
    """On or off."""

    is_on: bool


class Reaction(Schema):
    """A kind of sign, and who left it."""

    kind: str
    member_ids: list[UUID]


class Comment(Schema):
    """A comment. A discarded one has neither body nor html."""

    id: UUID
    thread_id: UUID
    parent_id: UUID | None
    author_member_id: UUID
    author_name: str
    body: str
    html: str
    at: datetime
    edited_at: datetime | None
    is_discarded: bool
    reactions: list[Reaction]


class CommentIn(In):
    """A comment to add; a reply when it has a parent."""

    body: Annotated[str, Field(min_length=1, max_length=20_000, examples=["I like the first."])]
    parent_id: UUID | None = None


class CommentEdit(In):
    """What a comment shall say."""

    body: Annotated[str, Field(min_length=1, max_length=20_000)]


class ReactionIn(In):
    """A sign to leave or to take away."""

    kind: Literal["thanks", "support", "question", "worry"]
    is_on: bool = True


class Clause(Schema):
    """A clause of the manual."""

    key: str
    title: str
    text: str


class Manual(Schema):
    """One version of the operating manual. `parameters` are typed by the manual's fields."""

    version_id: UUID
    number: int
    template: str
    parameters: dict[str, Any]
    clauses: list[Clause]
    decision_id: UUID | None
    at: datetime
