"""Reads of threads and comments, as one reader may see them; `member` None is a visitor."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import JSONField, Q, QuerySet
from django.db.models.expressions import RawSQL

from commonpurse.discussion.access import is_readable, readable_groups
from commonpurse.discussion.markdown import safe_html
from commonpurse.discussion.models import Comment, Reaction, Revision, Thread
from commonpurse.discussion.values import CommentView, ReactionView, RevisionView, ThreadView
from commonpurse.errors import Invalid, NotFound
from commonpurse.groups.selectors import Member, member_name_sql, member_names

PAGE = 30
COMMENTS_PAGE = 100
PINNED_MAX = 20

COUNTS_SQL = """(
    SELECT jsonb_build_object(
        'said', count(c.id),
        'unread', count(c.id) FILTER (WHERE c.author_member_id <> reader.id
                                        AND (m.read_at IS NULL OR c.at > m.read_at)),
        'is_new', m.id IS NULL AND reader.id IS NOT NULL
    )
    FROM (SELECT %s::uuid AS id) reader
    LEFT JOIN discussion_readmark m
        ON m.coop_id = discussion_thread.coop_id AND m.thread_id = discussion_thread.id
        AND m.member_id = reader.id
    LEFT JOIN discussion_comment c
        ON c.coop_id = discussion_thread.coop_id AND c.thread_id = discussion_thread.id
        AND c.discarded_at IS NULL
    GROUP BY reader.id, m.id
)"""
"""Beside a thread: its comments, the unread ones, and whether it was never read. A visitor has no
id: nothing is unread or new for them."""


def thread_list(
    *,
    coop_id: UUID,
    member: Member | None,
    group_id: UUID | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> tuple[ThreadView, ...]:
    """Threads that this reader may read, pinned ones first, then the latest said.

    `before` is the cursor of the last thread of the page before. Raises Invalid `cursor_wrong`.
    """
    groups = readable_groups(coop_id, member)
    rows = told(Thread.objects.filter(coop_id=coop_id, group_id__in=groups), member)
    if group_id is not None:
        rows = rows.filter(group_id=group_id)
    others = rows.filter(is_pinned=False).order_by("-last_at", "-id")
    if before is not None:
        at, thread_id = cursor_read(before)
        others = others.filter(Q(last_at__lt=at) | Q(last_at=at, id__lt=thread_id))
        return thread_views(others[:limit])
    pinned = rows.filter(is_pinned=True).order_by("-last_at", "-id")[:PINNED_MAX]
    both = pinned.union(others[:limit], all=True)
    return thread_views(both.order_by("-is_pinned", "-last_at", "-id"))


def thread_view(*, coop_id: UUID, thread_id: UUID, member: Member | None) -> ThreadView:
    """One thread. Raises NotFound `no_thread`, also for who may not read it."""
    row = told(Thread.objects.filter(coop_id=coop_id, id=thread_id), member).first()
    if row is None or not is_readable(coop_id, row.group_id, member):
        raise NotFound("no_thread", "There is no such thread, or it is not open to you.")
    return thread_views([row])[0]


def is_thread_readable(*, thread_id: UUID, member: Member) -> bool:
    """Whether this member may read a thread of their co-op; one query for a thread of all."""
    groups = Thread.objects.filter(coop_id=member.coop_id, id=thread_id)
    group_id = groups.values_list("group_id", flat=True).first()
    if group_id is None:
        return False
    return group_id == member.coop_id or is_readable(member.coop_id, group_id, member)


def threads_unread_count(*, member: Member) -> int:
    """How many threads hold something that this member has not read."""
    groups = readable_groups(member.coop_id, member)
    rows = told(Thread.objects.filter(coop_id=member.coop_id, group_id__in=groups), member)
    views = thread_views(rows.order_by("-last_at", "-id")[:PAGE])
    return sum(view.is_new or view.unread_count > 0 for view in views)


def comment_list(
    *, thread_id: UUID, after: str | None = None, limit: int = COMMENTS_PAGE
) -> tuple[CommentView, ...]:
    """A page of a thread, oldest first, each comment followed by its replies.

    The caller has the thread from `thread_view`, which judged the access. `after` is the cursor of
    the last comment (not reply) of the page before; `limit` counts comments without replies.
    """
    rows = Comment.objects.filter(thread_id=thread_id).order_by("at", "id")
    heads = rows.filter(parent=None)
    if after is not None:
        at, comment_id = cursor_read(after)
        heads = heads.filter(Q(at__gt=at) | Q(at=at, id__gt=comment_id))
    found = list(heads[:limit])
    replies: defaultdict[UUID | None, list[Comment]] = defaultdict(list)
    for reply in rows.filter(parent__in=found):
        replies[reply.parent_id].append(reply)
    return comment_views([row for head in found for row in (head, *replies[head.id])])


def comment_by_id(*, coop_id: UUID, comment_id: UUID, member: Member | None) -> CommentView:
    """One comment. Raises NotFound `no_comment`, also for who may not read its thread."""
    row = Comment.objects.filter(coop_id=coop_id, id=comment_id).select_related("thread").first()
    if row is None or not is_readable(coop_id, row.thread.group_id, member):
        raise NotFound("no_comment", "There is no such comment, or it is not open to you.")
    return comment_views([row])[0]


def revision_list(
    *, coop_id: UUID, thread_id: UUID, member: Member | None, comment_id: UUID | None = None
) -> tuple[RevisionView, ...]:
    """What a thread, or a comment of it, said before each edit, newest first.

    A discarded comment shows none. Raises NotFound.
    """
    thread_view(coop_id=coop_id, thread_id=thread_id, member=member)
    rows = Revision.objects.filter(
        coop_id=coop_id, thread_id=thread_id, comment__discarded_at__isnull=True
    )
    if comment_id is None:
        rows = rows.filter(comment=None)
    else:
        rows = rows.filter(comment_id=comment_id)
    return tuple(
        RevisionView(title=row.title, body=row.body, html=safe_html(row.body), until=row.at)
        for row in rows.order_by("-at", "-id")
    )


def told(rows: QuerySet[Thread], member: Member | None) -> QuerySet[Any]:
    """These threads, each with its author's name and what it holds for this reader."""
    reader = member.member_id if member else None
    return rows.annotate(
        author_name=member_name_sql(
            coop_id="discussion_thread.coop_id", member_id="discussion_thread.author_member_id"
        ),
        counts=RawSQL(COUNTS_SQL, [reader], output_field=JSONField()),  # noqa: S611  (our own)
    )


def thread_told(thread_id: UUID, member: Member) -> ThreadView:
    """A thread as a service of this room answers with it, after it judged the access."""
    return thread_views(told(Thread.objects.filter(id=thread_id), member))[0]


def thread_views(rows: Iterable[Any]) -> tuple[ThreadView, ...]:
    """Frozen values of threads as `told` reads them."""
    return tuple(
        ThreadView(
            id=row.id,
            coop_id=row.coop_id,
            group_id=row.group_id,
            title=row.title,
            body=row.body,
            html=safe_html(row.body),
            author_member_id=row.author_member_id,
            author_name=row.author_name,
            opened_at=row.opened_at,
            edited_at=row.edited_at,
            last_at=row.last_at,
            comments_count=row.counts["said"],
            unread_count=row.counts["unread"],
            is_new=row.counts["is_new"],
            is_locked=row.is_locked,
            is_pinned=row.is_pinned,
        )
        for row in rows
    )


def comment_views(rows: Iterable[Comment]) -> tuple[CommentView, ...]:
    """Frozen comments with their authors' names and reactions."""
    found = list(rows)
    if not found:
        return ()
    names = member_names(
        coop_id=found[0].coop_id, member_ids={row.author_member_id for row in found}
    )
    reactions = reactions_of([row.id for row in found])
    return tuple(
        CommentView(
            id=row.id,
            thread_id=row.thread_id,
            parent_id=row.parent_id,
            author_member_id=row.author_member_id,
            author_name=names[row.author_member_id],
            body="" if row.discarded_at else row.body,
            html="" if row.discarded_at else safe_html(row.body),
            at=row.at,
            edited_at=row.edited_at,
            is_discarded=row.discarded_at is not None,
            reactions=() if row.discarded_at else tuple(reactions[row.id]),
        )
        for row in found
    )


def reactions_of(comment_ids: Collection[UUID]) -> defaultdict[UUID, list[ReactionView]]:
    """The signs at these comments, by comment, in the fixed order of their kinds."""
    held: defaultdict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    rows = Reaction.objects.filter(comment_id__in=list(comment_ids)).order_by("id")
    for comment_id, kind, member_id in rows.values_list("comment_id", "kind", "member_id"):
        held[comment_id, kind].append(member_id)
    found: defaultdict[UUID, list[ReactionView]] = defaultdict(list)
    for kind in Reaction.Kind.values:
        for comment_id in comment_ids:
            if held.get((comment_id, kind)):
                found[comment_id].append(ReactionView(kind, tuple(held[comment_id, kind])))
    return found


def cursor_read(text: str) -> tuple[datetime, UUID]:
    """The place that a cursor names. Raises Invalid `cursor_wrong`."""
    instant, _, key = text.partition("_")
    try:
        at, found = datetime.fromisoformat(instant), UUID(key)
    except ValueError as fault:
        raise Invalid("cursor_wrong", "This page of the list does not exist.") from fault
    if at.tzinfo is None:
        raise Invalid("cursor_wrong", "This page of the list does not exist.")
    return at, found
