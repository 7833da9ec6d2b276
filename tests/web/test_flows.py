"""Forms: what they do, what they say when they cannot, and that twice is once."""

import io
import json
import re
import zipfile
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from commonpurse.decisions.selectors import (
    ballot_list,
    ballots_of,
    decision_list,
    my_ballot,
)
from commonpurse.discussion.selectors import comment_list, thread_list
from commonpurse.groups.selectors import (
    coops_of_person,
    member_by_id,
    member_count,
    person_view,
)
from commonpurse.groups.services import person_ensure
from commonpurse.notices.selectors import mail_latest, mail_latest_code
from commonpurse.record.answers import answers_sweep
from commonpurse.record.archive import archive_make
from commonpurse.record.keys import signer_load
from commonpurse.record.selectors import database_now
from commonpurse.record.sequencer import record_sequence
from tests.web.scene import scene
from tests.world import world

pytestmark = pytest.mark.django_db

WRONG, LED_ON = 422, 302


def key_in(html: str) -> str:
    found = re.search(r'name="once" value="([0-9a-f]+)"', html)
    assert found is not None
    return found[1]


def test_somebody_makes_an_account_and_signs_in_with_the_code_from_the_mail(
    settings,
):
    settings.EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
    client = Client()
    first = client.post("/sign-up/", {"name": "Fay", "email": "fay@example.org"}, follow=True)
    assert "Which code is in the mail?" in first.content.decode()
    code = mail_latest_code(email="fay@example.org", at=database_now())
    assert code
    assert code not in first.content.decode()

    wrong = client.post("/sign-in/code/", {"code": "XXXX-XXXX"})
    assert "This is not the code" in wrong.content.decode()
    done = client.post("/sign-in/code/", {"code": code}, follow=True)
    assert "You are in no co-op yet" in done.content.decode()


def sign_in(client: Client, person_id: UUID) -> None:
    client.force_login(get_user_model().objects.get(pk=person_id))


def test_a_form_sent_twice_is_done_once():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/threads/new/"
    sent = {
        "once": key_in(client.get(path).content.decode()),
        "title": "Tea?",
        "body": "Or coffee.",
    }
    first = client.post(path, sent)
    second = client.post(path, sent)
    assert first["Location"] == second["Location"]
    titles = [t.title for t in thread_list(coop_id=made.world.coop_id, member=made.world.cy)]
    assert titles.count("Tea?") == 1

    other = client.post(path, sent | {"title": "Coffee?"})
    assert other.status_code == WRONG
    assert "was used for other words" in other.content.decode()


def test_a_refused_form_may_be_sent_again_with_its_key():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/threads/new/"
    key = key_in(client.get(path).content.decode())
    assert client.post(path, {"once": key, "title": ""}).status_code == WRONG
    assert client.post(path, {"once": key, "title": "Now then"}).status_code == LED_ON


def test_answers_are_forgotten_after_a_day():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/threads/new/"
    client.post(path, {"once": "a" * 32, "title": "Tea?"})
    now = database_now()
    assert answers_sweep(at=now) == 0
    assert answers_sweep(at=now + timedelta(days=1, minutes=1)) == 1


def test_a_member_votes_changes_their_mind_and_takes_it_back():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/decisions/{made.vote.number}/"
    assert "Cast my vote" in client.get(path).content.decode()
    client.post(f"{path}vote/", {"choice": "disagree", "reason": "Mondays are better."})
    blocked = client.post(f"{path}vote/", {"choice": "block", "reason": ""})
    assert blocked.status_code == WRONG
    assert "Say why you block it." in blocked.content.decode()
    client.post(f"{path}vote/", {"choice": "agree"})
    cy = made.world.cy.member_id
    mine = my_ballot(decision_id=made.vote.id, member_id=cy)
    assert mine is not None
    assert mine.choice == "agree"
    page = client.get(path).content.decode()
    assert "Change my vote" in page
    assert f"/record/leaf/{mine.id}/" in page

    assert "Take your vote back?" in client.get(f"{path}take-back/").content.decode()
    client.post(f"{path}take-back/")
    assert my_ballot(decision_id=made.vote.id, member_id=cy) is None
    assert len(ballots_of(decision_id=made.vote.id, member_id=cy)) == 3


def test_who_is_not_a_member_may_not_vote():
    made = scene()
    path = f"/c/{made.slug}/decisions/{made.vote.number}/vote/"
    answer = made.client("stranger").post(path, {"choice": "agree"})
    assert answer.status_code == 403
    assert "Only members of Brine and Salt see this page" in answer.content.decode()
    assert len(ballot_list(made.vote.id)) == 2


def test_the_public_reads_the_tally_but_no_names_and_no_reasons():
    made = scene()
    html = Client().get(f"/c/{made.slug}/decisions/{made.vote.number}/").content.decode()
    assert "Sign in to vote" in html
    assert "For this reason." not in html
    assert "At least ⅔ of votes cast: 2 of 2." in html


def test_spending_is_proposed_with_somebody_new_to_pay():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/propose/?kind=spend"
    html = client.get(path).content.decode()
    typed = {
        "once": key_in(html),
        "question": "Pay a translator?",
        "payee": "new",
        "payee_name": "",
        "iban": "FR14 2004 1010 0505 0001 3M02 606",
        "amount": "250.00",
        "purpose": "Translation of the guide",
        "valid_until": "2027-03-31",
        "details": "",
        "days": "7",
    }
    refused = client.post(path, typed)
    assert refused.status_code == WRONG
    assert "Enter the name of the new payee" in refused.content.decode()
    wrong = client.post(path, typed | {"payee_name": "Odile", "iban": "FR14 2004"})
    assert wrong.status_code == WRONG
    assert 'href="#f-iban"' in wrong.content.decode()

    answer = client.post(path, typed | {"payee_name": "Odile"})
    assert answer.status_code == LED_ON
    newest = decision_list(coop_id=made.world.coop_id)[0]
    assert newest.effect["amount_minor"] == 25_000
    page = client.get(answer["Location"]).content.decode()
    assert "A mandate lets us pay <bdi><strong>Odile</strong></bdi> up to" in page


def test_an_amendment_shows_what_it_changes():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/propose/?kind=amendment"
    html = client.get(path).content.decode()
    typed = dict(re.findall(r'<input type="text" name="([a-z_-]+)" value="([^"]*)"', html))
    typed |= dict(re.findall(r'<textarea name="([a-z_-]+)"[^>]*>\n?([^<]*)</textarea>', html))
    selects = re.findall(
        r'<select name="([a-z_]+)".*?<option value="([a-z_]+)" selected', html, re.DOTALL
    )
    typed |= dict(selects) | {"is_block_allowed": "on", "question": "Vote longer?"}
    typed = {name: unescape(value) for name, value in typed.items()}
    same = client.post(path, typed)
    assert same.status_code == WRONG
    assert "Change at least one thing in the manual." in same.content.decode()

    answer = client.post(path, typed | {"voting_days": "14"})
    assert answer.status_code == LED_ON, re.findall(r"field__error.*", answer.content.decode())
    page = client.get(answer["Location"]).content.decode()
    assert "<del>7 days</del>" in page
    assert "<ins>14 days</ins>" in page


def test_somebody_follows_an_invitation_and_leaves_again():
    made = scene()
    guest = Client()
    path = f"/invitation/{made.token}/"
    assert "Sign in to join" in guest.get(path).content.decode()
    sign_in(guest, made.di.person_id)
    assert guest.post(path)["Location"] == f"/c/{made.slug}/"
    assert [coop.slug for coop in coops_of_person(made.di.person_id)] == [made.slug]
    assert "nothing needs you" in guest.get(f"/c/{made.slug}/").content.decode()
    assert guest.post(f"/c/{made.slug}/leave/")["Location"] == "/"
    assert coops_of_person(made.di.person_id) == ()
    assert guest.get("/invitation/nonsense/").status_code == 404


def test_a_coordinator_invites_by_mail_and_takes_it_back():
    made = scene()
    client = made.client("coordinator")
    path = f"/c/{made.slug}/members/invite/"
    assert client.post(path, {"way": "mail", "email": ""}).status_code == WRONG
    answer = client.post(path, {"way": "mail", "email": "ida@example.org"})
    mail = mail_latest(email="ida@example.org")[0]
    link = re.search(r"/invitation/\S+", mail.body)
    assert link is not None
    assert link[0] in answer.content.decode()
    client.post(f"/c/{made.slug}/members/invite/{made.invitation_id}/revoke/")
    assert Client().get(f"/invitation/{made.token}/").status_code == 404


def test_a_coordinator_gives_a_role_and_takes_it_back():
    made = scene()
    client = made.client("coordinator")
    cy = made.world.cy.member_id
    path = f"/c/{made.slug}/members/{cy}/role/"
    client.post(path, {"role": "auditor"})
    found = member_by_id(coop_id=made.world.coop_id, member_id=cy)
    assert found is not None
    assert found.has_role("auditor")
    assert client.post(path, {"role": "trustee"}).status_code == WRONG
    client.post(f"{path}end/", {"role": "auditor"})
    found = member_by_id(coop_id=made.world.coop_id, member_id=cy)
    assert found is not None
    assert not found.has_role("auditor")
    before = member_count(coop_id=made.world.coop_id)
    client.post(f"{path}end/", {"role": "member"})
    assert member_count(coop_id=made.world.coop_id) == before - 1


def test_what_is_said_is_shown_without_any_markup_of_strangers():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/threads/{made.thread_id}/"
    client.post(path, {"body": "**Yes** <script>alert(1)</script>", "parent": made.comment_id})
    html = client.get(path).content.decode()
    assert "<strong>Yes</strong>" in html
    assert "<script>alert" not in html
    newest = comment_list(thread_id=made.thread_id)[-1]
    assert newest.parent_id == made.comment_id

    edit = f"/c/{made.slug}/comments/{newest.id}/"
    client.post(edit, {"body": "Yes, on reflection."})
    assert "on reflection" in client.get(path).content.decode()
    client.post(f"{edit}discard/")
    assert "This comment was taken away." in client.get(path).content.decode()
    assert made.client("treasurer").post(edit, {"body": "Mine now"}).status_code == 403


def test_an_outcome_is_written_by_who_asked():
    made = scene()
    client = made.client("member")
    path = f"/c/{made.slug}/decisions/{made.spend.number}/"
    assert client.post(f"{path}outcome/", {"statement": ""}).status_code == WRONG
    client.post(f"{path}outcome/", {"statement": "Kwabena sorts it out."})
    assert "Kwabena sorts it out." in client.get(path).content.decode()


def test_a_person_is_renamed_and_erased():
    made = scene()
    client = made.client("member")
    client.post("/me/", {"name": "Cyrus"})
    assert person_view(made.world.cy.person_id).name == "Cyrus"
    assert client.post("/me/erase/", {}).status_code == WRONG
    assert client.post("/me/erase/", {"sure": "on"})["Location"] == "/"
    assert person_view(made.world.cy.person_id).is_erased
    assert client.get("/me/").status_code == LED_ON
    html = made.client("coordinator").get(f"/c/{made.slug}/threads/").content.decode()
    assert "Former member" in html


def test_the_log_is_there_for_programs(tmp_path):
    made = scene()
    signer = signer_load(tmp_path)
    record_sequence(coop_id=made.world.coop_id, at=database_now(), signer=signer)
    anyone = Client()
    base = f"/c/{made.slug}"
    note = anyone.get(f"{base}/log/checkpoint")
    assert note["Content-Type"] == "text/plain; charset=utf-8"
    size = int(note.content.decode().split("\n")[1])
    tile = anyone.get(f"{base}/log/tile/0/000.p/{size}")
    assert len(tile.content) == 32 * size
    assert anyone.get(f"{base}/log/tile/entries/000.p/{size}").status_code == 200
    assert anyone.get(f"{base}/log/tile/0/../000").status_code == 404
    proof = anyone.get(f"{base}/record/leaf/{made.vote.id}/proof")
    assert proof.content.decode().startswith("c2sp.org/tlog-proof@v1")
    assert "Keep the proof" in anyone.get(f"{base}/record/leaf/{made.vote.id}/").content.decode()
    assert f"{size:,}" in anyone.get(f"{base}/record/").content.decode()


def test_anybody_who_may_see_a_co_op_downloads_its_record(tmp_path, settings):
    settings.PURSE_DATA = tmp_path
    open_one, secret = world(slug="open"), world(slug="secret", visibility="secret")
    signer = signer_load(tmp_path)
    anyone, member = Client(), Client()
    member.force_login(get_user_model().objects.get(pk=secret.cy.person_id))
    pages = ("record/", "record/verify/")
    for page in pages:
        assert "It is not made yet" in anyone.get(f"/c/open/{page}").content.decode()
    assert anyone.get("/c/open/record/export.zip").status_code == 404
    for one in (open_one, secret):
        record_sequence(coop_id=one.coop_id, at=database_now(), signer=signer)
        archive_make(
            coop_id=one.coop_id,
            slug=one.coop.slug,
            data=tmp_path,
            signer=signer,
            at=database_now(),
        )
    for page in pages:
        assert "/c/open/record/export.zip" in anyone.get(f"/c/open/{page}").content.decode()
    answer = anyone.get("/c/open/record/export.zip")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert "open/verify.py" in archive.namelist()
        size = json.loads(archive.read("open/manifest.json"))["size"]
    assert f'filename="open-{size}.zip"' in answer["Content-Disposition"]
    assert anyone.get("/c/secret/record/export.zip").status_code == 404
    answer = member.get("/c/secret/record/export.zip")
    assert (answer.status_code, answer.getvalue()[:2]) == (200, b"PK")


def test_a_persona_is_one_click_away_in_the_demo_on_this_machine_only(settings):
    from commonpurse.config.demo.people import Persona

    made = scene()
    path = "/demo/as/member/"
    persona = Persona("member", "Cy", "Member", "Votes.")
    person_ensure(email=persona.email, name="Cy", at=made.at)
    settings.PURSE_DEMO_SLUG = made.slug
    settings.PURSE_PERSONAS = (persona,)
    assert Client().post(path).status_code == 404
    settings.PURSE_DEMO = True
    visitor = Client()
    assert visitor.post(path)["Location"] == f"/c/{made.slug}/"
    assert "_auth_user_id" in visitor.session
    assert Client().get(path).status_code == 405
    assert Client().post(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert Client().post("/demo/as/nobody/").status_code == 404
    assert "Be Cy, Member" in Client().get("/").content.decode()
    assert "Be Cy" not in Client().get("/", REMOTE_ADDR="192.0.2.7").content.decode()
