"""Somebody who has a keyboard and nothing else, and sees where they are on every page."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import FileChooser, Locator, Page, Response, expect

STEPS_MAX = 250
STUCK_MAX = 5
"""A date has a place for its day, its month and its year, and a button."""
IS_SEEN = """() => {
  const drawn = (node) => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  for (let at = document.activeElement; at && at !== document.body; at = at.parentElement) {
    if (drawn(at)) { return true; }
  }
  return false;
}"""
WHERE = "() => document.activeElement.outerHTML.slice(0, 200)"
IS_THERE = "node => node === document.activeElement"
IS_AT_MAIN = "() => document.activeElement.id === 'main'"
IS_IN_MAIN = """() => {
  const inside = "main :is(a[href], button, input, select, textarea, summary, [tabindex='0'])";
  return !document.querySelector(inside) || document.activeElement.closest("main") !== null;
}"""
"""Whether the focus is inside what a page is for; a page of mere text has no place for it."""


def is_post(answer: Response) -> bool:
    """Whether this answers a form."""
    return answer.request.method == "POST"


@dataclass(frozen=True)
class Keys:
    """A page that is used by keys alone."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def step(self) -> str:
        """One Tab on; where that is, which is drawn."""
        self.page.keyboard.press("Tab")
        where = str(self.page.evaluate(WHERE))
        if not where.startswith("<body"):
            assert self.page.evaluate(IS_SEEN), f"nobody sees the focus at {where}"
        return where

    def tab_to(self, wanted: Locator) -> None:
        """Tab until one is there. AssertionError in a trap, and where it is not reached."""
        last, stuck = "", 0
        for _ in range(STEPS_MAX):
            if wanted.evaluate(IS_THERE):
                return
            where = self.step()
            stuck = stuck + 1 if where == last else 0
            assert stuck < STUCK_MAX, f"Tab leads no further than {where}"
            last = where
        raise AssertionError(f"Tab does not lead to {wanted}")

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name}]").first

    def type(self, **typed: str) -> None:
        """Type into the fields of these names what shall stand in them."""
        for name, text in typed.items():
            self.tab_to(self.field(name))
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.type(text)

    def press(self, name: str) -> None:
        """Press a button; its answer comes as a page or in place."""
        self.tab_to(self.page.get_by_role("button", name=name).first)
        with self.page.expect_response(is_post):
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("networkidle")

    def follow(self, name: str) -> None:
        self.tab_to(self.page.locator("main").get_by_role("link", name=name).first)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def unfold(self, name: str) -> None:
        self.tab_to(self.page.locator("summary", has_text=name).first)
        self.page.keyboard.press("Enter")

    def tick(self, name: str, value: str = "") -> None:
        wanted = f"main [name={name}]" + (f"[value='{value}']" if value else "")
        self.tab_to(self.page.locator(wanted).first)
        self.page.keyboard.press("Space")

    def choose(self, name: str, value: str) -> None:
        """One of several that exclude each other: Tab to them, arrows among them, Space."""
        options = self.page.locator(f"main [name={name}]")
        wanted = self.page.locator(f"main [name={name}][value='{value}']").first
        for _ in range(STEPS_MAX):
            if any(each.evaluate(IS_THERE) for each in options.all()):
                break
            self.step()
        for _ in range(options.count()):
            if wanted.evaluate(IS_THERE):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert wanted.is_checked()

    def pick(self, name: str, label: str) -> None:
        """One of a list that opens: the letters of what is meant."""
        self.tab_to(self.field(name))
        self.page.keyboard.type(label)
        chosen = self.field(name).evaluate("node => node.selectedOptions[0].label")
        assert label in str(chosen)

    def attach(self, name: str, file: str, data: bytes) -> None:
        self.tab_to(self.field(name))
        with self.page.expect_file_chooser() as waiting:
            self.page.keyboard.press("Space")
        chooser: FileChooser = waiting.value
        chooser.set_files({"name": file, "mimeType": "application/xml", "buffer": data})

    def fetch(self, name: str) -> Path:
        """Download what a link leads to."""
        self.tab_to(self.page.locator("main").get_by_role("link", name=name).first)
        with self.page.expect_download() as waiting:
            self.page.keyboard.press("Enter")
        return waiting.value.path()

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def skip(self) -> None:
        """The first Tab of a page offers to skip what stands on every page."""
        self.step()
        self.page.keyboard.press("Enter")
        for _ in range(40):
            if self.page.evaluate(IS_AT_MAIN):
                break
            self.page.wait_for_timeout(50)  # The focus follows the leap a moment later.
        assert self.page.evaluate(IS_AT_MAIN)
        self.step()
        assert self.page.evaluate(IS_IN_MAIN)
