"""What the log's tables must say of each other, as questions to the database.

An export holds the leaves' bytes and nothing of what stands beside them, so a lie there is found
here, where the database runs. This is text alone: `purse doctor` asks it without Django.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that must hold: each `what` is `rule`.

    `sql` is one statement with one row: how many there are, how many do not hold, and which of
    these comes first. A deep look reads whole tables.
    """

    what: str
    rule: str
    sql: str
    is_deep: bool = True


LEAVES = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'leaf ' || l.id AS name,
           l.leaf_hash <> sha256('\\x00'::bytea || convert_to(l.body, 'UTF8'))
           OR NOT starts_with(l.body, t.head) OR right(l.body, length(t.tail)) <> t.tail AS is_wrong
    FROM record_leaf l CROSS JOIN LATERAL (
        SELECT '{"at":"' || to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                   || '","fields":{' AS head,
               '},"id":"' || l.id || '","kind":"' || l.kind || '","v":"1"}' AS tail) t) f
"""

PLACES = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'leaf ' || l.id AS name, (p.id IS NULL) = (s.leaf_id IS NULL) AS is_wrong
    FROM record_leaf l
    LEFT JOIN record_pendingleaf p ON p.id = l.id AND p.coop_id = l.coop_id
    LEFT JOIN record_sequenced s ON s.leaf_id = l.id AND s.coop_id = l.coop_id) f
"""

LOOKS = (
    Look("leaves", "with the hash, the kind and the instant of its bytes", LEAVES),
    Look("leaves' places", "either waiting or in the log", PLACES),
)
