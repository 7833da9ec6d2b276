"""Reads of drafts. A draft is its founders' alone: whoever is none of them meets no such thing."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from commonpurse.decisions.draft_values import (
    DraftAccess,
    DraftChangeView,
    DraftInvitationView,
    DraftInvited,
    DraftLine,
    DraftView,
    FounderView,
    SuggestionCommentView,
    SuggestionShown,
    SuggestionView,
)
from commonpurse.decisions.drafts import clause_digest, parameters_of
from commonpurse.decisions.models import (
    Draft,
    DraftChange,
    DraftFounder,
    DraftInvitation,
    Suggestion,
    SuggestionComment,
    Verdict,
)
from commonpurse.decisions.selectors.decisions import decision_by_number
from commonpurse.errors import NotAllowed, NotFound
from commonpurse.groups.selectors import token_hash
from commonpurse.manual.clauses import clauses_from_json
from commonpurse.manual.templates import template
from commonpurse.manual.words import words_changed


def access_draft(*, draft_id: UUID, person_id: UUID | None) -> DraftAccess:
    """A draft for one of its founders. Raises NotFound for everybody else."""
    row = Draft.objects.filter(id=draft_id, discarded_at=None).select_related("led_by").first()
    if row is None:
        raise no_draft()
    draft = draft_value(row)
    founder = next((each for each in draft.founders if each.person_id == person_id), None)
    if founder is None:
        raise no_draft()
    return DraftAccess(draft, founder)


def access_draft_led(*, draft_id: UUID, person_id: UUID | None) -> DraftAccess:
    """As `access_draft`, for who leads the draft. Raises NotAllowed for its other founders."""
    access = access_draft(draft_id=draft_id, person_id=person_id)
    if not access.is_lead:
        raise not_lead(access.draft.led_by_name)
    return access


def no_draft() -> NotFound:
    """The refusal of a draft that is none of somebody's business, or gone."""
    return NotFound("no_draft", "There is no such draft, or it is not yours to read.")


def not_lead(name: str) -> NotAllowed:
    """The refusal of a change by a founder who does not lead."""
    return NotAllowed(
        "not_lead",
        "%(name)s leads this draft. Suggest a change, and %(name)s can take it over.",
        name=name,
    )


def drafts_of(person_id: UUID) -> tuple[DraftLine, ...]:
    """The drafts that somebody founds, the latest changed first; opened ones last."""
    rows = (
        Draft.objects.filter(
            discarded_at=None, founders__person_id=person_id, founders__left_at=None
        )
        .select_related("led_by")
        .order_by("-opened_at", "-changed_at", "id")
    )
    lines = [
        DraftLine(
            draft_id=row.id,
            name=row.name,
            led_by_name=row.led_by.get_full_name(),
            changed_at=row.changed_at,
            opened_at=row.opened_at,
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.opened_at is not None))


def suggestion_list(draft: DraftView, *, key: str | None = None) -> tuple[SuggestionView, ...]:
    """The suggestions of a draft, or for one clause of it: open ones first, then the latest."""
    rows = suggestion_rows(draft.draft_id)
    if key is not None:
        rows = rows.filter(key=key)
    found = [suggestion_value(row) for row in rows.order_by("-at", "-id")]
    return tuple(sorted(found, key=lambda each: not each.is_open))


def suggestions_open_by_clause(draft: DraftView) -> dict[str, int]:
    """How many suggestions wait for an answer, by clause."""
    rows = (
        Suggestion.objects.filter(draft_id=draft.draft_id, state=Suggestion.State.OPEN)
        .values_list("key")
        .annotate(count=Count("id"))
        .order_by("key")
    )
    return dict(rows)


def suggestion_view(draft: DraftView, suggestion_id: UUID) -> SuggestionView:
    """One suggestion of this draft. Raises NotFound."""
    row = suggestion_rows(draft.draft_id).filter(id=suggestion_id).first()
    if row is None:
        raise no_suggestion()
    return suggestion_value(row)


def no_suggestion() -> NotFound:
    """The refusal of a suggestion that this draft does not have."""
    return NotFound("no_suggestion", "There is no such suggestion in this draft.")


def suggestion_shown(draft: DraftView, suggestion: SuggestionView) -> SuggestionShown:
    """A suggestion beside what it would change: the clause of now, or of then once settled."""
    clause = draft.clause(suggestion.key)
    title, text = (clause.title, clause.text) if clause else ("", "")
    is_stale = (title, text) != (suggestion.base_title, suggestion.base_text)
    if not suggestion.is_open:
        title, text = suggestion.base_title, suggestion.base_text
    return SuggestionShown(
        suggestion=suggestion,
        pieces=words_changed(text, suggestion.text),
        titles=words_changed(title, suggestion.title if suggestion.text else title),
        seen=clause_digest(draft.clauses, suggestion.key),
        is_stale=is_stale and suggestion.is_open,
    )


def suggestion_comments(suggestion_id: UUID) -> tuple[SuggestionCommentView, ...]:
    """What was said about a suggestion, the oldest first."""
    rows = SuggestionComment.objects.filter(suggestion_id=suggestion_id)
    return tuple(comment_value(row) for row in rows.select_related("person").order_by("at", "id"))


def draft_history(draft_id: UUID, *, limit: int = 200) -> tuple[DraftChangeView, ...]:
    """The versions of a draft, the latest first."""
    rows = DraftChange.objects.filter(draft_id=draft_id).select_related("person")
    return tuple(
        DraftChangeView(
            number=row.number,
            part=row.part,
            title=row.title,
            before=row.before,
            after=row.after,
            pieces=words_changed(row.before, row.after),
            person_id=row.person_id,
            name=row.person.get_full_name(),
            suggestion_id=row.suggestion_id,
            at=row.at,
        )
        for row in rows.order_by("-number")[:limit]
    )


def has_failed(draft: DraftView) -> bool:
    """Whether the founding vote on it has closed without passing."""
    if draft.opened_at is None:
        return False
    result = decision_by_number(coop_id=draft.coop_id, number=1).result
    return result is not None and result.verdict != Verdict.PASSED


def draft_invitations(draft_id: UUID, *, at: datetime) -> tuple[DraftInvitationView, ...]:
    """The invitations that still let a founder in, the latest first."""
    rows = DraftInvitation.objects.filter(draft_id=draft_id, revoked_at=None, expires_at__gt=at)
    rows = rows.select_related("invited_by").order_by("-at", "-id")
    return tuple(invitation_value(row) for row in rows if row.uses < row.uses_max)


def draft_invited(*, token: str, at: datetime) -> DraftInvited | None:
    """What this token leads to at that instant; None when it opens nothing."""
    row = (
        DraftInvitation.objects.filter(token_hash=token_hash(token))
        .select_related("draft__led_by")
        .first()
    )
    if row is None or row.revoked_at is not None or row.expires_at <= at:
        return None
    if row.draft.discarded_at is not None:
        return None
    draft = draft_value(row.draft)
    return DraftInvited(
        draft_id=draft.draft_id,
        name=draft.name,
        purpose=draft.purpose,
        led_by_name=draft.led_by_name,
        email=row.email,
        founders_count=len(draft.founders),
        founder_ids=frozenset(each.person_id for each in draft.founders),
        opened_slug=draft.slug if draft.opened_at else "",
    )


def draft_value(row: Draft) -> DraftView:
    """A row as its founders may read it."""
    founders = tuple(
        founder_value(each)
        for each in DraftFounder.objects.filter(draft_id=row.id, left_at=None)
        .select_related("person")
        .order_by("joined_at", "id")
    )
    return DraftView(
        draft_id=row.id,
        coop_id=row.coop_id,
        name=row.name,
        slug=row.slug,
        template=row.template,
        sponsor_name=row.sponsor_name,
        changes=row.changes,
        parameters=parameters_of(
            template(row.template),
            row.changes,
            founders=len(founders),
            has_trustees=row.has_trustees,
        ),
        clauses=clauses_from_json(row.clauses),
        has_trustees=row.has_trustees,
        steps=tuple(row.steps),
        led_by_person_id=row.led_by_id,
        led_by_name=row.led_by.get_full_name(),
        version=row.version,
        begun_at=row.begun_at,
        changed_at=row.changed_at,
        opened_at=row.opened_at,
        founders=founders,
    )


def founder_value(row: DraftFounder) -> FounderView:
    """A founder as the others may read them."""
    return FounderView(
        founder_id=row.id,
        person_id=row.person_id,
        name=row.person.get_full_name(),
        joined_at=row.joined_at,
    )


def invitation_value(row: DraftInvitation) -> DraftInvitationView:
    """An invitation as founders may read it."""
    return DraftInvitationView(
        invitation_id=row.id,
        draft_id=row.draft_id,
        email=row.email,
        invited_by_name=row.invited_by.get_full_name(),
        at=row.at,
        expires_at=row.expires_at,
        uses_left=row.uses_max - row.uses,
    )


def suggestion_rows(draft_id: UUID) -> QuerySet[Suggestion]:
    """A draft's suggestions with their people and the count of their comments."""
    return (
        Suggestion.objects.filter(draft_id=draft_id)
        .select_related("person", "settled_by")
        .annotate(comments_count=Count("comments"))
    )


def suggestion_value(row: Suggestion) -> SuggestionView:
    """A suggestion as founders may read it."""
    return SuggestionView(
        suggestion_id=row.id,
        draft_id=row.draft_id,
        key=row.key,
        title=row.title,
        text=row.text,
        base_title=row.base_title,
        base_text=row.base_text,
        why=row.why,
        person_id=row.person_id,
        name=row.person.get_full_name(),
        state=row.state,
        at=row.at,
        settled_at=row.settled_at,
        settled_by_name=row.settled_by.get_full_name() if row.settled_by else "",
        comments_count=getattr(row, "comments_count", 0),
    )


def comment_value(row: SuggestionComment) -> SuggestionCommentView:
    """A comment as founders may read it."""
    return SuggestionCommentView(
        comment_id=row.id,
        person_id=row.person_id,
        name=row.person.get_full_name(),
        text=row.text,
        at=row.at,
    )
