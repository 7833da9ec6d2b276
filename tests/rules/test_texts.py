"""What a text shows to a reader."""

import pytest

from commonpurse.rules.texts import is_seen

UNSEEN = (
    "",
    "  \u00a0\u2003",
    "\u200b",
    "\u2800",
    "\u3164",
    "\u00ad",
    "\u115f\u1160\uffa0",
    "\u034f\u0301",
    "\u17b4\u17b5\u180b\u180c\u180d",
    "\ue000",
)


@pytest.mark.parametrize("text", UNSEEN)
def test_blanks_by_any_name_are_not_seen(text: str) -> None:
    assert not is_seen(text)


@pytest.mark.parametrize("text", ["a", " \u200b.", "🥨", "سؤال", "क्या", "e\u0301"])
def test_one_sign_of_any_writing_is_enough(text: str) -> None:
    assert is_seen(text)
