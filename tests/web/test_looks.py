"""Every page in a real browser: no fault that axe finds, nothing wider than its window.

In light and dark, on a phone and on a desk, with every `<details>` open, as anybody may see them.
"""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from commonpurse.record.services import SYSTEM
from commonpurse.treasury.services import dues_charge
from tests.web.addresses import addresses
from tests.web.conftest import Site
from tests.web.looks import OPEN_ALL, faults
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.browser

ROUND = "document.documentElement.dir = 'rtl'"


@pytest.mark.parametrize(
    ("who", "width", "scheme"),
    [
        ("coordinator", 1280, "light"),
        ("treasurer", 390, "dark"),
        ("anonymous", 1280, "dark"),
        ("stranger", 320, "light"),
        ("sponsor", 390, "light"),
    ],
)
def test_no_page_has_a_fault(site: Site, browser: Browser, who: str, width: int, scheme: str):
    made = scene()
    dues_charge(coop_id=made.world.coop_id, actor=SYSTEM, at=made.at)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    site.sign_in(context, made.client(who))
    assert faults(context.new_page(), site, addresses(made)) == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_waits_can_still_be_read(
    site: Site, browser: Browser, scheme: Literal["light", "dark"]
):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{site.url}/style/")
    page.wait_for_timeout(1100)  # from then on a wait shows
    asked = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
    found = Axe().run(page, ".btn", asked).response["violations"]
    assert [node["html"] for each in found for node in each["nodes"]] == []
    context.close()


def test_pages_read_from_right_to_left_too(site: Site, browser: Browser):
    made = scene()
    context = browser.new_context(viewport={"width": 390, "height": 900})
    site.sign_in(context, made.client("treasurer"))
    page = context.new_page()
    wide = []
    for name, path in addresses(made):
        page.goto(site.url + path)
        page.evaluate(ROUND)
        page.evaluate(OPEN_ALL)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            wide.append(name)
    assert wide == []
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_arabic_five_pages_have_no_fault(
    site: Site, browser: Browser, width: int, scheme: Literal["light", "dark"]
):
    made = scene()
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    site.sign_in(context, made.client("trustee"))
    context.add_cookies([{"name": "purse_language", "value": "ar", "url": site.url}])
    five = {"coop_home", "thread", "decision-spend", "fund", "request"}
    pages = [each for each in addresses(made) if each[0] in five]
    assert {name for name, _ in pages} == five
    page = context.new_page()
    assert faults(page, site, pages) == []
    assert page.locator("html").get_attribute("dir") == "rtl"
    context.close()


def test_a_member_votes_by_keyboard_and_without_any_script(site: Site, browser: Browser):
    made = scene()
    context = browser.new_context(java_script_enabled=False)
    site.sign_in(context, made.client("member"))
    page = context.new_page()
    page.goto(f"{site.url}/c/{made.slug}/decisions/{made.vote.number}/")
    page.get_by_role("radio", name="Agree", exact=False).first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("It suits everybody.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("status").filter(has_text="Your vote counts: agree.").wait_for()
    assert page.get_by_role("button", name="Change my vote").is_visible()
    context.close()


def test_errors_are_said_at_the_top_and_lead_to_their_field(site: Site, browser: Browser):
    made = scene()
    page = signed_in(site, browser, made, "member")
    page.goto(f"{site.url}/c/{made.slug}/threads/new/")
    page.get_by_role("button", name="Start this thread").click()
    summary = page.get_by_role("alert")
    assert "There is one problem" in summary.inner_text()
    assert summary.evaluate("node => node === document.activeElement")
    summary.get_by_role("link", name="Say what it is about").click()
    assert page.get_by_label("What is it about?").evaluate("n => n === document.activeElement")
    page.context.close()


def signed_in(site: Site, browser: Browser, made: Scene, who: str) -> Page:
    context = browser.new_context()
    site.sign_in(context, made.client(who))
    return context.new_page()
