"""Print the Chromium that the browser tests drive: PURSE_CHROMIUM, the system's, or Playwright's.

Exit status 1 when there is none.
"""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser_path() -> str | None:
    """The program of a Chromium that is there, or None."""
    named = os.environ.get("PURSE_CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    found = browser_path()
    if found is None:
        sys.exit(1)
    print(found)
