"""What a visit is remembered by: the browser's name and the neighbourhood of its address.

Coarse on purpose. It helps somebody to tell their own visits from a stranger's, and follows nobody.
"""

import ipaddress
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from commonpurse.groups.sessions import VISIT
from commonpurse.record.selectors import database_now

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
NEIGHBOURHOOD = {4: 24, 6: 48}
"""How many bits of an address are kept: about a provider in a town."""


def visit_note(sender: object, request: HttpRequest, **rest: Any) -> None:
    """Note browser, place and time in the session of who just signed in."""
    del sender, rest
    request.session[VISIT] = {
        "browser": browser_name(request.META.get("HTTP_USER_AGENT", "")),
        "place": place_name(address_of(request)),
        "at": database_now().isoformat(),
    }


def browser_name(agent: str) -> str:
    """`Firefox, Linux`; empty when the browser says nothing that is known here."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return ", ".join(filter(None, (browser, system)))


def address_of(request: HttpRequest) -> str:
    """The visitor's address, as far as the proxy before us tells it."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def place_name(address: str) -> str:
    """The neighbourhood of an address: `203.0.113.0/24`; empty for one that cannot be read."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return "this computer"
    bits = NEIGHBOURHOOD[found.version]
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False))
