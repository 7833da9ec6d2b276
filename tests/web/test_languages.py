"""Three languages: anybody chooses, mails speak them, nothing recorded knows of them."""

import json

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser

from commonpurse.api.problems import MEDIA
from commonpurse.groups.selectors import person_view
from commonpurse.groups.services import person_speak
from commonpurse.notices.models import Mail
from commonpurse.notices.services import notice_add, notices_post_due
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from commonpurse.say import Amount, Day, packed, say, say_count, unpacked
from commonpurse.wording import in_words
from tests.web.scene import scene
from tests.world import NOON


def told(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def choose(client: Client, language: str, back: str = "/") -> str:
    answer = client.post("/language/", {"language": language, "next": back})
    assert answer.status_code == 302
    return str(answer["Location"])


def speak(person_id, language):
    person_speak(person_id=person_id, language=language, actor=SYSTEM, at=database_now())


def test_what_a_service_says_is_english_until_somebody_reads_it():
    left = say("Only %(left)s is left under mandate %(which)s.", left=Amount(7160, "EUR"), which=1)
    assert left == "Only €71.60 is left under mandate 1."
    with translation.override("de"):
        assert left == "Only €71.60 is left under mandate 1."
        assert in_words(left) == "Unter Mandat 1 sind nur noch 71,60\xa0€ übrig."
        assert in_words("Only €71.60") == "Only €71.60"


def test_a_sentence_keeps_its_values_as_json_and_its_plural():
    until = say("They are due on %(day)s. The page says how to pay.", day=Day(NOON.date()))
    days = say_count("%(number)s day", "%(number)s days", 3)
    whole = say(
        "A vote stays open for %(days)s, in the time zone %(timezone)s.", days=days, timezone="UTC"
    )
    for text in (until, days, whole):
        again = unpacked(json.loads(json.dumps(packed(text))))
        assert again == text
        for language in ("en", "de", "ar"):
            with translation.override(language):
                assert in_words(again) == in_words(text)
    with translation.override("ar"):
        assert in_words(say_count("%(number)s day", "%(number)s days", 2)) == "يومان"
        assert in_words(days) == "3 أيام"


@pytest.mark.django_db
def test_anybody_switches_and_the_page_says_which_language_it_is():
    client = Client()
    assert '<html lang="en" dir="ltr">' in told(client, "/")
    choose(client, "ar")
    page = client.get("/")
    assert '<html lang="ar" dir="rtl">' in page.content.decode()
    assert page["Content-Language"] == "ar"
    assert {"Accept-Language", "Cookie"} <= set(page["Vary"].split(", "))
    assert ">English</bdi>" in page.content.decode()
    choose(client, "de")
    assert '<html lang="de" dir="ltr">' in told(client, "/")
    assert "Gemeinsam" in told(client, "/") or "gemeinsam" in told(client, "/")


@pytest.mark.django_db
def test_a_browser_that_chose_nothing_is_read_as_it_asks():
    page = Client(headers={"accept-language": "de-AT,de;q=0.9,en;q=0.5"}).get("/")
    assert '<html lang="de" dir="ltr">' in page.content.decode()
    assert '<html lang="en"' in told(Client(headers={"accept-language": "fr"}), "/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil", "", "x"]
)
def test_the_switch_leads_back_to_a_page_of_ours_and_nowhere_else(back):
    assert choose(Client(), "de", back) == "/"
    assert choose(Client(), "de", "/sign-in/?next=/me/") == "/sign-in/?next=/me/"


@pytest.mark.django_db
def test_a_language_that_is_not_offered_is_refused():
    assert Client().post("/language/", {"language": "tlh"}).status_code == 422


@pytest.mark.django_db
def test_who_signed_in_keeps_the_language_in_every_browser_and_looking_keeps_nothing():
    made = scene()
    client = made.client("member")
    choose(client, "de", f"/c/{made.slug}/")
    assert person_view(made.world.cy.person_id).language == "de"
    assert '<html lang="de" dir="ltr">' in told(made.client("member"), f"/c/{made.slug}/")
    assert '<html lang="en"' in told(made.client("trustee"), f"/c/{made.slug}/")


@pytest.mark.django_db
def test_a_refusal_is_said_in_the_readers_language():
    made = scene()
    client = made.client("member")
    speak(made.world.cy.person_id, "de")
    answer = client.get(f"/c/{made.slug}/webhooks/")
    assert answer.status_code == 403
    assert "Das darf hier nur die Koordination." in answer.content.decode()


@pytest.mark.django_db
def test_programs_are_answered_as_they_ask_and_codes_stay():
    def problem(**headers: str) -> dict[str, str]:
        answer = Client(headers=headers).get("/api/v1/me")
        assert answer["Content-Type"] == MEDIA
        assert "Accept-Language" in answer["Vary"]
        found: dict[str, str] = answer.json()
        return found

    plain, german = problem(), problem(**{"accept-language": "de"})
    assert plain["code"] == german["code"] == "no_token"
    assert plain["detail"] == "Send a token: Authorization: Bearer purse_…."
    assert german["detail"] == "Sende ein Token: Authorization: Bearer purse_…."
    assert german["title"] == "Melde dich mit einem Token an"


@pytest.mark.django_db
def test_one_notice_is_mailed_to_each_in_their_own_language():
    made = scene()
    people = {"de": made.world.cy, "ar": made.world.bo, "": made.world.ann}
    for language, member in people.items():
        speak(member.person_id, language)
    notices_post_due(at=database_now())
    Mail.objects.all().delete()
    with translation.override("ar"):  # the language of whoever caused it is nobody else's
        notice_add(
            coop_id=made.world.coop_id,
            person_ids=[member.person_id for member in people.values()],
            kind="decision_opened",
            subject=say("Vote: %(question)s", question="Tea?"),
            text=say("The vote closes %(hour)s.", hour="at noon"),
            path=f"/c/{made.slug}/",
            key="tea",
            actor=SYSTEM,
            at=database_now(),
        )
        notices_post_due(at=database_now())
    said = {mail.to: (mail.subject, mail.body, mail.html) for mail in Mail.objects.all()}
    by = {
        language: said[str(person_view(member.person_id).email)]
        for language, member in people.items()
    }
    assert [by[language][0] for language in ("", "de", "ar")] == [
        "Vote: Tea?",
        "Abstimmung: Tea?",
        "تصويت: \N{FIRST STRONG ISOLATE}Tea?\N{POP DIRECTIONAL ISOLATE}",
    ]
    assert "Die Abstimmung endet at noon." in by["de"][1]
    assert "Mails dieser Art abbestellen" in by["de"][2]
    assert '<html lang="ar"' in by["ar"][2]
    assert 'dir="rtl"' in by["ar"][2]
    assert "Stop mails of this kind" in by[""][1]


@pytest.mark.django_db
def test_an_invitation_speaks_the_language_of_who_is_invited():
    made = scene()
    speak(made.di.person_id, "de")
    client = made.client("coordinator")
    choose(client, "ar")
    for email in (made.di.email, "nobody.yet@example.org"):
        client.post(f"/c/{made.slug}/members/invite/", {"way": "mail", "email": email})
    known, new = (Mail.objects.get(to=each) for each in (made.di.email, "nobody.yet@example.org"))
    assert "lädt dich ein, auf Commonpurse" in known.body
    assert "هو لهذا العنوان وحده" in new.body


@pytest.mark.browser
def test_the_choice_survives_signing_in(site, browser: Browser):
    made = scene()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/c/{made.slug}/fund/")
    page.get_by_role("button", name="العربية").click()
    assert page.url == f"{site.url}/c/{made.slug}/fund/"
    assert page.locator("html").get_attribute("dir") == "rtl"
    site.sign_in(context, made.client("member"))
    page.goto(f"{site.url}/c/{made.slug}/")
    assert page.locator("html").get_attribute("lang") == "ar"
    page.goto(f"{site.url}/me/")
    page.get_by_role("button", name="Deutsch").click()
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.get_by_role("heading", level=1).inner_text() == "Deine Einstellungen"
    context.close()
