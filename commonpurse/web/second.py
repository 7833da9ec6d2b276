"""The second factor where it meets the sign-in library: who is asked for it, what is kept of it."""

from allauth.account.utils import user_email
from allauth.core import context as visit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commonpurse.groups.selectors import has_second_factor
from commonpurse.record.sealing import seal, unseal

ISSUER = "Commonpurse"
SEALED_FOR = "commonpurse.web.second"


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """As the library's, but a passkey alone asks nobody for more.

    A passkey is a better way in, not a second one after the mail. Only who turned on codes of an
    app is asked for one, and not after a passkey, which asks for a finger or a PIN itself.
    """

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if user is None or not has_second_factor(user.pk):
            return False
        return not did_use_passwordless_login(request, user)


class PurseMfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names the product, and seals the secrets that the database holds."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This was not right. Try again, or use another way."),
    }

    def get_totp_issuer(self) -> str:
        """Whose codes these are, as the app shows it."""
        return ISSUER

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site to which a passkey belongs."""
        return {"id": visit.request.get_host().partition(":")[0], "name": ISSUER}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Whose passkey it is, as the browser shows it when there are several."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return entity | {"name": user_email(user), "display_name": user.get_full_name()}  # type: ignore[attr-defined]

    def encrypt(self, text: str) -> str:
        """Sealed under the key that signs sessions: a copy of the database gives no codes."""
        return seal(text, purpose=SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; something that nobody knows when the key of then is lost."""
        return unseal(encrypted_text, purpose=SEALED_FOR) or str(generate_totp_secret())

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever turned it on may turn it off: the code by mail is always left."""
        return bool(authenticator.pk)
