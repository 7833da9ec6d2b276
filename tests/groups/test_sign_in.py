import pytest
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client

from commonpurse.groups.models import Person, PersonSession
from commonpurse.groups.selectors import person_by_email
from commonpurse.groups.services import person_erase, person_sign_out_everywhere
from commonpurse.notices.models import Mail
from commonpurse.notices.selectors import mail_latest
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM, keys_of
from tests.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_real_post(settings):
    """Fresh counters, and the outbox where the test runner would put a box of its own."""
    settings.EMAIL_BACKEND = "commonpurse.notices.backend.OutboxBackend"
    cache.clear()


def code_for(email):
    code: str = mail_latest(email=email, limit=1)[0].code
    return code


def ask(client, email):
    return client.post("/sign-in/", {"email": email})


def give(client, code):
    return client.post("/sign-in/code/", {"code": code})


def who(client):
    return get_user(client)


def test_a_code_by_mail_signs_in_and_nothing_else_does():
    ann = person("Ann")
    client = Client()
    assert ask(client, "Ann@example.org").headers["location"] == "/sign-in/code/"
    assert who(client).is_anonymous
    give(client, code_for("ann@example.org"))
    assert who(client).pk == ann.person_id
    assert PersonSession.objects.filter(person_id=ann.person_id).count() == 1


def test_a_get_never_signs_in_or_out():
    person("Ann")
    client = Client()
    ask(client, "ann@example.org")
    code = code_for("ann@example.org")
    client.get("/sign-in/code/", {"code": code})
    client.get(f"/sign-in/code/?code={code}")
    assert who(client).is_anonymous
    give(client, code)
    client.get("/sign-out/")
    assert who(client).is_authenticated
    client.post("/sign-out/")
    assert who(client).is_anonymous


def test_signing_up_makes_a_person_with_a_key_and_asks_for_the_code_too():
    client = Client()
    client.post("/sign-up/", {"name": " Zora  Quill", "email": "Zora@example.org"})
    assert who(client).is_anonymous
    zora = person_by_email("zora@example.org")
    assert zora is not None
    assert zora.name == "Zora Quill"
    assert zora.person_id in keys_of([zora.person_id])
    give(client, code_for("zora@example.org"))
    assert who(client).pk == zora.person_id


def test_signing_up_with_a_known_address_tells_only_its_owner():
    ann = person("Ann")
    known, unknown = Client(), Client()
    first = known.post("/sign-up/", {"name": "Mallory", "email": "ann@example.org"})
    second = unknown.post("/sign-up/", {"name": "Mallory", "email": "new@example.org"})
    assert first.status_code == second.status_code == 302
    assert first.headers["location"] == second.headers["location"]
    assert person_by_email("ann@example.org") == ann
    assert mail_latest(email="ann@example.org")[0].code == ""


def test_an_unknown_address_is_answered_like_a_known_one():
    person("Ann")
    known, unknown = ask(Client(), "ann@example.org"), ask(Client(), "no@example.org")
    assert known.status_code == unknown.status_code == 302
    assert known.headers["location"] == unknown.headers["location"]
    assert Mail.objects.filter(to="no@example.org").exclude(code="").count() == 0


def test_three_wrong_codes_end_the_attempt_also_for_the_right_one():
    person("Ann")
    client = Client()
    ask(client, "ann@example.org")
    for _ in range(3):
        give(client, "WRNG-CODE")
    give(client, code_for("ann@example.org"))
    assert who(client).is_anonymous


def test_codes_are_not_asked_for_without_end():
    """The count is kept by address, whichever browser asks."""
    person("Ann")
    for _ in range(8):
        ask(Client(), "ann@example.org")
    assert Mail.objects.filter(to="ann@example.org").count() == 5


def test_a_code_works_once():
    person("Ann")
    client = Client()
    ask(client, "ann@example.org")
    code = code_for("ann@example.org")
    give(client, code)
    client.post("/sign-out/")
    give(client, code)
    assert who(client).is_anonymous


def test_another_browser_does_not_use_my_code():
    person("Ann")
    mine, theirs = Client(), Client()
    ask(mine, "ann@example.org")
    ask(theirs, "bo@example.org")
    give(theirs, code_for("ann@example.org"))
    assert who(theirs).is_anonymous


@pytest.mark.parametrize("end", [person_erase, person_sign_out_everywhere])
def test_a_visit_ends_at_once_when_the_person_is_erased_or_signed_out_everywhere(end):
    ann = person("Ann")
    client = Client()
    ask(client, "ann@example.org")
    give(client, code_for("ann@example.org"))
    end(person_id=ann.person_id, actor=SYSTEM, at=database_now())
    assert who(client).is_anonymous


def test_nobody_has_a_password():
    ann = Person.objects.get(id=person("Ann").person_id)
    ann.set_password("secret")
    assert not ann.has_usable_password()
    assert not ann.check_password("secret")
    assert not Client().login(email="ann@example.org", password="secret")


def test_a_name_that_deceives_is_refused_at_sign_up():
    client = Client()
    answer = client.post("/sign-up/", {"name": "Ann\u202e", "email": "zora@example.org"})
    assert answer.status_code != 302
    assert person_by_email("zora@example.org") is None
