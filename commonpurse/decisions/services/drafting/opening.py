"""From a draft to the founding vote: what the founders read last is what they vote on."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.drafts import SPONSOR_NONE, draft_problems
from commonpurse.decisions.founding import slug_suggested
from commonpurse.decisions.models import Draft, DraftFounder, DraftInvitation, Suggestion
from commonpurse.decisions.selectors.drafts import draft_value, has_failed, no_draft
from commonpurse.decisions.services.drafting.drafts import (
    DraftWish,
    check_number,
    draft_begin,
    draft_clause_set,
)
from commonpurse.decisions.services.drafting.locking import draft_lock_led, is_founder
from commonpurse.decisions.services.drafting.mails import opened_mails
from commonpurse.decisions.services.founding import coop_found
from commonpurse.decisions.values import Foundation
from commonpurse.errors import NotPossible
from commonpurse.manual.clauses import Clause
from commonpurse.manual.codec import parameters_to_json
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add

KEPT_DAYS = 180
"""A draft that nobody changed for so long is forgotten, opened or not."""

DISCARDED_DAYS = 1


@transaction.atomic
def draft_open(*, draft_id: UUID, seen: int, actor: Actor, at: datetime) -> Foundation:
    """Freeze the draft that one leads and open the founding vote on exactly that.

    `seen` is the version that was read last: another one by now, and NotPossible `draft_changed`
    says so. Raises the first of `draft_problems` while something is missing.
    """
    row = draft_lock_led(draft_id, actor)
    draft = draft_value(row)
    waiting = Suggestion.objects.filter(draft=row, state=Suggestion.State.OPEN).count()
    problems = draft_problems(draft, suggestions_open=waiting)
    if problems:
        raise problems[0]
    if seen != draft.version:
        raise NotPossible(
            "draft_changed", "The draft was changed since you read it. Read it again, then open."
        )
    made = vote_open(draft, actor, at)
    row.opened_at = row.changed_at = at
    row.save(update_fields=["opened_at", "changed_at"])
    DraftInvitation.objects.filter(draft=row, revoked_at=None).update(expires_at=at)
    opened_mails(draft, made, actor=actor, at=at)
    audit_add(
        actor, "draft_open", coop_id=row.coop_id, subject_id=row.id, at=at, version=row.version
    )
    return made


@transaction.atomic
def draft_again(*, draft_id: UUID, actor: Actor, at: datetime) -> DraftView:
    """Draft once more what was opened and not agreed to, with the same words and founders.

    Any founder may, and leads the new draft; its address is another one. Raises NotPossible
    `founding_not_failed` unless the founding vote has closed without passing.
    """
    old = Draft.objects.select_for_update().filter(id=draft_id, discarded_at=None).first()
    if old is None or actor.person_id is None or not is_founder(draft_id, actor.person_id):
        raise no_draft()
    if not has_failed(draft_value(old)):
        raise NotPossible(
            "founding_not_failed", "The founding vote has not failed: nothing is to begin again."
        )
    check_number(actor.person_id, at)
    row = Draft.objects.create(
        coop_id=new_id(),
        name=old.name,
        slug=slug_suggested(old.name),
        template=old.template,
        sponsor_name=old.sponsor_name,
        changes=old.changes,
        clauses=old.clauses,
        has_trustees=old.has_trustees,
        steps=old.steps,
        led_by_id=actor.person_id,
        begun_at=at,
        changed_at=at,
    )
    DraftFounder.objects.bulk_create(
        DraftFounder(coop_id=row.coop_id, draft=row, person_id=each.person_id, joined_at=at)
        for each in draft_value(old).founders
    )
    audit_add(actor, "draft_again", coop_id=row.coop_id, subject_id=row.id, at=at, after=old.id)
    return draft_value(row)


@transaction.atomic
def coop_begin(
    *, wish: DraftWish, clauses: tuple[Clause, ...] = (), actor: Actor, at: datetime
) -> Foundation:
    """Draft a co-op and open its founding vote in one go, as its only founder.

    What a program sends at once is drafted like anybody's, so it is held to the same rules.
    """
    draft = draft_begin(wish=wish, actor=actor, at=at)
    for clause in clauses:
        draft = draft_clause_set(
            draft_id=draft.draft_id,
            key=clause.key,
            title=clause.title,
            text=clause.text,
            actor=actor,
            at=at,
        )
    made = draft_open(draft_id=draft.draft_id, seen=draft.version, actor=actor, at=at)
    audit_add(actor, "coop_begin", coop_id=draft.coop_id, subject_id=draft.draft_id, at=at)
    return made


def vote_open(draft: DraftView, actor: Actor, at: datetime) -> Foundation:
    """The founding decision of what the draft says; who leads proposes it."""
    others = [each.person_id for each in draft.founders if each.person_id != draft.led_by_person_id]
    people = [draft.led_by_person_id, *others]
    return coop_found(
        slug=draft.slug,
        name=draft.name,
        template=draft.template,
        changes=parameters_to_json(draft.parameters),
        clauses=draft.clauses,
        founders=people,
        trustees=people if draft.has_trustees else [],
        sponsor_name=draft.sponsor_name or SPONSOR_NONE,
        coop_id=draft.coop_id,
        actor=actor,
        at=at,
    )


def drafts_forget_due(*, at: datetime) -> int:
    """Forget drafts that were thrown away yesterday or left alone for half a year; how many."""
    old = Draft.objects.filter(changed_at__lt=at - timedelta(days=KEPT_DAYS))
    thrown = Draft.objects.filter(discarded_at__lt=at - timedelta(days=DISCARDED_DAYS))
    count = old.count() + thrown.exclude(id__in=old.values("id")).count()
    old.delete()
    thrown.delete()
    return count
