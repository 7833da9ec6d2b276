"""Browsers in which somebody signed in before: their tries are counted apart from strangers'.

Anybody may ask for codes to anybody's address, and is stopped after a few. Were all asked for
counted together, a stranger could keep a member out by asking. So a browser that signed in with an
address carries a sealed cookie that says so, and has a count of its own for that address.
"""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

COOKIE = "purse_known"
KEPT_FOR = timedelta(days=365)
ADDRESSES_MAX = 5
SALT = "commonpurse.web.known"


def browser_note(request: HttpRequest, response: HttpResponse, *, address: str) -> None:
    """Let this browser be known again as one that signed in with this address."""
    name, marks = browser_read(request)
    mine = address_mark(address)
    marks = [mine, *(mark for mark in marks if mark != mine)][:ADDRESSES_MAX]
    sealed = TimestampSigner(salt=SALT).sign_object([name, *marks])
    response.set_cookie(
        COOKIE,
        sealed,
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def browser_of(request: HttpRequest, *, address: str) -> str:
    """The name of this browser if it signed in with this address before; else empty."""
    name, marks = browser_read(request)
    return name if address_mark(address) in marks else ""


def browser_read(request: HttpRequest) -> tuple[str, list[str]]:
    """What the cookie says; a fresh name and no addresses when there is none, or a forged one."""
    sealed = request.COOKIES.get(COOKIE, "")
    try:
        name, *marks = TimestampSigner(salt=SALT).unsign_object(sealed, max_age=KEPT_FOR)
    except (BadSignature, ValueError):
        return get_random_string(16), []
    return str(name), [str(mark) for mark in marks]


def address_mark(address: str) -> str:
    """What the cookie holds of an address: enough to know it again, not to read it."""
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()[:32]
