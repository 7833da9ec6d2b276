"""Every page in every window, under every finger, and on paper."""

import pytest
from playwright.sync_api import Browser, Page

from tests.web.addresses import addresses
from tests.web.conftest import Site
from tests.web.looks import OPEN_ALL
from tests.web.scene import scene

pytestmark = pytest.mark.browser

WIDTHS = (320, 390, 768, 1280, 1440)
WIDE = "document.documentElement.scrollWidth > window.innerWidth"
TARGET_MIN = 24
SMALL = """(least) => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const targetAt = (x, y) => {
    const found = document.elementFromPoint(x, y);
    return found && (found.closest(all) || found.closest("label")?.control);
  };
  return [...document.querySelectorAll(all)].filter((each) => {
    const isHidden = !each.checkVisibility({ visibilityProperty: true });
    if (isHidden || each.closest(".visually-hidden, .skip")) { return false; }
    each.scrollIntoView({ block: "center", inline: "center" });
    const box = each.getClientRects()[0];
    if (!box || (box.width >= least && box.height >= least)) { return false; }
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const reach = least / 2 - 0.5;
    return [[0, -reach], [0, reach], [-reach, 0], [reach, 0]].some(([dx, dy]) => {
      const other = targetAt(x + dx, y + dy);
      return other && other !== each && !each.contains(other) && !other.contains(each);
    });
  }).map((each) => each.outerHTML.slice(0, 120));
}"""
"""What is neither 24 px by itself nor by the free space around it (WCAG 2.2, 2.5.8)."""
SEEN_ON_PAPER = """() => [".side", ".bar", ".topbar", ".btn", ".demo"]
  .filter((each) => [...document.querySelectorAll(each)].some((one) => one.checkVisibility()))"""
PAPER = {"width": 718, "height": 1047}
"""A4 within its margins, in CSS pixels."""


def test_no_page_is_wider_than_its_window_or_too_small_for_a_finger(
    site: Site, browser: Browser
) -> None:
    made = scene()
    context = browser.new_context(has_touch=True)
    site.sign_in(context, made.client("treasurer"))
    page = context.new_page()
    wrong: list[tuple[object, ...]] = []
    for name, path in addresses(made):
        page.goto(site.url + path)
        page.evaluate(OPEN_ALL)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate(WIDE):
                wrong.append((name, width, "too wide"))
            if width == 390:
                wrong += [(name, each) for each in page.evaluate(SMALL, TARGET_MIN)]
    assert wrong == [], "\n".join(map(str, wrong))
    context.close()


@pytest.mark.parametrize("who", ["member", "anonymous"])
def test_decisions_fund_and_manual_are_fit_for_paper(
    site: Site, browser: Browser, who: str
) -> None:
    made = scene()
    context = browser.new_context(viewport={"width": PAPER["width"], "height": PAPER["height"]})
    site.sign_in(context, made.client(who))
    page: Page = context.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    for path in (f"decisions/{made.spend.number}/", "fund/", "manual/"):
        page.goto(f"{site.url}/c/{made.slug}/{path}")
        assert page.evaluate(SEEN_ON_PAPER) == [], path
        assert page.locator("h1").is_visible()
        assert not page.evaluate(WIDE), path
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert is_light(page, ground), f"{path}: {ground} takes a cartridge of ink"
    context.close()


def is_light(page: Page, colour: str) -> bool:
    """Whether this colour is near to white, as the browser draws it."""
    script = """(colour) => {
      const it = new OffscreenCanvas(1, 1).getContext("2d");
      it.fillStyle = "white"; it.fillRect(0, 0, 1, 1);
      it.fillStyle = colour; it.fillRect(0, 0, 1, 1);
      return Math.min(...it.getImageData(0, 0, 1, 1).data.slice(0, 3));
    }"""
    return bool(page.evaluate(script, colour) > 225)
