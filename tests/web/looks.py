"""What axe and the window find wrong on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.addresses import Address
from tests.web.conftest import Site

OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


def faults(page: Page, site: Site, pages: list[Address]) -> list[object]:
    """What axe, the console and the window find wrong on these pages, every `<details>` open.

    Axe runs every rule that is on by default: all of WCAG to level AA, and its best practices.
    """
    found: list[object] = []
    page.on("pageerror", lambda error: found.append(("error", page.url, str(error))))
    axe = Axe()
    for name, path in pages:
        page.goto(site.url + path)
        page.evaluate(OPEN_ALL)
        found.extend(
            (name, each["id"], [node["html"][:150] for node in each["nodes"]][:3])
            for each in axe.run(page).response["violations"]
        )
        if page.evaluate(TOO_WIDE):
            found.append((name, "too wide"))
    return found
