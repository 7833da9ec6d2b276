"""Jobs exist if, and only if, the transaction that needs them commits; each is done by its name."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from commonpurse.config import jobs
from commonpurse.record.jobs import job_defer
from tests.conftest import OwnDatabase

COOP = UUID(int=7)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def waiting() -> list[tuple[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, args) for name, args in cursor.fetchall()]


def test_a_job_is_born_with_the_transaction_that_needs_it_or_not_at_all(
    own_database: OwnDatabase,
) -> None:
    del own_database
    with transaction.atomic():
        job_defer("enact", coop_id=COOP, result_id=COOP)
        transaction.set_rollback(True)
    assert waiting() == []
    with transaction.atomic():
        job_defer("enact", coop_id=COOP, result_id=COOP)
    assert [name for name, _ in waiting()] == ["enact"]
    with pytest.raises(AssertionError, match="born in the transaction"):
        job_defer("enact", coop_id=COOP, result_id=COOP)


@pytest.mark.django_db
def test_ids_instants_and_days_travel_as_text_and_nothing_else_but_json() -> None:
    job_defer("mail_send", coop_id=COOP, at=NOON, on=date(2026, 3, 1), nested=[{"n": 1}, None])
    ((_, args),) = waiting()
    assert '"at": "2026-03-01T12:00:00.000000Z"' in str(args) or "2026-03-01T12:00:00" in str(args)
    assert str(COOP) in str(args)
    for odd in (1.5, b"bytes", object()):
        with pytest.raises(TypeError, match="cannot carry"):
            job_defer("mail_send", odd=odd)


def test_every_job_has_its_worker_and_a_name_of_its_own() -> None:
    named = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}
    assert named >= {
        "enact",
        "mail_send",
        "record_sequence",
        "decisions_close",
        "dues_charge",
        "archives_make",
    }
    assert all(callable(task.func) for task in app.tasks.values())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["decisions_close", "dues_charge", "requests_expire", "mail_send"])
def test_what_runs_by_the_clock_does_nothing_where_nothing_is_due(name: str) -> None:
    task = app.tasks[name].func
    if name == "mail_send":
        task()
    else:
        task(timestamp=0)


def test_what_a_killed_worker_was_doing_is_queued_again(own_database: OwnDatabase) -> None:
    del own_database
    with transaction.atomic():
        job_defer("mail_send")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [jobs.STALLED_SECONDS * 2],
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = 1",
            [worker],
        )
    take_over()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs")
        assert cursor.fetchall() == [(Status.TODO.value,)]


def take_over() -> None:
    from asgiref.sync import async_to_sync

    async_to_sync(jobs.jobs_take_over.func)(timestamp=0)
