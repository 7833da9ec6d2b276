"""How often somebody asks: counted for all web processes together, in a table without a log.

A crash forgets the counts, which harms nobody; so they cost no write to the disk.
"""

from datetime import datetime

from django.db import connection

COUNT = """
INSERT INTO record_count (key, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    minute = excluded.minute,
    count = CASE WHEN record_count.minute = excluded.minute THEN record_count.count + 1 ELSE 1 END
RETURNING count
"""


def count_ask(key: str, *, at: datetime) -> int:
    """The number of this question within the minute of `at`, beginning with 1."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [key[:100], int(at.timestamp()) // 60])
        (count,) = cursor.fetchone()
    return int(count)


def counts_sweep(*, at: datetime) -> int:
    """Forget the counts of minutes that are over; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM record_count WHERE minute < %s", [int(at.timestamp()) // 60 - 1]
        )
        return int(cursor.rowcount)
