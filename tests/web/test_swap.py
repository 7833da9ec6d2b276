"""Answers in place: a part of the page is replaced, by the template that makes the page."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Response

from commonpurse.decisions.selectors import my_ballot
from commonpurse.discussion.selectors import comment_list
from tests.web.conftest import Site
from tests.web.crowd import grown
from tests.web.scene import Scene, scene

BYTES_MAX = 10_000
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (each) => {
  window.violations.push(each.violatedDirective);
});
"""


@pytest.fixture
def made(site: Site) -> Scene:
    del site
    return scene()


@pytest.fixture
def page(site: Site, browser: Browser, made: Scene) -> Iterator[Page]:
    """A member's page that was loaded once, and faults in it."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    context.add_init_script(WATCH)
    site.sign_in(context, made.client("member"))
    yield context.new_page()
    context.close()


def shown(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("window.isTheSame = true")


def in_place(page: Page) -> None:
    """Nothing was loaded anew, and nothing broke the policy."""
    assert page.evaluate("window.isTheSame") is True
    assert page.evaluate("window.violations") == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


@pytest.mark.browser
def test_a_vote_is_cast_and_changed_in_place_with_the_focus_kept(
    site: Site, made: Scene, page: Page
):
    answers: list[Response] = []
    page.on(
        "response",
        lambda each: (
            answers.append(each) if each.status == 200 and "/static/" not in each.url else None
        ),
    )
    shown(page, f"{site.url}/c/{made.slug}/decisions/{made.vote.number}/")
    answers.clear()
    for choice, said in (("agree", "Your vote counts: agree."), ("abstain", "counts: abstain.")):
        page.locator(f"input[name=choice][value={choice}]").check()
        page.locator("#vote-cast").click()
        page.locator("#said").get_by_text(said).wait_for()
        assert page.locator(f"input[value={choice}]").is_checked()
        assert focused(page) == "vote-cast"
    in_place(page)
    assert page.get_by_role("button", name="Change my vote").count() == 1
    assert len(answers) == 2
    assert max(len(each.body()) for each in answers) <= BYTES_MAX
    mine = my_ballot(decision_id=made.vote.id, member_id=made.world.cy.member_id)
    assert mine is not None
    assert mine.choice == "abstain"


@pytest.mark.browser
def test_a_refused_vote_says_why_in_place_and_takes_the_focus(site: Site, made: Scene, page: Page):
    shown(page, f"{site.url}/c/{made.slug}/decisions/{made.vote.number}/")
    page.locator("input[name=choice][value=block]").check()
    page.locator("#vote-cast").click()
    problem = page.locator("#vote .error-summary")
    problem.wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator("input[value=block]").is_checked()
    in_place(page)


@pytest.mark.browser
def test_a_comment_appears_in_place_once_however_often_the_finger_presses(
    site: Site, made: Scene, page: Page
):
    shown(page, f"{site.url}/c/{made.slug}/threads/{made.thread_id}/")
    before = page.locator(".timeline > li").count()
    page.locator("#f-body").fill("A ceiling **matters**.")
    page.locator("#say").dblclick()
    page.locator(".timeline strong", has_text="matters").wait_for()
    assert page.locator(".timeline > li").count() == before + 1
    assert page.locator("#f-body").input_value() == ""
    assert focused(page) == "say"
    in_place(page)
    assert comment_list(thread_id=made.thread_id)[-1].body == "A ceiling **matters**."


@pytest.mark.browser
def test_without_any_script_the_same_forms_lead_to_the_same_pages(
    site: Site, browser: Browser, made: Scene
):
    context = browser.new_context(java_script_enabled=False)
    site.sign_in(context, made.client("member"))
    page = context.new_page()
    page.goto(f"{site.url}/c/{made.slug}/threads/{made.thread_id}/")
    page.locator("#f-body").fill("By hand.")
    page.locator("#say").click()
    assert page.get_by_text("By hand.").count() == 1
    page.goto(f"{site.url}/c/{made.slug}/decisions/{made.vote.number}/")
    page.locator("input[name=choice][value=agree]").check()
    page.locator("#vote-cast").click()
    assert page.get_by_text("Your vote counts: agree.").count() == 1
    context.close()


def part(client: Client, path: str, name: str, **sent: str) -> str:
    """What is answered when this part of a page is asked for after something was sent."""
    answer = client.post(path, sent, headers={"hx-request": "true", "hx-target": name}, follow=True)
    assert "<html" not in answer.content.decode()
    assert answer.headers["Vary"].count("HX-Target") == 1
    return answer.content.decode()


@pytest.mark.django_db
def test_a_part_is_the_page_s_own_and_small_in_a_large_co_op_too():
    large = grown(scene())
    client, root = large.client("member"), f"/c/{large.slug}/"
    number, path = large.vote.number, f"{root}threads/{large.thread_id}/"
    vote = part(client, f"{root}decisions/{number}/vote/", "vote", choice="agree", reason="")
    whole = client.get(f"{root}decisions/{number}/").content.decode()
    assert vote[vote.index('<fieldset class="stack">') :].split("</fieldset>")[0] in whole
    said = part(client, path, "write", body="So.", parent=str(large.comment_id))
    assert 'class="reply"' in said
    empty = part(client, path, "write", body="")
    assert "Write something" in empty
    read = part(client, "/inbox/read/", "inbox")
    assert "marked as read" in read
    assert max(len(text.encode()) for text in (vote, said, empty)) <= BYTES_MAX


@pytest.mark.django_db
def test_pages_are_sent_packed_and_archives_as_they_are():
    made = scene()
    client, packed = made.client("member"), {"accept-encoding": "gzip"}
    page = client.get(f"/c/{made.slug}/", headers=packed)
    assert page.headers["Content-Encoding"] == "gzip"
    sheet = client.get(f"/c/{made.slug}/tables/members.xlsx", headers=packed)
    assert sheet.status_code == 200
    assert "Content-Encoding" not in sheet.headers


@pytest.mark.browser
@pytest.mark.parametrize("name", ["base.css", "swap.js", "icons.svg"])
def test_styles_and_scripts_are_sent_packed(site: Site, name: str):
    asked = Request(f"{site.url}/static/purse/{name}", headers={"Accept-Encoding": "gzip"})  # noqa: S310  (our own site)
    with urlopen(asked) as answer:  # noqa: S310  (our own site)
        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.django_db
def test_a_part_that_a_page_does_not_have_is_the_whole_page():
    made = scene()
    path = f"/c/{made.slug}/decisions/{made.vote.number}/"
    headers = {"hx-request": "true", "hx-target": "everything"}
    answer = made.client("member").get(path, headers=headers)
    assert "<html" in answer.content.decode()
