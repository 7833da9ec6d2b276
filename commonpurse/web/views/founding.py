"""Founding a co-op: who, under which manual, with which money. The founders then vote on it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.decisions.founding import Wish, founding_refusals
from commonpurse.decisions.selectors import Foundation
from commonpurse.decisions.services import coop_found
from commonpurse.errors import Invalid, NotPossible, PurseError
from commonpurse.groups.services import person_ensure
from commonpurse.manual.templates import TEMPLATES, template
from commonpurse.notices.services import mail_add
from commonpurse.web.forms import MoneyField, PurseForm
from commonpurse.web.visit import Visit, Who, page
from commonpurse.wording import in_words

FOUNDERS_MAX = 30
LINE = re.compile(r"^(?P<name>[^<>@,;]*?)[\s,;<]*(?P<email>[^\s<>,;]+@[^\s<>,;]+)>?$")


class FoundForm(PurseForm):
    """What a co-op begins with; everything else stands in the template and can be amended."""

    name = forms.CharField(
        label=gettext_lazy("What is the co-op called?"),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter a name for the co-op")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    slug = forms.CharField(
        label=gettext_lazy("Its address"),
        help_text=gettext_lazy(
            "Small letters, digits and hyphens. Leave it empty and we make one from the name."
        ),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    template = forms.ChoiceField(
        label=gettext_lazy("Which manual do you begin with?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a manual to begin with"),
            "invalid_choice": gettext_lazy("Choose one of the manuals shown"),
        },
    )
    dues = MoneyField(
        label=gettext_lazy("Dues of each member, a month"),
        help_text=gettext_lazy("0 if nobody owes dues."),
        may_be_zero=True,
    )
    approvals_needed = forms.IntegerField(
        label=gettext_lazy("How many trustees must approve a payment?"),
        help_text=gettext_lazy("Never fewer than two once there are three of you."),
        min_value=1,
        max_value=9,
        error_messages={
            "required": gettext_lazy("Enter how many must approve"),
            "invalid": gettext_lazy("Enter a whole number"),
            "min_value": gettext_lazy("Enter 1 or more"),
            "max_value": gettext_lazy("Enter 9 or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )
    sponsor = forms.CharField(
        label=gettext_lazy("Who holds the money?"),
        help_text=gettext_lazy(
            "The organisation whose bank account it is: a sponsor, or your own association."
        ),
        max_length=100,
        error_messages={"required": gettext_lazy("Name who holds the money")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "organization"}),
    )
    founders = forms.CharField(
        label=gettext_lazy("Who founds it with you?"),
        help_text=gettext_lazy(
            "One person a line: name, then e-mail address. Each gets a mail and votes."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    trustees = forms.BooleanField(
        label=gettext_lazy("All founders are the first trustees"),
        help_text=gettext_lazy(
            "They release money. Without this box, trustees are chosen by a vote later."
        ),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["template"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [
            (each.key, f"{in_words(each.name)}: {in_words(each.summary)}")
            for each in TEMPLATES.values()
        ]

    def clean_founders(self) -> list[tuple[str, str]]:
        """Names and addresses, one a line."""
        found: list[tuple[str, str]] = []
        for line in str(self.cleaned_data["founders"]).splitlines():
            if not line.strip():
                continue
            match = LINE.match(line.strip())
            email = match["email"] if match else ""
            name = match["name"].strip() if match else ""
            try:
                validate_email(email)
            except ValidationError:
                email = ""
            if not email or not name:
                raise ValidationError(
                    _("Write each line as a name and an address: Ann ann@example.org")
                )
            found.append((name, email))
        if len(found) > FOUNDERS_MAX:
            raise ValidationError(_("Name at most 30 founders; invite the others afterwards"))
        return found

    def clean(self) -> dict[str, Any]:
        """An address from the name where none was given."""
        typed = super().clean() or {}
        if not typed.get("slug") and typed.get("name"):
            typed["slug"] = slugify(typed["name"])[:40].strip("-")
        return typed


@page(Who.SIGNED_IN, "GET", "POST")
def found(visit: Visit) -> HttpResponse:
    """Found a co-op, and go on to the decision by which its founders do."""
    first = template("software-users")
    form = FoundForm.of(
        visit,
        initial={
            "template": first.key,
            "dues": first.parameters.dues_minor,
            "approvals_needed": first.parameters.approvals_needed,
        },
    )
    if visit.is_post and is_whole(form, visit):
        try:
            made = coop_begin(visit, form.cleaned_data)
        except (Invalid, NotPossible) as refusal:
            refuse(form, refusal)
        else:
            said = _("The founders can vote now. With the last agreement, it is founded.")
            return visit.go("decision", made.coop.slug, made.decision.number, said=said)
    return visit.show_form("coops/found.html", form)


def is_whole(form: FoundForm, visit: Visit) -> bool:
    """Whether everything can stand; else every problem is said at once, not one after another."""
    form.is_valid()
    typed = form.cleaned_data
    founders: int | None = None
    if "founders" in typed:
        addresses = {email.lower() for _name, email in typed["founders"]}
        founders = len(addresses | {(visit.signed_in.email or "").lower()})
    has_changes = {"template", "dues", "approvals_needed"} <= typed.keys()
    wish = Wish(
        slug=typed.get("slug") or None,
        name=typed.get("name"),
        sponsor_name=typed.get("sponsor"),
        template=typed.get("template"),
        changes=changes_of(typed, founders or 1) if has_changes else None,
        founders_count=founders,
    )
    for refusal in founding_refusals(wish):
        refuse(form, refusal)
    return not form.errors


def refuse(form: FoundForm, refusal: PurseError) -> None:
    """Show a refusal at the field of the form that it belongs to."""
    refusal.field = FIELDS_OF.get(refusal.field, refusal.field)
    form.refuse(refusal)


FIELDS_OF = {
    "dues_minor": "dues",
    "trustees_seats": "approvals_needed",
    "sponsor_name": "sponsor",
    "email": "founders",
}
"""Which field of the form a service's refusal belongs to."""


def coop_begin(visit: Visit, typed: dict[str, Any]) -> Foundation:
    """Find or make the founders' accounts, found, and tell them."""
    others = [
        person_ensure(email=email, name=name, at=visit.at, actor=visit.actor)
        for name, email in typed["founders"]
    ]
    people = [visit.signed_in.person_id]
    people += [each.person_id for each in others if each.person_id not in people]
    made = coop_found(
        slug=typed["slug"],
        name=typed["name"],
        template=typed["template"],
        changes=changes_of(typed, len(people)),
        founders=people,
        trustees=people if typed["trustees"] else [],
        sponsor_name=typed["sponsor"],
        actor=visit.actor,
        at=visit.at,
    )
    for each in others:
        if each.email and each.person_id != visit.signed_in.person_id:
            founder_mail(visit, each.email, made)
    return made


def changes_of(typed: dict[str, Any], founders: int) -> dict[str, Any]:
    """What differs from the template: dues, approvals, and seats enough for the founders."""
    base = template(typed["template"]).parameters
    needed = typed["approvals_needed"]
    seats = max(base.trustees_seats, needed + 1)
    if typed.get("trustees"):
        seats = max(seats, founders)
    return {"dues_minor": typed["dues"], "approvals_needed": needed, "trustees_seats": seats}


def founder_mail(visit: Visit, email: str, made: Foundation) -> None:
    """The mail to a co-founder: what is asked of them, and where."""
    address = reverse("decision", args=[made.coop.slug, made.decision.number])
    facts = {
        "name": visit.signed_in.name,
        "coop": made.coop.name,
        "link": visit.request.build_absolute_uri(address),
    }
    mail_add(
        to=email,
        subject=_("%(name)s founds %(coop)s with you") % facts,
        body=_(
            "%(name)s wants to found %(coop)s with you on Commonpurse.\n\n"
            "Read the operating manual and vote on it here:\n\n%(link)s\n\n"
            "Sign in with this address; a code comes by mail."
        )
        % facts,
        actor=visit.actor,
        coop_id=made.coop.coop_id,
        at=visit.at,
    )
