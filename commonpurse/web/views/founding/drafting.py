"""The draft as all founders read it: clauses, suggestions word by word, what changed when."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.decisions.draft_values import DraftAccess, DraftView
from commonpurse.decisions.drafts import clause_digest
from commonpurse.decisions.selectors import (
    access_draft,
    draft_history,
    has_failed,
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
from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.manual.clauses import Clause
from commonpurse.web.views.founding.forms import ClauseForm, CommentForm
from commonpurse.web.views.founding.steps import ORDER, manual_context, steps_of
from commonpurse.web.views.founding.words import CLAUSE_WHY, PARTS, STATE_TONES, STATES
from commonpurse.web.visit import Visit, Who, page

NEW = "new-clause"
"""In the place of a clause's key: a clause that is not there yet. No key has a hyphen."""

WORDS: dict[str, Any] = {"states": STATES, "tones": STATE_TONES, "why": CLAUSE_WHY}


def access_of(visit: Visit, draft_id: UUID) -> DraftAccess:
    """The draft for the visitor, if they found it. Raises NotFound."""
    return access_draft(draft_id=draft_id, person_id=visit.signed_in.person_id)


@page(Who.SIGNED_IN)
def draft_page(visit: Visit, draft_id: UUID) -> HttpResponse:
    """The whole draft: what waits for an answer, the manual, the founders, the way on."""
    access = access_of(visit, draft_id)
    draft = access.draft
    following = next((key for key in ORDER if key not in draft.steps), ORDER[-1])
    waiting = [each for each in suggestion_list(draft) if each.is_open]
    context = manual_context(draft) | {
        "access": access,
        "draft": draft,
        "steps": steps_of(draft.steps, following),
        "following": following,
        "open": [suggestion_shown(draft, each) for each in waiting[:OPEN_SHOWN]],
        "open_count": len(waiting),
        "done_count": len(draft.steps),
        "failed": has_failed(draft),
        "count": len(ORDER),
    }
    return visit.show("founding/draft.html", context | WORDS)


OPEN_SHOWN = 5
"""So many open suggestions stand on the draft's page; the others on their clauses'."""


@page(Who.SIGNED_IN)
def draft_clause(visit: Visit, draft_id: UUID, key: str) -> HttpResponse:
    """One clause: what it says, why it is there, what is suggested."""
    access = access_of(visit, draft_id)
    suggestions = suggestion_list(access.draft, key=key)
    clause = access.draft.clause(key)
    if clause is None and not suggestions:
        raise no_clause()
    shown = [suggestion_shown(access.draft, each) for each in suggestions]
    context = {
        "access": access,
        "draft": access.draft,
        "clause": clause,
        "key": key,
        "open": [each for each in shown if each.suggestion.is_open],
        "settled": [each for each in shown if not each.suggestion.is_open],
        "seen": clause_digest(access.draft.clauses, key),
    }
    return visit.show("founding/clause.html", context | WORDS)


@page(Who.SIGNED_IN, "GET", "POST")
def draft_clause_edit(visit: Visit, draft_id: UUID, key: str) -> HttpResponse:
    """Write a clause anew, for who leads; suggest other words, for every other founder."""
    access = access_of(visit, draft_id)
    draft = access.draft
    clause = draft.clause(key)
    if clause is None and key != NEW:
        raise no_clause()
    if draft.opened_at is not None:
        return visit.go("draft", draft_id)
    form = ClauseForm.of(visit, is_lead=access.is_lead, initial=first_of(draft, clause))
    if visit.is_post and form.is_valid():
        try:
            return clause_written(visit, access, clause, form)
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
    context = {"access": access, "draft": draft, "clause": clause, "key": key}
    return visit.show_form("founding/clause_edit.html", form, context | WORDS)


def first_of(draft: DraftView, clause: Clause | None) -> dict[str, str]:
    """What stands in the form at first, with the digest of what was read."""
    if clause is None:
        return {}
    return {
        "title": clause.title,
        "text": clause.text,
        "seen": clause_digest(draft.clauses, clause.key),
    }


def clause_written(
    visit: Visit, access: DraftAccess, clause: Clause | None, form: ClauseForm
) -> HttpResponse:
    """Keep the words of who leads, or the suggestion of another founder."""
    draft_id, typed = access.draft.draft_id, form.cleaned_data
    facts: dict[str, Any] = {
        "draft_id": draft_id,
        "key": clause.key if clause else None,
        "title": typed["title"],
        "text": typed["text"],
        "actor": visit.actor,
        "at": visit.at,
    }
    if access.is_lead:
        draft_clause_set(seen=(typed["seen"] or None) if clause else None, **facts)
        return visit.go("draft_step", draft_id, "manual", said=_("The clause is kept."))
    made = suggestion_make(why=typed["why"], **facts)
    said = _("Your suggestion is there. %(name)s accepts or declines it.") % {
        "name": access.draft.led_by_name
    }
    return visit.go("draft_suggestion", draft_id, made.suggestion_id, said=said)


@page(Who.SIGNED_IN, "POST")
def draft_clause_drop(visit: Visit, draft_id: UUID, key: str) -> HttpResponse:
    """Leave a clause out, for who leads; suggest so, for every other founder."""
    access = access_of(visit, draft_id)
    facts: dict[str, Any] = {
        "draft_id": draft_id,
        "key": key,
        "title": "",
        "text": "",
        "actor": visit.actor,
        "at": visit.at,
    }
    if access.is_lead:
        draft_clause_set(seen=visit.request.POST.get("seen", "")[:20] or None, **facts)
        said = _("The clause is left out. The history of the draft still has it.")
        return visit.go("draft_step", draft_id, "manual", said=said)
    made = suggestion_make(**facts)
    said = _("You suggested to leave it out.")
    return visit.go("draft_suggestion", draft_id, made.suggestion_id, said=said)


@page(Who.SIGNED_IN, "GET", "POST")
def draft_suggestion(visit: Visit, draft_id: UUID, suggestion_id: UUID) -> HttpResponse:
    """One suggestion: word by word, why, and what the founders say to it."""
    access = access_of(visit, draft_id)
    suggestion = suggestion_view(access.draft, suggestion_id)
    form = CommentForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            suggestion_comment(
                draft_id=draft_id,
                suggestion_id=suggestion_id,
                text=form.cleaned_data["text"],
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            return visit.go("draft_suggestion", draft_id, suggestion_id)
    context = {
        "access": access,
        "draft": access.draft,
        "shown": suggestion_shown(access.draft, suggestion),
        "comments": suggestion_comments(suggestion_id),
        "is_mine": suggestion.person_id == visit.signed_in.person_id,
    }
    return visit.show_form("founding/suggestion.html", form, context | WORDS)


@page(Who.SIGNED_IN, "POST")
def draft_suggestion_settle(
    visit: Visit, draft_id: UUID, suggestion_id: UUID, deed: str
) -> HttpResponse:
    """Accept or decline a suggestion, or take one's own back."""
    facts: dict[str, Any] = {
        "draft_id": draft_id,
        "suggestion_id": suggestion_id,
        "actor": visit.actor,
        "at": visit.at,
    }
    if deed == "accept":
        suggestion_accept(seen=visit.request.POST.get("seen", "")[:20] or None, **facts)
        said = _("Accepted: the clause says it now.")
    elif deed == "decline":
        suggestion_decline(**facts)
        said = _("Declined: the clause stays as it is.")
    elif deed == "withdraw":
        suggestion_withdraw(**facts)
        said = _("Your suggestion is taken back.")
    else:
        raise NotFound("no_deed", "A suggestion is accepted, declined or withdrawn.")
    return visit.go("draft", draft_id, said=said)


@page(Who.SIGNED_IN)
def draft_changes(visit: Visit, draft_id: UUID) -> HttpResponse:
    """What changed in the draft, by whom and when."""
    access = access_of(visit, draft_id)
    history = draft_history(draft_id)
    context = {"access": access, "draft": access.draft, "history": history, "parts": PARTS}
    return visit.show("founding/history.html", context)


def no_clause() -> NotFound:
    """The refusal of a clause that the draft does not have."""
    return NotFound("no_clause", "There is no such clause in this draft.")
