"""Parameters as JSON and back. Every refusal names the parameter that cannot stand."""

from dataclasses import fields
from fractions import Fraction
from typing import Any

from commonpurse.errors import Invalid
from commonpurse.manual.fields import AMOUNT_MAX_MINOR, Field, Type, fraction_text, value_read
from commonpurse.manual.parameters import (
    FIELDS,
    STANDING_LABELS,
    Parameters,
    StandingKind,
    StandingMandate,
)

MANDATE_KEYS = {"kind", "max_minor_per_month"}


def parameters_from_json(given: object) -> Parameters:
    """Parameters from a JSON object that holds each of them. Raises Invalid, naming the field."""
    if not isinstance(given, dict):
        raise Invalid("parameters_wrong", "Parameters are an object with one value for each.")
    unknown = sorted(set(map(str, given)) - {spec.key for spec in FIELDS})
    if unknown:
        raise Invalid(
            "parameter_unknown",
            "There is no parameter %(unknown)s.",
            field=unknown[0][:60],
            unknown=unknown[0][:60],
        )
    values: dict[str, Any] = {}
    for spec in FIELDS:
        if spec.key not in given:
            raise Invalid(
                "parameter_missing",
                "Enter a value for %(label)s.",
                field=spec.key,
                label=spec.label,
            )
        values[spec.key] = field_read(spec, given[spec.key])
    return Parameters(**values)


def parameters_to_json(parameters: Parameters) -> dict[str, Any]:
    """Parameters as a JSON object: integers, fractions as text, mandates as a list of objects."""
    return {item.name: value_write(getattr(parameters, item.name)) for item in fields(Parameters)}


def changed(parameters: Parameters, changes: object) -> Parameters:
    """The parameters with some replaced, as JSON. Raises Invalid, naming the field."""
    if not isinstance(changes, dict):
        raise Invalid("parameters_wrong", "Changes are an object with a value for each parameter.")
    if "currency" in changes and changes["currency"] != parameters.currency:
        raise Invalid("currency_fixed", "The currency of a co-op cannot change.", field="currency")
    return parameters_from_json(parameters_to_json(parameters) | changes)


def field_read(spec: Field, given: object) -> object:
    """The value of one parameter from JSON."""
    if spec.type is Type.MANDATES:
        return mandates_read(spec, given)
    return value_read(spec, given)


def mandates_read(spec: Field, given: object) -> tuple[StandingMandate, ...]:
    """Standing mandates from a list of objects, in the fixed order of their kinds."""
    if not isinstance(given, list | tuple):
        raise Invalid("parameter_wrong", "Standing mandates are a list.", field=spec.key)
    order = list(StandingKind)
    found = [mandate_read(spec, item) for item in given]
    return tuple(sorted(found, key=lambda mandate: order.index(mandate.kind)))


def mandate_read(spec: Field, given: object) -> StandingMandate:
    """One standing mandate from an object."""
    if not isinstance(given, dict) or set(given) != MANDATE_KEYS:
        raise Invalid(
            "parameter_wrong",
            "A standing mandate has a kind and an amount for each month.",
            field=spec.key,
        )
    if given["kind"] not in set(StandingKind):
        raise Invalid(
            "parameter_wrong",
            "Choose one of: %(choices)s.",
            choices=tuple(STANDING_LABELS.values()),
            field=spec.key,
        )
    amount = given["max_minor_per_month"]
    if (
        not isinstance(amount, int)
        or isinstance(amount, bool)
        or not 1 <= amount <= AMOUNT_MAX_MINOR
    ):
        raise Invalid(
            "parameter_wrong",
            "Enter an amount for %(kind)s, above 0.",
            field=spec.key,
            kind=STANDING_LABELS[StandingKind(given["kind"])],
        )
    return StandingMandate(kind=StandingKind(given["kind"]), max_minor_per_month=amount)


def value_write(value: object) -> object:
    """A parameter's value as JSON."""
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, tuple):
        return [
            {"kind": str(item.kind), "max_minor_per_month": item.max_minor_per_month}
            for item in value
        ]
    return value
