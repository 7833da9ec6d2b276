"""What a browser complains of while a test looks at pages: any of it fails the test.

Breaches of the content security policy, faults of scripts, and errors on the console, in every
context that the test opens.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

TELL = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.purseTold([event.effectiveDirective, event.blockedURI, event.sample].join(" "));
});
"""
NOT_LOADED = "Failed to load resource"
OURS = "/static/"


class Watch:
    """The complaints of all contexts of one browser."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        """Listen to every page of this context, those that scripts cannot run on included."""
        context.on("console", self.console)
        context.on("weberror", self.fault)
        context.expose_binding("purseTold", self.breach)
        context.add_init_script(TELL)
        return context

    def console(self, message: ConsoleMessage) -> None:
        """An error on the console; not that a page was refused, which its own test looks at."""
        where = str(message.location.get("url", ""))
        is_refusal = message.text.startswith(NOT_LOADED) and OURS not in where
        if message.type == "error" and not is_refusal:
            self.found.append(("console", where, message.text))

    def fault(self, error: WebError) -> None:
        """A script that broke."""
        self.found.append(("fault", error.page.url if error.page else "", str(error.error)))

    def breach(self, source: dict[str, Any], told: str) -> None:
        """Something that the policy forbids."""
        self.found.append(("policy", source["page"].url, told))


@contextmanager
def watched(browser: Browser) -> Iterator[Watch]:
    """Watch each context that is opened from now on. AssertionError at the end for complaints."""
    watch = Watch()
    opened: Callable[..., BrowserContext] = browser.new_context

    def context(**given: Any) -> BrowserContext:
        return watch.over(opened(**given))

    def page(**given: Any) -> Page:
        return context(**given).new_page()

    browser.new_context = context  # type: ignore[method-assign]
    browser.new_page = page  # type: ignore[method-assign]
    yield watch
    # What a page says while the test ends is still on its way.
    for each in browser.contexts:
        for shown in each.pages:
            shown.evaluate("0")
    if watch.found:
        raise AssertionError("\n".join(" ".join(each) for each in watch.found))
