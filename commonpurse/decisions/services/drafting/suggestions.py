"""Suggestions to the clauses of a draft: made by any founder, settled by who leads it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.draft_values import SuggestionCommentView, SuggestionView
from commonpurse.decisions.drafts import clause_key_new
from commonpurse.decisions.models import Draft, Suggestion, SuggestionComment
from commonpurse.decisions.models.drafts import COMMENT_MAX, WHY_MAX
from commonpurse.decisions.selectors.drafts import comment_value, no_suggestion, suggestion_value
from commonpurse.decisions.services.drafting.drafts import check_seen, clause_put
from commonpurse.decisions.services.drafting.locking import draft_lock, draft_lock_led
from commonpurse.decisions.services.drafting.mails import suggested_mail
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.manual.clauses import (
    Clause,
    clause_read,
    clauses_changed,
    clauses_from_json,
    clauses_to_json,
)
from commonpurse.record.services import Actor, audit_add
from commonpurse.rules.texts import is_seen, tidied

OPEN_OF_ONE_MAX = 20
COMMENTS_MAX = 200


@transaction.atomic
def suggestion_make(
    *,
    draft_id: UUID,
    key: str | None,
    title: str,
    text: str,
    why: str = "",
    actor: Actor,
    at: datetime,
) -> SuggestionView:
    """Suggest other words for a clause, a new one (`key` is None), or (with no text) none at all.

    Raises NotFound for a clause that is not there, Invalid `nothing_changes` for its own words,
    NotPossible `suggestions_many` for who has twenty open.
    """
    row = draft_lock(draft_id, actor)
    assert actor.person_id is not None, "founders are people"
    before, after = wording(row, key, title, text)
    others = Suggestion.objects.filter(draft=row, state=Suggestion.State.OPEN)
    if others.filter(person_id=actor.person_id).count() >= OPEN_OF_ONE_MAX:
        raise NotPossible(
            "suggestions_many",
            "%(open_of_one_max)s of your suggestions wait already. Let them be answered first.",
            open_of_one_max=OPEN_OF_ONE_MAX,
        )
    is_first = not others.exists()
    made = Suggestion.objects.create(
        coop_id=row.coop_id,
        draft=row,
        key=after.key,
        title=after.title,
        text=after.text,
        base_title=before.title if before else "",
        base_text=before.text if before else "",
        why=line(why, WHY_MAX, "why"),
        person_id=actor.person_id,
        at=at,
    )
    if is_first and actor.person_id != row.led_by_id:
        suggested_mail(row, after.title, actor=actor, at=at)
    audit_add(actor, "suggestion_make", coop_id=row.coop_id, subject_id=made.id, at=at)
    return suggestion_value(made)


@transaction.atomic
def suggestion_accept(
    *, draft_id: UUID, suggestion_id: UUID, actor: Actor, at: datetime, seen: str | None = None
) -> SuggestionView:
    """Put the suggested words into the draft that one leads. Twice is once.

    `seen` is the digest of the clause beside which the suggestion was read: another one by now,
    and NotPossible `clause_changed` says so.
    """
    row = draft_lock_led(draft_id, actor)
    found = suggestion_lock(row, suggestion_id)
    if found.state != Suggestion.State.ACCEPTED:
        check_waits(found)
        check_seen(clauses_from_json(row.clauses), found.key, seen)
        clause_put(
            row,
            Clause(found.key, found.title, found.text),
            actor=actor,
            at=at,
            suggestion_id=found.id,
        )
        settle(found, Suggestion.State.ACCEPTED, actor, at)
    audit_add(actor, "suggestion_accept", coop_id=row.coop_id, subject_id=found.id, at=at)
    return suggestion_value(found)


@transaction.atomic
def suggestion_decline(
    *, draft_id: UUID, suggestion_id: UUID, actor: Actor, at: datetime
) -> SuggestionView:
    """Leave the clause as it is. By who leads the draft. Twice is once."""
    row = draft_lock_led(draft_id, actor)
    found = suggestion_lock(row, suggestion_id)
    if found.state != Suggestion.State.DECLINED:
        check_waits(found)
        settle(found, Suggestion.State.DECLINED, actor, at)
    audit_add(actor, "suggestion_decline", coop_id=row.coop_id, subject_id=found.id, at=at)
    return suggestion_value(found)


@transaction.atomic
def suggestion_withdraw(
    *, draft_id: UUID, suggestion_id: UUID, actor: Actor, at: datetime
) -> SuggestionView:
    """Take one's own suggestion back while it waits. Twice is once."""
    row = draft_lock(draft_id, actor)
    found = suggestion_lock(row, suggestion_id)
    if found.person_id != actor.person_id:
        raise NotAllowed("not_yours", "Who made a suggestion takes it back.")
    if found.state != Suggestion.State.WITHDRAWN:
        check_waits(found)
        settle(found, Suggestion.State.WITHDRAWN, actor, at)
    audit_add(actor, "suggestion_withdraw", coop_id=row.coop_id, subject_id=found.id, at=at)
    return suggestion_value(found)


@transaction.atomic
def suggestion_comment(
    *, draft_id: UUID, suggestion_id: UUID, text: str, actor: Actor, at: datetime
) -> SuggestionCommentView:
    """Say something about a suggestion, also after it was settled."""
    row = draft_lock(draft_id, actor)
    assert actor.person_id is not None, "founders are people"
    found = suggestion_lock(row, suggestion_id)
    said = line(text, COMMENT_MAX, "text")
    if not is_seen(said):
        raise Invalid("comment_empty", "Write what you want to say.", field="text")
    if found.comments.count() >= COMMENTS_MAX:
        raise NotPossible("comments_many", "Much was said about this one. Settle it, or meet.")
    made = SuggestionComment.objects.create(
        coop_id=row.coop_id, suggestion=found, person_id=actor.person_id, text=said, at=at
    )
    audit_add(actor, "suggestion_comment", coop_id=row.coop_id, subject_id=made.id, at=at)
    return comment_value(made)


def wording(row: Draft, key: str | None, title: str, text: str) -> tuple[Clause | None, Clause]:
    """The clause as it stands, and as it is suggested. Raises NotFound or Invalid."""
    clauses = clauses_from_json(row.clauses)
    before = next((each for each in clauses if each.key == key), None)
    if key is not None and before is None:
        raise NotFound("no_clause", "There is no such clause in this draft.")
    if before is not None and not is_seen(text):
        after = Clause(before.key, before.title, "")
    else:
        after = clause_read(
            {"key": key or clause_key_new(title, clauses), "title": title, "text": text}
        )
    if after == before:
        raise Invalid("nothing_changes", "Change at least one word of the clause.", field="text")
    clauses_changed(clauses, clauses_to_json([after]))
    return before, after


def suggestion_lock(row: Draft, suggestion_id: UUID) -> Suggestion:
    """A suggestion of this draft, whose row is locked already. Raises NotFound."""
    found = (
        Suggestion.objects.filter(draft=row, id=suggestion_id)
        .select_related("person", "settled_by")
        .first()
    )
    if found is None:
        raise no_suggestion()
    return found


def check_waits(found: Suggestion) -> None:
    """Raise NotPossible for a suggestion that was answered already."""
    if found.state != Suggestion.State.OPEN:
        raise NotPossible("suggestion_settled", "This suggestion was answered already.")


def settle(found: Suggestion, state: str, actor: Actor, at: datetime) -> None:
    """Answer a suggestion."""
    found.state = state
    found.settled_at = at
    found.settled_by_id = actor.person_id
    found.save(update_fields=["state", "settled_at", "settled_by"])


def line(text: str, longest: int, field: str) -> str:
    """Words of a bearable length. Raises Invalid."""
    tidy = tidied(text)
    if len(tidy) > longest:
        raise Invalid(
            "text_long", "Shorten it to %(longest)s characters.", field=field, longest=longest
        )
    return tidy
