"""Whose token it is: name, tokens, notices."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from commonpurse.api.caller import caller_of
from commonpurse.api.once import writes
from commonpurse.api.paging import (
    After,
    Limit,
    Page,
    cursor_read,
    cursor_write,
    cursor_wrong,
    page_of,
)
from commonpurse.api.schemas.base import Done
from commonpurse.api.schemas.people import Me, MeIn, Notice, Token, TokenIn, TokenOut
from commonpurse.groups.selectors import token_list
from commonpurse.groups.services import person_rename, person_speak, token_make, token_revoke
from commonpurse.notices.selectors import notice_by_id, notice_list
from commonpurse.notices.services import notice_read

router = Router(tags=["me"])


@router.get("/me", response=Me, summary="Whose token this is")
def me(request: HttpRequest) -> object:
    """The person behind the token."""
    caller = caller_of(request)
    caller.need("read")
    return caller.known


@router.patch("/me", response=Me, summary="Change the name or the language")
@writes("manage")
def me_change(request: HttpRequest, given: MeIn) -> Me:
    """Another name, everywhere and at once; another language on pages and in mails."""
    caller = caller_of(request)
    view, who = caller.known, caller.known.person_id
    if given.name is not None:
        view = person_rename(person_id=who, name=given.name, actor=caller.actor, at=caller.at)
    if given.language is not None:
        view = person_speak(
            person_id=who, language=given.language, actor=caller.actor, at=caller.at
        )
    return Me.from_orm(view)


@router.get("/me/tokens", response=Page[Token], summary="Your tokens")
def tokens(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """Every token that you did not revoke, newest first, without its secret."""
    caller = caller_of(request)
    caller.need("manage")
    found = token_list(person_id=caller.known.person_id)
    return page_of(found, after, limit)


@router.post("/me/tokens", response={201: TokenOut}, summary="Make a token")
@writes("manage", status=201)
def token_new(request: HttpRequest, given: TokenIn) -> TokenOut:
    """A key for another program. It may do no more than the token that makes it."""
    caller = caller_of(request)
    for scope in given.scopes:
        caller.need(scope)
    made = token_make(
        person_id=caller.known.person_id,
        name=given.name,
        scopes=given.scopes,
        days=given.days,
        actor=caller.actor,
        at=caller.at,
    )
    return TokenOut(**Token.from_orm(made.token).model_dump(), secret=made.secret)


@router.delete("/me/tokens/{token_id}", response=Done, summary="Revoke a token")
@writes("manage")
def token_drop(request: HttpRequest, token_id: UUID) -> Done:
    """Take a key back, at once."""
    caller = caller_of(request)
    token_revoke(
        token_id=token_id, person_id=caller.known.person_id, actor=caller.actor, at=caller.at
    )
    return Done()


@router.get("/me/notices", response=Page[Notice], summary="Your inbox")
def notices(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """What happened that concerns you, newest first."""
    caller = caller_of(request)
    caller.need("read")
    before = notice_read_from(after) if after is not None else None
    found = notice_list(person_id=caller.known.person_id, before=before, limit=limit + 1)
    more = len(found) > limit
    following = cursor_write(found[limit - 1].notice_id) if more else None
    return {"items": found[:limit], "next": following}


def notice_read_from(after: str) -> UUID:
    """The notice at which a page of the inbox goes on. Raises Invalid `cursor_wrong`."""
    (text,) = cursor_read(after, 1)
    try:
        return UUID(text)
    except ValueError as error:
        raise cursor_wrong() from error


@router.post("/me/notices/read", response=Done, summary="Mark your inbox as read")
@writes("read")
def notices_read(request: HttpRequest) -> Done:
    """Mark every notice as read."""
    caller = caller_of(request)
    notice_read(person_id=caller.known.person_id, actor=caller.actor, at=caller.at)
    return Done()


@router.post(
    "/me/notices/{notice_id}/read", response=Notice, summary="Mark a notice of your inbox as read"
)
@writes("read")
def notice_seen(request: HttpRequest, notice_id: UUID) -> Notice:
    """Mark one notice as read."""
    caller = caller_of(request)
    person_id = caller.known.person_id
    notice_read(person_id=person_id, actor=caller.actor, at=caller.at, notice_id=notice_id)
    return Notice.from_orm(notice_by_id(person_id=person_id, notice_id=notice_id))
