"""What is being talked about: threads, and the timeline of one with its comments and decisions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.decisions.selectors import DecisionView, decision_list
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
    thread_open,
    thread_read,
)
from commonpurse.discussion.values import CommentView
from commonpurse.errors import Invalid, NotPossible
from commonpurse.web.forms import PurseForm
from commonpurse.web.visit import Visit, Who, page

PAGE = 30


class ThreadForm(PurseForm):
    """What shall be talked about."""

    title = forms.CharField(
        label=gettext_lazy("What is it about?"),
        help_text=gettext_lazy("A question works well: “Where do our documents live next year?”"),
        max_length=150,
        error_messages={
            "required": gettext_lazy("Say what it is about"),
            "max_length": gettext_lazy("Shorten it to %(limit_value)d characters"),
        },
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    body = forms.CharField(
        label=gettext_lazy("What should everybody know?"),
        required=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 8}),
    )


class CommentForm(PurseForm):
    """Something to say."""

    body = forms.CharField(
        label=gettext_lazy("Your comment"),
        error_messages={"required": gettext_lazy("Write something")},
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 4}),
    )
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline: something said, or a decision that opened or closed."""

    at: datetime
    comment: CommentView | None = None
    opened: DecisionView | None = None
    closed: DecisionView | None = None


@page(Who.MEMBER)
def threads(visit: Visit) -> HttpResponse:
    """Pinned threads, then the latest said."""
    found = thread_list(
        coop_id=visit.coop.coop_id,
        member=visit.member,
        before=visit.request.GET.get("before"),
        limit=PAGE,
    )
    others = [each for each in found if not each.is_pinned]
    older = others[-1].cursor if len(others) == PAGE else ""
    context = {"here": "threads", "threads": found, "older": older}
    return visit.show("discussion/threads.html", context)


@page(Who.MEMBER, "GET", "POST")
def thread_new(visit: Visit) -> HttpResponse:
    """Begin a thread."""
    form = ThreadForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            made = thread_open(
                group_id=visit.coop.coop_id,
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                actor=visit.member,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("thread", made.id)
    return visit.show_form("discussion/thread_new.html", form, {"here": "threads"})


@page(Who.MEMBER, "GET", "POST")
def thread(visit: Visit, thread_id: UUID) -> HttpResponse:
    """A thread with its timeline, and saying something in it."""
    shown = thread_view(coop_id=visit.coop.coop_id, thread_id=thread_id, member=visit.member)
    form = CommentForm.of(visit, initial={"parent": visit.request.GET.get("reply")})
    if visit.is_post and form.is_valid():
        try:
            made = comment_add(
                thread_id=thread_id,
                parent_id=form.cleaned_data["parent"],
                body=form.cleaned_data["body"],
                actor=visit.member,
                at=visit.at,
            )
            thread_read(thread_id=thread_id, actor=visit.member, at=visit.at)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            answer = visit.go_here("thread", thread_id)
            answer["Location"] += f"?new={made.id}#c-{made.id}" if visit.part else f"#c-{made.id}"
            return answer
    decisions: tuple[DecisionView, ...] = ()
    if visit.part == "write":
        comments = new_comment(visit, thread_id)
    else:
        comments = comment_list(thread_id=thread_id, after=visit.request.GET.get("after"))
        decisions = decision_list(coop_id=visit.coop.coop_id, thread_id=thread_id)
    answered = next(
        (each for each in comments if str(each.id) == visit.request.GET.get("reply")), None
    )
    return visit.show_form(
        "discussion/thread.html",
        form,
        {
            "here": "threads",
            "thread": shown,
            "timeline": timeline(comments, decisions),
            "decisions": decisions,
            "answered": answered,
        },
        parts=("write",),
    )


def new_comment(visit: Visit, thread_id: UUID) -> tuple[CommentView, ...]:
    """The comment that the form below a thread has just brought; none when it was refused."""
    try:
        comment_id = UUID(visit.request.GET.get("new", ""))
    except ValueError:
        return ()
    found = comment_by_id(coop_id=visit.coop.coop_id, comment_id=comment_id, member=visit.member)
    return (found,) if found.thread_id == thread_id else ()


def timeline(
    comments: tuple[CommentView, ...], decisions: tuple[DecisionView, ...]
) -> list[Moment]:
    """Comments with their replies below them, and decisions, in the order in which they came."""
    known = {each.id for each in comments}
    replies: dict[UUID | None, list[CommentView]] = {}
    for comment in comments:
        if comment.parent_id in known:
            replies.setdefault(comment.parent_id, []).append(comment)
    heads = [Moment(at=each.at, comment=each) for each in comments if each.parent_id not in known]
    heads += [Moment(at=each.opens_at, opened=each) for each in decisions]
    heads += [Moment(at=each.result.at, closed=each) for each in decisions if each.result]
    found: list[Moment] = []
    for head in sorted(heads, key=lambda each: each.at):
        found.append(head)
        if head.comment is not None:
            found += [Moment(at=each.at, comment=each) for each in replies.get(head.comment.id, [])]
    return found


@page(Who.MEMBER, "POST")
def thread_seen(visit: Visit, thread_id: UUID) -> HttpResponse:
    """Mark a thread as read."""
    thread_read(thread_id=thread_id, actor=visit.member, at=visit.at)
    return visit.go_here("thread_list", said=_("Marked as read."))


@page(Who.MEMBER, "GET", "POST")
def comment_change(visit: Visit, comment_id: UUID) -> HttpResponse:
    """Change one's own comment; what it said before stays readable."""
    comment = comment_by_id(coop_id=visit.coop.coop_id, comment_id=comment_id, member=visit.member)
    form = CommentForm.of(visit, initial={"body": comment.body})
    if visit.is_post and form.is_valid():
        try:
            comment_edit(
                comment_id=comment_id,
                body=form.cleaned_data["body"],
                actor=visit.member,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("thread", comment.thread_id, said=_("Your comment is changed."))
    context = {"here": "threads", "comment": comment}
    return visit.show_form("discussion/comment.html", form, context)


@page(Who.MEMBER, "GET", "POST")
def comment_drop(visit: Visit, comment_id: UUID) -> HttpResponse:
    """Take a comment away, after asking."""
    comment = comment_by_id(coop_id=visit.coop.coop_id, comment_id=comment_id, member=visit.member)
    if visit.is_post:
        comment_discard(comment_id=comment_id, actor=visit.member, at=visit.at)
        return visit.go_here("thread", comment.thread_id, said=_("The comment is taken away."))
    return visit.show("discussion/discard.html", {"here": "threads", "comment": comment})
