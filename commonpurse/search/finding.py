"""One list out of every room's own answer.

Pages and the API ask here. No room sees another's rows, and none counts what it does not show: a
reader learns of nothing that they could not open.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from commonpurse.decisions.selectors import decisions_found
from commonpurse.discussion.search import talk_found
from commonpurse.errors import Invalid
from commonpurse.groups.selectors import CoopView, SearchScope, coops_by_id, groups_found
from commonpurse.manual.search import clauses_found
from commonpurse.record.fulltext import Hit, words_of
from commonpurse.rules.search import KINDS, question_read
from commonpurse.treasury.selectors import money_found

Place = tuple[int, int, str, str]
RANKS = 10**9
"""A rank is between 0 and 1; so fine it is told apart."""
CURSOR = re.compile(r"([0-9]{1,12})~([0-9]{1,12})~([0-9a-f-]{36})~([\w.-]{1,80})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Findings:
    """A page of what was found, with the co-ops that it speaks of. `next` is empty on the last."""

    hits: tuple[Hit, ...]
    coops: dict[UUID, CoopView]
    words: tuple[str, ...]
    next: str


def search(
    typed: str,
    *,
    scope: SearchScope,
    kinds: Collection[str] = KINDS,
    after: str = "",
    limit: int = 20,
) -> Findings:
    """What the reader may see of what they look for, the best first, then the newest.

    `after` is the `next` of the page before. Raises Invalid `cursor_wrong`.
    """
    question = question_read(typed)
    words = words_of(question) if question.text else ""
    hits: list[Hit] = []
    if words:
        hits += groups_found(words=words, scope=scope, kinds=kinds)
        hits += talk_found(words=words, members=scope.members, kinds=kinds)
        hits += decisions_found(
            question=question, words=words, coop_ids=scope.coop_ids, kinds=kinds
        )
        if "clause" in kinds:
            hits += clauses_found(words=words, coop_ids=scope.coop_ids)
        hits += money_found(question=question, words=words, scope=scope, kinds=kinds)
    # A decision that names its own number is found by its words and by the number.
    hits = sorted({place_of(hit): hit for hit in hits}.values(), key=place_of)
    if after:
        start = cursor_read(after)
        hits = [hit for hit in hits if place_of(hit) > start]
    shown = hits[:limit]
    return Findings(
        hits=tuple(shown),
        coops=coops_by_id({hit.coop_id for hit in shown}),
        words=question.words,
        next=cursor_write(shown[-1]) if len(hits) > limit else "",
    )


def place_of(hit: Hit) -> Place:
    """Where a hit stands in the list: its rank, its instant, and what makes it the only one."""
    rank, second = round(hit.rank * RANKS), int(hit.at.timestamp())
    return (-rank, -second, str(hit.id), f"{hit.kind}.{hit.ref}")


def cursor_write(hit: Hit) -> str:
    """The place of a hit, for the page that goes on after it."""
    rank, second, key, rest = place_of(hit)
    return f"{-rank}~{-second}~{key}~{rest}"


def cursor_read(cursor: str) -> Place:
    """The place that a cursor names. Raises Invalid `cursor_wrong`."""
    found = CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("cursor_wrong", "This page of the list does not exist.", field="after")
    return (-int(found[1]), -int(found[2]), found[3], found[4])
