"""Who is told of what, once; in one statement however many they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonpurse.config import jobs
from commonpurse.decisions.services import (
    ballot_cast,
    decision_close,
    decision_tell,
    decisions_closing_tell_due,
    outcome_write,
)
from commonpurse.errors import NotFound
from commonpurse.groups.services import member_leave
from commonpurse.notices.selectors import notice_count_unread, notice_list
from commonpurse.notices.services import notice_add, notice_read
from commonpurse.record.ids import new_id
from commonpurse.record.services import SYSTEM
from tests.decisions.founding_world import asked, founded
from tests.world import NOON, person, world

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def subjects(member, kind=None):
    found = notice_list(person_id=member.person_id)
    return [each.subject for each in found if kind in (None, each.kind)]


def waiting(task):
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [args for (args,) in cursor.fetchall()]


def test_the_electorate_is_told_once_that_a_vote_opened():
    here = founded()
    vote = asked(here, at=NOON + DAY, question="Shall we meet?")
    assert f'"{vote.id}"' in str(waiting("decision_tell"))
    assert decision_tell(decision_id=vote.id, fact="opened", at=vote.opens_at) == 4
    assert decision_tell(decision_id=vote.id, fact="opened", at=vote.opens_at) == 0
    (notice,) = notice_list(person_id=here.cy.person_id)
    assert (notice.subject, notice.kind) == ("Vote: Shall we meet?", "decision_opened")
    assert notice.path == f"/c/{here.coop.slug}/decisions/{vote.number}/"
    assert "The vote closes" in notice.text


def test_who_joined_later_or_left_is_told_nothing():
    here = founded()
    vote = asked(here, at=NOON + DAY)
    member_leave(member=here.cy, at=NOON + DAY + HOUR)
    assert decision_tell(decision_id=vote.id, fact="opened", at=vote.opens_at) == 3
    assert subjects(here.cy) == []


def test_only_who_has_not_voted_is_reminded_within_a_day_and_once():
    here = founded()
    vote = asked(here, at=NOON + DAY)
    ballot_cast(decision_id=vote.id, choice="agree", reason="", actor=here.cy, at=NOON + DAY + HOUR)
    early = vote.closes_at - timedelta(hours=25)
    assert decisions_closing_tell_due(at=early) == 0
    assert decisions_closing_tell_due(at=vote.closes_at - timedelta(hours=23)) == 3
    assert decisions_closing_tell_due(at=vote.closes_at - timedelta(hours=22)) == 0
    assert subjects(here.cy, "decision_closing") == []
    assert subjects(here.ann, "decision_closing") == [f"You have not voted: {vote.question}"]


def test_a_vote_of_a_day_reminds_nobody():
    here = founded()
    at = NOON + DAY
    vote = asked(here, at=at, closes_at=at + DAY)
    assert decisions_closing_tell_due(at=vote.closes_at - HOUR) == 0


def test_a_result_and_an_outcome_are_told_with_their_words():
    here = founded()
    vote = asked(here, at=NOON + DAY)
    decision_close(decision_id=vote.id, actor=SYSTEM, at=vote.closes_at)
    decision_tell(decision_id=vote.id, fact="closed", at=vote.closes_at)
    (closed,) = notice_list(person_id=here.cy.person_id)
    assert closed.subject == f"No quorum: {vote.question}"
    assert "4 members could vote" in closed.text
    later = vote.closes_at + HOUR
    outcome_write(decision_id=vote.id, statement="We ask again.", actor=here.ann, at=later)
    jobs.decision_tell.func(decision_id=str(vote.id), fact="outcome", at=later.isoformat())
    newest = notice_list(person_id=here.cy.person_id)[0]
    assert (newest.subject, newest.text) == (f"Outcome: {vote.question}", "We ask again.")
    assert newest.at == later


def test_a_thousand_people_are_told_in_a_handful_of_statements():
    here = world()
    people = [person(f"Member {number}").person_id for number in range(200)]
    with CaptureQueriesContext(connection) as seen:
        told = notice_add(
            coop_id=here.coop_id,
            person_ids=people,
            kind="comment",
            subject="Hello",
            path="/",
            key="hello",
            actor=SYSTEM,
            at=NOON,
        )
    assert told == 200
    assert len(seen) <= 6


def many(here, count):
    for number in range(count):
        notice_add(
            coop_id=here.coop_id,
            person_ids=[here.cy.person_id],
            kind="comment",
            subject=f"Number {number}",
            path="/",
            key=f"n{number}",
            actor=SYSTEM,
            at=NOON + number * HOUR,
        )


def test_an_inbox_comes_in_pages_and_knows_only_its_own_notices():
    here = world()
    many(here, 5)
    first = notice_list(person_id=here.cy.person_id, limit=2)
    second = notice_list(person_id=here.cy.person_id, limit=2, before=first[-1].notice_id)
    shown = [each.subject for each in first + second]
    assert shown == ["Number 4", "Number 3", "Number 2", "Number 1"]
    for stranger in (here.di.person_id, here.ann.person_id):
        with pytest.raises(NotFound):
            notice_list(person_id=stranger, before=first[0].notice_id)
    with pytest.raises(NotFound):
        notice_list(person_id=here.cy.person_id, before=new_id())


def test_what_came_after_the_page_was_shown_stays_unread():
    here = world()
    many(here, 3)
    read = notice_read(
        person_id=here.cy.person_id, actor=here.cy.actor, at=NOON + DAY, until=NOON + HOUR
    )
    assert read == 2
    assert notice_count_unread(person_id=here.cy.person_id) == 1
