"""Who calls: a person's program with its token, or anybody for what is public.

As a page is a function of a visit, an operation is a function of a `Call`: it says who came, to
which co-op, at which instant, and lets nobody meet a co-op that they may not know of.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja.security import HttpBearer

from commonpurse.errors import NotAllowed, NotFound, PurseError
from commonpurse.groups.selectors import (
    CoopView,
    Member,
    PersonView,
    TokenView,
    access_coop,
    person_view,
    token_find,
)
from commonpurse.groups.services import token_seen
from commonpurse.record.selectors import database_now
from commonpurse.record.services import Actor


class NotSignedIn(PurseError):
    """The call carries no token that holds."""

    status = 401


@dataclass(frozen=True, slots=True)
class Caller:
    """Who came, with which token, and when."""

    at: datetime
    person: PersonView | None
    token: TokenView | None
    scope: str = ""
    """The scope that the operation asked for and the token has; none where one only reads."""

    @property
    def person_id(self) -> UUID | None:
        """The person's id; none for whoever calls without a token."""
        return self.person.person_id if self.person else None

    @property
    def known(self) -> PersonView:
        """The person. Raises NotSignedIn."""
        if self.person is None:
            raise NotSignedIn("no_token", "Send a token: Authorization: Bearer purse_….")
        return self.person

    @property
    def actor(self) -> Actor:
        """The person as the one who acts."""
        return Actor(person_id=self.known.person_id, name=self.known.name)

    def may(self, scope: str) -> bool:
        """Whether the token has this scope."""
        return self.token is not None and scope in self.token.scopes

    def need(self, scope: str) -> None:
        """Raise NotSignedIn or NotAllowed unless the token may do such things."""
        if self.token is None:
            raise NotSignedIn("no_token", "Send a token: Authorization: Bearer purse_….")
        if not self.may(scope):
            raise NotAllowed(
                "scope_missing",
                "This token lacks the scope “%(scope)s”. Make one that has it.",
                scope=scope,
            )


class TokenAuth(HttpBearer):
    """A bearer token. Without one the call goes on as anybody's; a wrong one is refused.

    With a scope, only a token that has it goes on: before a word of the body is read.
    """

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """The caller of this request. Raises NotSignedIn for a token that does not hold."""
        given = request.headers.get("Authorization", "")
        if not given:
            caller = Caller(at=database_now(), person=None, token=None)
        else:
            kind, _, secret = given.partition(" ")
            if kind.lower() != self.openapi_scheme:
                raise NotSignedIn("token_wrong", "Send the token as Authorization: Bearer purse_….")
            caller = self.authenticate(request, secret.strip())
        if self.scope:
            caller.need(self.scope)
            caller = replace(caller, scope=self.scope)
        request.caller = caller  # type: ignore[attr-defined]
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """The caller behind a token."""
        del request
        at = database_now()
        found = token_find(secret=token, at=at)
        if found is None:
            raise NotSignedIn("token_wrong", "This token is unknown, has run out or was revoked.")
        token_seen(found, at=at)
        return Caller(at=at, person=person_view(found.person_id), token=found)


@dataclass(frozen=True, slots=True)
class Call:
    """A call about one co-op."""

    caller: Caller
    coop: CoopView
    standing: Member | None

    @property
    def at(self) -> datetime:
        """The instant of the call, by the database's clock."""
        return self.caller.at

    @property
    def coop_id(self) -> UUID:
        """The co-op's id."""
        return self.coop.coop_id

    @property
    def member(self) -> Member:
        """The caller's standing. Raises NotSignedIn or NotAllowed for who is no member."""
        if self.standing is None:
            self.caller.need("read")
            raise NotAllowed(
                "not_member",
                "Only members of %(name)s may do this. Ask to be invited.",
                name=self.coop.name,
            )
        return self.standing

    @property
    def coordinator(self) -> Member:
        """As `member`, for coordinators alone."""
        if not self.member.may_coordinate:
            raise NotAllowed("not_coordinator", "Only coordinators may do this here.")
        return self.member

    @property
    def treasurer(self) -> Member:
        """As `member`, for treasurers alone."""
        if not self.member.has_role("treasurer"):
            raise NotAllowed("not_treasurer", "Only treasurers may do this here.")
        return self.member

    def for_members(self) -> None:
        """Go on for members alone."""
        _ = self.member

    def for_coordinators(self) -> None:
        """Go on for coordinators alone."""
        _ = self.coordinator

    def for_treasurers(self) -> None:
        """Go on for treasurers alone."""
        _ = self.treasurer


def caller_of(request: HttpRequest) -> Caller:
    """Who calls."""
    caller = request.caller  # type: ignore[attr-defined]
    assert isinstance(caller, Caller)
    return caller


def call_begin(request: HttpRequest, slug: str) -> Call:
    """The call and its co-op. Raises NotFound for a co-op that is none of the caller's business.

    A token that may not read sees by a reading what everybody sees, and no more.
    """
    caller = caller_of(request)
    access = access_coop(slug=slug, person_id=caller.person_id)
    if access.member is None or caller.scope or caller.may("read"):
        return Call(caller=caller, coop=access.coop, standing=access.member)
    try:
        seen = access_coop(slug=slug, person_id=None)
    except NotFound:
        caller.need("read")
        raise
    return Call(caller=caller, coop=seen.coop, standing=None)
