"""Signing in by an identity provider: what is believed of it, and what is not."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from commonpurse.config.oidc import form_targets, providers
from commonpurse.groups.models import Person
from commonpurse.groups.selectors import person_by_email, ways_of
from commonpurse.groups.services import person_erase, provider_link
from commonpurse.notices.models import Mail
from commonpurse.notices.selectors import mail_latest
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM, keys_of
from commonpurse.web.provider import PurseOidc
from commonpurse.web.proving import PROOF
from tests.groups.app import SECRET as APP_SECRET
from tests.groups.app import app_code
from tests.web.provider import CLIENT, OTHER_KEY, SECRET, Provider, provider_running
from tests.web.scene import proved, scene
from tests.world import person

pytestmark = pytest.mark.django_db

ENTER = "/sign-in/by/oidc/"
ZORA = {"sub": "z-7", "name": "Zora Quill", "email": "Zora@example.org", "email_verified": True}
LED_ON, OFTEN, GONE = 302, 429, 404


@pytest.fixture
def oidc(settings):
    """A provider that the settings name, and that says who Zora is."""
    settings.EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
    cache.clear()
    with provider_running() as made:
        environ = {
            "PURSE_OIDC_URL": made.url,
            "PURSE_OIDC_CLIENT": CLIENT,
            "PURSE_OIDC_SECRET": SECRET,
            "PURSE_OIDC_NAME": "Our House",
        }
        settings.SOCIALACCOUNT_PROVIDERS = providers(environ)
        made.profile = dict(ZORA)
        yield made
        assert made.faults == []


def over(client: Client, query: str = ""):
    """The way over the provider and back; the answer to coming back."""
    sent = client.post(ENTER + query)
    assert sent.status_code == LED_ON
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    url = urlsplit(back)
    return client.get(url.path, dict(parse_qsl(url.query)))


def said(client: Client) -> str:
    return client.get("/sign-in/").content.decode()


def test_somebody_new_comes_in_by_a_verified_address(oidc: Provider):
    client = Client()
    assert "Sign in by Our House" in said(client)
    assert over(client).status_code == LED_ON
    zora = person_by_email("zora@example.org")
    assert zora is not None
    assert zora.name == "Zora Quill"
    assert get_user(client).pk == zora.person_id
    assert zora.person_id in keys_of([zora.person_id])
    assert not Mail.objects.exclude(code="").exists()

    oidc.profile["email"] = "elsewhere@example.org"
    again = Client()
    over(again)
    assert get_user(again).pk == zora.person_id
    assert person_by_email("elsewhere@example.org") is None


def test_of_the_provider_s_words_no_more_is_kept_than_who_it_is(oidc: Provider):
    oidc.profile["phone_number"] = "+31 6 1234"
    over(Client())
    (row,) = SocialAccount.objects.all()
    assert (row.provider, row.uid, row.extra_data) == ("oidc", "z-7", {})
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1, "yes"])
def test_an_address_counts_only_when_the_provider_verified_it(oidc: Provider, verified):
    oidc.profile["email_verified"] = verified
    client = Client()
    assert over(client)["Location"] == "/sign-in/"
    assert "does not say that your address is yours" in said(client)
    assert get_user(client).is_anonymous
    assert person_by_email("zora@example.org") is None


def test_an_account_is_never_taken_over_by_its_address(oidc: Provider):
    person("Zora")
    client = Client()
    assert over(client)["Location"] == "/sign-in/"
    assert "You have an account here. Sign in by a code" in said(client)
    assert get_user(client).is_anonymous
    assert not SocialAccount.objects.exists()


def test_an_unverified_address_learns_not_whether_it_is_known(oidc: Provider):
    person("Zora")
    oidc.profile["email_verified"] = False
    pages = []
    for email in ("zora@example.org", "nobody@example.org"):
        oidc.profile["email"] = email
        client = Client()
        answer = over(client)
        pages.append((answer["Location"], "does not say that your address" in said(client)))
    assert pages == [("/sign-in/", True)] * 2


LIES: dict[str, dict[str, Any]] = {
    "another key": {"key": OTHER_KEY},
    "no signature": {"key": None, "algorithm": "none"},
    "a shared secret": {"key": "x" * 64, "algorithm": "HS256"},
    "another issuer": {"token": {"iss": "https://evil.example"}},
    "another audience": {"token": {"aud": "somebody else"}},
    "a token that is over": {"token": {"exp": 1_000_000}},
    "another subject": {"token": {"sub": "m-1"}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_does_not_hold_signs_nobody_in(oidc: Provider, lie):
    for name, value in LIES[lie].items():
        setattr(oidc, name, value)
    client = Client()
    assert over(client)["Location"] == "/sign-in/"
    assert "Our House did not say who you are" in said(client)
    assert get_user(client).is_anonymous
    assert not Person.objects.filter(email="zora@example.org").exists()


def test_an_algorithm_without_a_public_key_is_refused(oidc: Provider):
    """Known to be refused before any key is fetched, whatever the library would make of it."""
    client = Client()
    oidc.key, oidc.algorithm = "x" * 64, "HS256"
    with pytest.raises(OAuth2Error, match="not signed by a public key"):
        PurseOidc(client.get("/").wsgi_request, "oidc").claims_checked(
            SocialApp(client_id=CLIENT), oidc.id_token()
        )


def test_who_was_not_sent_there_does_not_come_back(oidc: Provider):
    """A stranger's way back in my browser would sign me in as the stranger."""
    theirs, mine = Client(), Client()
    sent = theirs.post(ENTER)
    back = requests.get(sent["Location"], allow_redirects=False, timeout=5).headers["Location"]
    url = urlsplit(back)
    assert mine.get(url.path, dict(parse_qsl(url.query)))["Location"] == "/sign-in/"
    assert get_user(mine).is_anonymous
    assert mine.get(f"{ENTER}back/", {"error": "access_denied"})["Location"] == "/sign-in/"
    assert mine.get(f"{ENTER}back/")["Location"] == "/sign-in/"


def test_a_look_goes_nowhere(oidc: Provider):
    html = Client().get(ENTER).content.decode()
    assert "Go on to Our House?" in html
    assert oidc.codes == {}


def test_a_provider_s_word_is_no_fresh_proof(oidc: Provider):
    client = Client()
    over(client)
    assert PROOF not in client.session
    assert client.get("/me/ways/second-factor/")["Location"].startswith("/me/prove/")


def test_the_second_factor_is_asked_for_behind_the_provider_too(oidc: Provider):
    eve = scene().world.eve
    provider_link(
        person_id=eve.person_id, provider_id="oidc", uid="z-7", actor=SYSTEM, at=database_now()
    )
    client = Client()
    assert over(client)["Location"] == "/sign-in/second-factor/"
    assert get_user(client).is_anonymous
    code = app_code(APP_SECRET, database_now(), later=1)
    client.post("/sign-in/second-factor/", {"code": code})
    assert get_user(client).pk == eve.person_id
    assert PROOF in client.session


def test_an_account_is_linked_by_who_proved_themselves_and_unlinked(oidc: Provider):
    made = scene()
    cy = made.world.cy.person_id
    client = made.client("member")
    assert "Link Our House" in client.get("/me/ways/").content.decode()
    assert over(client, "?process=connect")["Location"] == "/me/ways/"
    (link,) = ways_of(cy).providers
    assert "linked to Our House" in mail_latest(email="cy@example.org")[0].subject
    newcomer = Client()
    over(newcomer)
    assert get_user(newcomer).pk == cy

    other = made.client("trustee")
    over(other, "?process=connect")
    assert "linked to somebody else" in other.get("/me/ways/").content.decode()
    assert other.post(f"/me/ways/links/{link.link_id}/unlink/").status_code == GONE
    client.post(f"/me/ways/links/{link.link_id}/unlink/")
    assert ways_of(cy).providers == ()


def test_a_link_asks_for_a_fresh_proof(oidc: Provider):
    made = scene()
    cy = made.world.cy.person_id
    client = made.client("member")
    proved(client, cy, at=made.at.replace(year=2020))
    assert over(client, "?process=connect")["Location"].startswith("/me/prove/")
    assert ways_of(cy).providers == ()


def test_erasing_a_person_forgets_the_link(oidc: Provider):
    over(Client())
    zora = person_by_email("zora@example.org")
    assert zora is not None
    person_erase(person_id=zora.person_id, actor=SYSTEM, at=database_now())
    assert not SocialAccount.objects.exists()


def test_the_way_over_is_not_taken_without_end(oidc: Provider):
    answers = [Client().post(ENTER).status_code for _ in range(31)]
    assert answers == [LED_ON] * 30 + [OFTEN]
    assert Client(REMOTE_ADDR="192.0.2.7").post(ENTER).status_code == LED_ON
    assert oidc.codes == {}


def test_without_a_setting_there_is_no_provider():
    assert providers({}) == {}
    assert form_targets({}) == []
    assert form_targets({"PURSE_OIDC_URL": "https://id.example.org/realms/x"}) == [
        "https://id.example.org"
    ]
    assert Client().post(ENTER).status_code == GONE
    assert "Sign in by" not in said(Client())
