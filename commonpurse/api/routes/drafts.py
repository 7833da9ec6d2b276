"""Founding: drafts and their founders, and the vote that they end in."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from commonpurse.api.caller import Caller, caller_of
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, page_of
from commonpurse.api.schemas.base import Done
from commonpurse.api.schemas.drafts import (
    CoopOut,
    Draft,
    DraftChange,
    DraftIn,
    DraftLine,
    FounderInvitation,
    FounderInvitationIn,
    FounderInvitationOut,
    OpenIn,
    SlugOut,
)
from commonpurse.api.schemas.people import JoinIn
from commonpurse.decisions.draft_values import DraftAccess, DraftView
from commonpurse.decisions.drafts import clause_digest, draft_problems
from commonpurse.decisions.founding import slug_free, slug_suggested
from commonpurse.decisions.selectors import (
    Foundation,
    access_draft,
    draft_history,
    draft_invitations,
    drafts_of,
    suggestions_open_by_clause,
)
from commonpurse.decisions.services import (
    draft_again,
    draft_begin,
    draft_change,
    draft_discard,
    draft_founder_remove,
    draft_invitation_revoke,
    draft_invite,
    draft_join,
    draft_leave,
    draft_open,
)
from commonpurse.errors import PurseError
from commonpurse.manual.clauses import clauses_to_json
from commonpurse.manual.codec import parameters_to_json

router = Router(tags=["founding"])


def reader_of(request: HttpRequest) -> Caller:
    """The caller, who may read. Raises NotSignedIn or NotAllowed."""
    caller = caller_of(request)
    caller.need("read")
    return caller


def access_of(request: HttpRequest, draft_id: UUID) -> DraftAccess:
    """The draft for one of its founders. Raises NotFound for everybody else."""
    caller = reader_of(request)
    return access_draft(draft_id=draft_id, person_id=caller.known.person_id)


def shown(draft: DraftView, caller: Caller) -> dict[str, Any]:
    """A draft as programs read it."""
    waiting = suggestions_open_by_clause(draft)
    problems = (
        draft_problems(draft, suggestions_open=sum(waiting.values())) if not draft.opened_at else ()
    )
    return {
        "draft_id": draft.draft_id,
        "name": draft.name,
        "slug": draft.slug,
        "template": draft.template,
        "sponsor_name": draft.sponsor_name,
        "changes": draft.changes,
        "parameters": parameters_to_json(draft.parameters),
        "clauses": [
            item | {"digest": clause_digest(draft.clauses, item["key"])}
            for item in clauses_to_json(draft.clauses)
        ],
        "has_trustees": draft.has_trustees,
        "steps": draft.steps,
        "led_by_name": draft.led_by_name,
        "is_lead": draft.led_by_person_id == caller.person_id,
        "version": draft.version,
        "begun_at": draft.begun_at,
        "changed_at": draft.changed_at,
        "opened_at": draft.opened_at,
        "founders": draft.founders,
        "problems": [
            {"code": each.code, "detail": each.message, "field": each.field} for each in problems
        ],
        "decision_number": 1 if draft.opened_at else None,
    }


def drafted(draft: DraftView, caller: Caller) -> Draft:
    """A draft as the answer of a write."""
    return Draft.model_validate(shown(draft, caller))


def begun(made: Foundation) -> CoopOut:
    """A co-op whose founding vote is open."""
    return CoopOut(
        coop_id=made.coop.coop_id,
        slug=made.coop.slug,
        decision_number=made.decision.number,
        closes_at=made.decision.closes_at,
    )


@router.get("/drafts", response=Page[DraftLine], summary="Your drafts")
def drafts(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """The drafts that you found, the latest changed first."""
    caller = reader_of(request)
    return page_of(drafts_of(caller.known.person_id), after, limit)


@router.post("/drafts", response={201: Draft}, summary="Begin a draft")
@writes("manage", status=201)
def draft_new(request: HttpRequest, given: DraftIn) -> Draft:
    """Begin a draft as its first founder. At most five at a time."""
    caller = caller_of(request)
    return drafted(draft_begin(wish=given.wish(), actor=caller.actor, at=caller.at), caller)


@router.get("/drafts/address", response=SlugOut, summary="Is an address free?")
def draft_address(
    request: HttpRequest, slug: Query[str] = "", name: Query[str] = ""
) -> dict[str, object]:
    """Whether an address is free; for a name alone, which one it would get."""
    reader_of(request)
    wanted = slug[:80].strip().lower() or slug_suggested(name[:80])
    try:
        slug_free(wanted)
    except PurseError as refusal:
        return {"slug": wanted, "is_free": False, "detail": refusal.message}
    return {"slug": wanted, "is_free": True, "detail": ""}


@router.post("/drafts/join", response=Draft, summary="Join a draft by an invitation")
@writes("manage")
def draft_enter(request: HttpRequest, given: JoinIn) -> Draft:
    """Become a founder by an invitation that you received."""
    caller = caller_of(request)
    return drafted(draft_join(token=given.secret, actor=caller.actor, at=caller.at), caller)


@router.get("/drafts/{draft_id}", response=Draft, summary="One draft")
def draft(request: HttpRequest, draft_id: UUID) -> dict[str, Any]:
    """A draft that you found, and what keeps its vote from being opened."""
    return shown(access_of(request, draft_id).draft, caller_of(request))


@router.patch("/drafts/{draft_id}", response=Draft, summary="Change a draft")
@writes("manage")
def draft_alter(request: HttpRequest, draft_id: UUID, given: DraftIn) -> Draft:
    """Change the draft that you lead; what is left out stays."""
    caller = caller_of(request)
    made = draft_change(draft_id=draft_id, wish=given.wish(), actor=caller.actor, at=caller.at)
    return drafted(made, caller)


@router.delete("/drafts/{draft_id}", response=Done, summary="Throw a draft away")
@writes("manage")
def draft_drop(request: HttpRequest, draft_id: UUID) -> Done:
    """Throw away the draft that you lead, for all its founders."""
    caller = caller_of(request)
    draft_discard(draft_id=draft_id, actor=caller.actor, at=caller.at)
    return Done()


@router.get("/drafts/{draft_id}/history", response=Page[DraftChange], summary="What changed")
def draft_versions(
    request: HttpRequest, draft_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The latest two hundred versions of a draft, newest first."""
    access_of(request, draft_id)
    return page_of(draft_history(draft_id), after, limit)


@router.post("/drafts/{draft_id}/open", response={201: CoopOut}, summary="Open the founding vote")
@writes("manage", status=201)
def draft_begin_vote(request: HttpRequest, draft_id: UUID, given: OpenIn) -> CoopOut:
    """Freeze the draft that you lead and open the founding vote on exactly this version."""
    caller = caller_of(request)
    made = draft_open(draft_id=draft_id, seen=given.version, actor=caller.actor, at=caller.at)
    return begun(made)


@router.post("/drafts/{draft_id}/again", response={201: Draft}, summary="Draft it once more")
@writes("manage", status=201)
def draft_renew(request: HttpRequest, draft_id: UUID) -> Draft:
    """Draft once more what was opened and not agreed to: same words, same founders, led by you."""
    caller = caller_of(request)
    return drafted(draft_again(draft_id=draft_id, actor=caller.actor, at=caller.at), caller)


@router.post("/drafts/{draft_id}/leave", response=Done, summary="Found it no more")
@writes("manage")
def draft_exit(request: HttpRequest, draft_id: UUID) -> Done:
    """Found it no more; whoever has been there longest leads it after you."""
    caller = caller_of(request)
    draft_leave(draft_id=draft_id, actor=caller.actor, at=caller.at)
    return Done()


@router.delete(
    "/drafts/{draft_id}/founders/{founder_id}", response=Draft, summary="Take a founder off"
)
@writes("manage")
def founder_drop(request: HttpRequest, draft_id: UUID, founder_id: UUID) -> Draft:
    """Let somebody found it no more. For who leads."""
    caller = caller_of(request)
    made = draft_founder_remove(
        draft_id=draft_id, founder_id=founder_id, actor=caller.actor, at=caller.at
    )
    return drafted(made, caller)


@router.get(
    "/drafts/{draft_id}/invitations",
    response=Page[FounderInvitation],
    summary="Open invitations to found",
)
def founder_invitations(
    request: HttpRequest, draft_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Invitations that still let a founder in, newest first."""
    access_of(request, draft_id)
    found = draft_invitations(draft_id, at=caller_of(request).at)
    return page_of(found, after, limit)


@router.post(
    "/drafts/{draft_id}/invitations",
    response={201: FounderInvitationOut},
    summary="Invite a founder",
)
@writes("manage", status=201)
def founder_invite(
    request: HttpRequest, draft_id: UUID, given: FounderInvitationIn
) -> FounderInvitationOut:
    """Invite a founder: an address gets a mail; without one, hand the link over yourself."""
    caller = caller_of(request)
    made = draft_invite(
        draft_id=draft_id,
        email=given.email,
        uses_max=given.uses_max,
        actor=caller.actor,
        at=caller.at,
    )
    plain = FounderInvitation.from_orm(made.invitation).model_dump()
    return FounderInvitationOut(**plain, secret=made.token)


@router.delete(
    "/drafts/{draft_id}/invitations/{invitation_id}",
    response=Done,
    summary="Take an invitation to found back",
)
@writes("manage")
def founder_invitation_drop(request: HttpRequest, draft_id: UUID, invitation_id: UUID) -> Done:
    """Take an invitation back: your own, or any of the draft that you lead."""
    caller = caller_of(request)
    draft_invitation_revoke(
        draft_id=draft_id, invitation_id=invitation_id, actor=caller.actor, at=caller.at
    )
    return Done()
