"""Finding threads and comments that a member may read."""

from collections.abc import Collection, Sequence

from commonpurse.discussion.access import readable_groups
from commonpurse.groups.values import Member
from commonpurse.record.fulltext import Hit, hits_ask

THREADS = """
SELECT t.id, t.coop_id, t.id::text AS ref, t.title, t.body, t.opened_at AS at
FROM (
    SELECT * FROM discussion_thread t
    WHERE to_tsvector('simple', t.title || ' ' || t.body)
          || array_to_tsvector(ARRAY[t.coop_id::text]) @@ %(words)s::tsquery OFFSET 0
) t
WHERE t.coop_id = ANY(%(coop_ids)s) AND t.group_id = ANY(%(group_ids)s)
ORDER BY t.opened_at DESC, t.id DESC LIMIT %(newest)s
"""

COMMENTS = """
SELECT c.id, c.coop_id, c.thread_id::text AS ref, t.title, c.body, c.at
FROM (
    SELECT * FROM discussion_comment c
    WHERE to_tsvector('simple', c.body) || array_to_tsvector(ARRAY[c.coop_id::text])
          @@ %(words)s::tsquery OFFSET 0
) c
JOIN discussion_thread t ON t.id = c.thread_id AND t.coop_id = c.coop_id
WHERE c.discarded_at IS NULL
  AND c.coop_id = ANY(%(coop_ids)s) AND t.group_id = ANY(%(group_ids)s)
ORDER BY c.at DESC, c.id DESC LIMIT %(newest)s
"""


def talk_found(*, words: str, members: Sequence[Member], kinds: Collection[str]) -> list[Hit]:
    """Threads and comments in the groups that these standings of one person may read."""
    coop_ids = [member.coop_id for member in members]
    wanted = [
        (kind, select)
        for kind, select in (("thread", THREADS), ("comment", COMMENTS))
        if kind in kinds
    ]
    if not wanted:
        return []
    groups = [
        group_id for member in members for group_id in readable_groups(member.coop_id, member)
    ]
    given = {"group_ids": groups}
    return [
        hit
        for kind, select in wanted
        for hit in hits_ask(kind, select, words=words, coop_ids=coop_ids, given=given)
    ]
