"""Sentences that remember how they were made, so that a page can say them in any language.

What a service says is English text: it may be kept, compared and written down, and is the same
whoever asked. Such a text also knows its pattern and what stands in it; `commonpurse.wording`
says it in the reader's language, at the edge and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from commonpurse.rules.money import decimal_text


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in a sentence: “€71.60”."""

    minor: int
    currency: str

    def __str__(self) -> str:
        from babel.numbers import format_currency

        major = Decimal(decimal_text(self.minor, self.currency))
        return str(format_currency(major, self.currency, locale="en"))


@dataclass(frozen=True, slots=True)
class Day:
    """A day in a sentence: “17 November 2026”."""

    on: date

    def __str__(self) -> str:
        return f"{self.on.day} {self.on:%B %Y}"


@dataclass(frozen=True, slots=True)
class Hour:
    """A day and its hour, by the clock that the instant carries: “Thu 19 Nov, 18:00”."""

    at: datetime

    def __str__(self) -> str:
        return f"{self.at:%a} {self.at.day} {self.at:%b}, {self.at:%H:%M}"


class Said(str):
    """English text with the pattern and the values that it was made of."""

    __slots__ = ("many", "number", "pattern", "values")
    pattern: str
    values: dict[str, object]
    many: str
    number: int

    def __new__(
        cls, pattern: str, values: Mapping[str, object], *, many: str = "", number: int = 1
    ) -> Self:
        """The text of a pattern; `many` is the pattern for a `number` that is not one."""
        chosen = many if many and number != 1 else pattern
        made = super().__new__(cls, filled(chosen, values, str, ", ".join))
        made.pattern, made.values, made.many, made.number = pattern, dict(values), many, number
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Copies and pickles are made as this one was."""
        return (self.pattern, self.values), {"many": self.many, "number": self.number}


def say(pattern: str, /, **values: object) -> Said:
    """The text of `pattern`, in which `%(name)s` stands for a value."""
    return Said(pattern, values)


def say_count(pattern: str, many: str, number: int, /, **values: object) -> Said:
    """The text for one or for many; `%(number)s` is the number in both."""
    return Said(pattern, {"number": number} | values, many=many, number=number)


def say_all(sentences: Sequence[Said], *, between: str = " ") -> Said:
    """Several sentences, one after the other."""
    parts = {f"part{place}": sentence for place, sentence in enumerate(sentences)}
    return Said(between.join(f"%({name})s" for name in parts), parts)


def filled(pattern: str, values: Mapping[str, object], show: Any, join: Any) -> str:
    """A pattern with its values shown; several values in one place are joined."""
    if not values:
        return pattern
    return pattern % {
        name: join([show(each) for each in value]) if isinstance(value, tuple) else show(value)
        for name, value in values.items()
    }


def packed(value: object) -> object:
    """A value of a sentence, or a sentence, as JSON."""
    match value:
        case Said():
            values = {name: packed(each) for name, each in value.values.items()}
            return {"say": value.pattern, "many": value.many, "n": value.number, "with": values}
        case Amount():
            return {"minor": value.minor, "currency": value.currency}
        case Day():
            return {"day": value.on.isoformat()}
        case Hour():
            return {"hour": value.at.isoformat()}
        case tuple():
            return [packed(each) for each in value]
        case int():
            return value
        case _:
            return str(value)


def unpacked(given: Any) -> Any:
    """What `packed` made JSON of."""
    match given:
        case {"say": pattern, "many": many, "n": number, "with": values}:
            found = {name: unpacked(each) for name, each in values.items()}
            return Said(pattern, found, many=many, number=number)
        case {"minor": minor, "currency": currency}:
            return Amount(minor, currency)
        case {"day": on}:
            return Day(date.fromisoformat(on))
        case {"hour": at}:
            return Hour(datetime.fromisoformat(at))
        case list():
            return tuple(unpacked(each) for each in given)
        case _:
            return given
