"""Finding decisions and what people wrote about their results. Both are public."""

from collections.abc import Collection
from uuid import UUID

from commonpurse.record.fulltext import Hit, hits_ask
from commonpurse.rules.search import Question

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

NUMBERED = """
SELECT d.id, d.coop_id, d.number::text AS ref, d.question AS title, d.details AS body, d.at
FROM decisions_decision d
WHERE d.coop_id = ANY(%(coop_ids)s) AND d.number = %(number)s
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


def decisions_found(
    *, question: Question, words: str, coop_ids: Collection[UUID], kinds: Collection[str]
) -> list[Hit]:
    """Decisions by words or number, and the latest outcome of each, where the reader may know."""
    found: list[Hit] = []
    if "decision" in kinds:
        found += hits_ask("decision", DECISIONS, words=words, coop_ids=coop_ids)
    if "decision" in kinds and question.letter == "D":
        given = {"number": question.number}
        found += hits_ask("decision", NUMBERED, words=words, coop_ids=coop_ids, given=given)
    if "outcome" in kinds:
        found += hits_ask("outcome", OUTCOMES, words=words, coop_ids=coop_ids)
    return found
