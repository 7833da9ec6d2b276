"""Every page of the addresses in light and dark, at 390 and at 1280 px: axe finds nothing.

The coordinator sees all but the treasurer's and the sponsor's own pages, which follow here; one
more look at each as other people is in `test_looks.py`.
"""

from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.web.addresses import Address, addresses
from tests.web.conftest import Site
from tests.web.looks import faults
from tests.web.scene import Scene, scene
from tests.web.test_access import SPONSORS, TREASURERS

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
WINDOWS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")]
OWN = {"treasurer": TREASURERS, "sponsor": SPONSORS}


def own(made: Scene, who: str) -> list[Address]:
    """The pages that this person alone may open."""
    return [each for each in addresses(made) if each[0] in OWN[who]]


def looked_at(
    site: Site,
    browser: Browser,
    made: Scene,
    who: str,
    width: int,
    scheme: Scheme,
) -> list[object]:
    """What is wrong with what this person sees in this window."""
    pages = own(made, who) if who in OWN else addresses(made)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    site.sign_in(context, made.client(who))
    found = faults(context.new_page(), site, pages)
    context.close()
    return found


@pytest.mark.parametrize(("width", "scheme"), WINDOWS[:2] + WINDOWS[3:])
def test_all_that_a_coordinator_sees(
    site: Site, browser: Browser, width: int, scheme: Scheme
) -> None:
    """Their fourth window, 1280 px in light, is in `test_looks.py`."""
    assert looked_at(site, browser, scene(), "coordinator", width, scheme) == []


@pytest.mark.parametrize("who", sorted(OWN))
@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_what_one_person_alone_may_open(
    site: Site, browser: Browser, who: str, width: int, scheme: Scheme
) -> None:
    made = scene()
    assert {name for name, _ in own(made, who)} == OWN[who]
    assert looked_at(site, browser, made, who, width, scheme) == []
