"""Words that nothing breaks stay inside a phone: long names, titles, questions, addresses."""

from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page

from commonpurse.config.demo.people import PERSONAS
from commonpurse.discussion.services import comment_add, thread_open
from commonpurse.groups.services import person_rename
from commonpurse.record.selectors import database_now
from commonpurse.treasury.selectors import mandate_of_result
from commonpurse.treasury.services import payee_account_enter, payee_add, payment_request
from tests.decisions.founding_world import DAY, FoundedWorld, asked, founded, voted
from tests.web.conftest import Site
from tests.web.looks import OPEN_ALL, TOO_WIDE
from tests.web.scene import IBAN, grant, proved
from tests.world import NOON

pytestmark = pytest.mark.browser

WIDTHS = (320, 390)
NAME = "Wm" * 40
TITLE = "https://example.org/" + "a-very-long-address/" * 6
QUESTION = "Donaudampfschifffahrtsgesellschaftskapitaens" * 4
STICKS_OUT = """() => [...document.querySelectorAll("main *, .demo *, .topbar *, .public-head *")]
  .filter((each) => each.getBoundingClientRect().right > window.innerWidth + 1
    && !each.closest(".table-wrap, .tabs, pre, svg, .visually-hidden"))
  .map((each) => each.outerHTML.slice(0, 120)).slice(0, 3)"""


def long_words() -> tuple[FoundedWorld, list[str]]:
    """A co-op whose every word is long, and the paths of its pages."""
    world, later, now = founded(name=NAME), NOON + 2 * DAY, database_now()
    for number, member in enumerate(world.members):
        person_rename(
            person_id=member.person_id,
            name=f"{NAME[:-1]}{number}",
            actor=member.actor,
            at=later,
        )
    thread = thread_open(group_id=world.coop_id, title=TITLE, body=TITLE, actor=world.cy, at=later)
    comment_add(thread_id=thread.id, body=QUESTION, actor=world.ann, at=later)
    grant(world, 50_000, at=later)
    vote = asked(world, at=now, question=QUESTION, details=TITLE, thread_id=thread.id)
    spent, request, payee_id = paid(world)
    inside = [
        "",
        "more/",
        "members/",
        f"members/{world.bo.member_id}/",
        "threads/",
        f"threads/{thread.id}/",
        "decisions/",
        f"decisions/{vote.number}/",
        f"decisions/{spent}/",
        "fund/",
        "mandates/",
        "requests/",
        f"requests/{request}/",
        "payees/",
        f"payees/{payee_id}/",
        "propose/?kind=spend",
        "search/?q=Donau",
    ]
    return world, ["/", "/inbox/", "/me/", *(f"/c/{world.coop.slug}/{path}" for path in inside)]


def paid(world: FoundedWorld) -> tuple[int, int, UUID]:
    """A vote about money, a request under its mandate, and the payee, all of long words."""
    later = NOON + 2 * DAY
    payee = payee_add(
        coop_id=world.coop_id,
        kind="organisation",
        name=NAME[:70],
        beneficial_owner_member_id=None,
        actor=world.cy,
        at=later,
    )
    payee_account_enter(payee_id=payee.id, iban=IBAN, holder=NAME[:70], actor=world.cy, at=later)
    effect = {
        "kind": "spend",
        "payee_id": str(payee.id),
        "amount_minor": 20_000,
        "purpose": QUESTION[:100],
        "valid_until": "2027-12-31",
    }
    opened = asked(world, at=later, kind="spend", question=QUESTION, effect=effect)
    closed = voted(opened, *((member, "agree") for member in world.members), at=later)
    assert closed.result is not None
    mandate = mandate_of_result(closed.result.id, at=database_now())
    assert mandate is not None
    request = payment_request(
        mandate_id=mandate.id,
        payee_id=payee.id,
        account_id=None,
        amount_minor=7_160,
        purpose=QUESTION[:100],
        key="one",
        actor=world.cy,
        at=database_now(),
    )
    return closed.number, request.number, payee.id


def too_wide(page: Page, site: Site, paths: list[str]) -> list[object]:
    """The pages that are wider than a phone, and what stands out of it."""
    found: list[object] = []
    for path in paths:
        page.goto(site.url + path)
        page.evaluate(OPEN_ALL)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate(TOO_WIDE):
                found.append((path, width, page.evaluate(STICKS_OUT)))
    return found


def test_no_word_however_long_makes_a_page_wider_than_a_phone(
    site: Site, browser: Browser, settings: Any
) -> None:
    settings.PURSE_DEMO, settings.PURSE_PERSONAS = True, PERSONAS
    world, paths = long_words()
    client = Client()
    client.force_login(get_user_model().objects.get(pk=world.bo.person_id))
    proved(client, world.bo.person_id, at=database_now())
    context = browser.new_context()
    site.sign_in(context, client)
    assert too_wide(context.new_page(), site, paths) == []
    context.close()
    stranger = browser.new_context()
    slug = world.coop.slug
    assert too_wide(stranger.new_page(), site, ["/", f"/c/{slug}/", f"/c/{slug}/fund/"]) == []
    stranger.close()
