"""Drafts for tests: Ann begins one, others join it and suggest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.selectors import (
    access_draft,
)
from commonpurse.decisions.services import (
    DraftWish,
    draft_begin,
    draft_invite,
    draft_join,
    draft_open,
    suggestion_make,
)
from commonpurse.groups.selectors import PersonView
from commonpurse.record.services import Actor
from tests.world import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORDS = "We share tools, and we mend them together."


def acting(who: PersonView) -> Actor:
    return Actor(person_id=who.person_id, name=who.name)


def begun(who: PersonView, **wish: Any) -> DraftView:
    given = {"name": "Tool Shed", "purpose": WORDS, "sponsor_name": "Harbour Commons"} | wish
    return draft_begin(wish=DraftWish(**given), actor=acting(who), at=NOON)


def joined(draft: DraftView, lead: PersonView, *others: PersonView) -> DraftView:
    """These people follow a link of the lead's."""
    made = draft_invite(
        draft_id=draft.draft_id, email=None, uses_max=9, actor=acting(lead), at=NOON
    )
    for other in others:
        draft = draft_join(token=made.token, actor=acting(other), at=NOON + HOUR)
    return draft


def read(draft: DraftView, who: PersonView) -> DraftView:
    return access_draft(draft_id=draft.draft_id, person_id=who.person_id).draft


def opened(draft: DraftView, who: PersonView) -> Any:
    return draft_open(
        draft_id=draft.draft_id, seen=read(draft, who).version, actor=acting(who), at=NOON + DAY
    )


def suggested(draft: DraftView, who: PersonView, **facts: Any) -> UUID:
    given = {"key": "members", "title": "Who belongs to us", "text": "Whoever mends a tool."}
    made = suggestion_make(
        draft_id=draft.draft_id, actor=acting(who), at=NOON + 2 * HOUR, **(given | facts)
    )
    return made.suggestion_id
