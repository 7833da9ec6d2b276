"""What selectors and services of discussion answer with: frozen values."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as one reader sees it. `html` is safe to show; `unread_count` is the reader's."""

    id: UUID
    coop_id: UUID
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
    is_new: bool
    """The reader is a member and has never read it."""
    is_locked: bool
    is_pinned: bool

    @property
    def cursor(self) -> str:
        """Where a list of threads goes on after this one."""
        return f"{self.last_at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class ReactionView:
    """One kind of sign at a comment, and who left it."""

    kind: str
    member_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment, or a reply when it has a parent. A discarded one has neither body nor html."""

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
    reactions: tuple[ReactionView, ...]

    @property
    def cursor(self) -> str:
        """Where a list of comments goes on after this one and its replies."""
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class RevisionView:
    """What a thread or comment said until it was edited at `until`."""

    title: str
    body: str
    html: str
    until: datetime
