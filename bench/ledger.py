"""How fast the ledger posts, beside bare INSERTs of the same rows and beside django-hordak.

    .venv/bin/python -m bench.ledger            # all of it, about three minutes
    .venv/bin/python -m bench.ledger --no-hordak --rounds 1 --seconds 2

Every client is a process with one connection. Rounds of ours and of the floor alternate, so that
whatever else the machine does falls on both.
"""

import argparse
import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing.managers import SyncManager
from multiprocessing.pool import Pool
from threading import Barrier
from uuid import UUID, uuid4

import psycopg

from bench.peer import hordak_rate
from bench.scratch import database_use, dsn_of, machine, scratch_database, server

CLIENTS = 8
ACCOUNTS = 50
BATCH = 250
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)

FLOOR_TABLES = (
    "ledger_entry",
    "ledger_posting",
    "record_leaf",
    "record_pendingleaf",
    "record_auditrow",
)


@dataclass(frozen=True)
class Books:
    """The book that the clients post into."""

    database: str
    coop_id: UUID
    book_id: UUID
    accounts: tuple[UUID, ...]


Deed = Callable[[Books, float, int], int]
"""A client's work: into these books, until this moment, with this seed; how many transfers."""


def books_make(database: str) -> Books:
    """A book with fifty accounts, as the product makes it."""
    from django.db import transaction

    from commonpurse.ledger import services
    from commonpurse.record.services import SYSTEM

    coop_id = uuid4()
    with transaction.atomic():
        book = services.book_open(
            coop_id=coop_id, owner_id=uuid4(), name="Bench", actor=SYSTEM, at=AT
        )
        accounts = [
            services.account_open(
                coop_id=coop_id,
                book_id=book.id,
                code=f"{1000 + number}",
                name="Account",
                kind="asset",
                currency="EUR",
                floor_minor=-(10**15),
                actor=SYSTEM,
                at=AT,
            ).id
            for number in range(ACCOUNTS)
        ]
    return Books(database, coop_id, book.id, tuple(accounts))


def ours(books: Books, until: float, seed: int) -> int:
    """Transfers between two of fifty accounts, through the service, each committed."""
    chance = random.Random(seed)
    return post_singles(books, until, lambda: tuple(chance.sample(books.accounts, 2)))


def hot_singles(books: Books, until: float, seed: int) -> int:
    """As `ours`, and every transfer touches the one fund account."""
    chance = random.Random(seed)
    return post_singles(
        books, until, lambda: (books.accounts[0], chance.choice(books.accounts[1:]))
    )


def post_singles(books: Books, until: float, pair: Callable[[], tuple[UUID, ...]]) -> int:
    """Transfers between the accounts that `pair` names, until the time is up."""
    from commonpurse.ledger.services import entry_post
    from commonpurse.ledger.values import Line
    from commonpurse.record.services import SYSTEM

    done = 0
    while time.perf_counter() < until:
        debit, credit = pair()
        entry_post(
            coop_id=books.coop_id,
            book_id=books.book_id,
            key=str(uuid4()),
            booked_on=DAY,
            kind="transfer",
            lines=(Line(debit, 500), Line(credit, -500)),
            memo="Dues of March",
            actor=SYSTEM,
            at=AT,
        )
        done += 1
    return done


def hot_batches(books: Books, until: float, seed: int) -> int:
    """Batches of entries that all touch the one fund account."""
    from commonpurse.ledger.services import entries_post
    from commonpurse.ledger.values import Line, NewEntry
    from commonpurse.record.services import SYSTEM

    chance = random.Random(seed)
    done = 0
    while time.perf_counter() < until:
        entries = [
            NewEntry(
                key=str(uuid4()),
                booked_on=DAY,
                kind="dues",
                memo="Dues of March",
                lines=(
                    Line(books.accounts[0], 500),
                    Line(chance.choice(books.accounts[1:]), -500),
                ),
            )
            for _ in range(BATCH)
        ]
        entries_post(
            coop_id=books.coop_id, book_id=books.book_id, entries=entries, actor=SYSTEM, at=AT
        )
        done += BATCH
    return done


def floor_make(database: str) -> None:
    """The same tables without triggers, checks of other tables or a door: keys and indexes stay."""
    with psycopg.connect(dsn_of("owner", database), autocommit=True) as owner:
        for table in FLOOR_TABLES:
            owner.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
            owner.execute(f"GRANT INSERT, TRUNCATE ON floor_{table} TO PUBLIC")


def floor(books: Books, until: float, seed: int) -> int:
    """The rows of a transfer by bare INSERTs, one for each table, one commit for each transfer."""
    del seed
    body = '{"at":"2026-03-01T12:00:00.000000Z","fields":{' + "x" * 560 + "}}"
    digest, coop, book = b"\x00" * 32, books.coop_id, books.book_id
    debit, credit, done = uuid4(), uuid4(), 0
    with psycopg.connect(dsn_of("default", books.database), autocommit=True) as session:
        while time.perf_counter() < until:
            done += 1
            entry, key, moved = uuid4(), str(uuid4()), 500 * done
            with session.transaction():
                session.execute(
                    "INSERT INTO floor_ledger_entry (id, coop_id, book_id, at, booked_on, kind,"
                    " memo, key, body_hash, reverses_id, postings_count)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                    (entry, coop, book, AT, DAY, "transfer", "Dues", key, digest, None, 2),
                )
                session.execute(
                    "INSERT INTO floor_ledger_posting (coop_id, account_id, account_version,"
                    " entry_id, amount_minor, balance_after)"
                    " VALUES (%s, %s, %s, %s, %s, %s), (%s, %s, %s, %s, %s, %s)",
                    (coop, debit, done, entry, 500, moved, coop, credit, done, entry, -500, -moved),
                )
                session.execute(
                    "INSERT INTO floor_record_leaf (id, coop_id, kind, at, body, leaf_hash)"
                    " VALUES (%s, %s, %s, %s, %s, %s)",
                    (entry, coop, "entry.posted", AT, body, digest),
                )
                session.execute(
                    "INSERT INTO floor_record_pendingleaf (id, coop_id) VALUES (%s, %s)",
                    (entry, coop),
                )
                session.execute(
                    "INSERT INTO floor_record_auditrow (id, coop_id, actor_id, service,"
                    " subject_id, at, detail) VALUES (%s, %s, %s, %s, %s, %s, %s)",
                    (uuid4(), coop, None, "entry_post", entry, AT, '{"entries": "1"}'),
                )
    return done


def client(
    deed: Deed, books: Books, seconds: float, seed: int, start: Barrier
) -> tuple[int, float]:
    """One client's life: connect, warm up, wait for the others, work."""
    database_use(books.database)
    deed(books, time.perf_counter() + 0.3, seed)
    start.wait()
    began = time.perf_counter()
    done = deed(books, began + seconds, seed + 1)
    return done, time.perf_counter() - began


@dataclass(frozen=True)
class Clients:
    """Processes that stand ready, so that a round begins at once."""

    pool: Pool
    manager: SyncManager
    books: Books
    seconds: float

    def rate(self, deed: Deed, count: int = CLIENTS) -> float:
        """Transfers a second of so many clients at once."""
        start = self.manager.Barrier(count)
        given = [
            (deed, self.books, self.seconds, random.randrange(10**9), start) for _ in range(count)
        ]
        return sum(done / took for done, took in self.pool.starmap(client, given, chunksize=1))


@contextmanager
def clients_ready(books: Books, seconds: float) -> Iterator[Clients]:
    """Eight processes, gone at the end."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, spawn.Pool(CLIENTS) as pool:
        yield Clients(pool, manager, books, seconds)
        pool.close()
        pool.join()


def statistics_gather(database: str, clients: Clients) -> None:
    """Let both sides warm up, and the server learn how large its tables are.

    A living server learns it within a minute (autovacuum); until then it may look an entry up by
    an index that names the co-op alone, and every entry makes the next one slower.
    """
    clients.rate(floor, count=1)
    clients.rate(ours, count=1)
    with psycopg.connect(dsn_of("owner", database), autocommit=True) as owner:
        owner.execute("ANALYZE")


def chains_hold(books: Books) -> bool:
    """After all of it the books still balance and every chain is whole."""
    with psycopg.connect(dsn_of("owner", books.database)) as owner:
        row = owner.execute(
            "SELECT (SELECT sum(balance_minor) FROM ledger_balance) = 0 AND NOT EXISTS ("
            " SELECT FROM ledger_balance s JOIN (SELECT account_id, max(account_version) AS last,"
            " count(*) AS size, sum(amount_minor) AS total FROM ledger_posting GROUP BY 1) p"
            " ON p.account_id = s.id WHERE s.version <> p.last OR p.last <> p.size"
            " OR p.total <> s.balance_minor)"
        ).fetchone()
    return bool(row and row[0])


def main() -> None:
    """Measure, and print a table for RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-hordak", action="store_true")
    given = parser.parse_args()
    with server():
        with scratch_database() as database:
            print(machine(database))
            books = books_make(database)
            floor_make(database)
            with clients_ready(books, given.seconds) as clients:
                statistics_gather(database, clients)
                pairs = [(clients.rate(floor), clients.rate(ours)) for _ in range(given.rounds)]
                singles = clients.rate(hot_singles)
                batches = clients.rate(hot_batches, count=2)
            bare = statistics.median(one for one, _ in pairs)
            mine = statistics.median(one for _, one in pairs)
            ratios = [ours_rate / floor_rate for floor_rate, ours_rate in pairs]
            print(f"transfers/s, {ACCOUNTS} accounts, {CLIENTS} clients: {mine:,.0f}")
            print(f"bare INSERTs of the same rows, transfers/s: {bare:,.0f}")
            shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            print(
                f"ratio to the floor: {statistics.median(ratios):.2f} (rounds: {shown}); aim 0.35"
            )
            print(f"one hot account, singles: {2 * singles:,.0f} postings/s ({CLIENTS} clients)")
            print(f"one hot account, batches of {BATCH}: {2 * batches:,.0f} postings/s; aim 5,000")
            print(f"chains whole and books balanced afterwards: {chains_hold(books)}")
        if not given.no_hordak:
            peer = hordak_rate(CLIENTS, ACCOUNTS, given.seconds)
            print(f"django-hordak 2.0, transfers/s: {peer:,.0f}")
            print(f"ours to django-hordak: {mine / peer:.1f}; aim 10")


if __name__ == "__main__":
    main()
