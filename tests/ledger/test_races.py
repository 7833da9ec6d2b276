"""Twenty clients at one balance: nothing is overspent, lost or booked twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import psycopg
import pytest
from django.db import connections, transaction

from commonpurse.errors import NotPossible, PurseError
from commonpurse.ledger import selectors, services
from tests.conftest import OwnDatabase
from tests.ledger.chart import ANN, NOON, Chart, chart_make

CLIENTS = 20
ROUNDS = 5


@pytest.fixture
def chart(own_database: OwnDatabase, django_db_blocker):
    with django_db_blocker.unblock():
        with transaction.atomic():
            made = chart_make()
        yield made


def race(deed: Callable[[int], str]) -> list[str]:
    """What each of twenty clients got who began at the same moment, each on its own connection."""
    start = Barrier(CLIENTS)

    def client(number: int) -> str:
        connections["default"].ensure_connection()
        try:
            start.wait(timeout=30)
            return deed(number)
        except PurseError as refusal:
            return refusal.code
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(client, range(CLIENTS)))


def bank(chart: Chart) -> int:
    found = selectors.account_by_id(coop_id=chart.coop_id, account_id=chart.bank)
    return found.balance_minor


def test_twenty_clients_racing_one_balance_never_overspend_it(chart: Chart):
    for number in range(ROUNDS):
        chart.dues_come_in(100)

        def spend(client: int, number: int = number) -> str:
            chart.post(chart.entry(chart.spending, chart.bank, 30, key=f"race-{number}-{client}"))
            return "spent"

        got = race(spend)
        assert sorted(got) == ["short"] * 17 + ["spent"] * 3
        assert bank(chart) == 10
        chart.spend(10)


def test_reading_and_then_writing_without_a_lock_overspends(own_database: OwnDatabase):
    """The positive control: the race is real, and this drill sees it."""
    with psycopg.connect(own_database.dsn("owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE purse (amount int)")
        owner.execute("GRANT SELECT, UPDATE ON purse TO PUBLIC")
        overspent = 0
        for _ in range(ROUNDS):
            owner.execute("TRUNCATE purse")
            owner.execute("INSERT INTO purse VALUES (100)")
            looked = Barrier(CLIENTS)

            def spend(_: int, looked: Barrier = looked) -> str:
                with connections["default"].cursor() as cursor:
                    cursor.execute("SELECT amount FROM purse")
                    (amount,) = cursor.fetchone()
                    looked.wait(timeout=30)
                    if amount < 30:
                        return "short"
                    cursor.execute("UPDATE purse SET amount = amount - 30")
                    return "spent"

            overspent += race(spend).count("spent") > 3
    assert overspent == ROUNDS


def test_one_key_from_twenty_clients_is_one_entry(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 100)
    got = race(lambda _: str(chart.post(entry).id))
    assert len(set(got)) == 1
    assert bank(chart) == 100


def test_one_key_with_twenty_bodies_is_one_entry(chart: Chart):
    def post(client: int) -> str:
        chart.post(chart.entry(chart.bank, chart.dues, 100 + client, key="one"))
        return "posted"

    got = race(post)
    assert sorted(got) == ["key_reused"] * 19 + ["posted"]


def test_one_key_on_twenty_pairs_of_accounts_is_one_entry(chart: Chart):
    pairs = [
        tuple(
            services.account_open(
                coop_id=chart.coop_id,
                book_id=chart.book_id,
                code=f"9{side}{number}",
                name="Member",
                kind="asset",
                currency="EUR",
                actor=ANN,
                at=NOON,
            ).id
            for side in (0, 1)
        )
        for number in range(CLIENTS)
    ]

    def post(client: int) -> str:
        debit, credit = pairs[client]
        chart.post(chart.entry(debit, credit, 5, key="one"))
        return "posted"

    got = race(post)
    assert got.count("posted") == 1
    assert set(got) <= {"posted", "key_reused", "key_in_flight"}


def test_transfers_both_ways_do_not_lock_each_other_out(chart: Chart):
    chart.dues_come_in(1_000)

    def post(client: int) -> str:
        there = (chart.bank, chart.receivable)
        for _ in range(5):
            debit, credit = there if client % 2 else there[::-1]
            chart.post(chart.entry(debit, credit, 1))
        return "posted"

    assert race(post) == ["posted"] * CLIENTS
    assert bank(chart) == 1_000
    trial = selectors.trial_balance(coop_id=chart.coop_id, book_id=chart.book_id)
    assert trial.totals["EUR"][0] == trial.totals["EUR"][1]


def test_twenty_reversals_of_one_entry_are_one(chart: Chart):
    entry = chart.dues_come_in(100)
    chart.dues_come_in(10_000)

    def take_back(client: int) -> str:
        services.entry_reverse(
            coop_id=chart.coop_id,
            entry_id=entry.id,
            key=f"back-{client}",
            booked_on=date(2026, 3, 2),
            memo="Booked twice",
            actor=ANN,
            at=NOON,
        )
        return "reversed"

    got = race(take_back)
    assert sorted(got) == ["already_reversed"] * 19 + ["reversed"]


def test_holds_and_payments_racing_one_balance_never_take_it_twice(chart: Chart):
    chart.dues_come_in(100)

    def take(client: int) -> str:
        if client % 2:
            chart.post(chart.entry(chart.spending, chart.bank, 30, key=f"pay-{client}"))
            return "spent"
        services.hold_reserve(
            coop_id=chart.coop_id,
            account_id=chart.bank,
            key=f"hold-{client}",
            amount_minor=30,
            actor=ANN,
            at=NOON,
        )
        return "held"

    got = race(take)
    assert got.count("spent") + got.count("held") == 3
    assert got.count("short") == 17
    found = selectors.account_by_id(coop_id=chart.coop_id, account_id=chart.bank)
    assert found.free_minor == 10


def test_one_hold_settled_by_twenty_clients_is_settled_once(chart: Chart):
    chart.dues_come_in(100)
    hold = services.hold_reserve(
        coop_id=chart.coop_id,
        account_id=chart.bank,
        key="order",
        amount_minor=40,
        actor=ANN,
        at=NOON,
    )

    def settle(client: int) -> str:
        entry = chart.entry(chart.spending, chart.bank, 40, key=f"settle-{client}")
        services.hold_settle(
            coop_id=chart.coop_id, hold_id=hold.id, entry=entry, actor=ANN, at=NOON
        )
        return "settled"

    got = race(settle)
    assert sorted(got) == ["hold_ended"] * 19 + ["settled"]
    assert bank(chart) == 60


def test_nothing_slips_into_a_period_while_it_closes(chart: Chart):
    closed = date(2026, 3, 1)

    def deed(client: int) -> str:
        if client == 7:
            services.period_close(
                coop_id=chart.coop_id, book_id=chart.book_id, through=closed, actor=ANN, at=NOON
            )
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT count(*) FROM ledger_entry")
                return f"closed after {cursor.fetchone()[0]}"
        for _ in range(3):
            try:
                chart.post(chart.entry(chart.bank, chart.dues, 1))
            except NotPossible as refusal:
                return refusal.code
        return "posted"

    got = race(deed)
    entries = selectors.entry_list(coop_id=chart.coop_id, book_id=chart.book_id, limit=500)
    assert got[7] == f"closed after {len(entries)}"
