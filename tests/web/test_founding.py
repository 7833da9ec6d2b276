"""The wizard and the draft by their pages: answers are kept, rules hold, a vote stands open."""

import re
from html import unescape
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from commonpurse.config.enactments import enact
from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.selectors import (
    access_draft,
    decision_by_number,
    draft_invitations,
    drafts_of,
    suggestion_list,
)
from commonpurse.groups.selectors import PersonView, coop_by_slug
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.words import words_changed
from commonpurse.notices.selectors import mail_latest
from commonpurse.record.selectors import database_now
from tests.web.scene import scene
from tests.world import person

pytestmark = pytest.mark.django_db

WRONG, LED_ON, GONE, REFUSED, NOT_NOW = 422, 302, 404, 403, 409


def browser_of(who: PersonView) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(pk=who.person_id))
    return client


def begun(client: Client, who: PersonView, template: str = "software-users") -> str:
    """The address of a draft that was just begun."""
    sent = {"template": template, "purpose": "We share tools."}
    assert client.post("/found/", sent).status_code == LED_ON
    return f"/found/{drafts_of(who.person_id)[0].draft_id}/"


def draft_at(path: str, who: PersonView) -> DraftView:
    draft_id = UUID(path.split("/")[2])
    return access_draft(draft_id=draft_id, person_id=who.person_id).draft


def answered(client: Client, path: str) -> None:
    """Every question but the founders, answered as a person in a hurry does."""
    for step, sent in (
        ("name", {"name": "Tool Shed", "slug": ""}),
        ("money", {"way": "named", "sponsor": "Harbour Commons"}),
        ("dues", {"dues": "7.50", "currency": "EUR", "period": "1"}),
        ("manual", {}),
        ("founders", {"trustees": "on"}),
    ):
        answer = client.post(f"{path}step/{step}/", sent)
        assert answer.status_code == LED_ON, (step, unescape(answer.content.decode()))


def opened(client: Client, path: str, who: PersonView) -> str:
    """Where the button on the last page leads."""
    version = draft_at(path, who).version
    answer = client.post(f"{path}step/check/", {"seen": version})
    assert answer.status_code == LED_ON, unescape(answer.content.decode())
    return str(answer["Location"])


def test_a_coop_is_drafted_by_two_and_founded_by_their_votes() -> None:
    ann, bo = person("Ann"), person("Bo")
    hers, his = browser_of(ann), browser_of(bo)
    path = begun(hers, ann)
    answered(hers, path)
    hers.post(f"{path}invite/", {"email": "bo@example.org"})
    (mail,) = mail_latest(email="bo@example.org")
    way = re.search(r"/found/join/[^/]+/", mail.body)
    assert way is not None
    assert "Found Tool Shed with them?" in his.get(way[0]).content.decode()
    assert his.post(way[0])["Location"] == path

    edit = f"{path}clauses/members/edit/"
    typed = {"title": "Who belongs to us", "text": "Whoever mends a tool.", "why": "Why not?"}
    suggested = his.post(edit, typed)
    shown = unescape(hers.get(suggested["Location"]).content.decode())
    assert "<ins>Whoever mends a tool.</ins>" in shown
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', shown)
    assert seen is not None
    hers.post(f"{suggested['Location']}accept/", {"seen": seen[1]})
    where = opened(hers, path, ann)
    assert where == "/c/tool-shed/decisions/1/"
    assert "founds Tool Shed with you" in mail_latest(email="bo@example.org")[0].subject
    assert "Go to the founding vote" in his.get(path).content.decode()

    for client in (hers, his):
        client.post(f"{where}vote/", {"choice": "agree", "reason": ""})
    coop_id = coop_by_slug("tool-shed").coop_id
    result = decision_by_number(coop_id=coop_id, number=1).result
    assert result is not None
    assert result.verdict == "passed"
    enact(coop_id=coop_id, result_id=result.id, at=database_now())
    manual = manual_current(coop_id)
    assert manual.parameters.dues_minor == 750
    texts = {each.key: each.text for each in manual.clauses}
    assert texts["purpose"] == "We share tools."
    assert texts["members"] == "Whoever mends a tool."
    assert "The operating manual is in force" in hers.get(where).content.decode()


def test_each_answer_is_kept_and_stands_there_again() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann, "solidarity-fund")
    later = client.post(f"{path}step/name/", {"name": "Tool Shed", "slug": "", "then": "later"})
    assert later["Location"] == path
    elsewhere = browser_of(ann)
    assert "Go on with Tool Shed" in unescape(elsewhere.get("/found/").content.decode())
    page = elsewhere.get(f"{path}step/name/").content.decode()
    assert 'value="Tool Shed"' in page
    assert 'value="tool-shed"' in page
    assert "We share tools." in elsewhere.get(f"{path}step/purpose/").content.decode()
    assert f'href="{path}step/money/"' in elsewhere.get(path).content.decode()


def test_what_is_wrong_is_said_at_once_and_what_was_typed_stays() -> None:
    made = scene()
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    answer = client.post(f"{path}step/name/", {"name": "Tools\u202eslooT", "slug": made.slug})
    html = unescape(answer.content.decode())
    assert answer.status_code == WRONG
    assert "There are 2 problems" in html
    assert "signs that cannot be seen" in html
    assert f"Another co-op lives at {made.slug}" in html
    answer = client.post(f"{path}step/dues/", {"dues": "many", "currency": "EUR", "period": "1"})
    html = answer.content.decode()
    assert answer.status_code == WRONG
    assert 'value="many"' in html
    assert html.count("Enter an amount in figures, such as 71.60") == 2
    assert 'href="#f-dues"' in html
    assert 'aria-describedby="f-dues-h f-dues-e1"' in html
    nameless = client.post(f"{path}step/money/", {"way": "named", "sponsor": " "})
    assert "Name the organisation" in unescape(nameless.content.decode())
    assert client.post(f"{path}step/money/", {"way": "none"}).status_code == LED_ON


def test_an_amount_is_read_in_the_currency_that_was_chosen() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    sent = {"dues": "1500", "currency": "JPY", "period": "3"}
    assert client.post(f"{path}step/dues/", sent).status_code == LED_ON
    numbers = draft_at(path, ann).parameters
    assert (numbers.currency, numbers.dues_minor, numbers.dues_period_months) == ("JPY", 1500, 3)
    wrong = client.post(f"{path}step/dues/", sent | {"dues": "15.50"})
    assert wrong.status_code == WRONG


def test_numbers_that_nobody_touched_go_on_following_the_founders() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    sent = {
        "voting_days": "3",
        "quorum": "1/3",
        "threshold": "2/3",
        "approvals_needed": "2",
        "timezone": "Africa/Nairobi",
    }
    answer = client.post(f"{path}numbers/", sent)
    assert answer.status_code == LED_ON, unescape(answer.content.decode())
    draft = draft_at(path, ann)
    assert "approvals_needed" not in draft.changes
    assert draft.parameters.voting_days == 3
    assert draft.parameters.is_block_allowed is False
    assert draft.parameters.timezone == "Africa/Nairobi"
    worse = client.post(f"{path}numbers/", sent | {"quorum": "1/2", "threshold": "1"})
    assert worse.status_code == WRONG
    assert "not below the one for proposals" in unescape(worse.content.decode())


def test_the_check_says_what_is_missing_and_the_button_opens_nothing_before() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    page = unescape(client.get(f"{path}step/check/").content.decode())
    assert "Before you can open the vote" in page
    assert "You can found it alone" in page
    refused = client.post(f"{path}step/check/", {"seen": draft_at(path, ann).version})
    assert refused.status_code == WRONG
    answered(client, path)
    assert "Before you can open the vote" not in client.get(f"{path}step/check/").content.decode()
    stale = client.post(f"{path}step/check/", {"seen": "1"})
    assert "changed since you read it" in unescape(stale.content.decode())
    assert opened(client, path, ann) == "/c/tool-shed/decisions/1/"
    assert client.get(f"{path}step/name/")["Location"] == path
    assert client.post(f"{path}clauses/members/drop/").status_code == NOT_NOW


def test_another_founder_suggests_and_may_not_lead() -> None:
    made = scene()
    path = f"/found/{made.drafted.draft_id}/"
    cy, ann, di = (made.client(who) for who in ("member", "coordinator", "stranger"))
    wish = f"{path}suggestions/{made.drafted.suggestion_id}/"
    assert cy.post(f"{path}step/name/", {"name": "Mine"}).status_code == REFUSED
    assert cy.post(f"{wish}accept/").status_code == REFUSED
    assert cy.post(f"{path}discard/").status_code == REFUSED
    for address in (f"{wish}accept/", f"{path}clauses/members/drop/", f"{path}leave/", wish):
        assert di.post(address, {"text": "Hm."}).status_code == GONE
    assert ann.post(f"{wish}withdraw/").status_code == REFUSED
    assert ann.post(f"{wish}praise/").status_code == GONE
    dropped = cy.post(f"{path}clauses/service/drop/")
    assert "Leave out" in cy.get(dropped["Location"]).content.decode()
    empty = cy.post(wish, {"text": ""})
    assert empty.status_code == WRONG
    cy.post(wish, {"text": "Mending <b>is</b> paying."})
    assert "Mending &lt;b&gt;is&lt;/b&gt; paying." in ann.get(wish).content.decode()
    ann.post(f"{wish}decline/")
    states = {each.state for each in suggestion_list(draft_at(path, person("Cy")))}
    assert states == {"open", "declined"}


def test_a_clause_read_in_two_windows_is_not_overwritten() -> None:
    made = scene()
    path = f"/found/{made.drafted.draft_id}/"
    client = made.client("coordinator")
    page = client.get(f"{path}clauses/members/edit/").content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert seen is not None
    typed = {"title": "Members", "text": "All who mend.", "seen": seen[1]}
    assert client.post(f"{path}clauses/members/edit/", typed).status_code == LED_ON
    again = client.post(f"{path}clauses/members/edit/", typed | {"text": "Nobody."})
    assert again.status_code == WRONG
    assert "changed while you read it" in unescape(again.content.decode())
    assert "Nobody." in again.content.decode()
    assert "All who mend." in client.get(f"{path}history/").content.decode()


def test_a_link_is_shown_once_with_a_code_and_taken_back() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    assert client.post(f"{path}invite/", {"email": ""}).status_code == WRONG
    page = client.post(f"{path}invite/", {"email": "", "link": "1"}).content.decode()
    assert 'class="qr"' in page
    link = re.search(r"/found/join/[^/]+/", page)
    assert link is not None
    draft = draft_at(path, ann)
    (invitation,) = draft_invitations(draft.draft_id, at=database_now())
    client.post(f"{path}invite/{invitation.invitation_id}/revoke/")
    assert Client().get(link[0]).status_code == GONE


def test_who_follows_a_link_meant_for_another_is_told_so() -> None:
    ann, cy = person("Ann"), person("Cy")
    client = browser_of(ann)
    path = begun(client, ann)
    client.post(f"{path}invite/", {"email": "bo@example.org"})
    way = re.search(r"/found/join/[^/]+/", mail_latest(email="bo@example.org")[0].body)
    assert way is not None
    asked = Client().get(way[0]).content.decode()
    assert "Make an account" in asked
    refused = browser_of(cy).post(way[0])
    assert refused.status_code == WRONG
    assert "went to another address" in refused.content.decode()
    assert browser_of(cy).get(path).status_code == GONE


def test_a_founding_that_failed_is_drafted_once_more() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    answered(client, path)
    where = opened(client, path, ann)
    assert client.post(f"{path}again/").status_code == NOT_NOW
    client.post(f"{where}vote/", {"choice": "disagree", "reason": ""})
    assert "The founding vote did not pass" in client.get(path).content.decode()
    again = client.post(f"{path}again/")["Location"]
    assert again != path
    assert "Tool Shed" in client.get(again).content.decode()
    assert opened(client, again, ann) == "/c/tool-shed-2/decisions/1/"


def test_the_lead_takes_a_founder_off() -> None:
    made = scene()
    path = f"/found/{made.drafted.draft_id}/"
    founder = f"{path}founders/{made.drafted.founder_id}/remove/"
    assert made.client("member").post(founder).status_code == REFUSED
    assert made.client("coordinator").post(founder)["Location"] == f"{path}step/founders/"
    assert made.client("member").get(path).status_code == GONE


def test_leaving_and_throwing_away_ask_first() -> None:
    ann = person("Ann")
    client = browser_of(ann)
    path = begun(client, ann)
    assert "Found it no more" in client.get(f"{path}leave/").content.decode()
    assert client.post(f"{path}discard/")["Location"] == "/found/"
    assert client.get(path).status_code == GONE
    path = begun(client, ann)
    client.post(f"{path}leave/")
    assert client.get(path).status_code == GONE


def test_the_script_of_the_page_hears_whether_an_address_is_free() -> None:
    made = scene()
    client = made.client("member")
    found = client.get("/found/address/", {"name": "Harbour Tools"}).json()
    assert (found["slug"], found["is_free"]) == ("harbour-tools", True)
    taken = client.get("/found/address/", {"slug": made.slug}).json()
    assert taken["is_free"] is False
    assert "Another co-op lives" in taken["said"]
    assert client.get("/found/address/", {"slug": "A B"}).json()["is_free"] is False
    assert client.get("/found/address/").json()["said"] == ""
    assert Client().get("/found/address/").status_code == LED_ON


def test_words_are_compared_one_by_one() -> None:
    pieces = words_changed("Members pay dues every month.", "Members pay or mend every month.")
    assert [(each.kind, each.text) for each in pieces] == [
        ("same", "Members pay "),
        ("gone", "dues "),
        ("new", "or mend "),
        ("same", "every month."),
    ]
    assert words_changed("", "") == ()
    rewritten = words_changed("A member pays dues.", "Whoever mends a tool belongs.")
    assert [each.kind for each in rewritten] == ["gone", "new"]
    assert [each.kind for each in words_changed("Gone.", "")] == ["gone"]
