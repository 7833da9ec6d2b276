"""Names, addresses and slugs as people type them: made tidy, or refused with a sentence."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from commonpurse.errors import Invalid
from commonpurse.rules.texts import is_seen

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_MIN = 2
SLUG_MAX = 40
NAME_MAX = 80
EMAIL_MAX = 254

UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}
"""Zero-width joiners are letters' business in Persian and Hindi; other unseen signs deceive."""


def name_checked(text: str, *, field: str = "name", longest: int = NAME_MAX) -> str:
    """`text` in one normal form, without blanks around it.

    Raises Invalid when nothing is left, when it is too long, or when it holds signs that cannot
    be seen: they turn the reading direction round or make two names look alike.
    """
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    if not tidy:
        raise Invalid("name_missing", "Enter a name.", field=field)
    if len(tidy) > longest:
        raise Invalid(
            "name_long",
            "Enter a name of at most %(longest)s letters.",
            field=field,
            longest=longest,
        )
    if not is_seen(tidy) or any(
        unicodedata.category(sign) in UNSEEN and sign not in JOINERS for sign in tidy
    ):
        raise Invalid(
            "name_unseen", "Type the name again: it holds signs that cannot be seen.", field=field
        )
    return tidy


def email_checked(text: str, *, field: str = "email") -> str:
    """An address in lower case, or Invalid."""
    tidy = text.strip().lower()
    try:
        validate_email(tidy)
    except ValidationError as fault:
        raise Invalid(
            "email_wrong", "Enter an e-mail address such as ann@example.org.", field=field
        ) from fault
    if len(tidy) > EMAIL_MAX:
        raise Invalid(
            "email_long",
            "Enter an address of at most %(email_max)s letters.",
            field=field,
            email_max=EMAIL_MAX,
        )
    return tidy


def slug_checked(text: str, *, field: str = "slug") -> str:
    """A slug: small letters a to z, digits, and single hyphens between them. Raises Invalid."""
    tidy = text.strip().lower()
    if not SLUG_MIN <= len(tidy) <= SLUG_MAX or not SLUG.fullmatch(tidy):
        raise Invalid(
            "slug_wrong",
            "Enter %(slug_min)s to %(slug_max)s small letters or digits, with single "
            "hyphens between.",
            field=field,
            slug_min=SLUG_MIN,
            slug_max=SLUG_MAX,
        )
    return tidy
