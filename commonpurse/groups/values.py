"""What other rooms and pages read of people, co-ops and groups: frozen values, no rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonpurse.record.services import Actor


@dataclass(frozen=True, slots=True)
class PersonView:
    """A human or an organisation with an account; without name and address once erased."""

    person_id: UUID
    email: str | None
    name: str
    kind: str
    is_erased: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class CoopView:
    """A co-op. `visibility` is its root group's: open, closed or secret."""

    coop_id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    template: str
    visibility: str
    founded_at: datetime


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of a co-op; `level` is 0 for the co-op itself, 1 or 2 below it."""

    group_id: UUID
    coop_id: UUID
    parent_id: UUID | None
    name: str
    slug: str
    visibility: str
    level: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person with standing in one co-op, as services take them.

    `roles` always holds `member`. It never holds `trustee`: trustees are made by decision, and
    the treasury knows them.
    """

    coop_id: UUID
    coop_slug: str
    member_id: UUID
    person_id: UUID
    name: str
    roles: frozenset[str]

    @property
    def actor(self) -> Actor:
        """The member as the one who acts."""
        return Actor(person_id=self.person_id, name=self.name)

    @property
    def may_coordinate(self) -> bool:
        """Whether they invite people and gives roles."""
        return "coordinator" in self.roles

    def has_role(self, role: str) -> bool:
        """Whether this member has that role."""
        return role in self.roles


@dataclass(frozen=True, slots=True)
class MemberView:
    """A line of the list of members. The name is "Former member" once the person was erased."""

    member_id: UUID
    name: str
    kind: str
    roles: frozenset[str]
    joined_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class CoopAccess:
    """A co-op that somebody may see, and their standing in it, if any."""

    coop: CoopView
    member: Member | None


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group, and whether the person who looks is in it."""

    group: GroupView
    is_in: bool


@dataclass(frozen=True, slots=True)
class GroupAccess:
    """A group that somebody may know of, and their standing in it, if any."""

    coop: CoopView
    group: GroupView
    member: Member | None
    is_in_group: bool


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation, without its token. `email` is None for a link that is open to several."""

    invitation_id: UUID
    coop_id: UUID
    email: str | None
    invited_by_name: str
    expires_at: datetime
    uses_left: int
    accepted_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """A new invitation and its token: the only time that the token can be read."""

    invitation: InvitationView
    token: str


@dataclass(frozen=True, slots=True)
class TokenView:
    """A program's key, without its secret. `scopes` are the things that it may do."""

    token_id: UUID
    person_id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def is_valid(self, at: datetime) -> bool:
        """Whether a program may still come in with it."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class TokenMade:
    """A new token and its secret: the only time that it can be read."""

    token: TokenView
    secret: str


@dataclass(frozen=True, slots=True)
class VisitView:
    """A browser in which a person is signed in. `visit_key` names it on a page, and no more."""

    visit_key: str
    browser: str
    place: str
    signed_in_at: datetime | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey by the name that its owner gave it."""

    passkey_id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """An account at an identity provider by which a person may sign in."""

    link_id: int
    provider_id: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Every way by which a person proves who they are, besides the code by mail."""

    passkeys: tuple[PasskeyView, ...]
    has_second_factor: bool
    recovery_codes_left: int
    providers: tuple[ProviderLink, ...]


@dataclass(frozen=True, slots=True)
class Founded:
    """A new co-op and its founders, in the order in which they were given."""

    coop: CoopView
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who may vote at one instant: how many, their ids in order, and the ids' Merkle root.

    The root is the RFC 6962 tree over the lower-case hyphenated ids as text, sorted; anyone
    recomputes it from the public memberships and departures.
    """

    count: int
    root: str
    member_ids: tuple[UUID, ...]
