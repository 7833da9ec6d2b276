"""What is read out of what somebody typed, and how a hit's words are shown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.rules.search import TYPED_MAX, marked, question_read


@pytest.mark.parametrize(
    ("typed", "rest", "begun"),
    [
        ("back", "", "back"),
        ("yearly back", "yearly", "back"),
        ('"for a year', '"for a year', ""),
        ('"for a year" ba', '"for a year"', "ba"),
        ("backup -card", "backup -card", ""),
        ("mail or", "mail or", ""),
        ("mail or card", "mail or card", ""),
        ("e-mail", "", "e-mail"),
        ("", "", ""),
    ],
)
def test_the_last_word_may_go_on_unless_it_is_excluded_or_in_a_phrase(typed, rest, begun):
    question = question_read(typed)
    assert (question.rest, question.begun) == (rest, begun)


def test_amounts_codes_and_numbers_are_known_as_such():
    assert question_read("€71.60").amount == Decimal("71.60")
    assert question_read("71,6 €").amount_minor(2) == 7160
    assert question_read("71.605").amount_minor(2) is None
    assert question_read("7160").amount_minor(0) == 7160
    assert question_read("71.60 backups").amount is None
    assert question_read("7k4q m2xd").code == "7K4QM2XD"
    assert (question_read("p-0063").letter, question_read("R63").number) == ("P", 63)
    assert question_read("70").number is None


def test_excluded_words_are_not_marked():
    assert question_read("Backup -card or Mail").words == ("backup", "mail")


def test_a_stretch_around_the_first_word_is_shown_with_whole_words_marked():
    text = "before " * 60 + "our yearly backups end here " + "after " * 60
    pieces = marked(text, ("backup",))
    assert [piece for is_marked, piece in pieces if is_marked] == ["backups"]
    shown = "".join(piece for _, piece in pieces)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 260


@given(st.text(max_size=600), st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it_and_no_letter_is_invented(text, typed):
    question = question_read(typed)
    assert len(question.text) <= TYPED_MAX
    shown = "".join(piece for _, piece in marked(text, question.words))
    flat = " ".join(text.split())
    assert shown.removeprefix("… ").removesuffix(" …").strip() in flat
