"""The manner of every form: labels above, errors twice, nothing that was typed is lost."""

import unicodedata
from decimal import Decimal
from typing import Any, Self

from babel.numbers import (
    NumberFormatError,
    format_decimal,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from commonpurse.errors import PurseError
from commonpurse.rules.money import exponent
from commonpurse.rules.texts import has_controls, turns_around
from commonpurse.web.visit import Visit
from commonpurse.wording import in_words, reader_locale

MINOR_MAX = 10**13
"""Above any co-op's purse, far below the 64 bits of the ledger."""

TURNED = _("Type this again: it holds hidden signs that turn the direction of writing")

UNSEEN = _("Type this again: it holds signs that cannot be seen")

TYPED_MAX = 30
"""More characters than an amount needs."""


SHORTEN = _("Shorten this to at most %(limit_value)s characters")

CHOOSE = {
    "required": _("Choose one of these"),
    "invalid_choice": _("Choose one of these"),
    "invalid_list": _("Choose one of these"),
}
TYPED = {
    "required": _("Fill this in"),
    "invalid": _("Type this again: we cannot read it"),
    "max_length": SHORTEN,
    "min_length": _("Write at least %(limit_value)s characters"),
    "min_value": _("Enter %(limit_value)s or more"),
    "max_value": _("Enter %(limit_value)s or less"),
    "null_characters_not_allowed": UNSEEN,
}
KINDS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.ChoiceField, CHOOSE),
    (forms.FileField, {"required": _("Choose a file")}),
    (forms.IntegerField, TYPED | {"invalid": _("Enter a whole number")}),
    (forms.DateField, TYPED | {"required": _("Choose a day"), "invalid": _("Choose a day")}),
    (
        forms.EmailField,
        TYPED | {"invalid": _("Enter an e-mail address such as ann@example.org.")},
    ),
    (forms.Field, TYPED),
)
"""What a kind of field says where Django would speak in words of its own."""


def speak(field: forms.Field) -> None:
    """Put our sentences in the place of Django's; what a field says for itself stays."""
    stock = [
        message
        for kind in type(field).__mro__
        if kind.__module__.startswith("django.")
        for message in vars(kind).get("default_error_messages", {}).values()
    ]
    ours = next(messages for kind, messages in KINDS if isinstance(field, kind))
    for code, message in ours.items():
        known = field.error_messages.get(code)
        if known is None or any(known is each for each in stock):
            field.error_messages[code] = message


class PurseForm(forms.Form):
    """A form in the house's manner.

    The browser checks nothing: each refusal is a sentence of ours, in the summary and above its
    field.
    """

    use_required_attribute = False
    error_css_class = ""
    required_css_class = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "f-%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def _clean_fields(self) -> None:
        """Every field by itself; no text may turn round what stands beside it on a page."""
        for field in self.fields.values():
            speak(field)
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and turns_around(value):
                self.add_error(name, forms.ValidationError(TURNED, code="turned"))
            elif isinstance(value, str) and has_controls(value):
                self.add_error(name, forms.ValidationError(UNSEEN, code="controls"))

    @classmethod
    def of(cls, visit: Visit, **kwargs: Any) -> Self:
        """The form as it was sent, or an empty one when nothing was sent."""
        if visit.is_post:
            return cls(visit.request.POST, visit.request.FILES, **kwargs)
        return cls(**kwargs)

    def refuse(self, refusal: PurseError) -> None:
        """Show a refusal of a service like any other error: at its field, else at the top."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, forms.ValidationError(in_words(refusal.message), code=refusal.code))


class MoneyField(forms.CharField):
    """An amount as the reader's language writes it; its clean value is in minor units."""

    default_error_messages = {
        "required": _("Enter an amount"),
        "shape": _("Enter an amount in figures, such as %(example)s"),
        "places": _("Enter an amount with at most %(places)s figures after the point"),
        "small": _("Enter an amount above zero"),
        "large": _("Enter a smaller amount"),
    }

    def __init__(self, *, currency: str = "EUR", may_be_zero: bool = False, **kwargs: Any) -> None:
        self.currency = currency
        self.may_be_zero = may_be_zero
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "inputmode": "decimal",
                    "autocomplete": "off",
                    "class": "input input--money",
                    "dir": "ltr",
                    "maxlength": str(TYPED_MAX),
                }
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The minor units; None when nothing was typed. Raises ValidationError."""
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > TYPED_MAX:
            raise self._wrong("large")
        places = exponent(self.currency)
        if any(letter.isalpha() or letter == "_" for letter in text):
            # Python would read 1e3 as a thousand and 1_0 as ten; a person mistyped.
            raise self._wrong("shape", example=amount_typed(7160, self.currency))
        try:
            # Strict: a mark that is not this language's, or groups that are no thousands, is a
            # slip that would pay a hundred times too much.
            amount = parse_decimal(plain_figures(text), locale=reader_locale(), strict=True)
        except NumberFormatError as fault:
            raise self._wrong("shape", example=amount_typed(7160, self.currency)) from fault
        if not amount.is_finite():
            raise self._wrong("shape", example=amount_typed(7160, self.currency))
        if amount.copy_abs() > MINOR_MAX:
            raise self._wrong("large")
        minor = amount.scaleb(places)
        if minor != minor.to_integral_value():
            raise self._wrong("places", places=places)
        if minor < 0 or (minor == 0 and not self.may_be_zero):
            raise self._wrong("small")
        if minor > MINOR_MAX:
            raise self._wrong("large")
        return int(minor)

    def prepare_value(self, value: Any) -> Any:
        """What stands in the field: an amount in figures, or what was typed."""
        return amount_typed(value, self.currency) if isinstance(value, int) else value

    def _wrong(self, code: str, **facts: object) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=facts)


def plain_figures(text: str) -> str:
    """An amount in the figures that Babel reads: Arabic ones and the true minus made plain."""
    locale = reader_locale()
    signs = {
        "\N{MINUS SIGN}": "-",
        "\N{ARABIC DECIMAL SEPARATOR}": get_decimal_symbol(locale),
        "\N{ARABIC THOUSANDS SEPARATOR}": get_group_symbol(locale),
    }
    return "".join(
        signs.get(sign, str(unicodedata.decimal(sign)) if sign.isdecimal() else sign)
        for sign in text
    )


def amount_typed(minor: int, currency: str) -> str:
    """An amount as one would type it: figures alone."""
    places = exponent(currency)
    pattern = "0." + "0" * places if places else "0"
    value = Decimal(minor).scaleb(-places)
    return str(format_decimal(value, format=pattern, locale=reader_locale()))
