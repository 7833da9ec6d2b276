"""The form with which one signs up. It never tells a stranger which addresses are known here."""

from typing import Any

from allauth.account.forms import SignupForm
from django.core.validators import MaxLengthValidator

from commonpurse.groups.names import EMAIL_MAX
from commonpurse.groups.selectors import person_by_email
from commonpurse.web.forms.base import SHORTEN


class SignUpForm(SignupForm):  # type: ignore[misc]
    """As allauth's; a known address is told by mail that it is known, and nobody else is.

    Allauth does so only where it verifies addresses in a step of their own. Here the sign-in code
    is that step.
    """

    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(MaxLengthValidator(EMAIL_MAX, SHORTEN))

    def validate_unique_email(self, value: str) -> str:
        """The address as it is; whether it is known decides which mail goes there."""
        self.account_already_exists = person_by_email(value) is not None
        return value
