"""A fresh proof before money moves: asked for, given, and nothing done by the way there or back."""

import re
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from commonpurse.groups.selectors import token_list
from commonpurse.notices.selectors import mail_latest, mail_latest_code
from commonpurse.record.selectors import database_now
from commonpurse.treasury.selectors import RequestView, payee_view, request_by_number
from commonpurse.treasury.services import payment_edit
from commonpurse.web.proving import CODE, FRESH_FOR
from tests.groups.app import SECRET, app_code
from tests.web.scene import Scene, proved, scene

pytestmark = pytest.mark.django_db

LED_ON, OFTEN, WRONG = 302, 429, 422


@pytest.fixture(autouse=True)
def _the_real_post(settings):
    settings.EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
    cache.clear()


def stale(made: Scene, who: str, *, by: timedelta = FRESH_FOR) -> Client:
    """A browser whose person proved who they are so long ago."""
    client = made.client(who)
    proved(client, person_of(made, who), at=database_now() - by)
    return client


def person_of(made: Scene, who: str) -> UUID:
    found = made.people[who]
    assert found is not None
    return found.person_id


def request_of(made: Scene) -> RequestView:
    return request_by_number(made.world.coop_id, made.request.number, at=database_now())


def approve(client: Client, made: Scene, payload_hash: str = ""):
    path = f"/c/{made.slug}/requests/{made.request.number}/approve/"
    sent = {"payload_hash": payload_hash or made.request.payload_hash, "same": "on"}
    return client.post(path, sent)


def code_of(email: str) -> str:
    code = mail_latest_code(email=email, at=database_now())
    assert code is not None
    return code


def test_a_stale_visit_is_asked_for_a_proof_and_nothing_is_approved():
    made = scene()
    answer = approve(stale(made, "trustee"), made)
    assert answer.status_code == LED_ON
    assert urlsplit(answer["Location"]).path == "/me/prove/"
    (back,) = parse_qs(urlsplit(answer["Location"]).query)["next"]
    assert urlsplit(back).path == f"/c/{made.slug}/requests/{made.request.number}/"
    assert parse_qs(urlsplit(back).query) == {"payload": [made.request.payload_hash]}
    assert request_of(made).approvals == ()


def test_a_proof_by_mail_leads_back_to_the_payload_and_the_person_still_presses():
    made = scene()
    client = stale(made, "trustee")
    to_prove = approve(client, made)["Location"]
    back = parse_qs(urlsplit(to_prove).query)["next"][0]
    assert "Send me a code" in client.get(to_prove).content.decode()
    sent = client.post("/me/prove/code/", {"next": back})
    assert "We sent a code to" in client.get(sent["Location"]).content.decode()
    answer = client.post("/me/prove/", {"next": back, "code": code_of("bo@example.org")})
    assert (answer.status_code, answer["Location"]) == (LED_ON, back)
    assert "What you sign, exactly" in client.get(back).content.decode()
    assert request_of(made).approvals == ()
    approve(client, made)
    assert len(request_of(made).approvals) == 1


@pytest.mark.parametrize(("age", "count"), [(timedelta(minutes=9, seconds=50), 1), (FRESH_FOR, 0)])
def test_a_proof_is_fresh_for_ten_minutes(age, count):
    made = scene()
    approve(stale(made, "trustee", by=age), made)
    assert len(request_of(made).approvals) == count


def test_who_comes_back_to_another_payload_is_told():
    made = scene()
    client = stale(made, "trustee")
    back = parse_qs(urlsplit(approve(client, made)["Location"]).query)["next"][0]
    changed = payment_edit(
        request_id=made.request.id,
        account_id=None,
        amount_minor=7_100,
        purpose="October backups",
        actor=made.world.cy,
        at=database_now(),
    )
    assert changed.payload_hash != made.request.payload_hash
    assert "changed while you proved who you are" in client.get(back).content.decode()
    plain = client.get(urlsplit(back).path).content.decode()
    assert "changed while you proved" not in plain


def test_a_bank_account_and_a_token_ask_for_a_proof_too():
    made = scene()
    member, treasurer = stale(made, "member"), stale(made, "treasurer")
    payee = f"/c/{made.slug}/payees/{made.payee_id}/"
    assert "Prove who you are" in member.get(payee).content.decode()
    typed = {"iban": "BE68539007547034", "holder": "Brine Backup"}
    assert member.post(payee, typed)["Location"].startswith("/me/prove/")
    assert len(payee_view(made.payee_id).accounts) == 1
    fund = f"/c/{made.slug}/fund/account/"
    assert treasurer.get(fund)["Location"].startswith("/me/prove/")
    assert "Prove who you are" in member.get("/me/tokens/").content.decode()
    sent = {"name": "Mallory", "scopes": ["approve"], "days": "9"}
    assert member.post("/me/tokens/", sent)["Location"].startswith("/me/prove/")
    assert token_list(person_id=person_of(made, "member")) == ()


ASKING = {
    "request_approve": ("POST",),
    "payee": ("POST",),
    "fund_account": ("GET", "POST"),
    "me_passkey_begin": ("POST",),
    "me_passkey_new": ("GET", "POST"),
    "me_passkey": ("POST",),
    "me_passkey_remove": ("POST",),
    "me_second_factor": ("GET", "POST"),
    "me_second_factor_off": ("POST",),
    "me_recovery_codes": ("POST",),
    "me_unlink": ("POST",),
    "me_tokens": ("POST",),
    "sponsor_staff": ("POST",),
    "sponsor_staff_end": ("POST",),
}


def views(resolver: URLResolver) -> dict[str, object]:
    found: dict[str, object] = {}
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found[str(pattern.name)] = pattern.callback
        else:
            found |= views(pattern)
    return found


def test_these_pages_and_no_others_ask_for_a_proof():
    asking = {
        name: getattr(view, "proof", ())
        for name, view in views(get_resolver()).items()
        if getattr(view, "proof", ())
    }
    assert asking == ASKING


def test_another_person_s_proof_is_none():
    made = scene()
    client = made.client("trustee")
    proved(client, person_of(made, "member"), at=database_now())
    assert approve(client, made)["Location"].startswith("/me/prove/")


def test_who_has_the_second_factor_proves_by_it_and_not_by_mail():
    made = scene()
    client = stale(made, "treasurer")
    page = client.get("/me/prove/").content.decode()
    assert "By your app" in page
    assert "By a code in a mail" not in page
    client.post("/me/prove/code/")
    assert mail_latest_code(email="eve@example.org", at=database_now()) is None
    code = app_code(SECRET, database_now(), later=1)
    assert client.post("/me/prove/", {"code": code})["Location"] == "/me/"
    again = stale(made, "treasurer")
    assert again.post("/me/prove/", {"code": code}).status_code == WRONG


def test_a_mailed_code_works_once_and_bears_three_tries():
    made = scene()
    client = stale(made, "member")
    client.post("/me/prove/code/")
    code = code_of("cy@example.org")
    for _ in range(3):
        assert client.post("/me/prove/", {"code": "WRNG-CODE"}).status_code == WRONG
    assert client.post("/me/prove/", {"code": code}).status_code == WRONG
    cache.clear()
    client.post("/me/prove/code/")
    fresh = code_of("cy@example.org")
    assert fresh not in str(client.session[CODE])
    assert client.post("/me/prove/", {"code": fresh.lower()}).status_code == LED_ON
    assert client.post("/me/prove/", {"code": fresh}).status_code == WRONG


def test_a_code_of_another_browser_proves_nothing_here():
    made = scene()
    mine, theirs = stale(made, "member"), stale(made, "member")
    mine.post("/me/prove/code/")
    answer = theirs.post("/me/prove/", {"code": code_of("cy@example.org")})
    assert answer.status_code == WRONG


def test_proofs_are_not_tried_nor_codes_sent_without_end():
    """Five of each; the sixth is told to wait, and so is the right code then."""
    made = scene()
    client = stale(made, "treasurer")
    for _ in range(5):
        assert client.post("/me/prove/", {"code": "000000"}).status_code == WRONG
    right = app_code(SECRET, database_now(), later=1)
    assert client.post("/me/prove/", {"code": right}).status_code == OFTEN
    assert made.client("member").post("/me/prove/", {"code": "X"}).status_code == WRONG

    member = stale(made, "member")
    for _ in range(5):
        assert member.post("/me/prove/code/").status_code == LED_ON
    assert member.post("/me/prove/code/").status_code == OFTEN
    assert len(mail_latest(email="cy@example.org", limit=9)) == 5


def test_the_way_back_is_ours_alone():
    made = scene()
    client = stale(made, "member")
    for away in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        html = client.get("/me/prove/", {"next": away}).content.decode()
        assert away not in html
    client.post("/me/prove/code/")
    code = code_of("cy@example.org")
    answer = client.post("/me/prove/", {"code": code, "next": "https://evil.example/"})
    assert answer["Location"] == "/me/"


def test_a_look_at_the_proving_page_proves_nothing():
    made = scene()
    client = stale(made, "trustee")
    client.post("/me/prove/code/")
    client.get("/me/prove/", {"code": code_of("bo@example.org")})
    assert approve(client, made)["Location"].startswith("/me/prove/")


def test_a_persona_s_entry_is_a_proof_and_the_demo_shows_the_code(settings):
    made = scene()
    settings.PURSE_DEMO = True
    settings.PURSE_DEMO_SLUG = made.slug
    settings.PURSE_PERSONAS = (SimpleNamespace(key="trustee", name="Bo", email="bo@example.org"),)
    client = Client()
    client.post("/demo/as/trustee/")
    approve(client, made)
    assert len(request_of(made).approvals) == 1
    proved(client, person_of(made, "trustee"), at=database_now() - FRESH_FOR)
    sent = client.post("/me/prove/code/")
    html = client.get(sent["Location"]).content.decode()
    shown = re.search(r'code-slip__code">([A-Z-]+)<', html)
    assert shown is not None
    assert client.post("/me/prove/", {"code": shown[1]}).status_code == LED_ON
