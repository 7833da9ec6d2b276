"""The reader's language: sentences, money, days and numbers as a page or a mail says them.

Only pages, the API and mails come here. What services write, sign or compare is English text of
`commonpurse.say`, whatever language somebody reads.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from django.utils.translation import (
    get_language,
    get_language_bidi,
    gettext,
    ngettext,
    to_locale,
)

from commonpurse.rules.money import decimal_text
from commonpurse.say import Amount, Day, Hour, Said, filled

MINUS, TRUE_MINUS = "-", "\N{MINUS SIGN}"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
DAY, DAY_SHORT, DAY_OF_YEAR, WEEKDAY = "d MMMM y", "d MMM", "d MMM y", "EEE d MMM"
WORDED_MAX = 4096
"""How many amounts and days a process remembers in words: a page says the same ones many times."""
PATTERNS = {
    "de": {
        DAY: "d. MMMM y",
        DAY_SHORT: "d. MMM",
        DAY_OF_YEAR: "d. MMM y",
        WEEKDAY: "EEE d. MMM",
    },
    "ar": {WEEKDAY: "EEEE d MMM"},
}
"""How a language writes days where it differs from English."""


def reader_locale() -> Locale:
    """Babel's locale for the language of this page; English where Babel knows none."""
    return locale_of(get_language() or "en")


@cache
def locale_of(language: str) -> Locale:
    """As `reader_locale`, for one of the few languages of the pages: parsed once."""
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def in_words(value: object) -> str:
    """What a service said, or a value in it, in the reader's language; other text as it is."""
    match value:
        case Said():
            pattern = (
                ngettext(value.pattern, value.many, value.number)
                if value.many
                else gettext(value.pattern)
            )
            return filled(pattern, value.values, isolated, listed)
        case Amount():
            return money_text(value.minor, value.currency)
        case Day():
            return day_text(value.on)
        case Hour():
            return hour_text(value.at)
        case bool():
            return str(value)
        case int():
            return str(format_decimal(value, locale=reader_locale()))
        case _:
            return str(value)


def isolated(value: object) -> str:
    """A value inside a sentence: from right to left, a name or a code keeps its own direction."""
    text = in_words(value)
    if not isinstance(value, str) or isinstance(value, Said) or not get_language_bidi():
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if text else text


def listed(texts: Sequence[str]) -> str:
    """Several texts in a row, with the commas of the reader's language."""
    return gettext(", ").join(texts)


def money_text(minor: int, currency: str) -> str:
    """An amount as words without marks, for titles, labels and buttons: `€71.60`."""
    return _money_text(minor, currency, reader_locale())


@lru_cache(maxsize=WORDED_MAX)
def _money_text(minor: int, currency: str, locale: Locale) -> str:
    text = format_currency(
        Decimal(decimal_text(minor, currency)), currency, locale=locale, currency_digits=True
    )
    return str(text).replace(MINUS, TRUE_MINUS)


def day_text(value: date, pattern: str = DAY) -> str:
    """A day as bare words, of an instant by the clock that it carries: 17 November 2026."""
    return _day_text(value.year, value.month, value.day, pattern, reader_locale())


@lru_cache(maxsize=WORDED_MAX)
def _day_text(year: int, month: int, day: int, pattern: str, locale: Locale) -> str:
    local = PATTERNS.get(locale.language, {}).get(pattern, pattern)
    return str(format_date(date(year, month, day), local, locale=locale))


def hour_text(value: datetime) -> str:
    """A day and its hour as bare words, by the clock of the value: Thu 19 Nov, 18:00."""
    hour = format_time(value, "HH:mm", locale=reader_locale())
    return listed([day_text(value, WEEKDAY), str(hour)])
