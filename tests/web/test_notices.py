"""The inbox, preferences, webhooks and feeds as people use them."""

import pytest
from django.urls import reverse

from commonpurse.config.demo.people import PERSONAS
from commonpurse.groups.services import person_ensure
from commonpurse.notices.models import Delivery, Webhook
from commonpurse.notices.selectors import (
    feed_token_list,
    notice_count_unread,
    notice_list,
    preference_list,
    webhook_list,
)
from commonpurse.notices.services import mail_add, notice_add
from commonpurse.notices.signing import secret_opened
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Scene:
    return scene()


def crowd(made, count):
    for number in range(count):
        notice_add(
            coop_id=made.world.coop_id,
            person_ids=[made.world.cy.person_id],
            kind="comment",
            subject=f"Said {number}",
            path=f"/c/{made.slug}/threads/",
            key=f"n{number}",
            actor=SYSTEM,
            at=database_now(),
        )


def test_a_notice_is_marked_alone_or_with_all_and_the_count_follows(made):
    client = made.client("member")
    crowd(made, 30)
    person_id = made.world.cy.person_id
    unread = notice_count_unread(person_id=person_id)
    page = client.get("/inbox/").content.decode()
    assert f"{unread} things are new to you" in page
    assert page.count("Mark as read<") == 25
    assert f"</span>{unread}</span>" in client.get(f"/c/{made.slug}/").content.decode()
    newest = notice_list(person_id=person_id)[0]
    client.post("/inbox/read/", {"notice": newest.notice_id})
    assert notice_count_unread(person_id=person_id) == unread - 1
    older = client.get(f"/inbox/?before={notice_list(person_id=person_id)[24].notice_id}")
    assert "Said 0<" in older.content.decode()
    client.post("/inbox/read/", {"until": database_now().isoformat()})
    assert notice_count_unread(person_id=person_id) == 0
    assert "Nothing is new to you" in client.get("/inbox/").content.decode()


def test_nobody_marks_or_pages_through_another_s_inbox(made):
    notice = notice_list(person_id=made.world.cy.person_id)[0]
    client = made.client("stranger")
    client.post("/inbox/read/", {"notice": notice.notice_id})
    assert notice_list(person_id=made.world.cy.person_id)[0].read_at is None
    assert client.get(f"/inbox/?before={notice.notice_id}").status_code == 404
    assert "No notices yet" in client.get("/inbox/").content.decode()


def test_a_member_chooses_what_reaches_them_by_mail(made):
    client = made.client("member")
    path = f"/c/{made.slug}/preferences/"
    cy = made.world.cy
    known = preference_list(person_id=cy.person_id, coop_id=cy.coop_id)
    sent = {each.kind: each.post for each in known} | {"comment": "now", "outcome": "none"}
    assert client.post(path, sent).status_code == 302
    kept = {
        each.kind: each.post for each in preference_list(person_id=cy.person_id, coop_id=cy.coop_id)
    }
    assert kept == sent
    wrong = client.post(path, sent | {"comment": "sometimes"})
    assert wrong.status_code == 422
    assert "Choose one of the three" in wrong.content.decode()


def test_a_coordinator_makes_a_webhook_and_reads_its_secret_once(made):
    client = made.client("coordinator")
    sent = {"name": "Chat", "url": "https://chat.example.org/", "kinds": ["payment.settled"]}
    shown = client.post(f"/c/{made.slug}/webhooks/new/", sent).content.decode()
    hook = Webhook.objects.get(name="Chat")
    secret = secret_opened(hook.secret)
    assert secret in shown
    assert secret != hook.secret, "the database holds it sealed"
    page = client.get(f"/c/{made.slug}/webhooks/{hook.id}/").content.decode()
    assert secret not in page
    renewed = client.post(f"/c/{made.slug}/webhooks/{hook.id}/secret/").content.decode()
    assert secret_opened(Webhook.objects.get(name="Chat").secret) in renewed
    for url in ("http://chat.example.org/", "https://127.0.0.1/", "https://10.0.0.1/x"):
        refused = client.post(f"/c/{made.slug}/webhooks/new/", sent | {"url": url})
        assert refused.status_code == 422
    client.post(f"/c/{made.slug}/webhooks/{hook.id}/end/")
    assert "Chat" not in [each.name for each in webhook_list(coop_id=made.world.coop_id)]


def test_a_delivery_is_sent_again_and_a_stopped_webhook_goes_on(made):
    client = made.client("coordinator")
    at = f"/c/{made.slug}/webhooks/{made.webhook_id}/"
    client.post(f"{at}deliveries/{made.delivery_id}/")
    row = Delivery.objects.get(id=made.delivery_id)
    assert (row.state, row.tries) == ("waiting", 0)
    Webhook.objects.update(stopped_at=database_now())
    assert "Let it go on" in client.get(at).content.decode()
    client.post(f"{at}resume/")
    assert not webhook_list(coop_id=made.world.coop_id)[0].is_stopped
    assert made.client("member").post(f"{at}resume/").status_code == 403


def test_a_member_makes_a_feed_key_and_takes_it_back(made):
    client = made.client("member")
    shown = client.post(f"/c/{made.slug}/feeds/key/").content.decode()
    cy = made.world.cy
    (key,) = feed_token_list(person_id=cy.person_id, coop_id=cy.coop_id)
    assert "/threads.atom" in shown
    client.post(f"/c/{made.slug}/feeds/key/{key.token_id}/revoke/")
    assert feed_token_list(person_id=cy.person_id, coop_id=cy.coop_id) == ()


def test_who_is_invited_and_has_an_account_finds_it_in_the_inbox(made):
    client = made.client("coordinator")
    sent = {"way": "mail", "email": "di@example.org", "uses_max": "1"}
    client.post(f"/c/{made.slug}/members/invite/", sent)
    (notice,) = notice_list(person_id=made.di.person_id)
    assert notice.kind == "invitation"
    page = made.client("stranger").get(notice.path)
    assert page.status_code == 200


def test_the_mails_of_a_persona_are_shown_in_the_demo_on_this_machine_alone(made, settings):
    settings.PURSE_PERSONAS = PERSONAS
    person_ensure(email=PERSONAS[0].email, name="Noor", at=database_now())
    mail_add(to="cy@example.org", subject="For Cy", body="See https://x.org", at=database_now())
    mail_add(to="bo@example.org", subject="For Bo", body="Secret", at=database_now())
    client = made.client("member")
    path = reverse("demo_mails")
    assert client.get(path).status_code == 404
    settings.PURSE_DEMO = True
    page = client.get(path).content.decode()
    assert "For Cy" in page
    assert "For Bo" not in page
    assert client.get(path, REMOTE_ADDR="192.0.2.1").status_code == 404
