"""From a notice to a mail: at once, once a day, or never; and the way out of each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import Member
from commonpurse.groups.services import coop_make
from commonpurse.notices.models import Mail, Notice
from commonpurse.notices.post import SmtpPost
from commonpurse.notices.selectors import mail_latest, preference_list
from commonpurse.notices.services import (
    digests_write_due,
    mail_send_due,
    notice_add,
    notice_read,
    notices_post_due,
    preferences_set,
)
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from tests.notices.test_outbox import letterbox
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SIX = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
"""Six in the morning in Berlin, a winter's day after NOON."""
SEVEN = SIX + HOUR


def tell(coop_id, *people: Member, kind="comment", key="one", at=NOON, **facts: str):
    return notice_add(
        coop_id=coop_id,
        person_ids=[each.person_id for each in people],
        kind=kind,
        subject=f"<b>{kind}</b> {key}",
        path="/c/shared-bill/threads/",
        key=key,
        actor=SYSTEM,
        at=at,
        **facts,
    )


def choose(here, member, **posts: str):
    return preferences_set(
        person_id=member.person_id, coop_id=here.coop_id, posts=posts, actor=SYSTEM, at=NOON
    )


def test_a_notice_is_mailed_at_once_in_the_digest_or_not_at_all_as_each_person_chose():
    here = world()
    choose(here, here.ann, comment="now")
    choose(here, here.bo, comment="none")
    tell(here.coop_id, here.ann, here.bo, here.cy)
    assert notices_post_due(at=NOON) == 1
    assert notices_post_due(at=NOON) == 0
    assert [mail.subject for mail in mail_latest(email="ann@example.org")] == ["<b>comment</b> one"]
    assert digests_write_due(at=SEVEN) == 1
    assert mail_latest(email="bo@example.org") == ()
    assert len(mail_latest(email="cy@example.org")) == 1


def test_what_one_chooses_counts_for_what_is_told_from_then_on_in_that_co_op_alone():
    here = world()
    choose(here, here.cy, comment="now")
    kinds = {each.kind: each.post for each in choose(here, here.cy, outcome="none")}
    assert (kinds["comment"], kinds["outcome"], kinds["approval_wanted"]) == ("now", "none", "now")
    other = world(slug="other")
    elsewhere = preference_list(person_id=here.cy.person_id, coop_id=other.coop_id)
    assert {each.kind: each.post for each in elsewhere}["comment"] == "digest"
    with pytest.raises(Invalid):
        choose(here, here.cy, comment="sometimes")
    with pytest.raises(Invalid):
        choose(here, here.cy, invitation="now")


def test_a_mail_says_the_same_in_text_and_html_and_how_to_stop_it(settings):
    settings.PURSE_URL = "https://purse.example.org"
    here = world()
    tell(here.coop_id, here.cy, kind="payment_refused", text="Too much & too soon")
    notices_post_due(at=NOON)
    with letterbox() as (url, letters):
        settings.PURSE_SMTP_URL = url
        (mail,) = mail_latest(email="cy@example.org")
        assert mail_send_due(at=NOON) == 1
    assert "https://purse.example.org/c/shared-bill/threads/" in mail.body
    assert "Too much & too soon" in mail.body
    assert "Too much &amp; too soon" in mail.html
    assert "&lt;b&gt;payment_refused" in mail.html
    assert mail.unsubscribe.startswith("https://purse.example.org/unsubscribe/")
    sent = "\n".join(letters)
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in sent
    assert "List-Unsubscribe:" in sent
    assert "multipart/alternative" in sent
    (row,) = Mail.objects.filter(to="cy@example.org")
    assert (row.body, row.html) == ("", "")


def test_a_header_of_a_mail_holds_the_whole_address(settings):
    message = Mail(to="a@example.org", subject="Hi", body="x", unsubscribe="https://x/" + "y" * 200)
    from commonpurse.notices.selectors.mails import mail_value

    taken = []
    post = SmtpPost("smtp://localhost")
    post.server = type("Server", (), {"send_message": lambda _, sent: taken.append(sent)})()
    message.at = NOON
    post.carry(mail_value(message), "purse@example.org")
    assert str(taken[0]["List-Unsubscribe"]) == f"<{message.unsubscribe}>"


def test_the_digest_comes_once_a_day_at_seven_of_the_co_ops_clock():
    here = world()
    tell(here.coop_id, here.cy, key="one")
    tell(here.coop_id, here.cy, here.ann, key="two")
    assert digests_write_due(at=SIX) == 0
    assert digests_write_due(at=SEVEN) == 2
    (mail,) = mail_latest(email="cy@example.org")
    assert mail.subject == "2 things that you have not read"
    assert "- <b>comment</b> one" in mail.body
    assert "&lt;b&gt;comment&lt;/b&gt; two" in mail.html
    tell(here.coop_id, here.cy, key="three", at=SEVEN + HOUR)
    assert digests_write_due(at=SEVEN + 2 * HOUR) == 0
    assert digests_write_due(at=SEVEN + 23 * HOUR) == 0
    assert digests_write_due(at=SEVEN + 24 * HOUR) == 1
    assert mail_latest(email="cy@example.org")[0].subject == "<b>comment</b> three"


def test_what_was_read_is_not_in_the_digest_and_with_nothing_else_there_is_none():
    here = world()
    tell(here.coop_id, here.cy, here.ann)
    notice_read(person_id=here.cy.person_id, actor=here.cy.actor, at=NOON)
    assert digests_write_due(at=SEVEN) == 1
    assert mail_latest(email="cy@example.org") == ()


def test_a_person_of_two_co_ops_gets_one_digest_with_both():
    here = world()
    far = coop_make(
        slug="far",
        name="Far Away",
        currency="NZD",
        timezone="Pacific/Auckland",
        template="software-users",
        visibility="open",
        founders=[here.cy.person_id, here.ann.person_id],
        actor=SYSTEM,
        at=NOON,
    ).coop
    tell(here.coop_id, here.cy)
    tell(far.coop_id, here.cy)
    auckland = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    assert digests_write_due(at=auckland) == 1
    (mail,) = mail_latest(email="cy@example.org")
    assert "The Shared Bill" in mail.body
    assert "Far Away" in mail.body
    tell(here.coop_id, here.cy, key="two", at=auckland)
    assert digests_write_due(at=SEVEN) == 0


def test_what_is_older_than_two_days_waits_in_the_inbox_and_is_not_mailed():
    here = world()
    choose(here, here.ann, comment="now")
    tell(here.coop_id, here.ann, here.cy)
    late = NOON + timedelta(days=3)
    assert notices_post_due(at=late) == 0
    assert digests_write_due(at=late) == 0
    assert Mail.objects.count() == 0
    assert set(Notice.objects.values_list("post", flat=True)) == {"sent"}


def leave_of(email, settings):
    (mail, *_) = mail_latest(email=email)
    return mail.unsubscribe.removeprefix(settings.PURSE_URL)


def posts(here, member):
    return {
        each.kind: each.post
        for each in preference_list(person_id=member.person_id, coop_id=here.coop_id)
    }


def test_one_click_stops_this_kind_without_signing_in_and_a_look_stops_nothing(settings):
    here = world()
    now = database_now()
    tell(here.coop_id, here.cy, kind="payment_refused", at=now)
    notices_post_due(at=now)
    path = leave_of("cy@example.org", settings)
    client = Client(enforce_csrf_checks=True)
    looked = client.get(path)
    assert looked.status_code == 200
    assert "<button" in looked.content.decode()
    assert posts(here, here.cy)["payment_refused"] == "now"
    clicked = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert posts(here, here.cy)["payment_refused"] == "none"
    assert posts(here, here.cy)["approval_wanted"] == "now"
    assert posts(here, here.ann)["payment_refused"] == "now"
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_the_link_of_a_digest_stops_every_digest(settings):
    here = world()
    tell(here.coop_id, here.cy)
    digests_write_due(at=SEVEN)
    assert Client().post(leave_of("cy@example.org", settings)).status_code == 200
    kept = posts(here, here.cy)
    assert "digest" not in kept.values()
    assert kept["approval_wanted"] == "now"


def test_a_link_that_somebody_made_up_or_changed_stops_nothing(settings):
    here = world()
    now = database_now()
    tell(here.coop_id, here.cy, kind="payment_refused", at=now)
    notices_post_due(at=now)
    path = leave_of("cy@example.org", settings)
    for wrong in (
        path[:-2] + "x/",
        path.replace("/unsubscribe/", "/unsubscribe/a"),
        "/unsubscribe/x/",
    ):
        assert Client().post(wrong).status_code == 404
    assert posts(here, here.cy)["payment_refused"] == "now"
