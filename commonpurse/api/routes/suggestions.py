"""Clauses of a draft, and what its founders suggest for them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router

from commonpurse.api.caller import caller_of
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, page_of, slice_page
from commonpurse.api.routes.drafts import access_of, drafted
from commonpurse.api.schemas.drafts import (
    AcceptIn,
    Draft,
    DraftComment,
    DraftCommentIn,
    Key,
    NewClauseIn,
    Suggestion,
    SuggestionIn,
    WordingIn,
)
from commonpurse.decisions.draft_values import DraftView, SuggestionView
from commonpurse.decisions.selectors import (
    access_draft,
    suggestion_comments,
    suggestion_list,
    suggestion_shown,
    suggestion_view,
)
from commonpurse.decisions.services import (
    draft_clause_set,
    suggestion_accept,
    suggestion_comment,
    suggestion_decline,
    suggestion_make,
    suggestion_withdraw,
)

router = Router(tags=["founding"])


def shown(draft: DraftView, suggestion: SuggestionView) -> Suggestion:
    """A suggestion as programs read it."""
    seen = suggestion_shown(draft, suggestion)
    return Suggestion.model_validate(
        {name: getattr(suggestion, name) for name in PLAIN}
        | {
            "pieces": [{"kind": each.kind, "text": each.text} for each in seen.pieces],
            "seen": seen.seen,
            "is_stale": seen.is_stale,
        }
    )


PLAIN = [name for name in Suggestion.model_fields if name not in ("pieces", "seen", "is_stale")]


def again(request: HttpRequest, draft_id: UUID, suggestion_id: UUID) -> Suggestion:
    """A suggestion as it stands after something was done to it."""
    person_id = caller_of(request).known.person_id
    draft = access_draft(draft_id=draft_id, person_id=person_id).draft
    return shown(draft, suggestion_view(draft, suggestion_id))


@router.post("/drafts/{draft_id}/clauses", response={201: Draft}, summary="Add a clause")
@writes("manage", status=201)
def clause_new(request: HttpRequest, draft_id: UUID, given: NewClauseIn) -> Draft:
    """Add a clause to the draft that you lead; its key is made from its title."""
    caller = caller_of(request)
    made = draft_clause_set(
        draft_id=draft_id,
        key=None,
        title=given.title,
        text=given.text,
        actor=caller.actor,
        at=caller.at,
    )
    return drafted(made, caller)


@router.put("/drafts/{draft_id}/clauses/{key}", response=Draft, summary="Write a clause")
@writes("manage")
def clause_put(request: HttpRequest, draft_id: UUID, key: Path[Key], given: WordingIn) -> Draft:
    """Write a clause of the draft that you lead; with empty text it is left out."""
    caller = caller_of(request)
    made = draft_clause_set(
        draft_id=draft_id,
        key=key,
        title=given.title,
        text=given.text,
        seen=given.seen,
        actor=caller.actor,
        at=caller.at,
    )
    return drafted(made, caller)


@router.get("/drafts/{draft_id}/suggestions", response=Page[Suggestion], summary="Suggestions")
def suggestions(
    request: HttpRequest, draft_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, Any]:
    """What founders suggest: what waits for an answer first, then newest first."""
    draft = access_of(request, draft_id).draft
    items, following = slice_page(suggestion_list(draft), after, limit)
    return {"items": [shown(draft, each) for each in items], "next": following}


@router.post(
    "/drafts/{draft_id}/suggestions", response={201: Suggestion}, summary="Suggest a change"
)
@writes("talk", status=201)
def suggestion_new(request: HttpRequest, draft_id: UUID, given: SuggestionIn) -> Suggestion:
    """Suggest other words for a clause, a new clause, or to leave one out."""
    caller = caller_of(request)
    made = suggestion_make(
        draft_id=draft_id,
        key=given.key,
        title=given.title,
        text=given.text,
        why=given.why,
        actor=caller.actor,
        at=caller.at,
    )
    return again(request, draft_id, made.suggestion_id)


@router.get(
    "/drafts/{draft_id}/suggestions/{suggestion_id}", response=Suggestion, summary="One suggestion"
)
def suggestion(request: HttpRequest, draft_id: UUID, suggestion_id: UUID) -> Suggestion:
    """A suggestion, word by word beside the clause."""
    draft = access_of(request, draft_id).draft
    return shown(draft, suggestion_view(draft, suggestion_id))


@router.post(
    "/drafts/{draft_id}/suggestions/{suggestion_id}/accept",
    response=Suggestion,
    summary="Accept a suggestion",
)
@writes("manage")
def suggestion_take(
    request: HttpRequest, draft_id: UUID, suggestion_id: UUID, given: AcceptIn
) -> Suggestion:
    """Put the suggested words into the draft that you lead."""
    caller = caller_of(request)
    suggestion_accept(
        draft_id=draft_id,
        suggestion_id=suggestion_id,
        seen=given.seen,
        actor=caller.actor,
        at=caller.at,
    )
    return again(request, draft_id, suggestion_id)


@router.post(
    "/drafts/{draft_id}/suggestions/{suggestion_id}/decline",
    response=Suggestion,
    summary="Decline a suggestion",
)
@writes("manage")
def suggestion_refuse(request: HttpRequest, draft_id: UUID, suggestion_id: UUID) -> Suggestion:
    """Leave the clause of the draft that you lead as it is."""
    caller = caller_of(request)
    suggestion_decline(
        draft_id=draft_id, suggestion_id=suggestion_id, actor=caller.actor, at=caller.at
    )
    return again(request, draft_id, suggestion_id)


@router.post(
    "/drafts/{draft_id}/suggestions/{suggestion_id}/withdraw",
    response=Suggestion,
    summary="Take a suggestion back",
)
@writes("talk")
def suggestion_drop(request: HttpRequest, draft_id: UUID, suggestion_id: UUID) -> Suggestion:
    """Take your own suggestion back while it waits."""
    caller = caller_of(request)
    suggestion_withdraw(
        draft_id=draft_id, suggestion_id=suggestion_id, actor=caller.actor, at=caller.at
    )
    return again(request, draft_id, suggestion_id)


@router.get(
    "/drafts/{draft_id}/suggestions/{suggestion_id}/comments",
    response=Page[DraftComment],
    summary="What is said about a suggestion",
)
def suggestion_talk(
    request: HttpRequest,
    draft_id: UUID,
    suggestion_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """What founders said about a suggestion, oldest first."""
    found = suggestion_view(access_of(request, draft_id).draft, suggestion_id)
    return page_of(suggestion_comments(found.suggestion_id), after, limit)


@router.post(
    "/drafts/{draft_id}/suggestions/{suggestion_id}/comments",
    response={201: DraftComment},
    summary="Say something about a suggestion",
)
@writes("talk", status=201)
def suggestion_say(
    request: HttpRequest, draft_id: UUID, suggestion_id: UUID, given: DraftCommentIn
) -> DraftComment:
    """Say something about a suggestion."""
    caller = caller_of(request)
    made = suggestion_comment(
        draft_id=draft_id,
        suggestion_id=suggestion_id,
        text=given.text,
        actor=caller.actor,
        at=caller.at,
    )
    return DraftComment.from_orm(made)
