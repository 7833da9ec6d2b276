"""Queueing at a draft: every write of it looks at who acts, and whether it may still be changed."""

from datetime import datetime
from uuid import UUID

from commonpurse.decisions.models import Draft, DraftChange, DraftFounder
from commonpurse.decisions.selectors.drafts import no_draft, not_lead
from commonpurse.errors import NotPossible
from commonpurse.record.services import Actor

VERSIONS_MAX = 1_000


def draft_lock(draft_id: UUID, actor: Actor) -> Draft:
    """The draft's row, ours until the transaction ends, for one of its founders.

    Raises NotFound for everybody else, NotPossible `draft_opened` once the vote stands open.
    """
    row = Draft.objects.select_for_update().filter(id=draft_id, discarded_at=None).first()
    if row is None or not is_founder(draft_id, actor.person_id):
        raise no_draft()
    check_not_opened(row)
    return row


def draft_lock_led(draft_id: UUID, actor: Actor) -> Draft:
    """As `draft_lock`, for who leads the draft. Raises NotAllowed for its other founders."""
    row = draft_lock(draft_id, actor)
    if row.led_by_id != actor.person_id:
        raise not_lead(row.led_by.get_full_name())
    return row


def is_founder(draft_id: UUID, person_id: UUID | None) -> bool:
    """Whether this person founds it now."""
    if person_id is None:
        return False
    rows = DraftFounder.objects.filter(draft_id=draft_id, person_id=person_id, left_at=None)
    return rows.exists()


def check_not_opened(row: Draft) -> None:
    """Raise NotPossible once the founding vote stands open: what is voted on does not change."""
    if row.opened_at is not None:
        raise NotPossible(
            "draft_opened",
            "The founding vote is open: what you vote on does not change any more.",
        )


def draft_changed(
    row: Draft,
    part: str,
    *,
    before: str,
    after: str,
    actor: Actor,
    at: datetime,
    title: str = "",
    suggestion_id: UUID | None = None,
) -> None:
    """Count a further version, say what it changed, and save the draft."""
    if row.version >= VERSIONS_MAX:
        raise NotPossible(
            "draft_worn", "This draft was changed very often. Open the vote, or begin a new draft."
        )
    assert actor.person_id is not None, "a draft is changed by people"
    row.version += 1
    row.changed_at = at
    row.save()
    DraftChange.objects.create(
        coop_id=row.coop_id,
        draft=row,
        number=row.version,
        part=part,
        title=title,
        before=before,
        after=after,
        person_id=actor.person_id,
        suggestion_id=suggestion_id,
        at=at,
    )
