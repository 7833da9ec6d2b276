"""Amounts of minor units in text, exact in every currency."""

from commonpurse.formats.currencies import exponent


def amount_text(amount_minor: int, currency: str) -> str:
    """An amount with its currency and all of its decimals: `-12.50 EUR`."""
    decimals = exponent(currency)
    digits = str(abs(amount_minor)).rjust(decimals + 1, "0")
    sign = "-" if amount_minor < 0 else ""
    if not decimals:
        return f"{sign}{digits} {currency}"
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]} {currency}"
