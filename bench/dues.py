"""What it costs to charge a month's dues to very many members, beside a bare INSERT … SELECT.

    .venv/bin/python -m bench.dues                      # 100,000 members, five rounds
    .venv/bin/python -m bench.dues --members 10000 --rounds 1

The product's run is `dues_charge`: membership decided, references looked up, rows written, each
thousand of them hashed, a ledger entry, a leaf and an audit row. The floor writes the same rows
with one INSERT … SELECT into a table with the same columns, checks and keys, once without and once
with the foreign key to the batch; the aim is judged by the faster floor, without. All commit, and
rounds alternate, so that whatever else the machine does falls on all of them.
"""

import argparse
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.scratch import machine, scratch_database

FOUNDED = datetime(2026, 1, 10, 12, tzinfo=UTC)
FIRST_DUE = datetime(2026, 2, 1, 12, tzinfo=UTC)
AIM = 3.0

MEMBERS_SQL = """
INSERT INTO groups_membership (id, coop_id, at, group_id, person_id, member_id, kind)
SELECT gen_random_uuid(), %(coop_id)s, %(at)s, %(coop_id)s, p.id, gen_random_uuid(), 'human'
FROM groups_person p
WHERE NOT EXISTS (SELECT 1 FROM groups_membership m WHERE m.person_id = p.id)
"""

PERSONS_SQL = """
INSERT INTO groups_person (id, name, kind, is_active, is_staff, session_stamp, created_at)
SELECT gen_random_uuid(), 'Member', 'human', true, false, gen_random_uuid(), %(at)s
FROM generate_series(1, %(count)s)
"""

FLOOR_SQL = """
CREATE TABLE bench_plain (LIKE treasury_charge INCLUDING ALL);
CREATE TABLE bench_linked (LIKE treasury_charge INCLUDING ALL);
ALTER TABLE bench_linked ADD FOREIGN KEY (batch_id) REFERENCES treasury_chargebatch (id)
    DEFERRABLE INITIALLY DEFERRED;
GRANT ALL ON bench_plain, bench_linked TO PUBLIC;
"""

BARE_SQL = """
INSERT INTO {table}
    (id, coop_id, member_id, period, amount_minor, due_on, reference, batch_id)
SELECT gen_random_uuid(), coop_id, member_id, period, amount_minor, due_on, reference, batch_id
FROM treasury_charge WHERE coop_id = %(coop_id)s AND period = %(period)s
ORDER BY batch_id, member_id
"""


def coop_make(count: int) -> UUID:
    """A co-op with a manual, a fund, dues of €12.00 a month and `count` members in all."""
    from django.db import connection, connections, transaction

    from tests.treasury.dues_world import purse

    with transaction.atomic():
        made = purse(FOUNDED)
    missing = count - len(made.people.members)
    with transaction.atomic(), connection.cursor() as cursor:
        given: dict[str, Any] = {"at": FOUNDED, "count": missing, "coop_id": made.coop_id}
        cursor.execute(PERSONS_SQL, given)
        # Di of the small world has an account and no membership: she stays outside.
        cursor.execute(MEMBERS_SQL + " AND p.name = 'Member'", given)
    with connections["owner"].cursor() as cursor:
        cursor.execute(FLOOR_SQL)
        cursor.execute("VACUUM ANALYZE")
    return made.coop_id


def charge(coop_id: UUID, at: datetime) -> tuple[float, int, str]:
    """The product's run: seconds, charges, the period's name."""
    from commonpurse.record.services import SYSTEM
    from commonpurse.treasury.services import dues_charge

    begin = time.perf_counter()
    run = dues_charge(coop_id=coop_id, actor=SYSTEM, at=at)
    taken = time.perf_counter() - begin
    (period,) = run.periods
    return taken, run.charged_count, period


def bare(coop_id: UUID, period: str, table: str) -> float:
    """The floor: the same rows by one bare statement, committed."""
    from django.db import connection, transaction

    begin = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE_SQL.replace("{table}", table), {"coop_id": coop_id, "period": period})
    return time.perf_counter() - begin


def measure(members: int, rounds: int) -> list[str]:
    """Run and floor in turns; the lines of the report."""
    coop_id = coop_make(members)
    first, _, period = charge(coop_id, FIRST_DUE)
    bare(coop_id, period, "bench_plain")
    bare(coop_id, period, "bench_linked")
    ours: list[float] = []
    plain: list[float] = []
    linked: list[float] = []
    for number in range(1, rounds + 1):
        taken, count, period = charge(coop_id, FIRST_DUE + timedelta(days=31 * number))
        assert count == members, f"{count} charges for {members} members"
        ours.append(taken)
        plain.append(bare(coop_id, period, "bench_plain"))
        linked.append(bare(coop_id, period, "bench_linked"))
    ratio = ratio_of(ours, plain)
    verdict = "met" if ratio <= AIM else "MISSED"
    return [
        f"members {members:,}, rounds {rounds}",
        f"first month, references made in the same run: {first:.2f} s",
        f"a month's dues: {spread(ours)}",
        f"bare INSERT … SELECT of the same rows: {spread(plain)}",
        f"the same with the foreign key: {spread(linked)}, ratio {ratio_of(ours, linked):.2f}",
        f"ratio {ratio:.2f}, aim at most {AIM:.0f}: {verdict}",
    ]


def ratio_of(ours: list[float], floor: list[float]) -> float:
    """The median over the rounds of ours to the floor."""
    return statistics.median(one / other for one, other in zip(ours, floor, strict=True))


def spread(taken: list[float]) -> str:
    """Seconds, as people compare them."""
    return f"median {statistics.median(taken):.2f} s ({min(taken):.2f} to {max(taken):.2f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with scratch_database() as name:
        print(machine(name))
        for line in measure(arguments.members, arguments.rounds):
            print(line)


if __name__ == "__main__":
    main()
