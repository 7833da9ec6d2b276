"""Threads and comments."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, cursor_read, cursor_write
from commonpurse.api.schemas.talk import (
    Comment,
    CommentEdit,
    CommentIn,
    FlagIn,
    ReactionIn,
    Thread,
    ThreadEdit,
    ThreadIn,
)
from commonpurse.discussion.selectors import (
    comment_by_id,
    comment_list,
    thread_list,
    thread_view,
)
from commonpurse.discussion.services import (
    comment_add,
    comment_discard,
    comment_edit,
    comment_react,
    thread_edit,
    thread_lock,
    thread_open,
    thread_pin,
    thread_read,
)
from commonpurse.discussion.values import CommentView, ThreadView

router = Router(tags=["talk"])


def thread_here(call: Call, thread_id: UUID) -> ThreadView:
    """A thread that the caller may read. Raises NotFound."""
    return thread_view(coop_id=call.coop_id, thread_id=thread_id, member=call.member)


def comment_here(call: Call, comment_id: UUID) -> CommentView:
    """A comment that the caller may read. Raises NotFound."""
    return comment_by_id(coop_id=call.coop_id, comment_id=comment_id, member=call.member)


@router.get("/coops/{slug:slug}/threads", response=Page[Thread], summary="Threads")
def threads(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 30
) -> dict[str, object]:
    """Pinned threads, then the latest said."""
    call = call_begin(request, slug)
    before = cursor_read(after, 1)[0] if after else None
    found = thread_list(coop_id=call.coop_id, member=call.member, before=before, limit=limit)
    others = [each for each in found if not each.is_pinned]
    following = cursor_write(others[-1].cursor) if len(others) >= limit else None
    return {"items": found, "next": following}


@router.post("/coops/{slug:slug}/threads", response={201: Thread}, summary="Open a thread")
@writes("talk", status=201)
def thread_new(request: HttpRequest, slug: str, given: ThreadIn) -> Thread:
    """Begin a thread in the co-op or in one of its groups."""
    call = call_begin(request, slug)
    made = thread_open(
        group_id=given.group_id or call.coop_id,
        title=given.title,
        body=given.body,
        actor=call.member,
        at=call.at,
    )
    return Thread.from_orm(made)


@router.get("/coops/{slug:slug}/threads/{thread_id}", response=Thread, summary="One thread")
def thread(request: HttpRequest, slug: str, thread_id: UUID) -> object:
    """A thread as you see it."""
    return thread_here(call_begin(request, slug), thread_id)


@router.put("/coops/{slug:slug}/threads/{thread_id}", response=Thread, summary="Edit a thread")
@writes("talk")
def thread_change(request: HttpRequest, slug: str, thread_id: UUID, given: ThreadEdit) -> Thread:
    """Change what a thread says; what it said before stays readable."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    made = thread_edit(
        thread_id=thread_id, title=given.title, body=given.body, actor=call.member, at=call.at
    )
    return Thread.from_orm(made)


@router.post(
    "/coops/{slug:slug}/threads/{thread_id}/lock", response=Thread, summary="End a discussion"
)
@writes("talk")
def thread_end(request: HttpRequest, slug: str, thread_id: UUID, given: FlagIn) -> Thread:
    """End a discussion, or open it again. For facilitators."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    made = thread_lock(thread_id=thread_id, is_locked=given.is_on, actor=call.member, at=call.at)
    return Thread.from_orm(made)


@router.post("/coops/{slug:slug}/threads/{thread_id}/pin", response=Thread, summary="Pin")
@writes("talk")
def thread_top(request: HttpRequest, slug: str, thread_id: UUID, given: FlagIn) -> Thread:
    """Keep a thread at the top, or let it go. For facilitators."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    made = thread_pin(thread_id=thread_id, is_pinned=given.is_on, actor=call.member, at=call.at)
    return Thread.from_orm(made)


@router.post("/coops/{slug:slug}/threads/{thread_id}/read", response=Thread, summary="Mark read")
@writes("talk")
def thread_seen(request: HttpRequest, slug: str, thread_id: UUID) -> Thread:
    """Note that you have read all of it."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    return Thread.from_orm(thread_read(thread_id=thread_id, actor=call.member, at=call.at))


@router.get(
    "/coops/{slug:slug}/threads/{thread_id}/comments", response=Page[Comment], summary="Comments"
)
def comments(
    request: HttpRequest,
    slug: str,
    thread_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """What was said, oldest first, replies after what they answer."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    start = cursor_read(after, 1)[0] if after else None
    found = comment_list(thread_id=thread_id, after=start, limit=limit)
    tops = [each for each in found if each.parent_id is None]
    following = cursor_write(tops[-1].cursor) if len(tops) >= limit else None
    return {"items": found, "next": following}


@router.post(
    "/coops/{slug:slug}/threads/{thread_id}/comments",
    response={201: Comment},
    summary="Say something",
)
@writes("talk", status=201)
def comment_new(request: HttpRequest, slug: str, thread_id: UUID, given: CommentIn) -> Comment:
    """Add a comment, or answer one."""
    call = call_begin(request, slug)
    thread_here(call, thread_id)
    made = comment_add(
        thread_id=thread_id,
        body=given.body,
        parent_id=given.parent_id,
        actor=call.member,
        at=call.at,
    )
    return Comment.from_orm(made)


@router.put("/coops/{slug:slug}/comments/{comment_id}", response=Comment, summary="Edit a comment")
@writes("talk")
def comment_change(
    request: HttpRequest, slug: str, comment_id: UUID, given: CommentEdit
) -> Comment:
    """Change your comment; what it said before stays readable."""
    call = call_begin(request, slug)
    comment_here(call, comment_id)
    made = comment_edit(comment_id=comment_id, body=given.body, actor=call.member, at=call.at)
    return Comment.from_orm(made)


@router.delete(
    "/coops/{slug:slug}/comments/{comment_id}", response=Comment, summary="Discard a comment"
)
@writes("talk")
def comment_drop(request: HttpRequest, slug: str, comment_id: UUID) -> Comment:
    """Take a comment away; that there was one stays visible."""
    call = call_begin(request, slug)
    comment_here(call, comment_id)
    made = comment_discard(comment_id=comment_id, actor=call.member, at=call.at)
    return Comment.from_orm(made)


@router.post(
    "/coops/{slug:slug}/comments/{comment_id}/reactions", response=Comment, summary="React"
)
@writes("talk")
def comment_sign(request: HttpRequest, slug: str, comment_id: UUID, given: ReactionIn) -> Comment:
    """Leave a sign at a comment, or take it away."""
    call = call_begin(request, slug)
    comment_here(call, comment_id)
    made = comment_react(
        comment_id=comment_id, kind=given.kind, is_on=given.is_on, actor=call.member, at=call.at
    )
    return Comment.from_orm(made)
