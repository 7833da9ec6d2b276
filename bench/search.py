"""What a search costs among very many comments, and which index answers it.

    .venv/bin/python -m bench.search                    # 100,000 comments in each of two co-ops
    .venv/bin/python -m bench.search --comments 10000

Words are drawn so that some stand in every second comment, some in one of a thousand. Each search
is the product's own, over all kinds, as a member of one of the co-ops; the floor is the bare
statement on the index, without ranking, access and the other kinds.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime
from typing import Any

from bench.scratch import machine, scratch_database

AT = datetime(2026, 1, 10, 12, tzinfo=UTC)
ROUNDS = 20

COMMENTS_SQL = """
INSERT INTO discussion_comment (id, coop_id, thread_id, author_member_id, body, at)
SELECT gen_random_uuid(), %(coop_id)s, %(thread_id)s, %(member_id)s,
       'word' || n %% 2 || ' ten' || n %% 10 || ' hundred' || n %% 100 || ' thousand' || n %% 1000
       || ' ' || md5(n::text) || ' ' || md5((n + 1)::text) || ' about what we said of it before',
       %(at)s::timestamptz + n * interval '1 second'
FROM generate_series(1, %(count)s) n
"""

FLOOR_SQL = """
SELECT count(*) FROM (
    SELECT 1 FROM discussion_comment c
    WHERE to_tsvector('simple', c.body) || array_to_tsvector(ARRAY[c.coop_id::text])
          @@ %(words)s::tsquery LIMIT 200
) f
"""

ASKED = (
    ("one in a thousand", "thousand7"),
    ("one in a hundred", "hundred7"),
    ("two words, one in a thousand", "ten7 thousand7"),
    ("one in ten", "ten7"),
    ("every second one", "word1"),
    ("begun word, every one", "tho"),
    ("none", "nowhere"),
)


def filled(comments: int) -> Any:
    """Two co-ops with as many comments each; the standing of a member of both."""
    from django.db import connection, connections, transaction

    from commonpurse.discussion.services import thread_open
    from tests.world import world

    made = []
    with transaction.atomic():
        for slug in ("one", "two"):
            small = world(AT, slug=slug)
            thread = thread_open(
                group_id=small.coop_id, title="Long", body="", actor=small.cy, at=AT
            )
            given = {
                "coop_id": small.coop_id,
                "thread_id": thread.id,
                "member_id": small.cy.member_id,
                "at": AT,
                "count": comments,
            }
            with connection.cursor() as cursor:
                cursor.execute(COMMENTS_SQL, given)
            made.append(small)
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made[0]


def measure(comments: int) -> list[str]:
    """The lines of the report."""
    from django.db import connection

    from commonpurse.discussion.search import COMMENTS
    from commonpurse.groups.selectors import access_coop, search_scope_here
    from commonpurse.record.fulltext import scoped, words_of
    from commonpurse.rules.search import question_read
    from commonpurse.search.finding import search

    small = filled(comments)
    scope = search_scope_here(access_coop(slug="one", person_id=small.cy.person_id))
    lines = [f"{comments:,} comments in each of two co-ops; {ROUNDS} searches each"]
    for name, typed in ASKED:
        words = scoped(words_of(question_read(typed)), [small.coop_id])
        ours = timed(lambda typed=typed: search(typed, scope=scope))
        with connection.cursor() as cursor:
            floor = timed(lambda words=words: cursor.execute(FLOOR_SQL, {"words": words}))
        lines.append(f"{name}: {ours:.1f} ms; the bare statement {floor:.1f} ms")
    given = {
        "words": scoped(words_of(question_read("word1")), [small.coop_id]),
        "coop_ids": [small.coop_id],
        "group_ids": [small.coop_id],
        "newest": 200,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {COMMENTS}", given)
        lines += ["", *(row[0] for row in cursor.fetchall())]
    return lines


def timed(work: Any) -> float:
    """The median of some rounds, in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1_000)
    return statistics.median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--comments", type=int, default=100_000)
    arguments = parser.parse_args()
    with scratch_database() as name:
        print(machine(name))
        for line in measure(arguments.comments):
            print(line)


if __name__ == "__main__":
    main()
