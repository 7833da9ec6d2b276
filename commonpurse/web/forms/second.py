"""Forms of the ways in: a code of an app, a code by mail, a name for a passkey, a token."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.internal.userkit import filter_users_by_email
from allauth.core import context as visit
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _

from commonpurse.errors import Invalid
from commonpurse.groups.names import EMAIL_MAX
from commonpurse.groups.services import SCOPES, second_factor_use
from commonpurse.record.selectors import database_now
from commonpurse.record.services import Actor
from commonpurse.web.forms.base import SHORTEN, PurseForm
from commonpurse.web.known import browser_of
from commonpurse.wording import in_words

CODE_INPUT = {"autocomplete": "one-time-code", "dir": "ltr", "class": "input input--short"}


class AskForCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """As the library's; a browser that signed in with the address before has a count of its own."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=EMAIL_MAX,
        error_messages={"max_length": SHORTEN},
        widget=forms.EmailInput(attrs={"autocomplete": "email webauthn", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        """The address; whether it is known decides which mail goes there, and nothing else."""
        email = str(self.cleaned_data["email"])
        known = browser_of(visit.request, address=email)
        key = f"{email.lower()} {known}"
        if not ratelimit.consume(visit.request, action="request_login_code", key=key):
            raise get_adapter().validation_error("too_many_login_attempts")
        users = filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)
        self._user = users[0] if users else None
        return email


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The code that the app shows, or a recovery code, on the way in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = code_field()

    def clean_code(self) -> str:
        """The code, used up by this; or why it cannot stand."""
        code = str(self.cleaned_data["code"])
        if not ratelimit.consume(visit.request, action="second_factor", user=self.user):
            raise get_adapter().validation_error("too_many_login_attempts")
        actor = Actor(person_id=self.user.pk, name=self.user.get_full_name())
        try:
            used = second_factor_use(
                person_id=self.user.pk, code=code, actor=actor, at=database_now()
            )
        except Invalid as refusal:
            raise forms.ValidationError(in_words(refusal.message), code=refusal.code) from refusal
        ratelimit.clear(visit.request, action="second_factor", user=self.user)
        self.authenticator = Authenticator.objects.get(pk=used)
        return code


def code_field() -> forms.CharField:
    """A field for a code of an app."""
    return forms.CharField(
        label=_("Code"),
        help_text=_("Six figures that your app shows now, or one of your recovery codes."),
        max_length=40,
        error_messages={"required": _("Type the code")},
        widget=forms.TextInput(attrs=CODE_INPUT),
    )


class FirstCodeForm(PurseForm):
    """The first code of an app: proof that it has the secret."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Six figures that the app shows now."),
        max_length=40,
        error_messages={"required": _("Type the code that the app shows")},
        widget=forms.TextInput(attrs=CODE_INPUT),
    )
    sealed = forms.CharField(widget=forms.HiddenInput())


class AppCodeForm(PurseForm):
    """A code of an app, or a recovery code, by somebody who is signed in."""

    code = code_field()


class MailCodeForm(PurseForm):
    """A code that came by mail."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Eight letters, from the newest mail."),
        max_length=40,
        error_messages={"required": _("Type the code from the mail")},
        widget=forms.TextInput(attrs=CODE_INPUT | {"autocapitalize": "characters"}),
    )


class CredentialForm(PurseForm):
    """What a browser answers for a passkey. The script fills it in."""

    credential = forms.JSONField(
        widget=forms.HiddenInput(),
        error_messages={
            "required": _("Your browser showed no passkey. Try again"),
            "invalid": _("Your browser showed no passkey. Try again"),
        },
    )


class PasskeyNameForm(PurseForm):
    """What somebody calls a passkey."""

    name = forms.CharField(
        label=_("What do you call it?"),
        help_text=_("So that you know it again in a list, such as “My phone”."),
        max_length=80,
        error_messages={"required": _("Give it a name")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class PasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and what the browser answered."""

    credential = forms.JSONField(
        required=False,
        widget=forms.HiddenInput(),
        error_messages={"invalid": _("Your browser made no passkey. Try again")},
    )


SCOPE_WORDS = {
    "read": _("Read what you may read"),
    "talk": _("Open threads and comment"),
    "vote": _("Propose and vote"),
    "pay": _("Ask for payments, enter payees and bank statements"),
    "approve": _("Approve payments, with no further proof"),
    "manage": _("Members, roles, invitations, your own account"),
}
assert set(SCOPE_WORDS) == set(SCOPES)


class TokenForm(PurseForm):
    """A key for a program."""

    name = forms.CharField(
        label=_("What is it for?"),
        help_text=_("So that you know it again in the list."),
        max_length=80,
        error_messages={"required": _("Say what it is for")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may the program do?"),
        choices=list(SCOPE_WORDS.items()),
        initial=["read"],
        error_messages={
            "required": _("Choose at least one"),
            "invalid_choice": _("Choose from the list"),
        },
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("For how many days?"),
        initial=90,
        min_value=1,
        max_value=366,
        error_messages={
            "required": _("Enter a number of days"),
            "invalid": _("Enter a whole number"),
            "min_value": _("Enter 1 or more"),
            "max_value": _("Enter 366 or less"),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input input--short"}),
    )
