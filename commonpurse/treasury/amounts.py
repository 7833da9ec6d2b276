"""Amounts inside the sentences of a refusal or a notice."""

from decimal import Decimal

from babel.numbers import format_currency

from commonpurse.rules.money import exponent


def amount_text(amount_minor: int, currency: str) -> str:
    """`amount_minor` as people read it in English: “€71.60”."""
    major = Decimal(amount_minor).scaleb(-exponent(currency))
    return format_currency(major, currency, locale="en")
