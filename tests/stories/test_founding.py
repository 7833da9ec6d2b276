"""From nothing to a first vote, on phones: Ann founds, Bo writes with her, both vote.

The story prints how long it took from the first click to the open vote, and how many clicks and
keys; the figures are reported and nothing is asserted of them. A second story is walked by
keyboard alone, a third without any script.
"""

import re
import sys
import time
from dataclasses import dataclass, field

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, Locator, Page, expect

from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import decision_by_number
from commonpurse.groups.selectors import coop_by_slug
from commonpurse.manual.selectors import manual_current
from commonpurse.notices.selectors import mail_latest, mail_latest_code
from commonpurse.record.selectors import database_now
from tests.web.conftest import Site

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@dataclass
class Hand:
    """Somebody at a phone, whose clicks and keys are counted."""

    site: Site
    page: Page
    name: str
    clicks: int = 0
    keys: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.click(self.page.locator("main").get_by_role("link", name=name).first)

    def type(self, name: str, text: str) -> None:
        place = self.page.locator(f"[name={name}]")
        self.click(place)
        place.fill("")
        self.page.keyboard.type(text)
        self.keys += len(text)

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def sign_up(self) -> None:
        self.page.locator("[name=name]").fill(self.name)
        self.page.locator("[name=email]").fill(self.email)
        self.page.get_by_role("button", name="Make an account", exact=True).click()
        self.reads("Which code is in the mail?")
        code = mail_latest_code(email=self.email, at=database_now())
        assert code is not None
        self.page.locator("[name=code]").fill(code)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page).not_to_have_url(re.compile("/code/"))

    def agree(self) -> None:
        self.page.locator("label.choice--agree").click()
        self.page.get_by_role("button", name="Cast my vote", exact=True).click()
        self.reads("Your vote counts: agree.")


def hand(site: Site, browser: Browser, name: str, *, script: bool = True) -> Hand:
    cache.clear()
    context = browser.new_context(
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
        locale="en-GB",
        java_script_enabled=script,
    )
    return Hand(site, context.new_page(), name)


def came(site: Site, browser: Browser, name: str, *, script: bool = True) -> Hand:
    """Somebody who just made an account and stands before the first question."""
    one = hand(site, browser, name, script=script)
    one.page.goto(site.url + "/sign-up/")
    one.sign_up()
    one.page.goto(site.url + "/found/")
    one.began = time.monotonic()
    return one


def put_into_force(slug: str) -> None:
    coop_id = coop_by_slug(slug).coop_id
    result = decision_by_number(coop_id=coop_id, number=1).result
    assert result is not None
    assert result.verdict == "passed"
    enact(coop_id=coop_id, result_id=result.id, at=database_now())


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_two_phones_from_nothing_to_a_founded_co_op(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    ann, bo = came(site, browser, "Ann"), hand(site, browser, "Bo")
    ann.press("Begin")
    ann.type("name", "Tool Shed")
    expect(ann.page.locator("[data-address-said]")).to_contain_text("/c/tool-shed/")
    for _ in ("name", "money", "dues", "manual"):
        ann.press("Keep and go on")
    ann.follow("Invite founders")
    ann.type("email", bo.email)
    ann.press("Send the invitation")

    way = re.search(r"/found/join/[^/]+/", mail_latest(email=bo.email)[0].body)
    assert way is not None
    bo.page.goto(site.url + way[0])
    bo.follow("Make an account")
    bo.sign_up()
    bo.press("Become a founder")
    bo.follow("Who belongs to us")
    bo.follow("Suggest other words")
    bo.type("text", "Whoever mends a tool belongs to us, whatever they pay.")
    bo.press("Suggest this")
    bo.reads("Bo suggests")

    ann.page.goto(site.url + "/found/")
    ann.follow("Go on with Tool Shed")
    ann.reads("One suggestion waits for an answer")
    ann.click(ann.page.get_by_role("button", name=re.compile("^Accept")).first)
    ann.reads("Accepted: the clause says it now.")
    ann.follow("Go on with the questions")
    ann.press("Keep and go on")
    ann.reads("2 founders have agreed")
    ann.press("Open the founding vote")
    ann.reads("The vote is open: you can cast yours now.")
    told(capsys, "two founders, one suggestion", ann, bo)

    ann.agree()
    bo.page.goto(site.url + "/c/tool-shed/decisions/1/")
    bo.agree()
    put_into_force("tool-shed")
    texts = {
        each.key: each.text for each in manual_current(coop_by_slug("tool-shed").coop_id).clauses
    }
    assert texts["members"] == "Whoever mends a tool belongs to us, whatever they pay."
    ann.page.reload()
    ann.reads("The operating manual is in force")
    for each in (ann, bo):
        each.page.context.close()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_one_founder_in_a_hurry_by_keyboard_alone(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = came(site, browser, "Ann")
    page = ann.page

    def tab_to(name: str) -> None:
        """Move on with Tab until the button of this name has the focus."""
        for _ in range(80):
            page.keyboard.press("Tab")
            ann.keys += 1
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                return
        raise AssertionError(f"Tab never reached “{name}”")

    def enter(name: str) -> None:
        tab_to(name)
        page.keyboard.press("Enter")
        ann.keys += 1
        page.wait_for_load_state()

    enter("Begin")
    page.locator("[name=name]").wait_for()
    for _ in range(20):
        page.keyboard.press("Tab")
        ann.keys += 1
        if page.evaluate("document.activeElement.name") == "name":
            break
    page.keyboard.type("Seed Library")
    page.keyboard.press("Enter")
    ann.keys += len("Seed Library") + 1
    for question in ("Who holds the money?", "What does each member pay?"):
        ann.reads(question)
        enter("Keep and go on")
    ann.reads("Is this how you want to decide and pay?")
    enter("Keep and go on")
    ann.reads("You can found it alone")
    enter("Keep and go on")
    ann.reads("Open the founding vote of Seed Library?")
    enter("Open the founding vote")
    ann.reads("The vote is open: you can cast yours now.")
    told(capsys, "alone, by keyboard", ann)
    page.locator("input[value=agree]").focus()
    page.keyboard.press("Space")
    enter("Cast my vote")
    ann.reads("Your vote counts: agree.")
    put_into_force("seed-library")
    page.context.close()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_one_founder_in_a_hurry_without_any_script(
    site: Site, browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = came(site, browser, "Ann", script=False)
    ann.press("Begin")
    ann.type("name", "Harbour Tools")
    for _ in ("name", "money", "dues", "manual", "founders"):
        ann.press("Keep and go on")
    ann.press("Open the founding vote")
    ann.reads("The vote is open: you can cast yours now.")
    told(capsys, "alone, without a script", ann)
    ann.agree()
    put_into_force("harbour-tools")
    ann.page.context.close()


def told(capsys: pytest.CaptureFixture[str], what: str, *hands: Hand) -> None:
    """Print what it took, past the capture of pytest."""
    seconds = time.monotonic() - hands[0].began
    clicks, keys = sum(each.clicks for each in hands), sum(each.keys for each in hands)
    with capsys.disabled():
        sys.stdout.write(f"\nfounding, {what}: {seconds:.1f} s, {clicks} clicks, {keys} keys\n")
