"""A day on a phone, for each kind of person: what they come for is there, and fits."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from tests.api.replays import Ground, ground
from tests.web.conftest import Site
from tests.web.keyboard import is_post

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def here(site: Site) -> Ground:
    cache.clear()
    return ground()


class Phone:
    """Somebody with a phone in their hand."""

    def __init__(self, site: Site, browser: Browser, here: Ground, who: str) -> None:
        context = browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            has_touch=True,
            is_mobile=True,
            locale="en-GB",
        )
        site.sign_in(context, here.made.client(who))
        self.page: Page = context.new_page()
        self.home = f"{site.url}/c/{here.made.slug}/"

    def open(self, path: str = "") -> None:
        answer = self.page.goto(path if path.startswith("http") else self.home + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.fits()

    def fits(self) -> None:
        assert not self.page.evaluate(WIDE), self.page.url

    def reads(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def tap(self, name: str | re.Pattern[str], role: str = "link", where: str = "main") -> None:
        wanted = self.page.locator(where).get_by_role(role, name=name).first  # type: ignore[arg-type]
        if role == "link":
            with self.page.expect_navigation():
                wanted.tap()
        else:
            with self.page.expect_response(is_post):
                wanted.tap()
            self.page.wait_for_load_state("networkidle")
        self.fits()

    def bar(self, name: str) -> None:
        """The bar of five at the foot of the window."""
        self.tap(name, where="nav.bar")


def test_a_member_votes_answers_and_looks_after_their_dues(
    site: Site, browser: Browser, here: Ground
) -> None:
    phone = Phone(site, browser, here, "member")
    phone.open()
    phone.reads("Needs you", "What the fund is doing", "Being talked about")
    phone.tap("Vote: Shall we meet on Tuesdays?")
    phone.page.locator("label.choice--agree").tap()
    phone.tap("Cast my vote", "button")
    phone.reads("Your vote counts: agree.")
    phone.bar("Threads")
    phone.tap("Where do our documents live next year?")
    phone.reads("I counted 2,318 documents.")
    phone.page.locator("[name=body]").fill("Let us count again.")
    phone.tap("Comment", "button")
    phone.reads("Let us count again.")
    phone.bar("Fund")
    phone.reads("€")
    phone.bar("More")
    phone.tap("Dues")
    phone.reads("€12.00", "Your dues are paid")
    phone.page.context.close()


def test_a_trustee_reads_compares_and_approves(site: Site, browser: Browser, here: Ground) -> None:
    phone = Phone(site, browser, here, "trustee")
    phone.open()
    phone.tap(re.compile("^Approve a payment of €71.60"))
    phone.reads("Brine Backup", "October backups", "0 of 2 approvals")
    expect(phone.page.locator(".code-slip__code")).to_be_visible()
    phone.page.get_by_label("I compared the payload code").check()
    phone.tap("Approve €71.60", "button")
    phone.reads("You approved it: 1 of 2.")
    phone.tap(re.compile("^M-"))
    phone.reads("Pay Brine Backup for a year?")
    phone.page.context.close()


def test_a_coordinator_invites_and_gives_a_role(site: Site, browser: Browser, here: Ground) -> None:
    phone = Phone(site, browser, here, "coordinator")
    phone.open("members/")
    phone.reads("Ann", "Bo", "Cy", "Eve")
    phone.open("members/invite/")
    phone.page.get_by_label("Several, by a link that you pass on").check()
    phone.tap("Make the invitation", "button")
    phone.reads("/invitation/")
    phone.open(f"members/{here.made.world.cy.member_id}/")
    phone.page.get_by_label("Role", exact=True).select_option(label="Auditor")
    phone.tap("Give this role", "button")
    phone.reads("Cy has the role now.")
    phone.open("threads/")
    phone.open("decisions/")
    phone.page.context.close()


def test_a_visitor_follows_the_money_without_an_account(
    site: Site, browser: Browser, here: Ground
) -> None:
    phone = Phone(site, browser, here, "anonymous")
    phone.open()
    phone.reads("Brine and Salt")
    phone.open("fund/")
    phone.reads("€")
    phone.open(f"mandates/{here.made.mandate.number}/")
    phone.reads("Backups for a year")
    phone.tap(f"Decision {here.made.spend.number}")
    phone.reads("Passed", "3 of 4")
    phone.open("record/")
    phone.open("record/verify/")
    phone.open("manual/")
    assert "Cy" not in phone.page.locator("main").inner_text().split()
    phone.page.context.close()


def test_a_sponsor_carries_out_what_trustees_signed(
    site: Site, browser: Browser, here: Ground
) -> None:
    phone = Phone(site, browser, here, "sponsor")
    phone.open(site.url + "/")
    phone.tap("Harbour Commons Foundation")
    phone.reads("1 fund needs you", "Brine and Salt", "All funds together")
    phone.tap("Brine and Salt")
    phone.reads("1 order is ready for the bank", "Where the fund stands", "€50.00")
    phone.tap(re.compile("^Typed by hand"))
    phone.page.get_by_label("The bank’s reference").fill("Confirmation 2026-0417")
    phone.tap(re.compile("is at the bank$"), "button")
    phone.reads("No order waits for the bank", "At the bank")
    phone.tap("The public fund page, with the vote behind each payment")
    phone.reads("The fund")
    phone.page.context.close()
