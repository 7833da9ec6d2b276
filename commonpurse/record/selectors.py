"""Reads of the public record."""

from datetime import UTC, datetime

from django.db import connection


def database_now() -> datetime:
    """The instant by the database's clock: the one clock that cuts off ballots and periods.

    The shell asks once per request or job and hands the answer to every service.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now.astimezone(UTC)
