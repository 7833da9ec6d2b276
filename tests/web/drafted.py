"""A co-op that is being drafted: Ann leads, Cy founds it with her and suggests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from commonpurse.decisions.services import (
    DraftWish,
    draft_begin,
    draft_change,
    draft_invite,
    draft_join,
    suggestion_comment,
    suggestion_decline,
    suggestion_make,
)
from commonpurse.groups.selectors import Member


@dataclass(frozen=True)
class Drafted:
    """The ids that addresses need."""

    draft_id: UUID
    suggestion_id: UUID
    founder_id: UUID
    invitation_id: UUID
    token: str


def drafted(ann: Member, cy: Member, *, at: datetime) -> Drafted:
    """Five of six questions are answered; a suggestion waits, another was declined."""
    draft = draft_begin(wish=DraftWish(step="purpose"), actor=ann.actor, at=at)
    draft_id = draft.draft_id
    for step, wish in enumerate(
        (
            DraftWish(name="Tool Shed", step="name"),
            DraftWish(sponsor_name="Harbour Commons", step="money"),
            DraftWish(changes={"dues_minor": 500}, step="dues"),
            DraftWish(step="manual"),
        )
    ):
        draft_change(draft_id=draft_id, wish=wish, actor=ann.actor, at=at + timedelta(seconds=step))
    link = draft_invite(draft_id=draft_id, email=None, uses_max=5, actor=ann.actor, at=at)
    draft_invite(draft_id=draft_id, email="robin@example.org", actor=ann.actor, at=at)
    draft = draft_join(token=link.token, actor=cy.actor, at=at + timedelta(minutes=1))
    later = at + timedelta(minutes=2)
    members = draft.clause("members")
    assert members is not None
    made = suggestion_make(
        draft_id=draft_id,
        key="members",
        title=members.title,
        text=members.text.replace("pay dues", "pay dues or mend tools"),
        why="Mending is worth as much as paying.",
        actor=cy.actor,
        at=later,
    )
    suggestion_comment(
        draft_id=draft_id,
        suggestion_id=made.suggestion_id,
        text="I like it.",
        actor=ann.actor,
        at=later,
    )
    gone = suggestion_make(
        draft_id=draft_id, key="blocking", title="", text="", actor=cy.actor, at=later
    )
    suggestion_decline(
        draft_id=draft_id, suggestion_id=gone.suggestion_id, actor=ann.actor, at=later
    )
    return Drafted(
        draft_id=draft_id,
        suggestion_id=made.suggestion_id,
        founder_id=draft.founders[1].founder_id,
        invitation_id=link.invitation.invitation_id,
        token=link.token,
    )
