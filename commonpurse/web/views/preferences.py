"""What reaches me by mail: chosen here, or stopped from within a mail without signing in."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from commonpurse.errors import Invalid
from commonpurse.groups.selectors import coop_view
from commonpurse.notices.leave import leave_read
from commonpurse.notices.selectors import PreferenceView, preference_list
from commonpurse.notices.services import mails_unsubscribe, preferences_set
from commonpurse.record.ids import PLATFORM_ID
from commonpurse.web.forms import PurseForm
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import NOTICE_KINDS

CHOICES = [
    ("now", gettext_lazy("At once")),
    ("digest", gettext_lazy("In the daily digest")),
    ("none", gettext_lazy("Not by mail")),
]


class PreferencesForm(PurseForm):
    """One choice for each kind of notice."""

    def __init__(self, *args: Any, known: tuple[PreferenceView, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in known:
            self.fields[each.kind] = forms.ChoiceField(
                label=str(NOTICE_KINDS[each.kind]),
                choices=CHOICES,
                initial=each.post,
                error_messages={
                    "required": _("Choose how it reaches you"),
                    "invalid_choice": _("Choose one of the three"),
                },
            )


@page(Who.MEMBER, "GET", "POST")
def preferences(visit: Visit) -> HttpResponse:
    """Choose for each kind of notice: at once, in the daily digest, or not by mail."""
    person_id, coop_id = visit.member.person_id, visit.coop.coop_id
    known = preference_list(person_id=person_id, coop_id=coop_id)
    form = PreferencesForm.of(visit, known=known)
    if visit.is_post and form.is_valid():
        try:
            preferences_set(
                person_id=person_id,
                coop_id=coop_id,
                posts=form.cleaned_data,
                actor=visit.actor,
                at=visit.at,
            )
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("preferences", said=_("Your choice is kept."))
    return visit.show_form("notices/preferences.html", form)


@csrf_exempt
@page(Who.ANYONE, "GET", "POST")
def unsubscribe(visit: Visit, token: str) -> HttpResponse:
    """Stop mails of one kind (RFC 8058): a POST does it, without signing in; a look never does."""
    if visit.is_post:
        leave = mails_unsubscribe(token=token, at=visit.at)
    else:
        leave = leave_read(token)
    is_digest = leave.coop_id == PLATFORM_ID
    return visit.show(
        "notices/unsubscribe.html",
        {
            "is_done": visit.is_post,
            "kind": "" if is_digest else NOTICE_KINDS[leave.kind],
            "leaving": None if is_digest else coop_view(leave.coop_id),
        },
    )
