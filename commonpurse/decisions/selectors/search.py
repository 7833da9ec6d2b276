"""Finding decisions and what people wrote about their results. Both are public."""

from collections.abc import Collection
from uuid import UUID

from commonpurse.record.fulltext import Hit, hits_ask

DECISIONS = """
SELECT d.id, d.coop_id, d.number::text AS ref, d.question AS title, d.details AS body, d.at
FROM (
    SELECT * FROM decisions_decision d
    WHERE to_tsvector('simple', d.question || ' ' || d.details)
          || array_to_tsvector(ARRAY[d.coop_id::text]) @@ %(words)s::tsquery OFFSET 0
) d
WHERE d.coop_id = ANY(%(coop_ids)s)
ORDER BY d.at DESC, d.id DESC LIMIT %(newest)s
"""

OUTCOMES = """
SELECT o.id, o.coop_id, d.number::text AS ref, d.question AS title, o.statement AS body, o.at
FROM (
    SELECT * FROM decisions_outcome o
    WHERE to_tsvector('simple', o.statement) || array_to_tsvector(ARRAY[o.coop_id::text])
          @@ %(words)s::tsquery OFFSET 0
) o
JOIN decisions_decision d ON d.id = o.decision_id AND d.coop_id = o.coop_id
WHERE o.coop_id = ANY(%(coop_ids)s)
  AND NOT EXISTS (
    SELECT 1 FROM decisions_outcome later
    WHERE later.coop_id = o.coop_id AND later.decision_id = o.decision_id
      AND (later.at, later.id) > (o.at, o.id)
  )
ORDER BY o.at DESC, o.id DESC LIMIT %(newest)s
"""


def decisions_found(*, words: str, coop_ids: Collection[UUID], kinds: Collection[str]) -> list[Hit]:
    """Decisions, and the latest outcome of each, in co-ops that the reader may know."""
    return [
        hit
        for kind, select in (("decision", DECISIONS), ("outcome", OUTCOMES))
        if kind in kinds
        for hit in hits_ask(kind, select, words=words, coop_ids=coop_ids)
    ]
