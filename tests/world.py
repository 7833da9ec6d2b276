"""The small world of most tests: Ann and Bo who hold the purse, Cy a member, Di a stranger.

    world()             people, a co-op, members and roles: enough for groups and manual

Rooms above build on it: each has a function here that takes a `World` and gives back more
(`with_manual`, …), through services only and with dates that the caller names.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from commonpurse.groups.selectors import CoopView, Member, PersonView, member_by_id
from commonpurse.groups.services import coop_make, member_add, person_ensure, role_grant
from commonpurse.record.services import SYSTEM

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday, one hour ahead of which it is in Berlin."""


@dataclass(frozen=True)
class World:
    """One co-op, the people in it and one who is not."""

    coop: CoopView
    ann: Member
    """Founder, coordinator; becomes a trustee."""
    bo: Member
    """Founder, coordinator; becomes a trustee."""
    cy: Member
    """A plain member."""
    eve: Member
    """The treasurer; becomes a trustee."""
    di: PersonView
    """A stranger with an account."""
    at: datetime

    @property
    def coop_id(self) -> UUID:
        return self.coop.coop_id

    @property
    def members(self) -> tuple[Member, ...]:
        return (self.ann, self.bo, self.cy, self.eve)

    def again(self, member: Member) -> Member:
        """The same member as the database has them now."""
        found = member_by_id(coop_id=member.coop_id, member_id=member.member_id)
        assert found is not None
        return found


def person(name: str, at: datetime = NOON) -> PersonView:
    """Somebody with an account and an address at example.org."""
    address = name.lower().replace(" ", ".")
    return person_ensure(email=f"{address}@example.org", name=name, at=at)


def world(at: datetime = NOON, *, slug: str = "shared-bill", visibility: str = "open") -> World:
    """Ann and Bo found a co-op; Cy and Eve join; Eve becomes treasurer; Di stays outside."""
    founded = coop_make(
        slug=slug,
        name="The Shared Bill",
        currency="EUR",
        timezone="Europe/Berlin",
        template="software-users",
        visibility=visibility,
        founders=[person("Ann", at).person_id, person("Bo", at).person_id],
        actor=SYSTEM,
        at=at,
    )
    ann, bo = founded.members
    coop_id = founded.coop.coop_id
    cy = member_add(coop_id=coop_id, person_id=person("Cy", at).person_id, actor=ann, at=at)
    eve = member_add(coop_id=coop_id, person_id=person("Eve", at).person_id, actor=ann, at=at)
    eve = role_grant(coop_id=coop_id, member_id=eve.member_id, role="treasurer", actor=ann, at=at)
    return World(coop=founded.coop, ann=ann, bo=bo, cy=cy, eve=eve, di=person("Di", at), at=at)
