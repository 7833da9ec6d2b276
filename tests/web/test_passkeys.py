"""Passkeys in a real browser at localhost: made, used to sign in and to prove, removed."""

import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from commonpurse.groups.selectors import ways_of
from commonpurse.notices.selectors import mail_latest
from tests.web.authenticator import Authenticator, authenticator_of
from tests.web.conftest import Site
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.browser


@pytest.fixture
def here(site: Site) -> Site:
    """The site under its name: browsers make no passkeys for an address in figures."""
    cache.clear()
    return replace(site, url=site.url.replace("127.0.0.1", "localhost"))


def visitor(here: Site, browser: Browser, made: Scene, who: str) -> tuple[Page, Authenticator]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    here.sign_in(context, made.client(who))
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page, authenticator_of(page)


def passkey_make(here: Site, page: Page, name: str) -> None:
    page.goto(f"{here.url}/me/ways/")
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is yours")


def sign_out(page: Page, here: Site) -> None:
    page.goto(f"{here.url}/sign-out/")
    page.get_by_role("button", name="Sign out").click()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_a_passkey_is_made_named_used_and_removed(here: Site, browser: Browser) -> None:
    made = scene()
    page, device = visitor(here, browser, made, "member")
    passkey_make(here, page, "My phone")
    assert len(device.credentials) == 1
    assert device.credentials[0]["isResidentCredential"]
    cy = made.world.cy.person_id
    assert [each.name for each in ways_of(cy).passkeys] == ["My phone"]
    assert "passkey was added" in mail_latest(email="cy@example.org")[0].subject

    sign_out(page, here)
    page.goto(f"{here.url}/sign-in/?next=/me/ways/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/me/ways/$"))
    expect(page.locator("main")).to_contain_text("last used")

    page.get_by_role("link", name="Change My phone").click()
    page.get_by_label("What do you call it?").fill("Cy’s phone")
    page.get_by_role("button", name="Save the name").click()
    expect(page.locator("main")).to_contain_text("Cy’s phone")

    page.get_by_role("link", name="Change Cy’s phone").click()
    page.get_by_role("link", name="Remove this passkey").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is removed.")
    sign_out(page, here)
    page.goto(f"{here.url}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Your browser’s answer was not right")
    page.context.close()


def test_a_device_whose_owner_does_not_agree_signs_nobody_in(here: Site, browser: Browser) -> None:
    page, device = visitor(here, browser, scene(), "member")
    passkey_make(here, page, "My phone")
    sign_out(page, here)
    device.verifies(does=False)
    page.goto(f"{here.url}/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    page.goto(f"{here.url}/me/")
    expect(page).to_have_url(re.compile("/sign-in/"))
    page.context.close()


def test_a_passkey_proves_anew_by_keyboard_alone(here: Site, browser: Browser) -> None:
    page, _ = visitor(here, browser, scene(), "member")
    passkey_make(here, page, "My phone")
    page.goto(f"{here.url}/me/prove/?next=/me/tokens/")
    button = page.get_by_role("button", name="Show a passkey")
    for _step in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/me/tokens/$"))
    page.context.close()


def test_a_page_under_figures_says_where_passkeys_work(site: Site, browser: Browser) -> None:
    page, _ = visitor(site, browser, scene(), "member")
    page.goto(f"{site.url}/me/ways/passkeys/new/")
    expect(page.locator("main")).to_contain_text("Browsers make passkeys only under a name")
    page.context.close()


def test_no_script_but_ours_may_make_markup_of_text(here: Site, unwatched: Browser) -> None:
    """Trusted Types: text becomes markup or code by no page of ours."""
    page, _ = visitor(here, unwatched, scene(), "member")
    page.goto(f"{here.url}/sign-in/")
    refused = page.evaluate(
        "() => { const tried = [() => { document.body.innerHTML = '<b>x</b>' },"
        " () => { document.createElement('script').textContent = '1' },"
        " () => { window.trustedTypes.createPolicy('ours', {}) }];"
        " return tried.map(each => { try { each(); return 'done' } catch (e) { return e.name } }) }"
    )
    assert refused == ["TypeError"] * 3
    page.context.close()
