"""Where allauth meets our people: who signs up becomes a person, and mails go to the outbox."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress, Login
from allauth.core import context as visit
from django import forms
from django.contrib.auth import get_user_model, login
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from commonpurse.errors import Invalid
from commonpurse.groups.names import NAME_MAX, name_checked
from commonpurse.groups.services import person_ensure
from commonpurse.notices.backend import CODE_HEADER
from commonpurse.record.selectors import database_now
from commonpurse.web.known import browser_note
from commonpurse.web.proving import proof_note, proof_note_sign_in
from commonpurse.wording import in_words

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class NameForm(forms.Form):
    """What signing up asks besides the address: the name that other members see."""

    name = forms.CharField(
        label=_("Your name"),
        help_text=_("Members see it beside what you write and decide. It is never in the record."),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email")

    def clean_name(self) -> str:
        """The name, tidied; or why it cannot stand."""
        try:
            return name_checked(str(self.cleaned_data["name"]))
        except Invalid as refusal:
            raise forms.ValidationError(in_words(refusal.message), code=refusal.code) from refusal

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Nothing is left to do: the adapter made the person."""


class PurseAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Makes persons by our own service and marks the mails that carry a code."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This is not the code. Look at the newest mail and type it again."),
        "rate_limited": _("That was often. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("That was often. Wait a few minutes, then try again."),
    }

    def save_user(
        self,
        request: HttpRequest,  # noqa: ARG002  (allauth's signature)
        user: AbstractBaseUser,  # noqa: ARG002
        form: forms.BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002  (allauth's signature)
    ) -> AbstractBaseUser:
        """The person behind a sign-up form, made once per address."""
        assert commit, "a person is made at once or not at all"
        person = person_ensure(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            language=get_language() or "",
            at=database_now(),
        )
        found: AbstractBaseUser = get_user_model()._default_manager.get(pk=person.person_id)
        return found

    def get_login_stages(self) -> list[str]:
        """The code by mail, then the second factor of who turned it on."""
        stock = super().get_login_stages()
        ours = {"allauth.mfa.stages.AuthenticateStage": "commonpurse.web.second.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in stock]

    def is_login_by_code_required(self, login: Login) -> bool:
        """Everybody proves the address by a code, but who came by a passkey or by a provider."""
        records = get_authentication_records(self.request, login.user)
        if records and records[-1]["method"] in ("mfa", "socialaccount"):
            return False
        return bool(super().is_login_by_code_required(login))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, note the proof that it was, and know this browser again."""
        super().login(request, user)
        proof_note_sign_in(request, user, at=database_now())

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse:
        """Where signing in leads; the browser is known by its cookie from now on."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        browser_note(request, response, address=str(getattr(user, "email", "")))
        return response

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of a known address that somebody signed up with it."""
        request = visit.request
        page = request.build_absolute_uri(reverse("account_login"))
        self.send_mail(
            "account/email/account_already_exists", email, {"request": request, "login_url": page}
        )

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail; a sign-in code in it also stands in a header, for the terminal and the demo."""
        marked = dict(headers or {})
        if context.get("code"):
            marked[CODE_HEADER] = str(context["code"])
        mail: EmailMessage = super().render_mail(template_prefix, email, context, headers=marked)
        return mail


def person_sign_in(request: HttpRequest, person_id: UUID) -> None:
    """Sign a person in without a code: the demo's personas, and nothing else."""
    person = get_user_model()._default_manager.get(pk=person_id, is_active=True)
    EmailAddress.objects.get_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    login(request, person, backend=BACKEND)
    proof_note(request, at=database_now())
