"""The Shared Bill: a co-op of forty that began by paying one bill together, and its first year.

Everything is done through the services that people use, with the dates handed in, so the demo's
books, votes and record verify like anybody's.
"""

from datetime import datetime

from django.db import transaction

from commonpurse.config.demo import neighbour
from commonpurse.config.demo.draft import drafting
from commonpurse.config.demo.plot import play
from commonpurse.config.demo.told import tell
from commonpurse.config.demo.year import Year

SLUG = "demo"


@transaction.atomic
def build(*, at: datetime) -> None:
    """Found the demo’s co-op and its neighbour, and live through the year that ends at `at`."""
    year = Year(slug=SLUG, now=at)
    play(year)
    tell(year)
    drafting(year)
    neighbour.found(now=at)
