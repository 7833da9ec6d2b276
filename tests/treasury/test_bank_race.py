"""Two treasurers import the same file at the same instant; two workers charge the same month."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import TypeVar

from django.db import connections, transaction

from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import member_reference
from commonpurse.treasury.services import dues_charge, statement_import
from tests.conftest import OwnDatabase
from tests.formats.statements import camt, detail, entry, statement
from tests.treasury.dues_world import Purse, purse, rows

APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)
CLIENTS = 4
Answer = TypeVar("Answer")


def together(work: Callable[[], Answer]) -> list[Answer]:
    """`work`, by several clients at once, each with its own connection."""
    start = Barrier(CLIENTS)

    def client() -> Answer:
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [future.result() for future in [pool.submit(client) for _ in range(CLIENTS)]]


def charged() -> Purse:
    with transaction.atomic():
        made = purse()
        dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=APRIL)
    return made


def test_the_same_file_imported_at_once_is_booked_once(
    own_database: OwnDatabase, django_db_blocker: object
) -> None:
    del own_database
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        made = charged()
        reference = member_reference(made.coop_id, made.people.cy.member_id)
        line = entry("12.00", day="2026-04-02", details=detail(reference=reference))
        data = camt(statement(line, opening="0", closing="12.00"))
        views = together(
            lambda: statement_import(
                fund_id=made.fund.id, data=data, filename="x", actor=made.people.eve, at=APRIL
            )
        )
        assert sorted(view.is_repeat for view in views) == [False, True, True, True]
        assert len({view.statement_ids for view in views}) == 1
        assert made.balance("1000") == 1_200
        assert rows("SELECT count(*) FROM treasury_bankline") == [(1,)]


def test_a_month_charged_at_once_is_charged_once(
    own_database: OwnDatabase, django_db_blocker: object
) -> None:
    del own_database
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with transaction.atomic():
            made = purse()
        runs = together(lambda: dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=APRIL))
        assert sorted(run.charged_count for run in runs) == [0, 0, 0, 4]
        assert made.balance("1100") == 4_800
