"""Signing in by an identity provider (OpenID Connect), and what is believed of what it says.

The provider is asked over TLS, and still its word is checked: the signature of the ID token under
the provider's published keys, its issuer, audience and time, and that the profile is the same
subject's. An address counts only when the provider says that it verified it. And an account here
is never taken over by an address alone: whoever has one signs in to it and links the provider.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.names import name_checked
from commonpurse.groups.selectors import person_view
from commonpurse.groups.services import person_ensure, provider_link
from commonpurse.record.selectors import database_now
from commonpurse.record.services import Actor
from commonpurse.web.proving import is_fresh, to_proving
from commonpurse.wording import in_words

SIGNED_BY = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"}
"""Signatures by a key of which only the public half is published."""


@dataclass(frozen=True, slots=True)
class ProviderShown:
    """The identity provider as a page offers it."""

    provider_id: str
    name: str


def provider_shown(request: HttpRequest) -> ProviderShown | None:
    """The identity provider that the settings name; None when they name none."""
    for app in get_adapter(request).list_apps(request, provider="openid_connect"):
        return ProviderShown(provider_id=app.provider_id, name=app.name)
    return None


class PurseOidc(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """As the library's, and the ID token's signature is always checked."""

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        **kwargs: Any,
    ) -> SocialLogin:
        """Who came, by an ID token that holds. Raises OAuth2Error for one that does not."""
        sealed = kwargs["response"].get("id_token")
        if not sealed:
            raise OAuth2Error("no ID token")
        claims = self.claims_checked(app, sealed)
        data = {"id_token": claims, "userinfo": self._fetch_user_info(token.token)}
        if data["userinfo"].get("sub") != claims.get("sub"):
            raise OAuth2Error("the profile is another subject's")
        return self.get_provider().sociallogin_from_response(request, data)

    def claims_checked(self, app: SocialApp, sealed: str) -> dict[str, Any]:
        """What the ID token says, once signature, issuer, audience and time hold."""
        try:
            if jwt.get_unverified_header(sealed).get("alg") not in SIGNED_BY:
                raise OAuth2Error("the ID token is not signed by a public key")
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=sealed,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as fault:
            raise OAuth2Error("the ID token cannot be read") from fault
        return claims


class PurseSocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Makes persons by our own service, believes verified addresses alone, merges nothing."""

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> AbstractBaseUser:
        """The person to be, with no more of the provider's words than a name and an address."""
        del request
        profile = sociallogin.account.extra_data.get("userinfo") or {}
        is_verified = profile.get("email_verified") is True
        for address in sociallogin.email_addresses:
            address.verified = is_verified
        user: AbstractBaseUser = sociallogin.user
        user.name = name_of(data)  # type: ignore[attr-defined]
        user.email = str(data.get("email") or "").lower()  # type: ignore[attr-defined]
        sociallogin.account.extra_data = {}
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who is known by this account; refuse whom an address alone would let in."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(linked(request, sociallogin))
        if sociallogin.is_existing:
            return
        address = next((each for each in sociallogin.email_addresses if each.verified), None)
        if address is None:
            refuse(
                request,
                _("%(name)s does not say that your address is yours. Sign in by a code instead."),
                sociallogin,
            )
        elif filter_users_by_email(address.email):
            refuse(
                request,
                _("You have an account here. Sign in by a code, then link %(name)s to it."),
                sociallogin,
            )

    def on_authentication_error(self, request: HttpRequest, provider: Any, **rest: Any) -> None:
        """Back to the sign-in page, whatever went wrong: it names the way that always works."""
        del rest
        words = _("%(name)s did not say who you are. Try again, or sign in by a code.")
        messages.error(request, words % {"name": provider.name})
        raise ImmediateHttpResponse(redirect("account_login"))

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: object = None
    ) -> AbstractBaseUser:
        """The person behind a new account at the provider, made once per address."""
        del form
        given = sociallogin.user
        made = person_ensure(email=given.email, name=given.name, at=database_now())
        row = person_row(made.person_id)
        sociallogin.user = row
        sociallogin.save(request)
        return row


def person_row(person_id: UUID) -> AbstractBaseUser:
    """The person as the sign-in library takes them."""
    row: AbstractBaseUser = get_user_model()._default_manager.get(pk=person_id)
    return row


def linked(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Link the account at the provider to the one here, of somebody who just proved themselves."""
    at = database_now()
    if not request.user.is_authenticated or not is_fresh(request, at=at):
        return to_proving(reverse("me_ways"))
    person = person_view(request.user.pk)
    name = sociallogin.account.get_provider(request).name
    try:
        provider_link(
            person_id=person.person_id,
            provider_id=sociallogin.account.provider,
            uid=sociallogin.account.uid,
            actor=Actor(person_id=person.person_id, name=person.name),
            at=at,
        )
    except NotPossible as refusal:
        messages.error(request, in_words(refusal.message))
    else:
        context = {"request": request, "name": person.name, "provider": name}
        get_account_adapter().send_mail("account/email/provider_linked", person.email, context)
        messages.success(request, _("You may sign in by %(name)s from now on.") % {"name": name})
    return redirect("me_ways")


def refuse(request: HttpRequest, words: str, sociallogin: SocialLogin) -> None:
    """Back to the sign-in page, which says why. Always raises."""
    name = sociallogin.account.get_provider(request).name
    messages.error(request, words % {"name": name})
    raise ImmediateHttpResponse(redirect("account_login"))


def name_of(data: dict[str, Any]) -> str:
    """A name that can stand, of those that the provider gave; the person may change it."""
    for text in (data.get("name"), data.get("first_name"), data.get("username")):
        try:
            return name_checked(str(text or ""))
        except Invalid:
            continue
    return str(_("New member"))


def provider_enter(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the identity provider, by a form that is sent; a look shows that form."""
    return provider_step(OAuth2LoginView, request, provider_id)


def provider_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the identity provider, which the session must have been sent to."""
    return provider_step(OAuth2CallbackView, request, provider_id)


def provider_step(step: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """One step of the way over the provider. Raises Http404 for one that is not set up."""
    try:
        answer: HttpResponse = step.adapter_view(PurseOidc(request, provider_id))(request)
    except SocialApp.DoesNotExist as fault:
        raise Http404 from fault
    return answer
