"""Webhooks: where the co-op's public facts are sent, and whether they arrive. For coordinators."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.errors import Invalid, NotPossible
from commonpurse.notices.selectors import delivery_list, webhook_by_id
from commonpurse.notices.selectors import webhook_list as hooks_of
from commonpurse.notices.services import (
    delivery_repeat,
    webhook_add,
    webhook_end,
    webhook_renew,
    webhook_resume,
)
from commonpurse.notices.values import KINDS
from commonpurse.web.forms import PurseForm
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import DELIVERY_STATES, DELIVERY_TONES, LEAF_KINDS

PAGE = 50
NUMBER_DIGITS = 18


class WebhookForm(PurseForm):
    """Where to, and which facts."""

    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        help_text=gettext_lazy("A name by which coordinators know it, such as “Our web site”."),
        max_length=80,
        error_messages={"required": gettext_lazy("Enter a name")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    url = forms.CharField(
        label=gettext_lazy("Where to?"),
        help_text=gettext_lazy("The address of the program, beginning with https://"),
        max_length=500,
        error_messages={"required": gettext_lazy("Enter the address")},
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Which facts?"),
        help_text=gettext_lazy("All of them are public: they stand in the public record."),
        choices=[(kind, LEAF_KINDS[kind]) for kind in KINDS],
        error_messages={"required": gettext_lazy("Choose at least one kind of fact")},
        widget=forms.CheckboxSelectMultiple,
    )


@page(Who.COORDINATOR)
def webhooks(visit: Visit) -> HttpResponse:
    """Every webhook of the co-op, and whether it is stopped."""
    found = hooks_of(coop_id=visit.coop.coop_id)
    return visit.show("webhooks/webhooks.html", {"here": "webhooks", "webhooks": found})


@page(Who.COORDINATOR, "GET", "POST")
def webhook_new(visit: Visit) -> HttpResponse:
    """Make a webhook; the page that follows shows its secret, once."""
    form = WebhookForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            made = webhook_add(actor=visit.member, at=visit.at, **form.cleaned_data)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.show("webhooks/secret.html", {"here": "webhooks", "made": made})
    return visit.show_form("webhooks/new.html", form, {"here": "webhooks"})


@page(Who.COORDINATOR)
def webhook(visit: Visit, webhook_id: UUID) -> HttpResponse:
    """One webhook and the log of its deliveries, the newest fact first."""
    found = webhook_by_id(coop_id=visit.coop.coop_id, webhook_id=webhook_id)
    text = visit.request.GET.get("before", "")
    before = int(text[:NUMBER_DIGITS]) if text.isascii() and text.isdigit() else None
    log = delivery_list(webhook_id=webhook_id, before=before, limit=PAGE + 1)
    return visit.show(
        "webhooks/webhook.html",
        {
            "here": "webhooks",
            "webhook": found,
            "deliveries": log[:PAGE],
            "older": log[PAGE - 1].leaf_index if len(log) > PAGE else None,
            "kinds": LEAF_KINDS,
            "states": DELIVERY_STATES,
            "tones": DELIVERY_TONES,
        },
    )


@page(Who.COORDINATOR, "POST")
def webhook_secret(visit: Visit, webhook_id: UUID) -> HttpResponse:
    """Give a webhook another secret, shown once; for a day the former one signs beside it."""
    made = webhook_renew(webhook_id=webhook_id, actor=visit.member, at=visit.at)
    return visit.show("webhooks/secret.html", {"here": "webhooks", "made": made})


@page(Who.COORDINATOR, "POST")
def webhook_go_on(visit: Visit, webhook_id: UUID) -> HttpResponse:
    """Let a stopped webhook go on where it stopped."""
    webhook_resume(webhook_id=webhook_id, actor=visit.member, at=visit.at)
    return visit.go_here("webhook", webhook_id, said=_("It goes on where it stopped."))


@page(Who.COORDINATOR, "GET", "POST")
def webhook_drop(visit: Visit, webhook_id: UUID) -> HttpResponse:
    """End a webhook, after asking."""
    if visit.is_post:
        webhook_end(webhook_id=webhook_id, actor=visit.member, at=visit.at)
        return visit.go_here("webhook_list", said=_("The webhook is ended."))
    found = webhook_by_id(coop_id=visit.coop.coop_id, webhook_id=webhook_id)
    return visit.show("webhooks/end.html", {"here": "webhooks", "webhook": found})


@page(Who.COORDINATOR, "POST")
def delivery_again(visit: Visit, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send a delivery again."""
    delivery_repeat(webhook_id=webhook_id, delivery_id=delivery_id, actor=visit.member, at=visit.at)
    return visit.go_here("webhook", webhook_id, said=_("It is sent again within seconds."))
