"""The doors: a code by mail, a passkey, and the second factor behind the first door."""

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.base.views import authenticate
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from commonpurse.errors import Invalid
from commonpurse.web.forms.second import CredentialForm
from commonpurse.web.proving import next_of
from commonpurse.web.views.signing.ceremony import (
    options_to_show,
    passkey_sign_in,
    shown_checked,
)
from commonpurse.web.visit import Visit, Who, page
from commonpurse.wording import in_words


class SignInView(RequestLoginCodeView):  # type: ignore[misc]
    """As the library's, but who is half way in may begin anew: another code, another address."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> None:
        del stage
        if request.method == "POST":
            clear_login(request)


sign_in = SignInView.as_view()
sign_in.who = Who.ANYONE


@page(Who.ANYONE, "POST", limit="passkey_begin")
def passkey_begin(visit: Visit) -> HttpResponse:
    """What the browser needs to show a passkey. The same for everybody: it names nobody."""
    del visit
    return JsonResponse(options_to_show(None))


@page(Who.ANYONE, "POST", limit="passkey_sign_in")
def passkey_enter(visit: Visit) -> HttpResponse:
    """Sign in with a passkey."""
    form = CredentialForm.of(visit)
    form.full_clean()
    try:
        found = shown_checked(form.cleaned_data.get("credential"), None)
    except Invalid as refusal:
        messages.error(visit.request, in_words(refusal.message))
        return redirect("account_login")
    return passkey_sign_in(visit.request, found, to=next_of(visit.request, "landing"))


@page(Who.ANYONE, "GET", "POST")
def second_factor(visit: Visit) -> HttpResponse:
    """Type the code of the app: asked for on the way in, of who turned it on."""
    answer: HttpResponse = authenticate(visit.request)
    return answer.render() if hasattr(answer, "render") else answer
