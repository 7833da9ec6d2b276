"""Saying in a test that the answer is no, and with which code."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from commonpurse.errors import PurseError


@contextmanager
def refused(code: str, kind: type[PurseError] = PurseError) -> Iterator[None]:
    """What happens inside is refused with this code and a sentence for a person."""
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
