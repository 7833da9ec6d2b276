"""How many decimals a currency has (ISO 4217), and text amounts read exactly."""

import re

EXPONENTS = (
    dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0)
    | dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0)
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)
"""Every currency that is not divided into hundredths."""

AMOUNT = re.compile(r"\+?([0-9]{1,18})?(?:\.([0-9]{0,17}))?")
CURRENCY = re.compile(r"[A-Z]{3}")
AMOUNT_MAX_MINOR = 10**15
"""Ten million million euros: more than this is a fault, not money."""


def exponent(currency: str) -> int:
    """The number of decimals of a currency: 2 for EUR, 0 for JPY, 3 for KWD.

    ValueError for what is no currency code.
    """
    if not CURRENCY.fullmatch(currency):
        raise ValueError(f"“{currency[:20]}” is not a currency code")
    return EXPONENTS.get(currency, 2)


def minor_units(text: str, currency: str) -> int:
    """An amount in text, without sign, as whole minor units.

    Decimals beyond the currency's are accepted only when they are zero: 12.5000 EUR is 1250,
    12.505 EUR is refused. ValueError says what is wrong.
    """
    found = AMOUNT.fullmatch(text)
    if not found or not (found[1] or found[2]):
        raise ValueError(f"“{text[:40]}” is not an amount")
    places = exponent(currency)
    decimals = found[2] or ""
    if decimals[places:].strip("0"):
        raise ValueError(f"{text} {currency} has more than {places} decimals")
    minor: int = int(found[1] or "0") * 10**places + int(
        decimals[:places].ljust(places, "0") or "0"
    )
    if minor > AMOUNT_MAX_MINOR:
        raise ValueError(f"{text} {currency} is too large to be true")
    return minor


def decimal_text(amount_minor: int, currency: str) -> str:
    """Minor units as text with the currency's decimals and a minus where needed: `-12.50`."""
    places = exponent(currency)
    digits = str(abs(amount_minor)).rjust(places + 1, "0")
    sign = "-" if amount_minor < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def amount_text(amount_minor: int, currency: str) -> str:
    """An amount with its currency and all of its decimals: `-12.50 EUR`."""
    return f"{decimal_text(amount_minor, currency)} {currency}"
