"""Who founds it: invited by mail or by a link, joined by their own hand, gone when they wish."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from commonpurse.decisions.draft_values import DraftInvitationMade, DraftInvitationView, DraftView
from commonpurse.decisions.drafts import FOUNDERS_MAX
from commonpurse.decisions.models import Draft, DraftFounder, DraftInvitation, Suggestion
from commonpurse.decisions.selectors.drafts import draft_value, invitation_value
from commonpurse.decisions.services.drafting.locking import (
    check_not_opened,
    draft_changed,
    draft_lock,
    draft_lock_led,
    is_founder,
)
from commonpurse.decisions.services.drafting.mails import invited_mail
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.names import email_checked
from commonpurse.groups.selectors import person_by_email, person_view, token_hash
from commonpurse.record.services import Actor, audit_add

TOKEN_BYTES = 24
DAYS = 30
INVITATIONS_A_DAY = 30
DAY = timedelta(days=1)


@transaction.atomic
def draft_invite(
    *, draft_id: UUID, email: str | None, actor: Actor, at: datetime, uses_max: int = 1
) -> DraftInvitationMade:
    """Invite a founder by mail, or make a link for the first `uses_max` who follow it.

    Any founder may. The token in the answer is the only one there is. An earlier invitation to
    the same address is taken back. Raises NotPossible `invitations_many` beyond thirty a day.
    """
    row = draft_lock(draft_id, actor)
    assert actor.person_id is not None, "founders are people"
    address = email_checked(email) if email is not None else None
    if not 1 <= uses_max <= FOUNDERS_MAX or (address is not None and uses_max != 1):
        raise Invalid(
            "uses_wrong",
            "Choose 1 to %(founders_max)s people.",
            field="uses_max",
            founders_max=FOUNDERS_MAX,
        )
    check_invitations(actor.person_id, at)
    if address is not None:
        check_no_founder(row, address)
        DraftInvitation.objects.filter(draft=row, email=address, revoked_at=None).update(
            revoked_at=at
        )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = DraftInvitation.objects.create(
        coop_id=row.coop_id,
        draft=row,
        email=address,
        token_hash=token_hash(token),
        invited_by_id=actor.person_id,
        at=at,
        expires_at=at + timedelta(days=DAYS),
        uses_max=uses_max,
    )
    if address is not None:
        invited_mail(row, address, token, actor=actor, at=at)
    audit_add(actor, "draft_invite", coop_id=row.coop_id, subject_id=made.id, at=at)
    return DraftInvitationMade(invitation=invitation_value(made), token=token)


@transaction.atomic
def draft_invitation_revoke(
    *, draft_id: UUID, invitation_id: UUID, actor: Actor, at: datetime
) -> DraftInvitationView:
    """Take an invitation back: one's own, or any of the draft that one leads. Twice is once."""
    row = draft_lock(draft_id, actor)
    made = DraftInvitation.objects.filter(draft=row, id=invitation_id).first()
    if made is None:
        raise NotFound("no_invitation", "There is no such invitation in this draft.")
    if actor.person_id not in (made.invited_by_id, row.led_by_id):
        raise NotAllowed(
            "not_your_invitation", "Who invited them takes it back, or who leads the draft."
        )
    if made.revoked_at is None:
        made.revoked_at = at
        made.save(update_fields=["revoked_at"])
    audit_add(actor, "draft_invitation_revoke", coop_id=row.coop_id, subject_id=made.id, at=at)
    return invitation_value(made)


@transaction.atomic
def draft_join(*, token: str, actor: Actor, at: datetime) -> DraftView:
    """Become a founder by an invitation. Who is one already stays one: twice is once.

    Raises NotFound for a token that opens nothing, NotAllowed when it was meant for another
    address, NotPossible for one that is used up, and once the founding vote stands open.
    """
    assert actor.person_id is not None, "founders are people"
    found = DraftInvitation.objects.filter(token_hash=token_hash(token)).first()
    row = (
        Draft.objects.select_for_update().filter(id=found.draft_id, discarded_at=None).first()
        if found
        else None
    )
    if found is None or row is None:
        raise over()
    made = DraftInvitation.objects.get(id=found.id)
    if made.email is not None and made.email != person_view(actor.person_id).email:
        raise NotAllowed(
            "not_your_invitation",
            "This invitation went to another address. Sign in with that address, "
            "or ask for an invitation to yours.",
        )
    if not is_founder(row.id, actor.person_id):
        check_not_opened(row)
        check_invitation(made, at)
        founder_add(row, actor, at)
        DraftInvitation.objects.filter(id=made.id).update(uses=F("uses") + 1)
    audit_add(actor, "draft_join", coop_id=row.coop_id, subject_id=row.id, at=at)
    return draft_value(row)


@transaction.atomic
def draft_leave(*, draft_id: UUID, actor: Actor, at: datetime) -> None:
    """Found it with the others no more; one's open suggestions are withdrawn.

    Who leads hands the draft to whoever has been there longest; the last one throws it away.
    """
    row = draft_lock(draft_id, actor)
    assert actor.person_id is not None, "founders are people"
    founder_end(row, actor.person_id, actor=actor, at=at)
    audit_add(actor, "draft_leave", coop_id=row.coop_id, subject_id=row.id, at=at)


@transaction.atomic
def draft_founder_remove(
    *, draft_id: UUID, founder_id: UUID, actor: Actor, at: datetime
) -> DraftView:
    """Let somebody found it no more. By who leads; not themselves, who may leave."""
    row = draft_lock_led(draft_id, actor)
    founder = DraftFounder.objects.filter(draft=row, id=founder_id, left_at=None).first()
    if founder is None:
        raise NotFound("no_founder", "There is no such founder in this draft.")
    if founder.person_id == actor.person_id:
        raise NotPossible("lead_stays", "You lead this draft. Leave it, or throw it away.")
    founder_end(row, founder.person_id, actor=actor, at=at)
    audit_add(actor, "draft_founder_remove", coop_id=row.coop_id, subject_id=founder.id, at=at)
    return draft_value(row)


def over() -> NotFound:
    """The refusal of a token that opens nothing."""
    return NotFound("no_invitation", "This link opens nothing. Ask for a new invitation.")


def check_invitation(made: DraftInvitation, at: datetime) -> None:
    """Raise NotPossible unless this invitation still lets somebody in."""
    if made.revoked_at is not None or made.expires_at <= at:
        raise NotPossible("invitation_over", "This invitation is over. Ask for a new one.")
    if made.uses >= made.uses_max:
        raise NotPossible("invitation_used", "This invitation was used. Ask for a new one.")


def check_invitations(person_id: UUID, at: datetime) -> None:
    """Raise NotPossible for who invited many within a day, into whichever drafts."""
    rows = DraftInvitation.objects.filter(invited_by_id=person_id, at__gt=at - DAY)
    if rows.count() >= INVITATIONS_A_DAY:
        raise NotPossible("invitations_many", "You invited many people today. Go on tomorrow.")


def check_no_founder(row: Draft, address: str) -> None:
    """Raise NotPossible when this address is a founder's already."""
    person = person_by_email(address)
    if person is not None and is_founder(row.id, person.person_id):
        raise NotPossible(
            "founder_already",
            "%(name)s founds it with you already.",
            field="email",
            name=person.name,
        )


def founder_add(row: Draft, actor: Actor, at: datetime) -> None:
    """Count somebody among the founders, again if they had left."""
    assert actor.person_id is not None, "founders are people"
    if DraftFounder.objects.filter(draft=row, left_at=None).count() >= FOUNDERS_MAX:
        raise NotPossible(
            "founders_many",
            "%(founders_max)s people found it already. Join as a member when it is founded.",
            founders_max=FOUNDERS_MAX,
        )
    DraftFounder.objects.update_or_create(
        coop_id=row.coop_id,
        draft=row,
        person_id=actor.person_id,
        defaults={"joined_at": at, "left_at": None},
    )
    draft_changed(row, "joined", before="", after="", actor=actor, at=at)


def founder_end(row: Draft, person_id: UUID, *, actor: Actor, at: datetime) -> None:
    """End somebody's place; hand the draft on when they led it, or throw it away."""
    DraftFounder.objects.filter(draft=row, person_id=person_id).update(left_at=at)
    Suggestion.objects.filter(draft=row, person_id=person_id, state=Suggestion.State.OPEN).update(
        state=Suggestion.State.WITHDRAWN, settled_at=at, settled_by_id=person_id
    )
    following = (
        DraftFounder.objects.filter(draft=row, left_at=None).order_by("joined_at", "id").first()
    )
    if following is None:
        row.discarded_at = at
        row.save(update_fields=["discarded_at"])
        return
    if row.led_by_id == person_id:
        row.led_by_id = following.person_id
    # The history names nobody in its words: an erased person would go on standing there.
    part = "left" if actor.person_id == person_id else "removed"
    draft_changed(row, part, before="", after="", actor=actor, at=at)
