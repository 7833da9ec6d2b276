"""A fresh proof of who somebody is: asked for before money is approved or a way in is changed.

Signing in by a passkey, an app's code or a code by mail is a proof, and so is doing one of these
again. A proof is fresh for ten minutes. A visit that an identity provider vouched for is none: the
provider may have asked nobody for anything.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

PROOF, CODE = "purse_proof", "purse_proof_code"
FRESH_FOR = timedelta(minutes=10)
CODE_LIVES = timedelta(minutes=15)
CODE_TRIES = 3
PROVING = ("code", "mfa")
"""Ways of signing in that prove something to us. `mfa` is a passkey or a second factor."""


def proof_note(request: HttpRequest, *, at: datetime) -> None:
    """Note that the visitor just proved who they are."""
    request.session[PROOF] = {"at": at.timestamp(), "person": str(request.user.pk)}
    request.session.pop(CODE, None)


def proof_note_sign_in(request: HttpRequest, user: AbstractBaseUser, *, at: datetime) -> None:
    """Note a proof if the last thing that the visitor did to sign in was one."""
    records = get_authentication_records(request, user)
    if records and records[-1].get("method") in PROVING:
        proof_note(request, at=at)


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the visitor proved who they are within the last ten minutes."""
    noted = request.session.get(PROOF) or {}
    if noted.get("person") != str(request.user.pk):
        return False
    age = at.timestamp() - float(noted["at"])
    return age < FRESH_FOR.total_seconds()


def to_proving(back: str) -> HttpResponse:
    """To the page that asks for a proof. It leads back to `back`, which does nothing by itself."""
    return redirect(resolve_url("me_prove") + "?" + urlencode({"next": back}))


def next_of(request: HttpRequest, default: str = "me") -> str:
    """Where the visitor wanted to go: an address of ours, else the default page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(default)


def code_send(request: HttpRequest, *, email: str, at: datetime) -> None:
    """Mail a code to the visitor, good for this browser; the session holds no more than its MAC."""
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[CODE] = {"mac": code_mac(code), "at": at.timestamp(), "tries": 0}
    adapter.send_mail("account/email/prove_code", email, {"request": request, "code": code})


def code_is_sent(request: HttpRequest, *, at: datetime) -> bool:
    """Whether a code is on its way that may still be typed."""
    return code_waiting(request, at=at) is not None


def code_waiting(request: HttpRequest, *, at: datetime) -> dict[str, Any] | None:
    """What the session knows of a code that is neither too old nor tried too often."""
    sent: dict[str, Any] | None = request.session.get(CODE)
    if sent is None or at.timestamp() - sent["at"] > CODE_LIVES.total_seconds():
        return None
    return sent if sent["tries"] < CODE_TRIES else None


def code_take(request: HttpRequest, typed: str, *, at: datetime) -> bool:
    """Whether this is the code that was mailed. A wrong one uses up a try, the right one itself."""
    sent = code_waiting(request, at=at)
    if sent is None:
        return False
    if constant_time_compare(code_mac(typed), sent["mac"]):
        request.session.pop(CODE)
        return True
    request.session[CODE] = sent | {"tries": sent["tries"] + 1}
    return False


def code_mac(code: str) -> str:
    """What is kept of a code, however it was typed: with or without its hyphen, in any case."""
    plain = "".join(sign for sign in code if sign.isalnum()).upper()
    return salted_hmac("commonpurse.web.proving", plain, algorithm="sha256").hexdigest()


def limit_of(request: HttpRequest, action: str) -> HttpResponse | None:
    """The page that says "that was often", when it was. Counts this try.

    Counted before the view's transaction begins: one that is refused must not take the count back.
    """
    user = None if isinstance(request.user, AnonymousUser) else request.user
    response: HttpResponse | None = ratelimit.consume_or_429(request, action=action, user=user)
    return response


def limit_forget(request: HttpRequest, action: str) -> None:
    """Forget the tries after one that was right."""
    ratelimit.clear(request, action=action, user=request.user)
