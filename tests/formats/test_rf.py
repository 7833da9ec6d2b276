"""Creditor references (ISO 11649)."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonpurse.formats.rf import rf_clean, rf_find, rf_make, rf_spaced, rf_valid

BODIES = st.from_regex(re.compile(r"[0-9A-Z]{4,21}"), fullmatch=True)


def test_the_published_example() -> None:
    assert rf_make("539007547034") == "RF18539007547034"
    assert rf_spaced("RF18539007547034") == "RF18 5390 0754 7034"


@given(BODIES)
def test_what_is_made_is_valid_and_found(body: str) -> None:
    reference = rf_make(body)
    assert rf_valid(reference)
    assert rf_find(f"for March, {reference.lower()}. Thank you") == reference
    assert rf_find(rf_spaced(reference)) == reference
    assert rf_clean(" ".join(reference.lower())) == reference


@given(BODIES, st.integers(4, 24), st.sampled_from("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
def test_one_wrong_symbol_is_always_noticed(body: str, place: int, symbol: str) -> None:
    reference = rf_make(body)
    assume(place < len(reference))
    assume(reference[place] != symbol)
    # 97 is prime and above 36: a changed digit or letter changes the remainder.
    assert not rf_valid(reference[:place] + symbol + reference[place + 1 :]) or (
        reference[place].isdigit() != symbol.isdigit()
    )


@pytest.mark.parametrize(
    "text", ["", "RF", "RF18", "dues for RF 12", "PERF18539007547034", "RFID 22"]
)
def test_what_is_no_reference_is_not_found(text: str) -> None:
    assert rf_find(text) == ""


@given(st.text(max_size=120))
def test_any_text_is_searched_without_fault(text: str) -> None:
    found = rf_find(text)
    assert found == "" or rf_valid(found)


@pytest.mark.parametrize("body", ["", "a", "Ä", "X" * 22, "1 2"])
def test_a_body_of_other_symbols_cannot_be_made(body: str) -> None:
    with pytest.raises(ValueError, match="capitals and digits"):
        rf_make(body)
