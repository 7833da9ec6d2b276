"""What a browser and we say to each other about passkeys.

The browser is asked for a proof by options that hold a challenge; the challenge waits in the
session and is used up by the answer, right or wrong.
"""

from typing import Any

from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from commonpurse.errors import Invalid
from commonpurse.say import say

REFUSED = say("Your browser’s answer was not right. Try again, or use another way.")
MALFORMED = (ValidationError, ValueError, TypeError, KeyError, AttributeError)
"""What comes of an answer that no browser gives: the library reads some shapes without a look."""


def options_to_make(user: AbstractBaseUser) -> dict[str, Any]:
    """What the browser needs to make a passkey: one that asks for a finger, a face or a PIN."""
    options: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return options


def options_to_show(user: AbstractBaseUser | None) -> dict[str, Any]:
    """What the browser needs to show a passkey: one of this user's, or any of this site."""
    options: dict[str, Any] = auth.begin_authentication(user)
    return options


def made_checked(credential: object) -> dict[str, Any]:
    """The new passkey as it is kept, once its proof holds. Raises Invalid."""
    try:
        if not isinstance(credential, dict):
            raise TypeError
        auth.parse_registration_response(credential)
        proof = auth.complete_registration(credential)
    except MALFORMED as fault:
        raise Invalid("passkey_refused", REFUSED) from fault
    finally:
        auth.clear_state()
    if not proof.is_user_verified():
        raise Invalid("passkey_refused", REFUSED)
    return credential


def shown_checked(credential: object, user: AbstractBaseUser | None) -> Authenticator:
    """Whose passkey this is, once its proof holds; of `user` when given. Raises Invalid."""
    try:
        if not isinstance(credential, dict):
            raise TypeError
        auth.parse_authentication_response(credential)
        owner = user if user is not None else auth.extract_user_from_response(credential)
        return auth.complete_authentication(owner, credential)
    except MALFORMED as fault:
        raise Invalid("passkey_refused", REFUSED) from fault
    finally:
        auth.clear_state()


def passkey_sign_in(request: HttpRequest, found: Authenticator, *, to: str) -> HttpResponse:
    """Sign in the owner of this passkey and lead them on."""
    login = Login(user=found.user, redirect_url=to)
    answer: HttpResponse = flows.perform_passwordless_login(request, found, login)
    return answer
