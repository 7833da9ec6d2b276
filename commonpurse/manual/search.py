"""Finding clauses of the manuals in force. They are public."""

from collections.abc import Collection
from uuid import UUID

from commonpurse.record.fulltext import Hit, hits_ask

CLAUSES = """
SELECT v.id, v.coop_id, c.clause->>'key' AS ref, c.clause->>'title' AS title,
       c.clause->>'text' AS body, v.at
FROM (
    SELECT * FROM manual_manualversion v
    WHERE jsonb_to_tsvector('simple', v.clauses, '["string"]')
          || array_to_tsvector(ARRAY[v.coop_id::text]) @@ %(words)s::tsquery OFFSET 0
) v
CROSS JOIN LATERAL jsonb_array_elements(v.clauses) AS c(clause)
WHERE v.coop_id = ANY(%(coop_ids)s)
  AND NOT EXISTS (
    SELECT 1 FROM manual_manualversion later
    WHERE later.coop_id = v.coop_id AND later.number > v.number
  )
  AND to_tsvector('simple', (c.clause->>'title') || ' ' || (c.clause->>'text'))
      @@ %(plain)s::tsquery
ORDER BY v.at DESC, v.id DESC LIMIT %(newest)s
"""


def clauses_found(*, words: str, coop_ids: Collection[UUID]) -> list[Hit]:
    """Clauses of the manuals in force in co-ops that the reader may know."""
    return hits_ask("clause", CLAUSES, words=words, coop_ids=coop_ids)
