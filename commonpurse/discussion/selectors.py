"""Reads of threads and comments, as one reader may see them; `member` None is a visitor."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from commonpurse.discussion.access import is_readable, readable_groups
from commonpurse.discussion.markdown import safe_html
from commonpurse.discussion.models import Comment, Reaction, ReadMark, Revision, Thread
from commonpurse.discussion.values import CommentView, ReactionView, RevisionView, ThreadView
from commonpurse.errors import Invalid, NotFound
from commonpurse.groups.selectors import Member, member_names

PAGE = 30
COMMENTS_PAGE = 100
PINNED_MAX = 20

UNREAD_SQL = """
    SELECT c.thread_id, count(*),
           count(*) FILTER (WHERE c.author_member_id <> %(member_id)s
                              AND (m.read_at IS NULL OR c.at > m.read_at))
    FROM discussion_comment c
    LEFT JOIN discussion_readmark m
        ON m.coop_id = c.coop_id AND m.thread_id = c.thread_id AND m.member_id = %(member_id)s
    WHERE c.coop_id = %(coop_id)s AND c.thread_id = ANY(%(thread_ids)s)
      AND c.discarded_at IS NULL
    GROUP BY c.thread_id
"""
"""Comments and unread ones by thread. A visitor has no id: nothing is unread for them."""


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
    rows = Thread.objects.filter(coop_id=coop_id, group_id__in=groups)
    if group_id is not None:
        rows = rows.filter(group_id=group_id)
    pinned: list[Thread] = []
    others = rows.filter(is_pinned=False).order_by("-last_at", "-id")
    if before is None:
        pinned = list(rows.filter(is_pinned=True).order_by("-last_at", "-id")[:PINNED_MAX])
    else:
        at, thread_id = cursor_read(before)
        others = others.filter(Q(last_at__lt=at) | Q(last_at=at, id__lt=thread_id))
    return thread_views([*pinned, *others[:limit]], member)


def thread_view(*, coop_id: UUID, thread_id: UUID, member: Member | None) -> ThreadView:
    """One thread. Raises NotFound `no_thread`, also for who may not read it."""
    row = Thread.objects.filter(coop_id=coop_id, id=thread_id).first()
    if row is None or not is_readable(coop_id, row.group_id, member):
        raise NotFound("no_thread", "There is no such thread, or it is not open to you.")
    return thread_views([row], member)[0]


def threads_unread_count(*, member: Member) -> int:
    """How many threads hold something that this member has not read."""
    groups = readable_groups(member.coop_id, member)
    rows = Thread.objects.filter(coop_id=member.coop_id, group_id__in=groups)
    views = thread_views(list(rows.order_by("-last_at", "-id")[:PAGE]), member)
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


def thread_views(rows: Sequence[Thread], member: Member | None) -> tuple[ThreadView, ...]:
    """Frozen threads with the reader's unread counts, in a fixed number of queries."""
    if not rows:
        return ()
    ids = [row.id for row in rows]
    coop_id = rows[0].coop_id
    names = member_names(coop_id=coop_id, member_ids={row.author_member_id for row in rows})
    counts = counts_of(coop_id, ids, member)
    marked = set(
        ReadMark.objects.filter(
            coop_id=coop_id, thread_id__in=ids, member_id=member.member_id
        ).values_list("thread_id", flat=True)
        if member
        else ids
    )
    return tuple(
        ThreadView(
            id=row.id,
            coop_id=row.coop_id,
            group_id=row.group_id,
            title=row.title,
            body=row.body,
            html=safe_html(row.body),
            author_member_id=row.author_member_id,
            author_name=names[row.author_member_id],
            opened_at=row.opened_at,
            edited_at=row.edited_at,
            last_at=row.last_at,
            comments_count=counts[row.id][0],
            unread_count=counts[row.id][1],
            is_new=row.id not in marked,
            is_locked=row.is_locked,
            is_pinned=row.is_pinned,
        )
        for row in rows
    )


def counts_of(
    coop_id: UUID, thread_ids: Collection[UUID], member: Member | None
) -> dict[UUID, tuple[int, int]]:
    """By thread: how many comments it has, and how many of them this reader has not read."""
    counts = dict.fromkeys(thread_ids, (0, 0))
    given: dict[str, Any] = {
        "coop_id": coop_id,
        "thread_ids": list(thread_ids),
        "member_id": member.member_id if member else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(UNREAD_SQL, given)
        for thread_id, count, unread in cursor:
            counts[thread_id] = (count, unread)
    return counts


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
