"""The page of all ways in, and passkeys: made, named, removed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import PasskeyView, ways_of
from commonpurse.groups.services import passkey_add, passkey_remove, passkey_rename
from commonpurse.web.forms.second import PasskeyForm, PasskeyNameForm
from commonpurse.web.notify import notify
from commonpurse.web.provider import provider_shown
from commonpurse.web.seen import browser_name
from commonpurse.web.views.signing.ceremony import made_checked, options_to_make
from commonpurse.web.visit import Visit, Who, page


@page(Who.SIGNED_IN)
def ways(visit: Visit) -> HttpResponse:
    """How one signs in: the address, passkeys, the second factor, an identity provider."""
    found = ways_of(visit.signed_in.person_id)
    linked = {link.provider_id: link for link in found.providers}
    provider = provider_shown(visit.request)
    return visit.show(
        "people/ways.html",
        {
            "ways": found,
            "provider": provider,
            "link": linked.get(provider.provider_id) if provider else None,
            "passkeys_at": passkeys_at(visit.request),
        },
    )


def passkeys_at(request: HttpRequest) -> str:
    """The address under which passkeys work, when it is another one: empty here on a good one.

    Browsers make no passkeys for an address in figures.
    """
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return ""
    return str(settings.PURSE_URL)


@page(Who.SIGNED_IN, "POST", proof=("POST",), back="me_ways", limit="passkey_begin")
def passkey_make_begin(visit: Visit) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(options_to_make(visit.request.user))  # type: ignore[arg-type]


@page(Who.SIGNED_IN, "GET", "POST", proof=("GET", "POST"))
def passkey_new(visit: Visit) -> HttpResponse:
    """Make a passkey in this browser, by the script."""
    name = browser_name(visit.request.META.get("HTTP_USER_AGENT", ""))
    form = PasskeyForm.of(visit, initial={"name": name})
    if visit.is_post and form.is_valid():
        person_id = visit.signed_in.person_id
        try:
            passkey_add(
                person_id=person_id,
                name=form.cleaned_data["name"],
                credential=made_checked(form.cleaned_data["credential"]),
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            notify(visit, "passkey_added")
            return visit.go("me_ways", said=_("The passkey is yours. Sign in with it next time."))
    return visit.show_form(
        "people/passkey_new.html",
        form,
        {"passkeys_at": passkeys_at(visit.request)},
    )


def passkey_of(visit: Visit, passkey_id: int) -> PasskeyView:
    """A passkey of the visitor's. Raises NotFound."""
    found = ways_of(visit.signed_in.person_id).passkeys
    for each in found:
        if each.passkey_id == passkey_id:
            return each
    raise NotFound("no_passkey", "There is no such passkey of yours.")


@page(Who.SIGNED_IN, "GET", "POST", proof=("POST",))
def passkey(visit: Visit, passkey_id: int) -> HttpResponse:
    """One passkey: its name, and the way to remove it."""
    found = passkey_of(visit, passkey_id)
    form = PasskeyNameForm.of(visit, initial={"name": found.name})
    if visit.is_post and form.is_valid():
        try:
            passkey_rename(
                person_id=visit.signed_in.person_id,
                passkey_id=passkey_id,
                name=form.cleaned_data["name"],
                actor=visit.actor,
                at=visit.at,
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return visit.go("me_ways", said=_("The passkey has another name now."))
    return visit.show_form("people/passkey.html", form, {"passkey": found})


@page(Who.SIGNED_IN, "GET", "POST", proof=("POST",))
def passkey_drop(visit: Visit, passkey_id: int) -> HttpResponse:
    """Remove a passkey, after asking."""
    found = passkey_of(visit, passkey_id)
    if visit.is_post:
        passkey_remove(
            person_id=visit.signed_in.person_id,
            passkey_id=passkey_id,
            actor=visit.actor,
            at=visit.at,
        )
        notify(visit, "passkey_removed")
        return visit.go("me_ways", said=_("The passkey is removed."))
    return visit.show("people/passkey_remove.html", {"passkey": found})
