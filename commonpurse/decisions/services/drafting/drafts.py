"""A draft begins, is changed step by step or clause by clause, and may be thrown away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.drafts import (
    STEPS,
    clause_digest,
    clause_key_new,
    clauses_under,
    parameters_of,
)
from commonpurse.decisions.founding import slug_free, slug_suggested, sponsor_clean
from commonpurse.decisions.models import Draft, DraftFounder
from commonpurse.decisions.selectors.drafts import draft_value
from commonpurse.decisions.services.drafting.locking import draft_changed, draft_lock_led
from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.names import name_checked, slug_checked
from commonpurse.manual.clauses import (
    Clause,
    clause_read,
    clauses_changed,
    clauses_from_json,
    clauses_to_json,
)
from commonpurse.manual.codec import parameters_to_json
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.sentences import value_text
from commonpurse.manual.templates import template
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, queue_take
from commonpurse.rules.texts import is_seen

DRAFTS_MAX = 5
DRAFTS_A_DAY = 10
DAY = timedelta(days=1)
TEMPLATE_FIRST = "software-users"


@dataclass(frozen=True, slots=True)
class DraftWish:
    """What somebody wants of a draft; None leaves a thing as it is.

    `purpose` is the text of the clause of that name. `changes` are parameters as in an amendment,
    added to those changed before. `step` is a question that is answered with this.
    """

    template: str | None = None
    purpose: str | None = None
    name: str | None = None
    slug: str | None = None
    sponsor_name: str | None = None
    changes: dict[str, Any] | None = None
    has_trustees: bool | None = None
    step: str | None = None


@transaction.atomic
def draft_begin(*, wish: DraftWish, actor: Actor, at: datetime) -> DraftView:
    """Begin a draft of one's own, as its first founder.

    Raises Invalid for what was typed wrongly, NotPossible `drafts_many` for who has five already
    or began ten within a day.
    """
    assert actor.person_id is not None, "a draft is begun by a person"
    check_number(actor.person_id, at)
    chosen = template(wish.template or TEMPLATE_FIRST)
    row = Draft.objects.create(
        coop_id=new_id(),
        template=chosen.key,
        clauses=clauses_to_json(chosen.clauses),
        led_by_id=actor.person_id,
        begun_at=at,
        changed_at=at,
    )
    DraftFounder.objects.create(
        coop_id=row.coop_id, draft=row, person_id=actor.person_id, joined_at=at
    )
    wish_apply(row, wish, actor=actor, at=at)
    audit_add(actor, "draft_begin", coop_id=row.coop_id, subject_id=row.id, at=at)
    return draft_value(row)


@transaction.atomic
def draft_change(*, draft_id: UUID, wish: DraftWish, actor: Actor, at: datetime) -> DraftView:
    """Change the draft that one leads. The same again changes nothing and counts no version.

    Raises NotFound, NotAllowed, NotPossible `draft_opened`, Invalid for what was typed wrongly.
    """
    row = draft_lock_led(draft_id, actor)
    wish_apply(row, wish, actor=actor, at=at)
    audit_add(actor, "draft_change", coop_id=row.coop_id, subject_id=row.id, at=at)
    return draft_value(row)


@transaction.atomic
def draft_clause_set(
    *,
    draft_id: UUID,
    key: str | None,
    title: str,
    text: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> DraftView:
    """Write a clause anew, add one (`key` is None), or (with no text) leave it out.

    `seen` is the digest of the wording that was read: another one by now, and NotPossible
    `clause_changed` says so instead of overwriting it.
    """
    row = draft_lock_led(draft_id, actor)
    clauses = clauses_from_json(row.clauses)
    key = key or clause_key_new(title, clauses)
    check_seen(clauses, key, seen)
    clause_put(row, Clause(key, title, text), actor=actor, at=at)
    audit_add(actor, "draft_clause_set", coop_id=row.coop_id, subject_id=row.id, at=at, clause=key)
    return draft_value(row)


@transaction.atomic
def draft_discard(*, draft_id: UUID, actor: Actor, at: datetime) -> None:
    """Throw away the draft that one leads; nobody finds it any more, and a day later it is gone."""
    row = draft_lock_led(draft_id, actor)
    row.discarded_at = at
    row.save(update_fields=["discarded_at"])
    audit_add(actor, "draft_discard", coop_id=row.coop_id, subject_id=row.id, at=at)


def check_number(person_id: UUID, at: datetime) -> None:
    """Raise NotPossible for who leads many drafts already, or began many of late."""
    queue_take(f"drafts {person_id}")
    led = Draft.objects.filter(led_by_id=person_id)
    if led.filter(opened_at=None, discarded_at=None).count() >= DRAFTS_MAX:
        raise NotPossible(
            "drafts_many",
            "You lead %(drafts_max)s drafts. Open or throw away one of them first.",
            drafts_max=DRAFTS_MAX,
        )
    if led.filter(begun_at__gt=at - DAY).count() >= DRAFTS_A_DAY:
        raise NotPossible("drafts_many", "You began many drafts today. Go on tomorrow.")


def check_seen(clauses: tuple[Clause, ...], key: str, seen: str | None) -> None:
    """Raise NotPossible when a clause is not as somebody read it."""
    if seen is not None and seen != clause_digest(clauses, key):
        raise NotPossible(
            "clause_changed",
            "This clause was changed while you read it. Look at it again, then decide.",
        )


def wish_apply(row: Draft, wish: DraftWish, *, actor: Actor, at: datetime) -> None:
    """Bring the draft to what is wanted, a version for each thing that changes."""
    deeds: tuple[tuple[object, Callable[..., None]], ...] = (
        (wish.template, template_put),
        (wish.purpose, purpose_put),
        (wish.name, name_put),
        (wish.slug, slug_put),
        (wish.sponsor_name, sponsor_put),
        (wish.changes, changes_put),
        (wish.has_trustees, trustees_put),
    )
    for wanted, deed in deeds:
        if wanted is not None:
            deed(row, wanted, actor=actor, at=at)
    if wish.step is not None and wish.step not in row.steps:
        if wish.step not in STEPS:
            raise Invalid(
                "step_wrong", "Choose one of: %(steps)s.", field="step", steps=", ".join(STEPS)
            )
        row.steps = [step for step in STEPS if step in {*row.steps, wish.step}]
        row.changed_at = at
        row.save(update_fields=["steps", "changed_at"])


def template_put(row: Draft, wanted: str, *, actor: Actor, at: datetime) -> None:
    """Another manual to begin with. Clauses that somebody changed stay."""
    before, after = template(row.template), template(wanted)
    if before.key == after.key:
        return
    clauses = clauses_under(before, after.key, clauses_from_json(row.clauses))
    numbers_checked(after.key, row.changes, has_trustees=row.has_trustees)
    row.template = after.key
    row.clauses = clauses_to_json(clauses_from_json(clauses_to_json(clauses)))
    draft_changed(row, "template", before=before.name, after=after.name, actor=actor, at=at)


def purpose_put(row: Draft, wanted: str, *, actor: Actor, at: datetime) -> None:
    """What it is for, in words of their own; none brings the template's back."""
    clauses = clauses_from_json(row.clauses)
    first = next(each for each in template(row.template).clauses if each.key == "purpose")
    known = next((each for each in clauses if each.key == "purpose"), first)
    text = wanted.strip() if is_seen(wanted) else first.text
    clause_put(row, Clause("purpose", known.title, text), actor=actor, at=at)


def clause_put(
    row: Draft,
    wanted: Clause,
    *,
    actor: Actor,
    at: datetime,
    suggestion_id: UUID | None = None,
) -> None:
    """Put a clause in the place of the one with its key, at the end, or (without text) out."""
    clauses = clauses_from_json(row.clauses)
    known = next((each for each in clauses if each.key == wanted.key), None)
    if is_seen(wanted.text):
        wanted = clause_read({"key": wanted.key, "title": wanted.title, "text": wanted.text})
    elif known is None:
        raise Invalid("clause_text", "Write what the clause says.", field="text")
    else:
        wanted = Clause(known.key, known.title, "")
    if wanted == known:
        return
    row.clauses = clauses_to_json(clauses_changed(clauses, clauses_to_json([wanted])))
    title_before = f"{known.title}\n\n" if known and known.title != wanted.title else ""
    title_after = f"{wanted.title}\n\n" if title_before else ""
    draft_changed(
        row,
        f"clause:{wanted.key}",
        title=wanted.title,
        before=title_before + (known.text if known else ""),
        after=title_after + wanted.text,
        actor=actor,
        at=at,
        suggestion_id=suggestion_id,
    )


def name_put(row: Draft, wanted: str, *, actor: Actor, at: datetime) -> None:
    """What it is called, and an address made from it while there is none."""
    name = name_checked(wanted)
    if name != row.name:
        before, row.name = row.name, name
        draft_changed(row, "name", before=before, after=name, actor=actor, at=at)
    if not row.slug:
        row.slug = slug_suggested(name)
        row.save(update_fields=["slug"])


def slug_put(row: Draft, wanted: str, *, actor: Actor, at: datetime) -> None:
    """The address; an empty one is made from the name. It is taken only when the vote opens."""
    slug = slug_checked(wanted) if wanted.strip() else slug_suggested(row.name)
    if slug == row.slug:
        return
    slug_free(slug)
    before, row.slug = row.slug, slug
    draft_changed(row, "slug", before=before, after=slug, actor=actor, at=at)


def sponsor_put(row: Draft, wanted: str, *, actor: Actor, at: datetime) -> None:
    """Who holds the money; empty while nobody does."""
    sponsor = sponsor_clean(wanted) if wanted.strip() else ""
    if sponsor != row.sponsor_name:
        before, row.sponsor_name = row.sponsor_name, sponsor
        draft_changed(row, "sponsor", before=before, after=sponsor, actor=actor, at=at)


def changes_put(row: Draft, wanted: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    """Numbers that differ from the template's. A version is counted for each that changes."""
    before = numbers_checked(row.template, row.changes, has_trustees=row.has_trustees)
    after = numbers_checked(row.template, row.changes | wanted, has_trustees=row.has_trustees)
    base = parameters_to_json(template(row.template).parameters)
    chosen = parameters_to_json(after)
    # Approvals and seats follow the founders until somebody chooses them, be it the template's.
    row.changes = {
        key: chosen[key]
        for key in sorted({*row.changes, *wanted})
        if chosen[key] != base[key] or key in ("approvals_needed", "trustees_seats")
    }
    for key in wanted:
        was, will = getattr(before, key), getattr(after, key)
        if was != will:
            draft_changed(
                row,
                f"number:{key}",
                before=value_text(key, was, before.currency),
                after=value_text(key, will, after.currency),
                actor=actor,
                at=at,
            )
    row.save(update_fields=["changes"])


def trustees_put(row: Draft, wanted: bool, *, actor: Actor, at: datetime) -> None:  # noqa: FBT001
    """Whether all founders are the first trustees."""
    if wanted != row.has_trustees:
        row.has_trustees = wanted
        draft_changed(
            row,
            "trustees",
            before="no" if wanted else "yes",
            after="yes" if wanted else "no",
            actor=actor,
            at=at,
        )


def numbers_checked(chosen: str, changes: dict[str, Any], *, has_trustees: bool) -> Parameters:
    """The parameters for a founder alone. Raises Invalid, naming the parameter."""
    return parameters_of(template(chosen), changes, founders=1, has_trustees=has_trustees)
