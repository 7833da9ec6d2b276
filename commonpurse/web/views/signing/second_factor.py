"""The second factor: codes of an app, turned on by the first one, and recovery codes for bad days.

The app's secret is drawn when the page is shown and travels sealed in the form, so that looking
writes nothing; it is kept when the first code proves that the app has it.
"""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.selectors import ways_of
from commonpurse.groups.services import (
    recovery_codes_renew,
    second_factor_end,
    second_factor_start,
)
from commonpurse.web.drawing import qr_path
from commonpurse.web.forms.second import FirstCodeForm
from commonpurse.web.notify import notify
from commonpurse.web.visit import Visit, Who, page

SALT = "commonpurse.web.second_factor"
SEAL_SECONDS = 60 * 60


@page(Who.SIGNED_IN, "GET", "POST", proof=("GET", "POST"), limit="second_factor_start")
def second_factor(visit: Visit) -> HttpResponse:
    """Turn on the second factor: the app takes the secret and shows its first code."""
    if ways_of(visit.signed_in.person_id).has_second_factor:
        return visit.go("me_ways")
    if visit.is_post and not secret_of(visit):
        messages.error(visit.request, _("The page was open too long. Scan the new picture."))
        return visit.go("me_second_factor")
    secret = secret_of(visit) or generate_totp_secret()
    form = FirstCodeForm.of(visit, initial={"sealed": secret_seal(visit, secret)})
    if visit.is_post and form.is_valid():
        try:
            codes = second_factor_start(
                person_id=visit.signed_in.person_id,
                secret=secret,
                code=form.cleaned_data["code"],
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            notify(visit, "second_factor_on")
            return visit.show("people/recovery_codes.html", {"codes": codes, "is_new": True})
    url = get_adapter().build_totp_url(visit.request.user, secret)
    return visit.show_form(
        "people/second_factor.html", form, {"secret": secret, "url": url, "qr": qr_path(url)}
    )


def secret_seal(visit: Visit, secret: str) -> str:
    """The secret for the form: only this person brings it back, and only within the hour."""
    return signing.dumps([str(visit.signed_in.person_id), secret], salt=SALT)


def secret_of(visit: Visit) -> str:
    """The secret that came back with the form; empty when none did, or a foreign or old one."""
    sealed = visit.request.POST.get("sealed", "")
    try:
        person_id, secret = signing.loads(sealed, salt=SALT, max_age=SEAL_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    return str(secret) if person_id == str(visit.signed_in.person_id) else ""


@page(Who.SIGNED_IN, "GET", "POST", proof=("POST",))
def second_factor_off(visit: Visit) -> HttpResponse:
    """Turn off the second factor, after asking."""
    if visit.is_post:
        second_factor_end(person_id=visit.signed_in.person_id, actor=visit.actor, at=visit.at)
        notify(visit, "second_factor_off")
        return visit.go("me_ways", said=_("The second factor is off."))
    return visit.show("people/second_factor_off.html")


@page(Who.SIGNED_IN, "GET", "POST", proof=("POST",))
def recovery_codes(visit: Visit) -> HttpResponse:
    """How many recovery codes are left, and new ones, which are shown once."""
    if visit.is_post:
        codes = recovery_codes_renew(
            person_id=visit.signed_in.person_id, actor=visit.actor, at=visit.at
        )
        notify(visit, "recovery_codes_new")
        return visit.show("people/recovery_codes.html", {"codes": codes, "is_new": False})
    ways = ways_of(visit.signed_in.person_id)
    return visit.show("people/recovery_codes_renew.html", {"ways": ways})
