"""Proving again who one is, before something that matters. Nothing but the proof happens here."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import ways_of
from commonpurse.groups.services import second_factor_use
from commonpurse.say import say
from commonpurse.web.forms import PurseForm
from commonpurse.web.forms.second import AppCodeForm, CredentialForm, MailCodeForm
from commonpurse.web.proving import (
    code_is_sent,
    code_send,
    code_take,
    limit_forget,
    next_of,
    proof_note,
)
from commonpurse.web.views.signing.ceremony import options_to_show, shown_checked
from commonpurse.web.views.signing.ways import passkeys_at
from commonpurse.web.visit import Visit, Who, page

MAIL_WRONG = say("This is not the code. Look at the newest mail and type it again.")


@page(Who.SIGNED_IN, "GET", "POST", limit="prove")
def prove(visit: Visit) -> HttpResponse:
    """Prove who one is: by a passkey, the app's code, or a code by mail; then back to the page."""
    form = form_of(visit)
    if visit.is_post and form.is_valid():
        try:
            proof_check(visit, form)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            limit_forget(visit.request, "prove")
            proof_note(visit.request, at=visit.at)
            return redirect(next_of(visit.request))
    ways = ways_of(visit.signed_in.person_id)
    return visit.show_form(
        "people/prove.html",
        form,
        {
            "ways": ways,
            "next": next_of(visit.request),
            "is_sent": code_is_sent(visit.request, at=visit.at),
            "passkeys_at": passkeys_at(visit.request),
        },
    )


def form_of(visit: Visit) -> PurseForm:
    """The form for what was sent; for a look, the one for the code that this person has."""
    if visit.is_post and "credential" in visit.request.POST:
        return CredentialForm.of(visit)
    if ways_of(visit.signed_in.person_id).has_second_factor:
        return AppCodeForm.of(visit)
    return MailCodeForm.of(visit)


def proof_check(visit: Visit, form: PurseForm) -> None:
    """Nothing when the proof holds. Raises Invalid.

    Who turned on the second factor does not get past it by the mail.
    """
    user = visit.request.user
    assert isinstance(user, AbstractBaseUser)
    if isinstance(form, CredentialForm):
        found = shown_checked(form.cleaned_data["credential"], user)
        Authenticator.objects.filter(pk=found.pk).update(last_used_at=visit.at)
    elif isinstance(form, AppCodeForm):
        second_factor_use(
            person_id=visit.signed_in.person_id,
            code=form.cleaned_data["code"],
            actor=visit.actor,
            at=visit.at,
        )
    elif not code_take(visit.request, form.cleaned_data["code"], at=visit.at):
        raise Invalid("code_wrong", MAIL_WRONG, field="code")


@page(Who.SIGNED_IN, "POST", limit="prove_send")
def prove_code(visit: Visit) -> HttpResponse:
    """Mail the code that proves who one is."""
    email = visit.signed_in.email
    assert email is not None, "who signs in has an address"
    if not ways_of(visit.signed_in.person_id).has_second_factor:
        code_send(visit.request, email=email, at=visit.at)
    query = urlencode({"next": next_of(visit.request)})
    return redirect(f"{resolve_url('me_prove')}?{query}")


@page(Who.SIGNED_IN, "POST", limit="passkey_begin")
def prove_passkey(visit: Visit) -> HttpResponse:
    """What the browser needs to show one of this person's passkeys."""
    user = visit.request.user
    assert isinstance(user, AbstractBaseUser)
    return JsonResponse(options_to_show(user))
