"""Take the pictures of the README from a demo of its own, and put them into docs/pictures/.

Starts `purse demo` on a free port with an empty data folder, walks as its people do, and stops it.
"""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from find_browser import browser_path
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
READY_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: who looks, where they go by links from the first page, and through what."""

    name: str
    who: str
    path: str
    follow: str = ""
    to: str = ""
    width: int = 1280
    height: int = 860
    scheme: str = "light"


PHONE = {"width": 390, "height": 844}
TOUR = (
    Picture("landing", "", "/"),
    Picture("home", "member", "/c/demo/"),
    Picture("home-phone", "member", "/c/demo/", **PHONE),
    Picture(
        "vote-phone",
        "member",
        "/c/demo/decisions/",
        "main a[href*='/decisions/']:not([href*='?'])",
        "form .choices",
        **PHONE,
    ),
    Picture("approve-phone", "trustee", "/c/demo/requests/", "main a[href*='/requests/']", **PHONE),
    Picture("fund", "", "/c/demo/fund/"),
    Picture("fund-dark", "", "/c/demo/fund/", to="#pays", scheme="dark"),
    Picture("why", "", "/c/demo/fund/", "a.pay__link"),
    Picture("manual", "member", "/c/demo/manual/"),
    Picture("record", "", "/c/demo/record/"),
)


@contextmanager
def demo() -> Iterator[str]:
    """A demo of our own, until the end of the block: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    purse = Path(sys.executable).with_name("purse")
    with tempfile.TemporaryDirectory() as data:
        served = subprocess.Popen(
            [purse, "demo", "--port", str(port)],
            env={"PATH": "/usr/bin:/bin", "PURSE_DATA": data},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait(f"http://localhost:{port}/readyz")
            yield f"http://localhost:{port}"
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(timeout=30)


def wait(address: str) -> None:
    """Until the demo answers. Raises TimeoutError."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        try:
            with urlopen(address):  # noqa: S310  (our own address)
                return
        except (URLError, ConnectionError):
            time.sleep(0.5)
    raise TimeoutError(address)


def take(browser: Browser, site: str, picture: Picture) -> None:
    """Sign in, go there, and keep what the window shows."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="en-GB",
    )
    page = context.new_page()
    if picture.who:
        enter(page, site, picture.who)
    page.goto(site + picture.path)
    if picture.follow:
        page.locator(picture.follow).first.click()
        page.wait_for_load_state()
    if picture.to:
        page.locator(picture.to).first.evaluate("each => each.scrollIntoView({block: 'center'})")
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def enter(page: Page, site: str, who: str) -> None:
    """Become one of the demo's people."""
    page.goto(site)
    page.locator(f".demo form[action='/demo/as/{who}/'] button").first.click()
    page.wait_for_load_state()


def main() -> int:
    """All pictures of the tour."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for picture in TOUR:
            take(browser, site, picture)
            print(f"docs/pictures/{picture.name}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
