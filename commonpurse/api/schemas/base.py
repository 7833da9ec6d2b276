"""What all schemas have in common: strict texts, whole minor units, names of the glossary."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from commonpurse.rules.money import AMOUNT_MAX_MINOR
from commonpurse.rules.texts import has_controls, turns_around
from commonpurse.wording import in_words

Number = Annotated[int, Field(ge=1, le=2_000_000_000)]
"""A human number: of a decision, a mandate, a request."""

AmountIn = Annotated[
    int,
    Field(strict=True, ge=1, le=AMOUNT_MAX_MINOR, description="In minor units: 7160 is 71.60."),
]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, BeforeValidator(in_words)]
"""What a service said, in the language that the program asks for."""

Prose = Annotated[str, Field(max_length=20_000)]


class In(Schema):
    """What a program sends: no field that is not known, no text that cannot be kept."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def texts_can_be_kept(cls, data: Any) -> Any:
        """Refuse controls, halves of characters and turns of direction, wherever they are."""
        texts_check(data)
        return data


def texts_check(value: object) -> None:
    """ValueError when a text somewhere in this value cannot be kept."""
    if isinstance(value, str):
        if has_controls(value):
            raise ValueError("a text cannot hold control characters")
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("a text must be whole characters") from error
        if turns_around(value):
            raise ValueError("a text cannot turn the direction of what stands around it")
    elif isinstance(value, dict):
        for key, item in value.items():
            texts_check(key)
            texts_check(item)
    elif isinstance(value, list):
        for item in value:
            texts_check(item)


class Done(Schema):
    """It is done, and there is nothing more to say."""

    done: bool = True
