"""Texts that nobody sees, payees that look alike, and what forms and pages say in our own words."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from commonpurse.decisions.services import ballot_cast, outcome_write
from commonpurse.decisions.services.drafting.suggestions import suggestion_comment
from commonpurse.discussion.services import comment_add, thread_open
from commonpurse.errors import Invalid
from commonpurse.groups.names import name_checked
from commonpurse.manual.clauses import clause_read
from commonpurse.treasury.services import payee_add
from commonpurse.web.forms.base import PurseForm
from commonpurse.web.views import coops
from tests.decisions.drafting import acting, begun, joined, suggested
from tests.decisions.founding_world import DAY, FoundedWorld, asked, founded, voted
from tests.web.scene import IBAN, Scene, scene
from tests.world import NOON, person

pytestmark = pytest.mark.django_db

BLANKS = ("\u200b", "\u2800", "\u3164", "\u00ad", " \u00a0 ")
WRONG = 422


def refused(code: str, deed: Callable[..., object], **facts: Any) -> None:
    with pytest.raises(Invalid) as caught:
        deed(**facts)
    assert caught.value.code == code


def page(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


@pytest.mark.parametrize("blank", BLANKS)
def test_what_cannot_be_seen_is_no_text(blank: str) -> None:
    here = founded(NOON)
    at = here.at
    refused("question_empty", asked, world=here, question=blank)
    vote = asked(here)
    refused(
        "reason_missing",
        ballot_cast,
        decision_id=vote.id,
        choice="block",
        reason=blank,
        actor=here.ann,
        at=at + DAY,
    )
    closed = voted(vote, (here.ann, "agree"), (here.bo, "agree"), (here.cy, "agree"), at=at + DAY)
    refused(
        "statement_empty",
        outcome_write,
        decision_id=closed.id,
        statement=blank,
        actor=here.cy,
        at=closed.closes_at + DAY,
    )
    opening: dict[str, Any] = {"group_id": here.coop_id, "body": "", "actor": here.ann, "at": at}
    refused("title_empty", thread_open, title=blank, **opening)
    thread = thread_open(title="Which backups?", **opening)
    refused("body_empty", comment_add, thread_id=thread.id, body=blank, actor=here.ann, at=at)


@pytest.mark.parametrize("blank", BLANKS)
def test_a_clause_a_suggestions_words_and_a_name_can_be_seen(blank: str) -> None:
    for words in ({"title": blank, "text": "We share."}, {"title": "Members", "text": blank}):
        refused("clause_wrong", clause_read, given={"key": "members", **words})
    with pytest.raises(Invalid):
        name_checked(blank)
    ann, cy = person("Ann"), person("Cy")
    draft = joined(begun(ann), ann, cy)
    made = suggested(draft, cy)
    refused(
        "comment_empty",
        suggestion_comment,
        draft_id=draft.draft_id,
        suggestion_id=made,
        text=blank,
        actor=acting(ann),
        at=NOON + 3 * timedelta(hours=1),
    )


def payee_new(here: FoundedWorld, name: str) -> str:
    return payee_add(
        coop_id=here.coop_id,
        kind="organisation",
        name=name,
        beneficial_owner_member_id=None,
        actor=here.cy,
        at=here.at,
    ).name


@pytest.mark.parametrize(
    "name", ["Brine Backup", "Brine\u00a0Backup", "brine  BACKUP", "\uff22rine Backup"]
)
def test_no_two_payees_of_one_co_op_read_alike(name: str) -> None:
    here = founded(NOON)
    assert payee_new(here, "Brine Backup") == "Brine Backup"
    refused("name_taken", payee_new, here=here, name=name)
    assert payee_new(here, "Brine Backup BV") == "Brine Backup BV"


def test_the_page_says_that_a_payees_name_is_taken() -> None:
    made = scene()
    answer = made.client("member").post(
        f"/c/{made.slug}/payees/new/", {"kind": "organisation", "name": "brine backup", "owner": ""}
    )
    assert answer.status_code == WRONG
    assert "There is a payee called brine backup already." in answer.content.decode()


def test_where_a_payee_is_chosen_the_account_ends_beside_the_name() -> None:
    made = scene()
    shown = f"Brine Backup (account …{IBAN[-4:]})"
    assert shown in page(made.client("member"), f"/c/{made.slug}/propose/?kind=spend")
    assert shown in page(made.client("member"), f"/c/{made.slug}/mandates/1/request/")


class Odd(PurseForm):
    """One of each kind of field, with nothing said for itself."""

    line = forms.CharField(max_length=3)
    empty = forms.CharField()
    null = forms.CharField()
    choice = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    number = forms.IntegerField(min_value=2)
    whole = forms.IntegerField()
    day = forms.DateField()
    mail = forms.EmailField()
    file = forms.FileField()
    own = forms.CharField(error_messages={"required": "Say it"})


def test_a_form_speaks_in_our_words_where_a_field_says_nothing() -> None:
    typed = {"line": "long", "null": "a\0", "choice": "b", "many": ["b"], "number": "1"}
    form = Odd(typed | {"whole": "x", "day": "x", "mail": "x"})
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "line": ["Shorten this to at most 3 characters"],
        "empty": ["Fill this in"],
        "null": ["Type this again: it holds signs that cannot be seen"],
        "choice": ["Choose one of these"],
        "many": ["Choose one of these"],
        "number": ["Enter 2 or more"],
        "whole": ["Enter a whole number"],
        "day": ["Choose a day"],
        "mail": ["Enter an e-mail address such as ann@example.org."],
        "file": ["Choose a file"],
        "own": ["Say it"],
    }


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-up/"])
def test_too_long_an_address_is_refused_in_the_form(path: str) -> None:
    cache.clear()
    address = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".org"
    html = Client().post(path, {"email": address, "name": "Ann"}).content.decode()
    assert "Shorten this to at most 254 characters" in html
    assert 'name="email"' in html


def test_a_suggestions_page_has_each_id_once(client: Client) -> None:
    ann, cy = person("Ann"), person("Cy")
    draft = joined(begun(ann), ann, cy)
    made = suggested(draft, cy)
    client.force_login(get_user_model()._default_manager.get(pk=ann.person_id))
    html = page(client, f"/found/{draft.draft_id}/suggestions/{made}/")
    ids = Counter(re.findall(r'\sid="([^"]+)"', html))
    assert ids["talk"] == 1
    assert [name for name, times in ids.items() if times > 1] == []


def in_language(made: Scene, language: str, path: str) -> str:
    client = made.client("member")
    client.post("/language/", {"language": language, "next": "/"})
    return page(client, f"/c/{made.slug}/{path}")


def test_a_file_says_what_it_holds_in_the_readers_language() -> None:
    made = scene()
    with translation.override("en"):
        html = page(made.client("member"), f"/c/{made.slug}/fund/")
    assert "Payments, as a file:" in html
    assert "Entries of the books, as a file:" in html
    german = in_language(made, "de", "fund/")
    assert "Zahlungen als Datei:" in german
    assert "(payments)" not in german


def test_the_days_under_a_balance_follow_the_readers_language() -> None:
    german = in_language(scene(), "de", "fund/")
    drawing = re.search(r'<svg class="chart flip only-wide".*?</svg>', german, re.DOTALL)
    assert drawing is not None
    days = re.findall(r">(\d+\. \S+ \d{4})</text>", drawing[0])
    assert len(days) == len(("first", "last"))


def test_a_vote_without_votes_says_the_fraction_alone() -> None:
    here = founded(NOON)
    vote = asked(here)
    html = page(Client(), f"/c/{here.coop.slug}/decisions/{vote.number}/")
    assert ": 1 of 0" not in html
    assert re.search(r"(?:At least|More than) \S+ of votes (?:cast|for and against)\.", html)


def test_whoever_may_vote_is_counted_in_words_and_could_vote_once_it_is_over() -> None:
    made = scene()
    client, base = made.client("member"), f"/c/{made.slug}/decisions"
    still = page(client, f"{base}/{made.vote.number}/")
    assert re.search(r"The 4 people who were members on [^.]+ may vote; that list", still)
    over = page(client, f"{base}/{made.spend.number}/")
    assert re.search(r"The 4 people who were members on [^.]+ could vote\.", over)
    assert "may vote" not in over


def test_a_request_that_ended_asks_nothing_any_more() -> None:
    made = scene()
    client, path = made.client("member"), f"/c/{made.slug}/requests/{made.request.number}/"
    assert "Pay Brine Backup €71.60?</h1>" in page(client, path)
    assert client.post(f"{path}withdraw/", {"reason": "Asked twice"}).status_code == 302
    assert "€71.60 to Brine Backup is not paid</h1>" in page(client, path)


def test_a_young_co_op_leads_to_inviting_others_and_to_the_funds_account(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = scene()
    home = f"/c/{made.slug}/"
    assert "Invite the others" not in page(made.client("coordinator"), home)
    monkeypatch.setattr(coops, "FEW", 4)
    assert "There are 4 members so far." in page(made.client("coordinator"), home)
    assert "Invite the others" not in page(made.client("member"), home)
    assert "Enter the fund’s bank account" in page(made.client("treasurer"), home)
    assert "Enter the fund’s bank account" not in page(made.client("coordinator"), home)


def test_from_right_to_left_a_name_does_not_turn_the_number_beside_it() -> None:
    made = scene()
    head = in_language(made, "ar", "").split("<h1")[1].split("</h1>")[0]
    assert "\N{FIRST STRONG ISOLATE}Cy\N{POP DIRECTIONAL ISOLATE}" in head
