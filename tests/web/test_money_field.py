"""What may stand in a field for an amount, and what is said about everything else."""

import pytest
from django.core.exceptions import ValidationError

from commonpurse.web.forms.base import MoneyField


@pytest.mark.parametrize(
    ("typed", "minor"), [("71.60", 7_160), ("80", 8_000), ("1,234.50", 123_450)]
)
def test_an_amount_becomes_minor_units(typed: str, minor: int) -> None:
    assert MoneyField().clean(typed) == minor


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("much", "shape"),
        ("NaN", "shape"),
        ("-inf", "shape"),
        ("5\0", "shape"),
        ("0", "small"),
        ("-5", "small"),
        ("1.234", "places"),
        ("1e3", "shape"),
        ("1E3", "shape"),
        ("1_0", "shape"),
        ("1e999999999", "shape"),
        ("9" * 31, "large"),
    ],
)
def test_what_is_no_amount_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        MoneyField().clean(typed)
    assert refusal.value.code == code
