"""What a parameter of the manual is: its type, unit, label, help and bounds, said once.

Whole numbers and amounts travel in JSON as integers, fractions as text in lowest terms ("2/3",
"1"), never as decimals: two thirds has none.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any
from zoneinfo import available_timezones

from commonpurse.errors import Invalid
from commonpurse.rules.money import exponent
from commonpurse.say import Said, say

FRACTION = re.compile(r"([0-9]{1,4})(?:/([0-9]{1,4}))?")
AMOUNT_MAX_MINOR = 10**12


class Type(StrEnum):
    """The types of parameters."""

    TEXT = "text"
    MONEY = "money"
    WHOLE = "whole"
    FRACTION = "fraction"
    FLAG = "flag"
    CHOICE = "choice"
    MANDATES = "mandates"


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter, declared: how a form shows it and what it may hold."""

    key: str
    type: Type
    section: str
    label: Said
    help: Said
    unit: str = ""
    minimum: int | Fraction | None = None
    maximum: int | Fraction | None = None
    choices: tuple[tuple[str, Said], ...] = ()
    """Pairs of what is stored and what is shown."""


def declared(kind: Type, section: str, label: Said, **facts: Any) -> Any:
    """A dataclass field that carries the declaration of a parameter; `help` is asked for."""
    return field(metadata={"declared": {"type": kind, "section": section, "label": label} | facts})


def value_read(spec: Field, given: object) -> object:
    """A value of this parameter from JSON. Raises Invalid that names the field."""
    if spec.type is Type.FRACTION:
        return fraction_read(spec, given)
    if spec.type in {Type.MONEY, Type.WHOLE}:
        return whole_read(spec, given)
    if spec.type is Type.FLAG:
        if not isinstance(given, bool):
            raise refusal(spec, say("Answer yes or no."))
        return given
    if not isinstance(given, str):
        raise refusal(spec, say("%(label)s is text.", label=spec.label))
    if spec.type is Type.CHOICE and given not in dict(spec.choices):
        raise refusal(
            spec, say("Choose one of: %(choices)s.", choices=tuple(dict(spec.choices).values()))
        )
    if spec.type is Type.TEXT:
        check_place(spec, given)
    return given


def whole_read(spec: Field, given: object) -> int:
    """A whole number within the parameter's bounds."""
    if not isinstance(given, int) or isinstance(given, bool):
        raise refusal(spec, say("Enter a whole number."))
    check_bounds(spec, given)
    return given


def fraction_read(spec: Field, given: object) -> Fraction:
    """An exact fraction from text such as "2/3", "1" or "0"."""
    found = FRACTION.fullmatch(given) if isinstance(given, str) else None
    if found is None or int(found[2] or "1") == 0:
        raise refusal(spec, say("Enter a fraction such as 1/2 or 2/3."))
    value = Fraction(int(found[1]), int(found[2] or "1"))
    check_bounds(spec, value)
    return value


def fraction_text(value: Fraction) -> str:
    """A fraction in lowest terms: "2/3"; a whole one without a denominator: "1"."""
    return str(value)


def check_bounds(spec: Field, value: int | Fraction) -> None:
    """Raise Invalid outside the parameter's bounds, both of which are allowed values."""
    if spec.minimum is not None and value < spec.minimum:
        raise refusal(spec, say("Enter %(minimum)s or more.", minimum=bound_text(spec.minimum)))
    if spec.maximum is not None and value > spec.maximum:
        raise refusal(spec, say("Enter %(maximum)s or less.", maximum=bound_text(spec.maximum)))


def check_place(spec: Field, given: str) -> None:
    """Raise Invalid unless a currency is a currency's code and a time zone is known."""
    if spec.key == "currency":
        try:
            exponent(given)
        except ValueError as fault:
            raise refusal(spec, say("Enter a currency such as EUR.")) from fault
    if spec.key == "timezone" and given not in available_timezones():
        raise refusal(spec, say("Enter a time zone such as Europe/Berlin."))


def bound_text(bound: int | Fraction) -> str:
    """A bound as one reads it."""
    return fraction_text(Fraction(bound)) if isinstance(bound, Fraction) else str(bound)


def refusal(spec: Field, sentence: Said) -> Invalid:
    """What to say when this parameter cannot be that."""
    return Invalid("parameter_wrong", sentence, field=spec.key)
