"""Asking PostgreSQL's full-text search, for every room alike.

Configuration `simple`: words as they stand in lower case, in any language. Each room keeps GIN
indexes whose vectors hold the co-op's id as a lexeme too, so that a common word in a thousand
co-ops is not read where one is searched.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from commonpurse.rules.search import Question


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. `ref` is what its page is known by beside its co-op."""

    kind: str
    id: UUID
    coop_id: UUID
    ref: str
    title: str
    text: str
    at: datetime
    rank: float


NEWEST = 200
"""So many matches of a kind are ranked, the newest; a search that finds more wants more words."""
COOPS_IN_QUERY = 60
"""With more co-ops than that, the condition on the column alone is quicker."""

WORDS = """
SELECT q.words::text, querytree(q.words) FROM (
    SELECT websearch_to_tsquery('simple', %(rest)s) && to_tsquery('simple', %(begun)s) AS words
) q
"""

RANKED = """
SELECT f.id, f.coop_id, f.ref, f.title, f.body, f.at,
       ts_rank(setweight(to_tsvector('simple', f.title), 'A') || to_tsvector('simple', f.body),
               %(plain)s::tsquery, 1)
FROM ({select}) f
"""


def words_of(question: Question) -> str:
    """The question as PostgreSQL's own query; empty where no index can answer it."""
    begun = question.begun.replace("\\", " ").replace("'", "''")
    given = {"rest": question.rest, "begun": f"'{begun}':*" if begun else ""}
    with connection.cursor() as cursor:
        cursor.execute(WORDS, given)
        words, tree = cursor.fetchone()
    return words if tree not in ("", "T") else ""


def scoped(words: str, coop_ids: Collection[UUID]) -> str:
    """The words, in these co-ops alone."""
    if not words or len(coop_ids) > COOPS_IN_QUERY:
        return words
    places = " | ".join(f"'{coop_id}'" for coop_id in coop_ids)
    return f"({words}) & ({places})" if places else ""


def hits_ask(
    kind: str,
    select: str,
    *,
    words: str,
    coop_ids: Collection[UUID],
    given: Mapping[str, Any] | None = None,
) -> list[Hit]:
    """What a room's SELECT finds: id, coop_id, ref, title, body and at, ranked by the words.

    The SELECT takes `words` (with the co-ops in it), `coop_ids` and `newest` besides its own. It
    asks the index in a subquery with OFFSET 0: else the planner may walk all rows of the co-op and
    read the words of each anew, which costs a hundred times as much.
    """
    query = scoped(words, coop_ids)
    if not query or not coop_ids:
        return []
    facts: dict[str, Any] = {
        "words": query,
        "plain": words,
        "coop_ids": list(coop_ids),
        "newest": NEWEST,
    }
    with connection.cursor() as cursor:
        cursor.execute(RANKED.format(select=select), facts | dict(given or {}))
        return [
            Hit(
                kind=kind,
                id=key,
                coop_id=coop_id,
                ref=ref,
                title=title,
                text=body,
                at=at,
                rank=float(rank),
            )
            for key, coop_id, ref, title, body, at, rank in cursor.fetchall()
        ]
