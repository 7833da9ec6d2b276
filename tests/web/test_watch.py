"""The watch over browsers is awake: each kind of complaint that is planted fails a test."""

import pytest
from playwright.sync_api import Browser, Route

from tests.web.conftest import Site
from tests.web.watch import watched

pytestmark = pytest.mark.browser

LEADS_ELSEWHERE = """
const it = document.createElement("form");
it.action = "https://example.org/";
document.body.append(it);
it.submit();
"""

MARKUP = {
    "a script in the page": ("<script>1</script>", "policy .* script-src-elem inline"),
    "a script in a tag": ("<img src='/x' onerror='1'>", "policy .* script-src-attr inline"),
    "a style in a tag": ("<p style='color: red'>", "policy .* style-src-attr inline"),
    "a picture from elsewhere": ("<img src='https://example.org/x.png'>", "policy .* img-src"),
}
"""What stands in a page that it must not hold, and what is told of it."""

SCRIPTS = {
    "a call to elsewhere": ("fetch('https://example.org/').catch(() => 0)", "policy .*connect-src"),
    "a form that leads elsewhere": (LEADS_ELSEWHERE, ".* form-action"),
    "markup from a text": (
        "try { document.body.innerHTML = '<b>x</b>' } catch {}",
        "policy .* require-trusted-types-for",
    ),
    "a script that breaks": ("setTimeout(() => { throw new Error('broken') })", "fault .*broken"),
    "an error on the console": ("console.error('oh')", "console .*oh"),
}
"""What a script does that it must not do, and what is told of it."""


def walk(browser: Browser, site: Site, *, markup: str = "", script: str = "", **how: bool) -> None:
    """Open a page under the policy that comes with it, with something planted in it."""

    def answer(route: Route) -> None:
        given = route.fetch()
        route.fulfill(response=given, body=given.text().replace("<main", markup + "<main"))

    with watched(browser):
        page = browser.new_page(**how)  # type: ignore[arg-type]
        page.route("**/sign-in/", answer)
        page.goto(site.url + "/sign-in/")
        page.evaluate(f"() => {{ {script} }}")
        page.wait_for_timeout(300)  # A breach is told a moment after the deed.


@pytest.mark.parametrize("what", MARKUP)
def test_what_a_page_must_not_hold_fails_its_test(site: Site, unwatched: Browser, what: str):
    markup, told = MARKUP[what]
    with pytest.raises(AssertionError, match=told):
        walk(unwatched, site, markup=markup)


@pytest.mark.parametrize("what", SCRIPTS)
def test_what_a_script_must_not_do_fails_its_test(site: Site, unwatched: Browser, what: str):
    script, told = SCRIPTS[what]
    with pytest.raises(AssertionError, match=told):
        walk(unwatched, site, script=script)


def test_what_pages_without_scripts_must_not_hold_fails_too(site: Site, unwatched: Browser):
    with pytest.raises(AssertionError, match=r"console .*style-src"):
        walk(unwatched, site, markup="<p style='color: red'>", java_script_enabled=False)


def test_a_page_that_does_nothing_wrong_passes(site: Site, unwatched: Browser):
    walk(unwatched, site)
