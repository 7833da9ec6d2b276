"""How many queries a page needs: fifteen at most, as many in a large co-op as in a small one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.crowd import grown
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.django_db

QUERIES_MAX = 15
LIMITS = {"request": 16}
"""A trustee reads there all that stands in the way of a payment."""
PEOPLE = ("member", "trustee", "treasurer", "coordinator")


def counted(made: Scene) -> dict[tuple[str, str], list[str]]:
    """The queries of each measured page, by page and by who looks."""
    root = f"/c/{made.slug}/"
    pages = {
        "home": root,
        "thread": f"{root}threads/{made.thread_id}/",
        "fund": f"{root}fund/",
        "decision": f"{root}decisions/{made.vote.number}/",
        "request": f"{root}requests/{made.request.number}/",
    }
    found: dict[tuple[str, str], list[str]] = {}
    for who in PEOPLE:
        client = made.client(who)
        for name, path in pages.items():
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(path)
            assert answer.status_code == 200, (name, who)
            found[name, who] = [query["sql"] for query in seen]
    return found


def test_home_thread_and_fund_need_few_queries_whatever_the_size():
    made = scene()
    small = counted(made)
    large = counted(grown(made))
    wrong = {
        place: (len(small[place]), queries)
        for place, queries in large.items()
        if len(small[place]) != len(queries) or len(queries) > LIMITS.get(place[0], QUERIES_MAX)
    }
    assert wrong == {}
