"""The demo is founded in a database of its own, and once."""

import pytest

from commonpurse.config import demo_found
from commonpurse.config.demo import story
from commonpurse.errors import NotPossible
from tests.world import world


@pytest.mark.django_db
def test_the_demo_is_not_founded_among_co_ops_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[object] = []
    monkeypatch.setattr(story, "build", lambda **given: built.append(given))
    assert demo_found.found()
    world()
    with pytest.raises(NotPossible, match="belongs to a co-op of your own"):
        demo_found.found()
    assert len(built) == 1
