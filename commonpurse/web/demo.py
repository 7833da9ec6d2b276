"""The demo's personas: one click each, and only where the demo runs on this very machine."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def is_demo(request: HttpRequest) -> bool:
    """Whether this is the demo, shown to somebody at this machine."""
    return bool(settings.PURSE_DEMO) and is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
