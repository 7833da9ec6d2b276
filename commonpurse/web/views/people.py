"""The first page, one's own settings, and the demo's personas."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from commonpurse.decisions.selectors import drafts_of
from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import coops_of_person, coops_open, person_by_email
from commonpurse.groups.services import person_erase, person_rename
from commonpurse.treasury.selectors import sponsors_of_person
from commonpurse.web.demo import is_demo
from commonpurse.web.forms import PurseForm
from commonpurse.web.signin import person_sign_in
from commonpurse.web.visit import Visit, Who, page


@page(Who.ANYONE)
def landing(visit: Visit) -> HttpResponse:
    """What this is, for who comes by; the co-ops and drafts of who has signed in."""
    if visit.person is None:
        return visit.show("people/landing.html", {"coops": coops_open(limit=OPEN_SHOWN)})
    coops = coops_of_person(visit.person.person_id)
    sponsors = sponsors_of_person(visit.person.person_id)
    drafts = [each for each in drafts_of(visit.person.person_id) if each.opened_at is None]
    return visit.show("people/coops.html", {"coops": coops, "drafts": drafts, "sponsors": sponsors})


OPEN_SHOWN = 8
"""So many open co-ops stand on the first page, the oldest first."""


class NameForm(PurseForm):
    """The name that other members see."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("Members see it beside what you write. It is never in the record."),
        max_length=200,
        error_messages={"required": gettext_lazy("Enter the name that members shall see")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )


@page(Who.SIGNED_IN, "GET", "POST")
def me(visit: Visit) -> HttpResponse:
    """One's own name and address."""
    form = NameForm.of(visit, initial={"name": visit.signed_in.name})
    if visit.is_post and form.is_valid():
        try:
            person_rename(
                person_id=visit.signed_in.person_id,
                name=form.cleaned_data["name"],
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go("me", said=_("Your name is changed."))
    coops = coops_of_person(visit.signed_in.person_id)
    return visit.show_form("people/me.html", form, {"coops": coops})


class EraseForm(PurseForm):
    """A word to be sure of: erasing cannot be taken back."""

    sure = forms.BooleanField(
        label=gettext_lazy("I know that this cannot be taken back"),
        error_messages={"required": gettext_lazy("Tick the box to erase your account")},
    )


@page(Who.SIGNED_IN, "GET", "POST")
def me_erase(visit: Visit) -> HttpResponse:
    """Forget me: name, address and the key of what I wrote in private."""
    form = EraseForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            person_erase(person_id=visit.signed_in.person_id, actor=visit.actor, at=visit.at)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            logout(visit.request)
            return visit.go("landing", said=_("Your account is erased."))
    coops = coops_of_person(visit.signed_in.person_id)
    return visit.show_form("people/erase.html", form, {"coops": coops})


@require_POST
def demo_sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Become one of the demo's people. Raises NotFound anywhere but in a demo on this machine."""
    personas = {persona.key: persona for persona in settings.PURSE_PERSONAS}
    if not is_demo(request) or key not in personas:
        raise NotFound("no_persona", "There is no such person to become here.")
    person = person_by_email(personas[key].email)
    if person is None:
        raise NotFound("no_persona", "The demo has not been filled yet.")
    person_sign_in(request, person.person_id)
    for sponsor in sponsors_of_person(person.person_id):
        return redirect("sponsor", sponsor.id)
    return redirect("coop_home", settings.PURSE_DEMO_SLUG)


demo_sign_in.who = Who.ANYONE  # type: ignore[attr-defined]
