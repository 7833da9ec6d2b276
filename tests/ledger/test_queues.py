"""Who comes second waits for who came first, and then sees what the first one did."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.db import transaction

from commonpurse.record.ids import new_id
from tests.conftest import OwnDatabase
from tests.ledger.chart import MARCH, NOON, Chart, chart_make
from tests.ledger.test_walls import Session, entry_sql, good, postings_sql

HOLD = (
    "INSERT INTO ledger_hold (id, coop_id, at, account_id, key, amount_minor, expires_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, NULL)"
)
CLOSE = "INSERT INTO ledger_periodclose (id, coop_id, at, book_id, through) VALUES (%s,%s,%s,%s,%s)"
ACCOUNT = (
    "INSERT INTO ledger_account (id, coop_id, at, book_id, code, name, kind, currency)"
    " VALUES (%s, %s, %s, %s, '9000', 'New', 'asset', 'EUR')"
)
STEPS = 500
STEP_SECONDS = 0.02
Statement = tuple[str, Sequence[object]]


@pytest.fixture
def chart(own_database: OwnDatabase, django_db_blocker) -> Chart:
    with django_db_blocker.unblock(), transaction.atomic():
        made = chart_make()
        made.dues_come_in(100)
    return made


def refusal(session: Session, statement: Statement) -> str:
    """What the database says against it; empty when it was done."""
    try:
        session.execute(*statement)
    except psycopg.Error as fault:
        return fault.diag.constraint_name or fault.sqlstate or "?"
    return ""


@contextmanager
def waiting(own: OwnDatabase, first: Statement, second: Statement) -> Iterator[Future[str]]:
    """The second statement while the first one's transaction is open: it must wait for a lock."""
    with (
        psycopg.connect(own.dsn("owner")) as one,
        psycopg.connect(own.dsn("owner"), autocommit=True) as two,
        psycopg.connect(own.dsn("owner"), autocommit=True) as watch,
        ThreadPoolExecutor(1) as pool,
    ):
        one.execute(*first)
        answer = pool.submit(refusal, two, second)
        try:
            for _ in range(STEPS):
                assert not answer.done(), "it did not wait"
                row = watch.execute(
                    "SELECT wait_event_type, pg_sleep(%s) FROM pg_stat_activity WHERE pid = %s",
                    [STEP_SECONDS, two.info.backend_pid],
                ).fetchone()
                if row is not None and row[0] == "Lock":
                    break
            else:
                raise AssertionError("it neither waited nor ended")
        finally:
            one.commit()
        yield answer


def hold(chart: Chart, key: str, amount_minor: int) -> Statement:
    return HOLD, [new_id(), chart.coop_id, NOON, chart.bank, key, amount_minor]


def close(chart: Chart) -> Statement:
    return CLOSE, [new_id(), chart.coop_id, NOON, chart.book_id, MARCH]


def test_a_hold_waits_for_the_one_before_it_and_does_not_take_its_money(
    own_database: OwnDatabase, chart: Chart
):
    with waiting(own_database, hold(chart, "one", 70), hold(chart, "two", 70)) as answer:
        assert answer.result() == "short"


def test_a_closing_waits_for_an_entry_that_is_under_way(own_database: OwnDatabase, chart: Chart):
    entry_id = new_id()
    entry, values = entry_sql(chart, entry_id, 2)
    postings, more = postings_sql(chart, entry_id, good(chart))
    first = (f"WITH e AS ({entry}) {postings}", [*values, *more])
    with waiting(own_database, first, close(chart)) as answer:
        assert answer.result() == ""


def test_a_closing_waits_for_an_account_that_is_being_opened(
    own_database: OwnDatabase, chart: Chart
):
    first = (ACCOUNT, [new_id(), chart.coop_id, NOON, chart.book_id])
    with waiting(own_database, first, close(chart)) as answer:
        assert answer.result() == ""
