"""Every flow by keyboard alone: Tab, Enter, Space and arrows; the focus is seen at every step."""

import codecs

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser

from commonpurse.notices.selectors import mail_latest_code
from commonpurse.record.selectors import database_now
from tests.api.replays import Ground, ground, statement
from tests.web.addresses import addresses
from tests.web.conftest import Site
from tests.web.keyboard import Keys
from tests.web.scene import Scene, proved

pytestmark = pytest.mark.browser


def keys_of(site: Site, browser: Browser, made: Scene, who: str) -> Keys:
    """This person at a desk, signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    site.sign_in(context, made.client(who))
    return Keys(context.new_page(), site.url)


def type_code(keys: Keys, email: str) -> None:
    code = mail_latest_code(email=email, at=database_now())
    assert code is not None
    keys.type(code=code)


@pytest.fixture
def here(site: Site) -> Ground:
    cache.clear()
    return ground()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_a_stranger_signs_in_joins_and_takes_a_table_along(
    site: Site, browser: Browser, here: Ground
) -> None:
    keys = keys_of(site, browser, here.made, "anonymous")
    home = f"/c/{here.made.slug}/"
    keys.go(f"/invitation/{here.made.token}/")
    keys.skip()
    keys.follow("Sign in to join")
    keys.type(email="di@example.org")
    keys.press("Send me a code")
    type_code(keys, "di@example.org")
    keys.press("Sign in")
    keys.press("Join Brine and Salt")
    keys.reads("You are a member of Brine and Salt now.")
    keys.go(f"{home}fund/")
    assert keys.fetch("CSV").read_bytes().startswith(codecs.BOM_UTF8)
    keys.page.context.close()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_a_member_talks_proposes_votes_and_asks_for_money(
    site: Site, browser: Browser, here: Ground
) -> None:
    made = here.made
    keys, home = keys_of(site, browser, made, "member"), f"/c/{made.slug}/"
    keys.go(f"{home}threads/new/")
    keys.type(title="Who keeps our backups?", body="Nobody does.")
    keys.press("Start this thread")
    keys.reads("Nobody does.")
    keys.type(body="Brine did well for us.")
    keys.press("Comment")
    keys.reads("Brine did well for us.")
    vote = f"{home}decisions/{made.vote.number}/"
    keys.go(vote)
    keys.choose("choice", "agree")
    keys.press("Cast my vote")
    keys.reads("Your vote counts: agree.")
    keys.choose("choice", "disagree")
    keys.press("Change my vote")
    keys.reads("Your vote counts: disagree.")
    keys.go(f"{vote}take-back/")
    keys.press("Take it back")
    keys.go(f"{home}decisions/{made.spend.number}/")
    keys.type(statement="It is paid in October.")
    keys.press("Publish the outcome")
    keys.reads("It is paid in October.")
    keys.go(f"{home}mandates/{made.mandate.number}/request/")
    keys.type(amount="7.00", purpose="November backups")
    keys.press("Ask for this payment")
    keys.reads("The trustees are asked to approve it.")
    keys.go(f"{home}preferences/")
    keys.pick("comment", "Not by mail")
    keys.press("Keep my choice")
    keys.go("/inbox/")
    keys.press("Mark all as read")
    keys.reads("Nothing is new to you")
    keys.go("/me/tokens/")
    keys.type(name="Books")
    keys.tick("scopes", "talk")
    keys.press("Make this token")
    keys.reads("purse_")
    keys.page.context.close()


def test_a_member_proposes_each_kind(site: Site, browser: Browser, here: Ground) -> None:
    made = here.made
    keys, form = keys_of(site, browser, made, "member"), f"/c/{made.slug}/propose/"
    keys.go(form)
    keys.follow("A statement")
    keys.type(question="Shall we meet in May?")
    keys.press("Start this vote")
    keys.reads("Shall we meet in May?")
    keys.go(f"{form}?kind=spend")
    keys.type(question="Pay for backups?")
    keys.pick("payee", "Brine Backup")
    keys.type(amount="80", purpose="Backups")
    keys.press("Start this vote")
    keys.reads("If this passes")
    keys.go(f"{form}?kind=trustees")
    keys.type(question="Ann, Bo and Cy?")
    for member in (made.world.ann, made.world.bo, made.world.cy):
        keys.tick("member_ids", str(member.member_id))
    keys.press("Start this vote")
    keys.reads("If this passes")
    keys.go(f"{form}?kind=amendment")
    keys.type(question="Lower the dues?", dues_minor="11.00")
    keys.press("Start this vote")
    keys.reads("If this passes")
    keys.page.context.close()


@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_a_trustee_proves_who_they_are_and_approves(
    site: Site, browser: Browser, here: Ground
) -> None:
    made = here.made
    client = made.client("trustee")
    proved(client, made.world.bo.person_id, at=made.world.at)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    site.sign_in(context, client)
    keys = Keys(context.new_page(), site.url)
    keys.go(f"/c/{made.slug}/requests/{made.request.number}/")
    keys.tick("same")
    keys.press("Approve €71.60")
    keys.press("Send me a code")
    type_code(keys, "bo@example.org")
    keys.press("It is me")
    keys.tick("same")
    keys.press("Approve €71.60")
    keys.reads("You approved it: 1 of 2.")
    context.close()


def test_a_treasurer_pays_imports_and_books(site: Site, browser: Browser, here: Ground) -> None:
    made = here.made
    keys, home = keys_of(site, browser, made, "treasurer"), f"/c/{made.slug}/"
    keys.go(f"{home}statements/")
    keys.attach("file", "2.xml", statement(2, 50_000, made.at.date()))
    keys.press("Import this statement")
    keys.reads("1 line is booked.")
    keys.follow("from A city")
    keys.pick("kind", "A grant")
    keys.press("Book this line")
    keys.reads("The line is booked.")
    keys.go(f"{home}orders/")
    keys.press("Export 1 order")
    keys.reads("1 order is in the file.")
    assert b"Brine Backup" in keys.fetch("Payment file").read_bytes()
    keys.page.context.close()


def test_a_treasurer_proposes_to_cover_a_debit(site: Site, browser: Browser, here: Ground) -> None:
    made = here.made
    keys, home = keys_of(site, browser, made, "treasurer"), f"/c/{made.slug}/"
    keys.go(f"{home}statements/")
    keys.attach("file", "2.xml", statement(2, 50_000, made.at.date(), minor=-4_200))
    keys.press("Import this statement")
    keys.reads("1 line is booked.")
    keys.go(f"{home}fund/")
    keys.follow("Propose to cover it")
    keys.type(question="Shall this debit stand?", purpose="A fee of our bank")
    keys.press("Start this vote")
    keys.reads("If this passes")
    keys.page.context.close()


def test_a_treasurer_books_what_was_paid_by_hand(site: Site, browser: Browser) -> None:
    cache.clear()
    made = ground(is_imported=False).made
    keys = keys_of(site, browser, made, "treasurer")
    keys.go(f"/c/{made.slug}/orders/")
    keys.follow("Paid by hand")
    keys.type(proof="Receipt 17")
    keys.press("Book €50.00 as paid")
    keys.reads("The payment is booked.")
    keys.page.context.close()


def test_a_coordinator_invites_gives_a_role_and_makes_a_webhook(
    site: Site, browser: Browser, here: Ground
) -> None:
    made = here.made
    keys, home = keys_of(site, browser, made, "coordinator"), f"/c/{made.slug}/"
    keys.go(f"{home}members/invite/")
    keys.choose("way", "link")
    keys.press("Make the invitation")
    keys.reads("/invitation/")
    keys.go(f"{home}members/{made.world.cy.member_id}/")
    keys.pick("role", "Auditor")
    keys.press("Give this role")
    keys.reads("Cy has the role now.")
    keys.go(f"{home}webhooks/new/")
    keys.type(name="Our chat", url="https://example.org/chat")
    keys.tick("kinds", "payment.settled")
    keys.press("Make the webhook")
    keys.page.context.close()


def test_no_page_traps_the_focus_or_hides_it(site: Site, browser: Browser, here: Ground) -> None:
    keys = keys_of(site, browser, here.made, "coordinator")
    for _, path in addresses(here.made):
        keys.page.goto(site.url + path)
        if keys.page.locator("[autofocus]").count():
            continue  # Such a page begins in its one field: what one came for.
        keys.skip()
        seen: list[str] = []
        while (where := keys.step()) and not where.startswith("<body"):
            seen.append(where)
            assert len(seen) < 400, f"no way out of {path}: {seen[-3:]}"
    keys.page.context.close()
