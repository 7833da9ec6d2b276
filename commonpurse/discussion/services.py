"""Writes of threads and comments. Each takes the member who acts; none reaches the public record.

Whoever changes a thread queues at its own row, so that a thread is not locked under a comment.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.discussion.access import is_readable, may_write
from commonpurse.discussion.models import (
    BODY_MAX,
    TITLE_MAX,
    Comment,
    Reaction,
    ReadMark,
    Revision,
    Thread,
)
from commonpurse.discussion.selectors import comment_views, thread_told
from commonpurse.discussion.values import CommentView, ThreadView
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import (
    Member,
    group_view,
    member_by_id,
    member_persons,
)
from commonpurse.notices.services import notice_add
from commonpurse.record.ids import new_id
from commonpurse.record.services import audit_add
from commonpurse.rules.texts import is_seen, tidied
from commonpurse.say import Said, say

KEEPERS = ("facilitator", "coordinator")
SUBJECT_TITLE_MAX = 80


@transaction.atomic
def thread_open(
    *, group_id: UUID, title: str, body: str, actor: Member, at: datetime
) -> ThreadView:
    """Open a thread in a group that one belongs to; a co-op's own group has the co-op's id.

    Raises NotFound `no_group`, NotAllowed `not_in_group`, Invalid `title_empty`, `title_long` or
    `body_long`.
    """
    check_speaker(actor, group_id)
    row = Thread.objects.create(
        id=new_id(),
        coop_id=actor.coop_id,
        group_id=group_id,
        title=title_clean(title),
        body=body_clean(body, is_needed=False),
        author_member_id=actor.member_id,
        opened_at=at,
        last_at=at,
    )
    mark_move(row, actor, at)
    audit_add(actor.actor, "thread_open", coop_id=row.coop_id, subject_id=row.id, at=at)
    return thread_told(row.id, actor)


@transaction.atomic
def thread_edit(
    *, thread_id: UUID, title: str, body: str, actor: Member, at: datetime
) -> ThreadView:
    """Change what a thread is called and about; what it said before stays as a revision.

    The author, facilitators and coordinators do it. Raises NotFound, NotAllowed `not_author`,
    NotPossible `thread_locked`, Invalid as `thread_open`.
    """
    row = thread_locked(thread_id, actor)
    check_keeper(
        actor,
        row.author_member_id,
        say("Only its author, a facilitator or a coordinator changes this thread."),
    )
    check_unlocked(row)
    fresh = (title_clean(title), body_clean(body, is_needed=False))
    if fresh != (row.title, row.body):
        Revision.objects.create(
            id=new_id(), coop_id=row.coop_id, thread=row, title=row.title, body=row.body, at=at
        )
        row.title, row.body = fresh
        row.edited_at = at
        row.save()
    audit_add(actor.actor, "thread_edit", coop_id=row.coop_id, subject_id=row.id, at=at)
    return thread_told(row.id, actor)


@transaction.atomic
def thread_lock(*, thread_id: UUID, is_locked: bool, actor: Member, at: datetime) -> ThreadView:
    """End a discussion, or let it go on. Facilitators and coordinators do it. Twice is once.

    Raises NotFound, NotAllowed `not_facilitator`.
    """
    row = thread_locked(thread_id, actor)
    check_facilitator(actor)
    row.is_locked = is_locked
    row.save(update_fields=["is_locked"])
    audit_add(
        actor.actor,
        "thread_lock",
        coop_id=row.coop_id,
        subject_id=row.id,
        at=at,
        is_locked=is_locked,
    )
    return thread_told(row.id, actor)


@transaction.atomic
def thread_pin(*, thread_id: UUID, is_pinned: bool, actor: Member, at: datetime) -> ThreadView:
    """Keep a thread at the top of the list, or no longer. As `thread_lock`."""
    row = thread_locked(thread_id, actor)
    check_facilitator(actor)
    row.is_pinned = is_pinned
    row.save(update_fields=["is_pinned"])
    audit_add(
        actor.actor,
        "thread_pin",
        coop_id=row.coop_id,
        subject_id=row.id,
        at=at,
        is_pinned=is_pinned,
    )
    return thread_told(row.id, actor)


@transaction.atomic
def thread_read(*, thread_id: UUID, actor: Member, at: datetime) -> ThreadView:
    """Remember that this member has read everything up to `at`; never less than before."""
    row = Thread.objects.filter(coop_id=actor.coop_id, id=thread_id).first()
    if row is None or not is_readable(row.coop_id, row.group_id, actor):
        raise no_thread()
    if mark_move(row, actor, at):
        audit_add(actor.actor, "thread_read", coop_id=row.coop_id, subject_id=row.id, at=at)
    return thread_told(row.id, actor)


@transaction.atomic
def comment_add(
    *, thread_id: UUID, body: str, actor: Member, at: datetime, parent_id: UUID | None = None
) -> CommentView:
    """Say something in a thread, or in reply to one of its comments.

    Those whom it answers get a notice. A reply to a reply stands beside it, below the same
    comment. Raises NotFound `no_thread` or `no_comment`, NotAllowed `not_in_group`, NotPossible
    `thread_locked`, Invalid `body_empty` or `body_long`.
    """
    thread = thread_locked(thread_id, actor)
    check_speaker(actor, thread.group_id)
    check_unlocked(thread)
    answered = parent_of(thread, parent_id)
    row = Comment.objects.create(
        id=new_id(),
        coop_id=thread.coop_id,
        thread=thread,
        parent_id=(answered.parent_id or answered.id) if answered else None,
        author_member_id=actor.member_id,
        body=body_clean(body, is_needed=True),
        at=at,
    )
    if at > thread.last_at:
        thread.last_at = at
        thread.save(update_fields=["last_at"])
    answered_tell(row, thread, answered, actor, at)
    audit_add(actor.actor, "comment_add", coop_id=row.coop_id, subject_id=row.id, at=at)
    return comment_views([row])[0]


@transaction.atomic
def comment_edit(*, comment_id: UUID, body: str, actor: Member, at: datetime) -> CommentView:
    """Change one's own comment; what it said before stays as a revision.

    Raises NotFound, NotAllowed `not_author`, NotPossible `thread_locked` or `discarded`, Invalid.
    """
    row = comment_locked(comment_id, actor)
    if row.author_member_id != actor.member_id:
        raise NotAllowed("not_author", "Only its author changes a comment. Answer it instead.")
    check_unlocked(row.thread)
    if row.discarded_at is not None:
        raise NotPossible("discarded", "This comment was taken away. Write a new one.")
    fresh = body_clean(body, is_needed=True)
    if fresh != row.body:
        Revision.objects.create(
            id=new_id(),
            coop_id=row.coop_id,
            thread_id=row.thread_id,
            comment=row,
            body=row.body,
            at=at,
        )
        row.body = fresh
        row.edited_at = at
        row.save()
    audit_add(actor.actor, "comment_edit", coop_id=row.coop_id, subject_id=row.id, at=at)
    return comment_views([row])[0]


@transaction.atomic
def comment_discard(*, comment_id: UUID, actor: Member, at: datetime) -> CommentView:
    """Take a comment away: its place stays, its words are no longer shown. Twice is once.

    The author, facilitators and coordinators do it. Raises NotFound, NotAllowed `not_author`.
    """
    row = comment_locked(comment_id, actor)
    check_keeper(
        actor,
        row.author_member_id,
        say("Only its author, a facilitator or a coordinator takes this comment away."),
    )
    if row.discarded_at is None:
        row.discarded_at = at
        row.discarded_by_member_id = actor.member_id
        row.save()
    audit_add(actor.actor, "comment_discard", coop_id=row.coop_id, subject_id=row.id, at=at)
    return comment_views([row])[0]


@transaction.atomic
def comment_react(
    *, comment_id: UUID, kind: str, is_on: bool, actor: Member, at: datetime
) -> CommentView:
    """Leave a sign at a comment, or take it back. Twice is once.

    Raises NotFound, NotAllowed `not_in_group`, NotPossible `discarded`, Invalid `reaction_wrong`.
    """
    row = comment_locked(comment_id, actor)
    check_speaker(actor, row.thread.group_id)
    if kind not in Reaction.Kind.values:
        raise Invalid("reaction_wrong", "Choose one of the signs shown.", field="kind")
    if row.discarded_at is not None:
        raise NotPossible("discarded", "This comment was taken away.")
    same = {"comment": row, "coop_id": row.coop_id, "member_id": actor.member_id, "kind": kind}
    if is_on:
        Reaction.objects.get_or_create(**same, defaults={"id": new_id()})
    else:
        Reaction.objects.filter(**same).delete()
    audit_add(
        actor.actor, "comment_react", coop_id=row.coop_id, subject_id=row.id, at=at, kind=kind
    )
    return comment_views([row])[0]


def thread_locked(thread_id: UUID, actor: Member) -> Thread:
    """The thread's row, ours until the transaction ends. Raises NotFound for who may not read."""
    rows = Thread.objects.select_for_update().filter(coop_id=actor.coop_id, id=thread_id)
    row = rows.first()
    if row is None or not is_readable(row.coop_id, row.group_id, actor):
        raise no_thread()
    check_member(actor)
    return row


def comment_locked(comment_id: UUID, actor: Member) -> Comment:
    """The comment, with its thread's row ours until the transaction ends. Raises NotFound."""
    known = Comment.objects.filter(coop_id=actor.coop_id, id=comment_id).first()
    if known is None:
        raise no_comment()
    thread = thread_locked(known.thread_id, actor)
    row = Comment.objects.get(id=comment_id)
    row.thread = thread
    return row


def parent_of(thread: Thread, parent_id: UUID | None) -> Comment | None:
    """The comment that is answered. Raises NotFound when it is not of this thread."""
    if parent_id is None:
        return None
    row = thread.comments.filter(id=parent_id).first()
    if row is None:
        raise no_comment()
    return row


def answered_tell(
    row: Comment, thread: Thread, answered: Comment | None, actor: Member, at: datetime
) -> None:
    """Leave a notice for the thread's author and for the author of the comment answered."""
    told = {thread.author_member_id} | ({answered.author_member_id} if answered else set())
    told -= {actor.member_id}
    members = [one for one in told if member_by_id(coop_id=row.coop_id, member_id=one)]
    if not members:
        return
    title = thread.title
    if len(title) > SUBJECT_TITLE_MAX:
        title = title[: SUBJECT_TITLE_MAX - 1] + "…"
    notice_add(
        coop_id=row.coop_id,
        person_ids=list(member_persons(coop_id=row.coop_id, member_ids=members).values()),
        kind="comment",
        subject=say("%(name)s answered in “%(title)s”", name=actor.name, title=title),
        path=f"/c/{actor.coop_slug}/threads/{thread.id}/#comment-{row.id}",
        key=f"comment:{row.id}",
        actor=actor.actor,
        at=at,
    )


def mark_move(thread: Thread, actor: Member, at: datetime) -> bool:
    """Move the member's mark forward to `at`; whether it moved past something said since."""
    mark, is_first = ReadMark.objects.get_or_create(
        coop_id=thread.coop_id,
        thread=thread,
        member_id=actor.member_id,
        defaults={"id": new_id(), "read_at": at},
    )
    if is_first or mark.read_at >= at:
        return is_first
    was_behind = mark.read_at < thread.last_at
    ReadMark.objects.filter(id=mark.id, read_at__lt=at).update(read_at=at)
    return was_behind


def check_member(actor: Member) -> None:
    """Raise NotAllowed for who has left meanwhile."""
    if member_by_id(coop_id=actor.coop_id, member_id=actor.member_id) is None:
        raise NotAllowed("not_member", "Only members take part in discussions.")


def check_speaker(actor: Member, group_id: UUID) -> None:
    """Raise NotFound or NotAllowed unless this member speaks in the group."""
    check_member(actor)
    group = group_view(coop_id=actor.coop_id, group_id=group_id)
    if not is_readable(actor.coop_id, group_id, actor):
        raise NotFound("no_group", "There is no such group here.")
    if not may_write(group, actor):
        raise NotAllowed("not_in_group", "Join %(name)s first to take part in it.", name=group.name)


def check_facilitator(actor: Member) -> None:
    """Raise NotAllowed unless this member keeps the discussions."""
    if not any(actor.has_role(role) for role in KEEPERS):
        raise NotAllowed("not_facilitator", "Only a facilitator or a coordinator does this.")


def check_keeper(actor: Member, author_member_id: UUID, refusal: Said) -> None:
    """Raise NotAllowed unless this member wrote it or keeps the discussions."""
    if actor.member_id == author_member_id:
        return
    if not any(actor.has_role(role) for role in KEEPERS):
        raise NotAllowed("not_author", refusal)


def check_unlocked(thread: Thread) -> None:
    """Raise NotPossible for a discussion that was ended."""
    if thread.is_locked:
        raise NotPossible("thread_locked", "This discussion was ended. Open a new thread.")


def title_clean(text: str) -> str:
    """One line that says what a thread is about."""
    cleaned = " ".join(text.replace("\x00", "").split())
    if not is_seen(cleaned):
        raise Invalid("title_empty", "Write a title.", field="title")
    if len(cleaned) > TITLE_MAX:
        raise Invalid(
            "title_long",
            "Shorten the title to %(title_max)s characters.",
            field="title",
            title_max=TITLE_MAX,
        )
    return cleaned


def body_clean(text: str, *, is_needed: bool) -> str:
    """What somebody says, of a bearable length."""
    cleaned = tidied(text)
    if not is_seen(cleaned):
        if is_needed:
            raise Invalid("body_empty", "Write something.", field="body")
        return ""
    if len(cleaned) > BODY_MAX:
        raise Invalid(
            "body_long", "Shorten it to %(body_max)s characters.", field="body", body_max=BODY_MAX
        )
    return cleaned


def no_thread() -> NotFound:
    """There is no such thread for this person."""
    return NotFound("no_thread", "There is no such thread, or it is not open to you.")


def no_comment() -> NotFound:
    """There is no such comment for this person."""
    return NotFound("no_comment", "There is no such comment, or it is not open to you.")
