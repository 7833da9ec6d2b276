"""The way in: a coordinator makes an invitation, somebody follows it."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import coop_view, invitation_find, member_count, member_of
from commonpurse.groups.services import invitation_make, invitation_revoke, member_join
from commonpurse.notices.services import invited_tell, mail_add
from commonpurse.say import say
from commonpurse.web.forms import PurseForm
from commonpurse.web.visit import Visit, Who, page

USES_OF_A_LINK = 50


class InvitationForm(PurseForm):
    """One address, or a link for several."""

    way = forms.ChoiceField(
        label=gettext_lazy("Whom do you invite?"),
        choices=[
            ("mail", gettext_lazy("One person, by mail")),
            ("link", gettext_lazy("Several, by a link that you pass on")),
        ],
        initial="mail",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        help_text=gettext_lazy("For an invitation by mail. Only this address can use it, once."),
        required=False,
        error_messages={"invalid": gettext_lazy("Enter an address such as ann@example.org")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    uses_max = forms.IntegerField(
        label=gettext_lazy("How many may come in by the link?"),
        initial=10,
        min_value=1,
        max_value=USES_OF_A_LINK,
        required=False,
        error_messages={
            "invalid": gettext_lazy("Enter a whole number"),
            "min_value": gettext_lazy("Enter 1 or more"),
            "max_value": gettext_lazy("Enter 50 or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )

    def clean(self) -> dict[str, object]:
        """An address for a mail, a number for a link."""
        typed = super().clean() or {}
        if typed.get("way") == "mail" and not typed.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter the address of the person you invite"))
        return typed


@dataclass(frozen=True, slots=True)
class Shown:
    """A new invitation: its link is shown this once."""

    link: str
    email: str | None


@page(Who.COORDINATOR, "GET", "POST")
def invitation_new(visit: Visit) -> HttpResponse:
    """Invite somebody; the page that follows shows the link, once."""
    form = InvitationForm.of(visit)
    if visit.is_post and form.is_valid():
        typed = form.cleaned_data
        by_mail = typed["way"] == "mail"
        try:
            made = invitation_make(
                coordinator=visit.member,
                email=typed["email"] if by_mail else None,
                uses_max=1 if by_mail else typed["uses_max"] or 1,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            link = visit.request.build_absolute_uri(reverse("invitation", args=[made.token]))
            invited_tell(made, coop=visit.coop, by=visit.member, at=visit.at)
            if made.invitation.email:
                invitation_mail(visit, made.invitation.email, link)
            shown = Shown(link=link, email=made.invitation.email)
            return visit.show("coops/invited.html", {"here": "members", "shown": shown})
    return visit.show_form("coops/invite.html", form, {"here": "members"})


def invitation_mail(visit: Visit, email: str, link: str) -> None:
    """The mail to who is invited."""
    facts: dict[str, object] = {"name": visit.member.name, "coop": visit.coop.name}
    mail_add(
        to=email,
        subject=say("%(name)s invites you to %(coop)s", **facts),
        body=say(
            "%(name)s invites you to join %(coop)s on Commonpurse.\n\n"
            "Open this link to see what it is and to join:\n\n%(link)s\n\n"
            "It is for this address alone, for 14 days. If you do not want to, do nothing.",
            **facts,
            link=link,
        ),
        actor=visit.member.actor,
        coop_id=visit.coop.coop_id,
        at=visit.at,
    )


@page(Who.COORDINATOR, "POST")
def invitation_take_back(visit: Visit, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation_revoke(invitation_id=invitation_id, coordinator=visit.member, at=visit.at)
    return visit.go_here("member_list", said=_("The invitation is taken back."))


class JoinForm(PurseForm):
    """Nothing to fill in: pressing the button is the answer."""


@page(Who.ANYONE, "GET", "POST")
def invitation(visit: Visit, token: str) -> HttpResponse:
    """What an invitation leads to, and joining."""
    found = invitation_find(token=token, at=visit.at)
    if found is None:
        raise NotFound(
            "no_invitation",
            "This invitation is over, or its link is not whole. Ask for a new one.",
        )
    coop = coop_view(found.coop_id)
    form = JoinForm.of(visit)
    if visit.is_post and visit.person is not None and form.is_valid():
        try:
            member_join(
                coop_id=found.coop_id,
                person_id=visit.person.person_id,
                token=token,
                actor=visit.actor,
                at=visit.at,
            )
        except NotPossible as refusal:
            form.refuse(refusal)
        else:
            said = _("You are a member of %(coop)s now.") % {"coop": coop.name}
            return visit.go("coop_home", coop.slug, said=said)
    is_member = visit.person is not None and bool(
        member_of(coop_id=coop.coop_id, person_id=visit.person.person_id)
    )
    return visit.show_form(
        "coops/join.html",
        form,
        {
            "invited": found,
            "joining": coop,
            "count": member_count(coop_id=coop.coop_id),
            "is_member": is_member,
        },
    )
