"""Members talk: who reads, who writes, what stays of an edit, what is new to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from commonpurse.discussion.selectors import (
    comment_list,
    revision_list,
    thread_list,
    thread_view,
    threads_unread_count,
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
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible, PurseError
from commonpurse.groups.selectors import Member
from commonpurse.groups.services import group_make, member_leave, person_erase, role_grant
from commonpurse.notices.selectors import notice_list
from commonpurse.record.ids import new_id
from commonpurse.record.selectors import pending_count
from commonpurse.record.services import SYSTEM
from tests.world import World, world

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def refused(
    error: type[PurseError], code: str, deed: Callable[..., object], **facts: Any
) -> PurseError:
    with pytest.raises(error) as caught:
        deed(**facts)
    assert caught.value.code == code
    return caught.value


def opened(here: World, *, by: Member | None = None, **facts: Any) -> ThreadView:
    given: dict[str, Any] = {
        "group_id": here.coop_id,
        "title": "Which backups?",
        "body": "Ours end in *October*.",
        "actor": by or here.ann,
        "at": here.at,
    }
    return thread_open(**(given | facts))


def said(
    thread: ThreadView, by: Member, body: str, hours: int, parent_id: UUID | None = None
) -> CommentView:
    return comment_add(
        thread_id=thread.id,
        parent_id=parent_id,
        body=body,
        actor=by,
        at=thread.opened_at + hours * HOUR,
    )


def seen(thread: ThreadView, by: Member | None) -> ThreadView:
    return thread_view(coop_id=thread.coop_id, thread_id=thread.id, member=by)


def test_a_talk_reads_comment_by_comment_each_with_its_replies() -> None:
    here = world()
    thread = opened(here)
    first = said(thread, here.bo, "Brine Backup is cheap.", 1)
    said(thread, here.cy, "And who has used it?", 2)
    reply = said(thread, here.ann, "How cheap?", 3, parent_id=first.id)
    said(thread, here.bo, "€71.60 for forty.", 4, parent_id=reply.id)
    assert [(item.author_name, item.parent_id) for item in comment_list(thread_id=thread.id)] == [
        ("Bo", None),
        ("Ann", first.id),
        ("Bo", first.id),
        ("Cy", None),
    ]
    shown = seen(thread, here.cy)
    assert (shown.html, shown.comments_count) == ("<p>Ours end in <em>October</em>.</p>", 4)
    assert shown.last_at == here.at + 4 * HOUR


def test_what_others_said_is_unread_until_it_is_read() -> None:
    here = world()
    thread = opened(here)
    said(thread, here.bo, "One.", 1)
    said(thread, here.cy, "Two.", 2)
    assert (seen(thread, here.cy).is_new, seen(thread, here.cy).unread_count) == (True, 1)
    assert (seen(thread, here.ann).is_new, seen(thread, here.ann).unread_count) == (False, 2)
    assert threads_unread_count(member=here.cy) == 1

    thread_read(thread_id=thread.id, actor=here.cy, at=here.at + 3 * HOUR)
    assert (seen(thread, here.cy).is_new, seen(thread, here.cy).unread_count) == (False, 0)
    assert threads_unread_count(member=here.cy) == 0

    said(thread, here.bo, "Three.", 4)
    assert seen(thread, here.cy).unread_count == 1
    thread_read(thread_id=thread.id, actor=here.cy, at=here.at + HOUR)
    assert seen(thread, here.cy).unread_count == 1, "a mark never moves back"


def test_an_edit_keeps_what_was_said_before() -> None:
    here = world()
    thread = opened(here)
    comment = said(thread, here.bo, "Brine Backup.", 1)
    when = here.at + 2 * HOUR
    changed = comment_edit(comment_id=comment.id, body="Salt Backup.", actor=here.bo, at=when)
    assert (changed.body, changed.edited_at) == ("Salt Backup.", when)
    thread_edit(thread_id=thread.id, title="Backups", body="", actor=here.ann, at=when)

    facts: dict[str, Any] = {
        "coop_id": here.coop_id,
        "thread_id": thread.id,
        "member": here.cy,
    }
    [said_before] = revision_list(**facts, comment_id=comment.id)
    assert (said_before.body, said_before.until) == ("Brine Backup.", when)
    [was] = revision_list(**facts)
    assert (was.title, was.body) == ("Which backups?", "Ours end in *October*.")


def test_the_same_text_again_is_no_edit() -> None:
    here = world()
    comment = said(opened(here), here.bo, "Brine Backup.", 1)
    same = comment_edit(
        comment_id=comment.id, body=" Brine Backup. \r\n", actor=here.bo, at=here.at + 2 * HOUR
    )
    assert same.edited_at is None


def test_only_the_author_edits_and_only_author_or_facilitator_takes_away() -> None:
    here = world()
    thread = opened(here)
    comment = said(thread, here.bo, "Rather not.", 1)
    when = here.at + 2 * HOUR
    facts: dict[str, Any] = {"comment_id": comment.id, "at": when}
    for other in (here.ann, here.cy):
        refused(NotAllowed, "not_author", comment_edit, **facts, body="I agree!", actor=other)
    refused(NotAllowed, "not_author", comment_discard, **facts, actor=here.cy)
    helper = role_grant(
        coop_id=here.coop_id,
        member_id=here.cy.member_id,
        role="facilitator",
        actor=here.ann,
        at=when,
    )
    gone = comment_discard(**facts, actor=helper)
    assert (gone.is_discarded, gone.body, gone.html) == (True, "", "")
    assert comment_discard(**facts, actor=helper) == gone, "twice is once"
    assert (
        revision_list(
            coop_id=here.coop_id, thread_id=thread.id, member=here.ann, comment_id=comment.id
        )
        == ()
    )
    refused(NotPossible, "discarded", comment_edit, **facts, body="Back.", actor=here.bo)
    shown = seen(thread, here.ann)
    assert (shown.comments_count, shown.unread_count) == (0, 0)


def test_an_ended_discussion_is_read_and_not_continued() -> None:
    here = world()
    thread = opened(here, by=here.cy)
    comment = said(thread, here.cy, "Well?", 1)
    when = here.at + 2 * HOUR
    locking: dict[str, Any] = {"thread_id": thread.id, "is_locked": True, "at": when}
    refused(NotAllowed, "not_facilitator", thread_lock, **locking, actor=here.cy)
    assert thread_lock(**locking, actor=here.ann).is_locked
    talk: dict[str, Any] = {"body": "More.", "actor": here.cy, "at": when}
    refused(NotPossible, "thread_locked", comment_add, thread_id=thread.id, **talk)
    refused(NotPossible, "thread_locked", comment_edit, comment_id=comment.id, **talk)
    assert not thread_lock(**(locking | {"is_locked": False}), actor=here.ann).is_locked
    assert comment_add(thread_id=thread.id, **talk).body == "More."


def test_who_reads_follows_the_visibility_of_group_and_coop() -> None:
    here = world()
    places: dict[str, ThreadView] = {"coop": opened(here)}
    for visibility in ("open", "closed", "secret"):
        group = group_make(
            member=here.ann,
            name=f"The {visibility} one",
            slug=f"{visibility}-one",
            visibility=visibility,
            at=here.at,
        )
        places[visibility] = opened(here, group_id=group.group_id)

    def readable(reader: Member | None) -> set[str]:
        listed = {item.id for item in thread_list(coop_id=here.coop_id, member=reader)}
        found = set()
        for name, thread in places.items():
            try:
                seen(thread, reader)
            except NotFound:
                assert thread.id not in listed
            else:
                assert thread.id in listed
                found.add(name)
        return found

    assert readable(here.ann) == {"coop", "open", "closed", "secret"}
    assert readable(here.cy) == {"coop", "open"}
    assert readable(None) == {"coop", "open"}

    talk: dict[str, Any] = {"body": "May I?", "actor": here.cy, "at": here.at}
    refused(NotAllowed, "not_in_group", comment_add, thread_id=places["open"].id, **talk)
    for name in ("closed", "secret"):
        refused(NotFound, "no_thread", comment_add, thread_id=places[name].id, **talk)
        refused(
            NotFound, "no_thread", thread_read, thread_id=places[name].id, actor=here.cy, at=here.at
        )


@pytest.mark.parametrize(("visibility", "shown"), [("open", 1), ("closed", 0)])
def test_visitors_read_only_where_the_coop_is_open(visibility: str, shown: int) -> None:
    here = world(visibility=visibility)
    opened(here)
    assert len(thread_list(coop_id=here.coop_id, member=None)) == shown
    assert len(thread_list(coop_id=here.coop_id, member=here.cy)) == 1


def test_another_coops_threads_are_not_there() -> None:
    here, there = world(), world(slug="other-bill")
    thread = opened(here)
    comment = said(thread, here.bo, "Ours.", 1)
    stranger: dict[str, Any] = {"actor": there.ann, "at": here.at}
    refused(NotFound, "no_thread", comment_add, thread_id=thread.id, body="Hello.", **stranger)
    refused(NotFound, "no_comment", comment_discard, comment_id=comment.id, **stranger)
    other = opened(there)
    refused(
        NotFound,
        "no_comment",
        comment_add,
        thread_id=other.id,
        parent_id=comment.id,
        body="An answer across.",
        **stranger,
    )


def test_whoever_left_says_no_more() -> None:
    here = world()
    thread = opened(here)
    member_leave(member=here.cy, at=here.at + HOUR)
    refused(
        NotAllowed,
        "not_member",
        comment_add,
        thread_id=thread.id,
        body="One more thing.",
        actor=here.cy,
        at=here.at + 2 * HOUR,
    )


def test_an_erased_member_leaves_words_without_a_name_and_no_marks() -> None:
    here = world()
    thread = opened(here)
    comment = said(thread, here.cy, "Count me in.", 1)
    thread_read(thread_id=thread.id, actor=here.cy, at=here.at + HOUR)
    comment_react(
        comment_id=comment.id, kind="support", is_on=True, actor=here.cy, at=here.at + HOUR
    )
    person_erase(person_id=here.cy.person_id, actor=SYSTEM, at=here.at + 2 * HOUR)
    [shown] = comment_list(thread_id=thread.id)
    assert (shown.author_name, shown.body, shown.reactions) == (
        "Former member",
        "Count me in.",
        (),
    )


def test_a_sign_counts_once_and_can_be_taken_back() -> None:
    here = world()
    comment = said(opened(here), here.bo, "Done.", 1)
    facts: dict[str, Any] = {"comment_id": comment.id, "at": here.at + HOUR}
    for member in (here.ann, here.ann, here.cy):
        shown = comment_react(**facts, kind="thanks", is_on=True, actor=member)
    [sign] = shown.reactions
    assert (sign.kind, len(sign.member_ids)) == ("thanks", 2)
    shown = comment_react(**facts, kind="thanks", is_on=False, actor=here.ann)
    assert shown.reactions[0].member_ids == (here.cy.member_id,)
    refused(
        Invalid, "reaction_wrong", comment_react, **facts, kind="boo", is_on=True, actor=here.ann
    )


def test_who_is_answered_gets_a_notice_and_nobody_else() -> None:
    here = world()
    thread = opened(here)
    comment = said(thread, here.bo, "Brine Backup.", 1)
    said(thread, here.cy, "Agreed.", 2, parent_id=comment.id)

    def told(member: Member) -> list[str]:
        return [item.subject for item in notice_list(person_id=member.person_id)]

    assert told(here.ann) == [
        "Cy answered in “Which backups?”",
        "Bo answered in “Which backups?”",
    ]
    assert told(here.bo) == ["Cy answered in “Which backups?”"]
    assert told(here.cy) == told(here.eve) == []


def test_lists_go_on_where_they_stopped_with_pinned_threads_first() -> None:
    here = world()
    threads = [
        opened(here, title=f"Thread {number}", at=here.at + number * HOUR) for number in range(5)
    ]
    thread_pin(thread_id=threads[0].id, is_pinned=True, actor=here.ann, at=here.at + 6 * HOUR)
    first = thread_list(coop_id=here.coop_id, member=here.cy, limit=2)
    assert [item.title for item in first] == ["Thread 0", "Thread 4", "Thread 3"]
    rest = thread_list(coop_id=here.coop_id, member=here.cy, before=first[-1].cursor)
    assert [item.title for item in rest] == ["Thread 2", "Thread 1"]

    for number in range(5):
        said(threads[1], here.bo, f"Comment {number}", number)
    page = comment_list(thread_id=threads[1].id, limit=3)
    after = comment_list(thread_id=threads[1].id, after=page[-1].cursor)
    assert [item.body for item in (*page, *after)] == [f"Comment {number}" for number in range(5)]
    for wrong in ("", "nonsense", "2026-03-02T12:00:00_" + str(new_id()), f"x_{new_id()}"):
        refused(
            Invalid, "cursor_wrong", thread_list, coop_id=here.coop_id, member=None, before=wrong
        )


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"title": " \n "}, "title_empty"),
        ({"title": "x" * 151}, "title_long"),
        ({"body": "x" * 20_001}, "body_long"),
    ],
)
def test_a_thread_needs_a_bearable_title_and_body(facts: dict[str, str], code: str) -> None:
    refused(Invalid, code, opened, here=world(), **facts)


def test_a_comment_says_something() -> None:
    here = world()
    thread = opened(here)
    facts: dict[str, Any] = {"thread_id": thread.id, "actor": here.bo, "at": here.at}
    refused(Invalid, "body_empty", comment_add, **facts, body=" \x00 ")
    refused(Invalid, "body_long", comment_add, **facts, body="x" * 20_001)


def test_a_long_list_takes_as_many_queries_as_a_short_one(django_assert_max_num_queries) -> None:
    here = world()
    for number in range(12):
        said(opened(here, title=f"Thread {number}"), here.bo, "Yes.", 1)
    with django_assert_max_num_queries(10):
        assert len(thread_list(coop_id=here.coop_id, member=here.cy)) == 12


def test_nothing_that_is_said_reaches_the_public_record() -> None:
    here = world()
    before = pending_count(here.coop_id)
    thread = opened(here)
    comment = said(thread, here.bo, "Between us.", 1)
    comment_discard(comment_id=comment.id, actor=here.bo, at=here.at + 2 * HOUR)
    assert pending_count(here.coop_id) == before
