"""The database books a bank's file once, whoever writes past the services.

Each test copies a row as the application's role, with an id and a leaf of its own.
"""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from commonpurse.record.ids import new_id
from commonpurse.record.models import AuditedModel
from commonpurse.record.services import SYSTEM, row_add
from commonpurse.treasury.models import BankLine, BankStatement, LineBooking
from commonpurse.treasury.services import dues_charge, statement_import
from tests.formats.statements import camt, detail, entry, statement
from tests.treasury.dues_world import Purse, purse

pytestmark = pytest.mark.django_db
APRIL = datetime(2026, 4, 3, 12, tzinfo=UTC)


@pytest.fixture
def here() -> Purse:
    made = purse()
    dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=APRIL)
    line = entry("12.00", day="2026-04-02", details=detail(name="A friend", text="For the fund"))
    statement_import(
        fund_id=made.fund.id,
        data=camt(statement(line, opening="0", closing="12.00")),
        filename="april.xml",
        actor=made.people.eve,
        at=APRIL,
    )
    return made


def again(row: AuditedModel, **changes: object) -> None:
    """The same row once more, with some of its columns changed."""
    row.id = new_id()
    row._state.adding = True
    for name, value in changes.items():
        setattr(row, name, value)
    with transaction.atomic():
        row_add(row)


def test_a_movement_stands_once_in_the_database(here: Purse) -> None:
    line = BankLine.objects.get()
    with pytest.raises(IntegrityError, match="line_once"):
        again(line, ordinal=2)


def test_a_statement_stands_once_in_the_database(here: Purse) -> None:
    with pytest.raises(IntegrityError, match="statement_once"):
        again(BankStatement.objects.get())


def test_a_line_is_booked_once_in_the_database(here: Purse) -> None:
    with pytest.raises(IntegrityError, match="booking_once"):
        again(LineBooking.objects.get())


@pytest.mark.parametrize("balanced", [False, None])
def test_what_does_not_reconcile_has_a_reason_in_the_database(
    here: Purse, balanced: bool | None
) -> None:
    with pytest.raises(IntegrityError, match="statement_reconciles_or_reason"):
        again(BankStatement.objects.get(), ordinal=2, balanced=balanced)
