"""Generated calls that write, as `tests.api.fuzzing` sends them."""

import pytest

from tests.api.fuzzing import EXAMPLES, EXAMPLES_SOAK, WRITES, fuzz
from tests.web.scene import Scene

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", WRITES)
def test_generated_writes_are_answered_as_the_document_says(kept: Scene, name: str) -> None:
    fuzz(name, kept, EXAMPLES)


@pytest.mark.soak
@pytest.mark.parametrize("name", WRITES)
def test_a_thousand_generated_writes_too(kept: Scene, name: str) -> None:
    fuzz(name, kept, EXAMPLES_SOAK)
