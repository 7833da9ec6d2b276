"""A co-op that some of The Shared Bill are drafting these days, with suggestions to look at."""

from datetime import datetime, timedelta
from uuid import UUID

from commonpurse.config.demo.year import Year
from commonpurse.decisions.services import (
    DraftWish,
    draft_begin,
    draft_change,
    draft_clause_set,
    draft_invite,
    draft_join,
    suggestion_accept,
    suggestion_comment,
    suggestion_make,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

BREAKING = (
    "Tools break when they are used. Who breaks one says so the same day and pays nothing{fund}. "
    "Who lends one on without asking pays for it."
)
PURPOSE = (
    "We share tools that none of us needs every day: a ladder, a press, a good saw. The fund buys "
    "them, keeps them sharp, and pays for a dry room to keep them in."
)
MEMBERS = (
    "Members are people who live or work within a bicycle ride of the shed and pay dues. They come "
    "in by a member's invitation. Each has one vote. Who mends tools for a day a month pays half."
)


def drafting(year: Year) -> None:
    """Halvard leads; Noor and Wenke found it with him. One suggestion was taken up, three wait."""
    at = year.now - 6 * DAY
    halvard = year.members["Halvard"].actor
    wish = DraftWish(template="software-users", purpose=PURPOSE, step="purpose")
    draft_id = draft_begin(wish=wish, actor=halvard, at=at).draft_id
    for step, wish in enumerate(
        (
            DraftWish(name="The Tool Shed", slug="tool-shed", step="name"),
            DraftWish(sponsor_name="Harbour Commons Foundation", step="money"),
            DraftWish(changes={"dues_minor": 400}, step="dues"),
        ),
        start=1,
    ):
        draft_change(draft_id=draft_id, wish=wish, actor=halvard, at=at + step * HOUR)
    draft_clause_set(
        draft_id=draft_id,
        key=None,
        title="Tools that break",
        text=BREAKING.format(fund=""),
        actor=halvard,
        at=at + 5 * HOUR,
    )
    suggesting(year, draft_id, at)


def suggesting(year: Year, draft_id: UUID, at: datetime) -> None:
    """The two join by a link and suggest; what was said about it."""
    halvard, noor, wenke = (year.members[name].actor for name in ("Halvard", "Noor", "Wenke"))
    link = draft_invite(draft_id=draft_id, email=None, uses_max=5, actor=halvard, at=at + DAY)
    for step, founder in enumerate((noor, wenke), start=1):
        draft_join(token=link.token, actor=founder, at=at + DAY + step * HOUR)
    taken = suggestion_make(
        draft_id=draft_id,
        key="tools_that_break",
        title="Tools that break",
        text=BREAKING.format(fund="; the fund mends it"),
        why="Otherwise nobody knows who pays.",
        actor=noor,
        at=at + 2 * DAY,
    )
    suggestion_accept(
        draft_id=draft_id, suggestion_id=taken.suggestion_id, actor=halvard, at=at + 3 * DAY
    )
    waiting = suggestion_make(
        draft_id=draft_id,
        key="members",
        title="Who belongs to us",
        text=MEMBERS,
        why="We are neighbours, not users of software; and mending is worth as much as paying.",
        actor=noor,
        at=at + 4 * DAY,
    )
    suggestion_comment(
        draft_id=draft_id,
        suggestion_id=waiting.suggestion_id,
        text="Yes to the bicycle ride. Is half the dues enough of a thank you?",
        actor=wenke,
        at=at + 4 * DAY + 2 * HOUR,
    )
    suggestion_make(
        draft_id=draft_id,
        key="service",
        title="When the service fails",
        text="",
        why="A shed has no service that goes down.",
        actor=wenke,
        at=at + 5 * DAY,
    )
    suggestion_make(
        draft_id=draft_id,
        key=None,
        title="Noise",
        text="The press and the saw rest from eight in the evening until eight in the morning.",
        why="The room is under a flat.",
        actor=noor,
        at=at + 5 * DAY + HOUR,
    )
