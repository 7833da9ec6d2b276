"""Where one person may search, and finding co-ops and members there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from commonpurse.groups.models import FORMER_MEMBER, Group, Visibility
from commonpurse.groups.selectors.coops import coops_of_person
from commonpurse.groups.selectors.members import member_of
from commonpurse.groups.values import CoopAccess, Member
from commonpurse.record.fulltext import Hit, hits_ask

OPEN_MAX = 500
"""So many open co-ops are searched at once, the oldest; inside a co-op there is no such limit."""

COOPS = """
SELECT c.coop_id AS id, c.coop_id, a.slug AS ref, c.name AS title, '' AS body, c.at
FROM (
    SELECT * FROM groups_coop c
    WHERE to_tsvector('simple', c.name) || array_to_tsvector(ARRAY[c.coop_id::text])
          @@ %(words)s::tsquery OFFSET 0
) c
JOIN groups_coopaddress a ON a.coop_id = c.coop_id
WHERE c.coop_id = ANY(%(coop_ids)s)
ORDER BY c.at DESC, c.coop_id DESC LIMIT %(newest)s
"""

MEMBERS = """
SELECT m.member_id AS id, m.coop_id, m.member_id::text AS ref, p.name AS title, '' AS body, m.at
FROM (
    SELECT * FROM groups_person p
    WHERE to_tsvector('simple', p.name) @@ %(plain)s::tsquery OFFSET 0
) p
JOIN groups_membership m ON m.person_id = p.id
WHERE p.erased_at IS NULL AND p.name NOT IN ('', %(former)s)
  AND m.coop_id = ANY(%(coop_ids)s) AND m.group_id = m.coop_id
  AND NOT EXISTS (
    SELECT 1 FROM groups_departure d WHERE d.coop_id = m.coop_id AND d.membership_id = m.id
  )
ORDER BY m.at DESC, m.id DESC LIMIT %(newest)s
"""


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where somebody may search: as a member here, as anybody in the co-ops that are public."""

    members: tuple[Member, ...]
    public_ids: tuple[UUID, ...]

    @property
    def member_ids(self) -> tuple[UUID, ...]:
        """The co-ops of which the reader is a member."""
        return tuple(member.coop_id for member in self.members)

    @property
    def coop_ids(self) -> tuple[UUID, ...]:
        """All co-ops of the scope."""
        return tuple(dict.fromkeys((*self.member_ids, *self.public_ids)))


def search_scope(person_id: UUID | None) -> SearchScope:
    """Everything that this person may search: their own co-ops, and the open ones."""
    members: Sequence[Member | None] = []
    if person_id is not None:
        members = [
            member_of(coop_id=coop.coop_id, person_id=person_id)
            for coop in coops_of_person(person_id)
        ]
    rows = Group.objects.filter(parent=None, visibility=Visibility.OPEN).order_by("at", "id")
    return SearchScope(
        members=tuple(member for member in members if member is not None),
        public_ids=tuple(rows.values_list("id", flat=True)[:OPEN_MAX]),
    )


def search_scope_here(access: CoopAccess) -> SearchScope:
    """One co-op alone, as somebody may search it who may know of it."""
    return SearchScope(
        members=(access.member,) if access.member else (), public_ids=(access.coop.coop_id,)
    )


def groups_found(*, words: str, scope: SearchScope, kinds: Collection[str]) -> list[Hit]:
    """Co-ops by their names, and present members of the reader's own co-ops."""
    found: list[Hit] = []
    if "coop" in kinds:
        found += hits_ask("coop", COOPS, words=words, coop_ids=scope.coop_ids)
    if "member" in kinds:
        given = {"former": FORMER_MEMBER}
        found += hits_ask("member", MEMBERS, words=words, coop_ids=scope.member_ids, given=given)
    return found
