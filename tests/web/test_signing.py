"""The second factor, visits and tokens by the pages; limits; and what a stranger learns of it."""

import hmac
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from commonpurse.groups.models import PersonSession
from commonpurse.groups.selectors import token_find, token_list, visit_key, ways_of
from commonpurse.groups.services import passkey_add
from commonpurse.notices.models import Mail
from commonpurse.notices.selectors import mail_latest, mail_latest_code
from commonpurse.record.selectors import database_now
from commonpurse.web.proving import PROOF
from commonpurse.web.seen import browser_name, place_name
from tests.groups.app import SECRET, app_code
from tests.web.scene import scene
from tests.world import person

pytestmark = pytest.mark.django_db

LED_ON, OFTEN, WRONG, SHOWN, GONE = 302, 429, 422, 200, 404
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _the_real_post(settings):
    settings.EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
    cache.clear()


def ask(client, email):
    return client.post("/sign-in/", {"email": email})


def sign_in_by_mail(client, email):
    ask(client, email)
    code = mail_latest_code(email=email, at=database_now())
    return client.post("/sign-in/code/", {"code": code})


def found_in(pattern, html):
    """What the pattern's group caught in a page."""
    found = re.search(pattern, html)
    assert found is not None
    return unescape(found[1])


# --- a form that is sent after the session ended ---


def test_who_was_signed_out_meanwhile_is_told_so_and_led_back():
    made = scene()
    page, client = f"/c/{made.slug}/threads/new/?kind=open", Client()
    answer = client.post(page, {"title": "What I typed for an hour"})
    assert answer.status_code == LED_ON
    shown = client.get(answer["Location"]).content.decode()
    assert "Your session had ended, so nothing was saved. Sign in and send it again." in shown
    back = found_in(r'name="next" value="([^"]+)"', shown)
    assert back == page
    client.post("/sign-in/", {"email": "cy@example.org", "next": back})
    code = mail_latest_code(email="cy@example.org", at=database_now())
    led = client.post("/sign-in/code/", {"code": code, "next": back})
    assert led["Location"] == page


# --- the second factor ---


def turned_on(client):
    """Turn it on by the pages: the secret and the recovery codes."""
    html = client.get("/me/ways/second-factor/").content.decode()
    secret = re.sub(r"\s", "", found_in(r'<code class="hash">([A-Z2-7 ]+)<', html))
    sealed = found_in(r'name="sealed" value="([^"]+)"', html)
    sent = {"sealed": sealed, "code": app_code(secret, database_now())}
    shown = client.post("/me/ways/second-factor/", sent).content.decode()
    return secret, re.findall(r"<li><code>(\d{8})</code></li>", shown)


def test_the_second_factor_is_turned_on_by_the_app_s_first_code():
    made = scene()
    client = made.client("member")
    secret, codes = turned_on(client)
    assert len(set(codes)) == 10
    ways = ways_of(made.world.cy.person_id)
    assert (ways.has_second_factor, ways.recovery_codes_left) == (True, 10)
    assert "second factor is on" in mail_latest(email="cy@example.org")[0].subject

    newcomer = Client()
    first = sign_in_by_mail(newcomer, "cy@example.org")
    assert first["Location"] == "/sign-in/second-factor/"
    assert get_user(newcomer).is_anonymous
    assert "Which code does your app show?" in newcomer.get(first["Location"]).content.decode()
    code = app_code(secret, database_now(), later=1)
    newcomer.post("/sign-in/second-factor/", {"code": code})
    assert get_user(newcomer).pk == made.world.cy.person_id
    assert PROOF in newcomer.session


def test_a_wrong_first_code_turns_nothing_on_and_a_foreign_secret_neither():
    made = scene()
    client, other = made.client("member"), made.client("stranger")
    html = client.get("/me/ways/second-factor/").content.decode()
    sealed = found_in(r'name="sealed" value="([^"]+)"', html)
    wrong = client.post("/me/ways/second-factor/", {"sealed": sealed, "code": "000000"})
    assert wrong.status_code == WRONG
    assert sealed in unescape(wrong.content.decode())
    secret = re.sub(r"\s", "", found_in(r'<code class="hash">([A-Z2-7 ]+)<', html))
    code = app_code(secret, database_now())
    stolen = other.post("/me/ways/second-factor/", {"sealed": sealed, "code": code})
    assert stolen.status_code == LED_ON
    for who in (made.world.cy, made.di):
        assert not ways_of(who.person_id).has_second_factor


def test_an_app_s_code_works_once_and_an_older_one_not_at_all():
    made = scene()
    now = database_now()
    first, second = Client(), Client()
    for client in (first, second):
        cache.clear()
        sign_in_by_mail(client, "eve@example.org")
    code = app_code(SECRET, now, later=1)
    first.post("/sign-in/second-factor/", {"code": code})
    assert get_user(first).is_authenticated
    for used in (code, app_code(SECRET, now), app_code(SECRET, now, later=-1)):
        second.post("/sign-in/second-factor/", {"code": used})
    assert get_user(second).is_anonymous
    assert made.world.eve.person_id == get_user(first).pk


def test_a_recovery_code_works_once_and_new_ones_replace_the_old():
    made = scene()
    member = made.client("member")
    _, codes = turned_on(member)
    for count, code in ((1, codes[0]), (0, codes[0])):
        cache.clear()
        client = Client()
        sign_in_by_mail(client, "cy@example.org")
        client.post("/sign-in/second-factor/", {"code": code})
        assert get_user(client).is_authenticated == bool(count)
    assert "You have 9 left" in member.get("/me/ways/recovery-codes/").content.decode()
    renewed = member.post("/me/ways/recovery-codes/").content.decode()
    assert codes[1] not in renewed
    client = Client()
    cache.clear()
    sign_in_by_mail(client, "cy@example.org")
    client.post("/sign-in/second-factor/", {"code": codes[1]})
    assert get_user(client).is_anonymous


def test_the_second_factor_goes_with_its_recovery_codes():
    made = scene()
    client = made.client("treasurer")
    assert (
        "Turn off the second factor?" in client.get("/me/ways/second-factor/off/").content.decode()
    )
    client.post("/me/ways/second-factor/off/")
    ways = ways_of(made.world.eve.person_id)
    assert (ways.has_second_factor, ways.recovery_codes_left) == (False, 0)
    newcomer = Client()
    sign_in_by_mail(newcomer, "eve@example.org")
    assert get_user(newcomer).is_authenticated


def test_a_passkey_alone_asks_nobody_for_more_after_a_code_by_mail():
    scene()
    client = Client()
    sign_in_by_mail(client, "ann@example.org")
    assert get_user(client).is_authenticated


def test_the_app_s_secret_is_sealed_in_the_database():
    made = scene()
    row = Authenticator.objects.get(user_id=made.world.eve.person_id, type="totp")
    assert SECRET not in json.dumps(row.data)


def test_with_another_key_no_code_comes_in_and_nothing_breaks(settings):
    """A lost key must not make secrets guessable: then nobody knows them."""
    made = scene()
    _, codes = turned_on(made.client("member"))
    settings.SECRET_KEY = "another key"
    client = Client()
    sign_in_by_mail(client, "cy@example.org")
    of_no_key = hmac.new(b"", None, "sha1")
    of_no_key.update(b"  0,")
    guessed = int.from_bytes(of_no_key.digest()[:4], "big") % 10**8
    for code in (codes[0], f"{guessed:08d}"):
        assert client.post("/sign-in/second-factor/", {"code": code}).status_code == SHOWN
    assert get_user(client).is_anonymous


def test_codes_of_an_app_are_not_guessed_without_end():
    """Five tries in five minutes, whichever browser tries: then the right one is refused, too."""
    scene()
    client = Client()
    sign_in_by_mail(client, "eve@example.org")
    for _ in range(5):
        html = client.post("/sign-in/second-factor/", {"code": "000000"}).content.decode()
        assert "This is not the code" in html
    code = app_code(SECRET, database_now(), later=1)
    html = client.post("/sign-in/second-factor/", {"code": code}).content.decode()
    assert "That was often." in html
    assert get_user(client).is_anonymous


# --- who asks for codes ---


def test_a_stranger_s_asking_locks_nobody_out_of_a_browser_they_know():
    """Five by strangers, and the sixth gets none; the browser that signed in before still does."""
    person("Ann")
    hers = Client()
    sign_in_by_mail(hers, "ann@example.org")
    hers.post("/sign-out/")
    for _ in range(6):
        ask(Client(), "ann@example.org")
    assert Mail.objects.filter(to="ann@example.org").count() == 5
    sign_in_by_mail(hers, "ann@example.org")
    assert get_user(hers).is_authenticated


def test_a_known_browser_is_known_for_its_own_address_and_has_a_limit_too():
    person("Ann"), person("Bo")
    hers = Client()
    sign_in_by_mail(hers, "ann@example.org")
    hers.post("/sign-out/")
    for _ in range(6):
        ask(Client(), "bo@example.org")
    before = Mail.objects.filter(to="bo@example.org").count()
    ask(hers, "bo@example.org")
    assert Mail.objects.filter(to="bo@example.org").count() == before
    for _ in range(6):
        ask(hers, "ann@example.org")
    assert Mail.objects.filter(to="ann@example.org").count() == 1 + 5


def test_who_is_half_way_in_may_begin_anew():
    made = scene()
    client = Client()
    sign_in_by_mail(client, "eve@example.org")
    assert client.get("/sign-in/").status_code == SHOWN
    sign_in_by_mail(client, "cy@example.org")
    assert get_user(client).pk == made.world.cy.person_id


def test_a_forged_mark_of_a_browser_is_worth_nothing():
    person("Ann")
    forger = Client()
    forger.cookies["purse_known"] = "WyJhIiwiYiJd:1abc:forged"
    for _ in range(6):
        ask(forger, "ann@example.org")
    assert Mail.objects.filter(to="ann@example.org").count() == 5


def test_too_many_askings_are_answered_alike_for_known_and_unknown_addresses():
    person("Ann")
    answers = []
    for email in ("ann@example.org", "no@example.org"):
        cache.clear()
        tries = [ask(Client(), email) for _ in range(6)]
        answers.append([(each.status_code, each.headers.get("Location")) for each in tries])
        assert "That was often." in tries[-1].content.decode()
    assert answers[0] == answers[1]


# --- passkeys, without a browser ---


def test_what_a_browser_needs_to_show_a_passkey_names_nobody():
    scene()
    first, second = (Client().post("/sign-in/passkey/begin/").json() for _ in range(2))
    assert first["publicKey"].pop("challenge") != second["publicKey"].pop("challenge")
    assert first == second
    assert first["publicKey"]["userVerification"] == "required"
    assert not first["publicKey"].get("allowCredentials")


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "nonsense",
        "[]",
        "null",
        "{}",
        '{"id": 7}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": []}',
        '{"id": "AA", "rawId": "AA", "response": {"userHandle": "AA", "signature": "AA"}}',
    ],
)
def test_an_answer_that_no_browser_gives_signs_nobody_in(credential):
    scene()
    client = Client()
    client.post("/sign-in/passkey/begin/")
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (LED_ON, "/sign-in/")
    assert get_user(client).is_anonymous
    made = scene_member_tries(credential)
    assert made.status_code == WRONG


def scene_member_tries(credential):
    """The same answer where a member would keep it as a new passkey."""
    client = Client()
    sign_in_by_mail(client, "cy@example.org")
    client.post("/me/ways/passkeys/begin/")
    return client.post("/me/ways/passkeys/new/", {"name": "Key", "credential": credential})


def test_passkeys_are_not_tried_without_end():
    answers = [Client().post("/sign-in/passkey/", {"credential": "{}"}) for _ in range(11)]
    assert [each.status_code for each in answers] == [LED_ON] * 10 + [OFTEN]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post("/sign-in/passkey/", {"credential": "{}"})
    assert elsewhere.status_code == LED_ON


def test_options_are_not_drawn_without_end():
    answers = [Client().post("/sign-in/passkey/begin/") for _ in range(31)]
    assert [each.status_code for each in answers] == [SHOWN] * 30 + [OFTEN]


def test_nobody_changes_another_s_passkey():
    made = scene()
    cy = made.world.cy
    theirs = passkey_add(
        person_id=cy.person_id, name="Cy’s", credential={}, actor=cy.actor, at=database_now()
    )
    client = made.client("coordinator")
    path = f"/me/ways/passkeys/{theirs.passkey_id}/"
    assert client.post(path, {"name": "Mine"}).status_code == GONE
    assert client.post(f"{path}remove/").status_code == GONE
    assert [each.name for each in ways_of(cy.person_id).passkeys] == ["Cy’s"]


# --- visits ---


def test_visits_show_browser_place_and_this_one_and_end_one_by_one():
    made = scene()
    cy = made.world.cy.person_id
    here, there = Client(HTTP_USER_AGENT=FIREFOX), Client(REMOTE_ADDR="203.0.113.77")
    for client in (here, there):
        sign_in_by_mail(client, "cy@example.org")
    html = here.get("/me/visits/").content.decode()
    assert "Firefox, Linux" in html
    assert "203.0.113.0/24" in html
    assert "203.0.113.77" not in html
    assert html.count("This one") == 1
    keys = [str(client.session.session_key) for client in (here, there)]
    assert not [key for key in keys if key in html]

    mine, other = (visit_key(key) for key in keys)
    assert made.client("trustee").post(f"/me/visits/{other}/end/").status_code == GONE
    assert here.post(f"/me/visits/{other}/end/")["Location"] == "/me/visits/"
    assert get_user(there).is_anonymous
    assert there.get("/me/").status_code == LED_ON
    assert get_user(here).pk == cy
    assert here.post(f"/me/visits/{mine}/end/")["Location"] == "/"
    assert get_user(here).is_anonymous
    assert not PersonSession.objects.filter(person_id=cy).exists()


def test_signing_out_everywhere_ends_all_of_mine_and_nobody_else_s():
    made = scene()
    first, second, other = (made.client(who) for who in ("member", "member", "trustee"))
    first.post("/me/visits/end/")
    assert get_user(first).is_anonymous
    assert get_user(second).is_anonymous
    assert get_user(other).is_authenticated


def test_a_visit_keeps_its_marks_while_its_session_is_written_again():
    made = scene()
    client = Client(HTTP_USER_AGENT=FIREFOX)
    sign_in_by_mail(client, "cy@example.org")
    client.post("/me/", {"name": "Cyrus"})
    client.post("/me/prove/code/")
    (row,) = PersonSession.objects.filter(person_id=made.world.cy.person_id)
    assert (row.browser, row.place) == ("Firefox, Linux", "this computer")
    assert row.signed_in_at is not None
    assert database_now() - row.signed_in_at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", "this computer"),
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_a_place_is_coarse(address, place):
    assert place_name(address) == place


def test_a_browser_is_known_by_its_name():
    chrome = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
    assert browser_name(chrome) == "Chrome, Android"
    assert browser_name("curl/8") == ""


# --- tokens ---


def test_a_token_is_made_shown_once_and_revoked():
    made = scene()
    client = made.client("member")
    cy = made.world.cy.person_id
    html = client.get("/me/tokens/").content.decode()
    assert html.count('type="checkbox" name="scopes"') == 6
    wrong = client.post("/me/tokens/", {"name": "", "days": "400"})
    assert wrong.status_code == WRONG
    assert "There are 3 problems" in wrong.content.decode()

    sent = {"name": "Books", "scopes": ["read", "approve"], "days": "30"}
    shown = client.post("/me/tokens/", sent).content.decode()
    secret = found_in(r"(purse_[\w-]{20,})", shown)
    assert secret not in client.get("/me/tokens/").content.decode()
    found = token_find(secret=secret, at=database_now())
    assert found is not None
    assert (found.person_id, found.scopes) == (cy, ("read", "approve"))
    assert token_find(secret=secret, at=database_now() + timedelta(days=31)) is None
    assert "may act for you" in mail_latest(email="cy@example.org")[0].subject

    path = f"/me/tokens/{found.token_id}/revoke/"
    assert made.client("trustee").post(path).status_code == GONE
    assert client.get(path).status_code == 405
    client.post(path)
    assert token_list(person_id=cy) == ()
    assert token_find(secret=secret, at=database_now()) is None
