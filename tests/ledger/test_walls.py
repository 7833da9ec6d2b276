"""What somebody with a database session may not do, as the application's role and as the owner."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from commonpurse.ledger import services
from commonpurse.ledger.values import EntryView
from commonpurse.record.ids import new_id, random_id
from tests.conftest import OwnDatabase
from tests.ledger.chart import ANN, MARCH, NOON, Chart, chart_make

ENTRY_SQL = """
INSERT INTO ledger_entry (id, coop_id, book_id, at, booked_on, kind, memo, key, body_hash,
                          reverses_id, postings_count)
VALUES (%s, %s, %s, %s, %s, %s, 'By hand', %s, %s, %s, %s)
"""
POSTINGS_SQL = """
INSERT INTO ledger_posting (coop_id, account_id, account_version, entry_id, amount_minor,
                            balance_after)
VALUES
"""
Session = psycopg.Connection[tuple[object, ...]]
HASH = b"\x00" * 32
APPEND_ONLY = (
    "ledger_book",
    "ledger_account",
    "ledger_entry",
    "ledger_posting",
    "ledger_hold",
    "ledger_holdend",
    "ledger_periodclose",
)


@pytest.fixture
def books(own_database: OwnDatabase, django_db_blocker) -> Iterator[tuple[Chart, EntryView]]:
    with django_db_blocker.unblock(), transaction.atomic():
        chart = chart_make()
        entry = chart.dues_come_in(100)
    with django_db_blocker.unblock():
        yield chart, entry


@pytest.fixture
def owner(own_database: OwnDatabase) -> Iterator[Session]:
    with psycopg.connect(own_database.dsn("owner"), autocommit=True) as session:
        yield session


@pytest.fixture
def app(own_database: OwnDatabase) -> Iterator[Session]:
    with psycopg.connect(own_database.dsn("app"), autocommit=True) as session:
        yield session


def entry_sql(chart: Chart, entry_id: UUID, count: int, **more: object) -> tuple[str, list[object]]:
    values = {
        "booked_on": MARCH,
        "kind": "transfer",
        "reverses": None,
        "book": chart.book_id,
    } | more
    return (
        ENTRY_SQL,
        [
            entry_id,
            chart.coop_id,
            values["book"],
            NOON,
            values["booked_on"],
            values["kind"],
            str(entry_id),
            HASH,
            values["reverses"],
            count,
        ],
    )


Row = tuple[UUID, int, int, int]
"""Account, version, amount, balance after."""


def postings_sql(chart: Chart, entry_id: UUID, rows: Sequence[Row]) -> tuple[str, list[object]]:
    places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    values: list[object] = []
    for account, version, amount, after in rows:
        values += [chart.coop_id, account, version, entry_id, amount, after]
    return POSTINGS_SQL + places, values


def whole(session: Session, chart: Chart, rows: Sequence[Row], **more: object) -> UUID:
    """An entry and its postings in one statement, by hand."""
    entry_id = new_id()
    entry, entry_values = entry_sql(chart, entry_id, len(rows), **more)
    postings, values = postings_sql(chart, entry_id, rows)
    session.execute(f"WITH e AS ({entry}) {postings}", [*entry_values, *values])
    return entry_id


def refused_code(session: Session, sql: str, values: Sequence[object] = ()) -> str:
    with pytest.raises(psycopg.Error) as caught:
        session.execute(sql, values)
    return caught.value.diag.constraint_name or caught.value.sqlstate or ""


def rows_code(session: Session, chart: Chart, rows: Sequence[Row], **more: object) -> str:
    with pytest.raises(psycopg.Error) as caught:
        whole(session, chart, rows, **more)
    return caught.value.diag.constraint_name or caught.value.sqlstate or ""


def balance_of(session: Session, account: UUID) -> tuple[object, ...] | None:
    return session.execute(
        "SELECT version, balance_minor, held_minor FROM ledger_balance WHERE id = %s", [account]
    ).fetchone()


def good(chart: Chart, amount: int = 5) -> list[Row]:
    return [(chart.bank, 2, amount, 100 + amount), (chart.dues, 2, -amount, -100 - amount)]


def test_the_owner_can_write_a_whole_entry_and_the_balance_follows(books, owner: Session):
    chart, _ = books
    whole(owner, chart, good(chart))
    assert balance_of(owner, chart.bank) == (2, 105, 0)
    assert balance_of(owner, chart.dues) == (2, -105, 0)


def test_an_unbalanced_entry_is_refused_to_the_owner(books, owner: Session):
    chart, _ = books
    rows = [(chart.bank, 2, 5, 105), (chart.dues, 2, -4, -104)]
    assert rows_code(owner, chart, rows) == "unbalanced"


def test_currencies_do_not_balance_each_other_for_the_owner_either(books, owner: Session):
    chart, _ = books
    rows = [(chart.dollars, 1, 5, 5), (chart.dues, 2, -5, -105)]
    assert rows_code(owner, chart, rows) == "unbalanced"


def test_an_entry_without_postings_is_refused_to_the_owner(books, owner: Session):
    chart, _ = books
    assert refused_code(owner, *entry_sql(chart, new_id(), 2)) == "too_few"
    assert refused_code(owner, *entry_sql(chart, new_id(), 1)) == "entry_postings_range"


def test_an_entry_and_its_postings_in_two_statements_are_refused(books, owner: Session):
    chart, _ = books
    entry_id = new_id()
    assert refused_code(owner, *postings_sql(chart, entry_id, good(chart))) == "no_account"
    assert refused_code(owner, *entry_sql(chart, entry_id, 2)) == "too_few"
    assert balance_of(owner, chart.bank) == (1, 100, 0)


def test_a_late_but_balanced_pair_is_refused(books, owner: Session):
    chart, entry = books
    rows = [(chart.spending, 1, 5, 5), (chart.receivable, 1, -5, -5)]
    assert refused_code(owner, *postings_sql(chart, entry.id, rows)) == "not_whole"


def test_an_entry_that_counts_its_postings_wrongly_is_refused(books, owner: Session):
    chart, _ = books
    entry_id = new_id()
    entry, entry_values = entry_sql(chart, entry_id, 3)
    postings, values = postings_sql(chart, entry_id, good(chart))
    sql = f"WITH e AS ({entry}) {postings}"
    assert refused_code(owner, sql, [*entry_values, *values]) == "not_whole"


@pytest.mark.parametrize(
    ("version", "after"), [(3, 105), (1, 105), (2, 106)], ids=["gap", "again", "wrong balance"]
)
def test_an_account_s_chain_goes_on_without_a_gap(books, owner: Session, version: int, after: int):
    chart, _ = books
    rows = [(chart.bank, version, 5, after), (chart.dues, 2, -5, -105)]
    assert rows_code(owner, chart, rows) in {"chain_broken", "ledger_posting_pkey"}
    assert balance_of(owner, chart.bank) == (1, 100, 0)


def test_a_floor_holds_for_the_owner_and_gives_way_to_the_bank_alone(books, owner: Session):
    chart, _ = books
    rows = [(chart.bank, 2, -101, -1), (chart.spending, 1, 101, 101)]
    assert rows_code(owner, chart, rows) == "short"
    whole(owner, chart, rows, kind="bank_fact")
    assert balance_of(owner, chart.bank) == (2, -1, 0)


def test_accounts_of_another_book_are_refused_to_the_owner(books, owner: Session):
    chart, _ = books
    with transaction.atomic():
        other = chart_make()
    rows = [(other.bank, 1, 5, 5), (other.dues, 1, -5, -5)]
    assert rows_code(owner, chart, rows) == "no_account"
    own = [(chart.bank, 2, 5, 105), (other.dues, 1, -5, -5)]
    assert rows_code(owner, chart, own) == "no_account"
    stray = [(random_id(), 1, 5, 5), (chart.dues, 2, -5, -105)]
    assert rows_code(owner, chart, stray) == "no_account"


def test_a_closed_period_is_closed_to_the_owner(books, owner: Session):
    chart, _ = books
    services.period_close(
        coop_id=chart.coop_id, book_id=chart.book_id, through=MARCH, actor=ANN, at=NOON
    )
    assert rows_code(owner, chart, good(chart)) == "period_closed"
    again = (
        "INSERT INTO ledger_periodclose (id, coop_id, at, book_id, through) VALUES (%s,%s,%s,%s,%s)"
    )
    values = [new_id(), chart.coop_id, NOON, chart.book_id, datetime(2026, 1, 1, tzinfo=UTC).date()]
    assert refused_code(owner, again, values) == "period_closed"


def test_an_entry_is_reversed_once_and_exactly_by_the_owner_too(books, owner: Session):
    chart, entry = books
    half = [(chart.bank, 2, -50, 50), (chart.dues, 2, 50, -50)]
    assert rows_code(owner, chart, half, reverses=entry.id) == "not_reversal"
    back = [(chart.bank, 2, -100, 0), (chart.dues, 2, 100, 0)]
    whole(owner, chart, back, reverses=entry.id)
    again = [(chart.bank, 3, -100, -100), (chart.dues, 3, 100, 100)]
    assert (
        rows_code(owner, chart, again, reverses=entry.id, kind="bank_fact") == "entry_reversed_once"
    )


def test_a_key_is_used_once_in_a_book_by_the_owner_too(books, owner: Session):
    chart, _ = books
    known = whole(owner, chart, good(chart))
    entry_id = new_id()
    entry, entry_values = entry_sql(chart, entry_id, 2)
    entry_values[6] = str(known)
    rows = [(chart.bank, 3, 5, 110), (chart.dues, 3, -5, -110)]
    postings, values = postings_sql(chart, entry_id, rows)
    sql = f"WITH e AS ({entry}) {postings}"
    assert refused_code(owner, sql, [*entry_values, *values]) == "entry_key_once"


def test_amounts_beyond_64_bits_are_refused_to_the_owner(books, owner: Session):
    chart, _ = books
    top = 2**63 - 1
    rows = [(chart.bank, 2, top, top), (chart.dues, 2, -top, -top)]
    assert rows_code(owner, chart, rows) == "22003"
    assert rows_code(owner, chart, [(chart.bank, 2, 0, 100), (chart.dues, 2, 0, -100)]) == (
        "posting_not_zero"
    )


def test_what_is_written_stays_for_both_roles(books, owner: Session, app: Session):
    for table in APPEND_ONLY:
        for sql in (
            f"UPDATE {table} SET coop_id = coop_id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            assert (sql, refused_code(owner, sql)) == (sql, "23000")
            assert (sql, refused_code(app, sql)) == (sql, "42501")


def test_currency_kind_floor_and_the_entry_of_a_posting_are_for_life(books, owner: Session):
    for change in (
        "UPDATE ledger_account SET currency = 'USD'",
        "UPDATE ledger_account SET kind = 'equity'",
        "UPDATE ledger_account SET floor_minor = NULL",
        "UPDATE ledger_posting SET entry_id = gen_random_uuid()",
        "UPDATE ledger_posting SET amount_minor = amount_minor * 2",
        "UPDATE ledger_entry SET booked_on = booked_on - 1",
        "UPDATE ledger_entry SET reverses_id = NULL",
    ):
        assert (change, refused_code(owner, change)) == (change, "23000")


def test_a_balance_follows_from_its_postings_and_from_nothing_else(
    books, owner: Session, app: Session
):
    for change in (
        "UPDATE ledger_balance SET balance_minor = 0",
        "UPDATE ledger_balance SET version = version + 1",
        "UPDATE ledger_balance SET held_minor = 0",
        "DELETE FROM ledger_balance",
        "TRUNCATE ledger_balance",
        "INSERT INTO ledger_balance VALUES (gen_random_uuid(), gen_random_uuid(), 0, 0, 0)",
    ):
        assert (change, refused_code(owner, change)) == (change, "23000")
        assert (change, refused_code(app, change)) == (change, "42501")


def test_the_application_s_role_writes_entries_through_the_door_only(books, app: Session):
    chart, entry = books
    assert refused_code(app, *entry_sql(chart, new_id(), 2)) == "42501"
    assert refused_code(app, *postings_sql(chart, entry.id, good(chart))) == "42501"
    grants = app.execute(
        "SELECT has_function_privilege('public', p.oid, 'EXECUTE'),"
        " has_function_privilege(current_user, p.oid, 'EXECUTE'), p.prosecdef, p.proconfig"
        " FROM pg_proc p WHERE p.proname = 'ledger_post'"
    ).fetchall()
    ((everybody, ours, is_definer, settings),) = grants
    assert (everybody, ours, is_definer) == (False, True, True)
    assert "search_path=pg_catalog, public, pg_temp" in str(settings)


def door_values(chart: Chart, accounts: list[UUID], amounts: list[int]) -> list[object]:
    return [
        chart.coop_id,
        chart.book_id,
        NOON,
        None,
        "entry_post",
        chart.book_id,
        new_id(),
        [new_id()],
        ["door"],
        [MARCH],
        ["transfer"],
        ["Through the door"],
        [None],
        [1] * len(accounts),
        accounts,
        amounts,
    ]


DOOR = (
    "SELECT * FROM ledger_post(%s, %s, %s, %s, %s, %s, %s, %s::uuid[], %s::text[], %s::date[],"
    " %s::text[], %s::text[], %s::uuid[], %s::int[], %s::uuid[], %s::bigint[])"
)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("bank", 5), ("dues", -4)], "unbalanced"),
        ([("bank", -101), ("spending", 101)], "short"),
        ([("bank", 5)], "entry_postings_range"),
        ([("bank", 5), ("bank", -5)], "posting_account_once_per_entry"),
        ([("bank", 0), ("dues", 0)], "posting_not_zero"),
        ([], "no_account"),
    ],
)
def test_the_door_itself_judges_whoever_knocks(
    books, app: Session, lines: list[tuple[str, int]], code: str
):
    chart, _ = books
    accounts = [getattr(chart, name) for name, _ in lines]
    values = door_values(chart, accounts, [amount for _, amount in lines])
    assert refused_code(app, DOOR, values) == code
    assert balance_of(app, chart.bank) == (1, 100, 0)


def test_a_schema_of_one_s_own_does_not_lead_the_door_astray(books, owner: Session, app: Session):
    chart, _ = books
    app.execute("CREATE TEMP TABLE ledger_balance AS SELECT * FROM public.ledger_balance")
    app.execute(DOOR, door_values(chart, [chart.bank, chart.dues], [7, -7]))
    assert balance_of(owner, chart.bank) == (2, 107, 0)


def test_a_hold_beyond_what_is_free_is_refused_to_both_roles(books, owner: Session, app: Session):
    chart, _ = books
    sql = (
        "INSERT INTO ledger_hold (id, coop_id, at, account_id, key, amount_minor, expires_at)"
        " VALUES (%s, %s, %s, %s, 'h', %s, NULL)"
    )
    for session in (owner, app):
        values = [new_id(), chart.coop_id, NOON, chart.bank, 101]
        assert refused_code(session, sql, values) == "short"
        stray = [new_id(), random_id(), NOON, chart.bank, 1]
        assert refused_code(session, sql, stray) == "no_account"
    held = new_id()
    app.execute(sql, [held, chart.coop_id, NOON, chart.bank, 100])
    assert balance_of(app, chart.bank) == (1, 100, 100)
    end = (
        "INSERT INTO ledger_holdend (id, coop_id, at, hold_id, kind, entry_id)"
        " VALUES (%s, %s, %s, %s, %s, NULL)"
    )
    ending = [new_id(), chart.coop_id, NOON, held]
    assert refused_code(app, end, [*ending, "expired"]) == "not_expired"
    assert refused_code(app, end, [*ending, "settled"]) == "hold_settled_has_entry"
    assert refused_code(app, end, [new_id(), random_id(), NOON, held, "released"]) == "no_hold"
    app.execute(end, [*ending, "released"])
    assert balance_of(app, chart.bank) == (1, 100, 0)
    again = [new_id(), chart.coop_id, NOON, held, "released"]
    assert refused_code(app, end, again) == "hold_ended_once"


def test_an_account_needs_a_book_of_its_own_co_op(books, app: Session):
    chart, _ = books
    sql = (
        "INSERT INTO ledger_account (id, coop_id, at, book_id, code, name, kind, currency)"
        " VALUES (%s, %s, %s, %s, '9000', 'Stray', 'asset', 'EUR')"
    )
    assert refused_code(app, sql, [new_id(), random_id(), NOON, chart.book_id]) == "no_book"


def test_a_closing_needs_a_book_of_its_own_co_op(books, app: Session):
    chart, _ = books
    sql = (
        "INSERT INTO ledger_periodclose (id, coop_id, at, book_id, through)"
        " VALUES (%s, %s, %s, %s, %s)"
    )
    stray = [new_id(), random_id(), NOON, chart.book_id, MARCH]
    assert refused_code(app, sql, stray) == "no_book"


def test_a_hold_that_ended_does_not_free_what_another_holds(books, app: Session):
    chart, _ = books
    first, second = new_id(), new_id()
    for held in (first, second):
        app.execute(
            "INSERT INTO ledger_hold (id, coop_id, at, account_id, key, amount_minor, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, 40, NULL)",
            [held, chart.coop_id, NOON, chart.bank, str(held)],
        )
    end = (
        "INSERT INTO ledger_holdend (id, coop_id, at, hold_id, kind, entry_id)"
        " VALUES (%s, %s, %s, %s, 'released', NULL)"
    )
    app.execute(end, [new_id(), chart.coop_id, NOON, first])
    again = [new_id(), chart.coop_id, NOON, first]
    assert refused_code(app, end, again) == "hold_ended_once"
    assert balance_of(app, chart.bank) == (1, 100, 40)
