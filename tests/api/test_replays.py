"""Every operation that writes, sent again: after a crash, eight times at once, changed.

The session of a call is ended while it waits to keep its answer: what it did is done, and nothing
is answered yet. Then eight programs send the call with the same key at one moment, and the first
of them is held at that place until the other seven have been told to wait.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.api.fuzzing import WRITES, without_limits
from tests.api.programs import Answer
from tests.api.replays import BEYOND, Call, Ground, call_of, ground, rights
from tests.cli.conftest import until
from tests.conftest import OwnDatabase, database_of_own

AT_ONCE = 8
DONE = (200, 201)
IN_FLIGHT, USED = (409, "in_flight"), (422, "key_used")
NOT_AN_EFFECT = ("record_answer", "record_count")
"""The answer itself, and how often somebody called."""

State = dict[str, tuple[int, str]]
"""How many rows each table has, and a digest of them but for when a token was used last."""


@pytest.fixture(scope="module")
def template(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    database_template: str,
) -> Iterator[tuple[Ground, OwnDatabase]]:
    """The ground in a database that each test copies."""
    with django_db_blocker.unblock(), database_of_own(database_template) as made:
        here = ground(is_imported=request.param)
        connections.close_all()  # a database that somebody uses cannot be copied
        yield here, made


@pytest.fixture
def own(template: tuple[Ground, OwnDatabase]) -> Iterator[tuple[Ground, OwnDatabase]]:
    here, made = template
    with database_of_own(made.name) as own, without_limits():
        yield here, own


def state() -> State:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        names = [name for (name,) in cursor.fetchall() if name not in NOT_AN_EFFECT]
        row = "(to_jsonb(t) - 'used_at')::text"
        parts = [
            f"SELECT '{name}', count(*), coalesce(md5(string_agg({row}, '' ORDER BY {row})), '')"
            f" FROM {name} t"
            for name in names
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def added(before: State, after: State) -> dict[str, int]:
    """How many rows each table gained or lost."""
    return {name: after[name][0] - before[name][0] for name in after if after[name] != before[name]}


@contextmanager
def answers_held(own: OwnDatabase) -> Iterator[None]:
    """Nobody can keep an answer meanwhile."""
    with psycopg.connect(own.dsn("owner")) as holder:
        holder.execute("LOCK TABLE record_answer IN SHARE MODE")
        yield


def waiting(own: OwnDatabase) -> list[int]:
    """The sessions that wait to keep an answer."""
    with psycopg.connect(own.dsn(), autocommit=True) as asker:
        found = asker.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO \"record_answer\"%'"
        ).fetchall()
    return [pid for (pid,) in found]


def thread_of(call: Call, answers: list[Answer], crashes: list[Exception]) -> threading.Thread:
    """Somebody who calls, on a connection of their own."""

    def run() -> None:
        try:
            answers.append(call.send())
        except Error as crash:
            crashes.append(crash)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def crash(call: Call, own: OwnDatabase) -> None:
    """End the session of a call between what it does and its answer."""
    answers: list[Answer] = []
    crashes: list[Exception] = []
    with answers_held(own):
        thread = thread_of(call, answers, crashes)
        until(lambda: bool(waiting(own)) or not thread.is_alive())
        with psycopg.connect(own.dsn(), autocommit=True) as killer:
            killed = [
                killer.execute("SELECT pg_terminate_backend(%s)", [pid]).fetchone()
                for pid in waiting(own)
            ]
        thread.join()
    assert killed == [(True,)], answers
    assert crashes or [each.status for each in answers] == [500]


def race(call: Call, own: OwnDatabase) -> list[Answer]:
    """Eight send it at one moment; what they were answered."""
    answers: list[Answer] = []
    crashes: list[Exception] = []
    with answers_held(own):
        threads = [thread_of(call, answers, crashes) for _ in range(AT_ONCE)]
        until(lambda: len(answers) + len(crashes) == AT_ONCE - 1 and len(waiting(own)) == 1, 20)
    for thread in threads:
        thread.join()
    assert crashes == []
    return answers


def plain(answer: Answer) -> tuple[int, dict[str, Any]]:
    """An answer without what is shown once only."""
    return answer.status, {key: each for key, each in answer.body.items() if key != "secret"}


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["code"]


def once(call: Call) -> dict[str, int]:
    """What one call adds, which is taken back."""
    with transaction.atomic():
        before = state()
        answer = call.send()
        assert answer.status in DONE, (answer.status, answer.body)
        found = added(before, state())
        transaction.set_rollback(True)
    return found


SENT = [name for name in WRITES if name not in BEYOND]
EVERY_RUN = (
    *("token_new", "invitation_new", "member_drop", "webhook_new", "thread_new", "comment_new"),
    *("ballot_put", "payee_new", "request_new", "request_approve", "file_new", "statement_new"),
    "line_is",
)
"""What is sent again in every run; the rest in the long one."""

BY_HAND = "order_paid"
"""What is possible only where no bank sends statements."""


@pytest.mark.parametrize(
    ("template", "name"),
    [
        pytest.param(
            name != BY_HAND,
            name,
            id=name,
            marks=() if name in EVERY_RUN else pytest.mark.soak,
        )
        for name in SENT
    ],
    indirect=["template"],
)
def test_a_call_is_done_once_however_often_it_is_sent(
    own: tuple[Ground, OwnDatabase], name: str
) -> None:
    assert set(rights(own[0])) == set(SENT), "every operation that writes has its call"
    here, database = own
    call = call_of(here, name)
    effect = once(call)
    assert effect, "a positive control: it does something"
    before = state()
    crash(call, database)
    assert added(before, state()) == {}
    answers = race(call, database)
    done = [each for each in answers if each.status in DONE]
    told = [refusal(each) for each in answers if each.status not in DONE]
    assert (len(done), told) == (1, [IN_FLIGHT] * (AT_ONCE - 1))
    after = state()
    assert added(before, after) == effect
    again = call.send()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert plain(again) == plain(done[0])
    assert "secret" not in again.body
    assert refusal(call.send_other()) == USED
    assert added(after, state()) == {}
