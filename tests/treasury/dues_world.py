"""A co-op with a manual, a fund at a sponsor and dues in force: where money begins to come in."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from commonpurse.ledger.selectors import account_by_code
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.services import manual_adopt
from commonpurse.manual.templates import template
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.dues_values import DuesPlanView
from commonpurse.treasury.services import (
    dues_plan_adopt,
    fund_open,
    mandates_standing_enact,
    sponsor_add,
)
from commonpurse.treasury.values import FundView
from tests.world import NOON, World, world

FUND_IBAN = "DE89370400440532013000"


@dataclass(frozen=True)
class Purse:
    """A world whose members owe €12.00 on the first of each month."""

    people: World
    fund: FundView
    plan: DuesPlanView

    @property
    def coop_id(self) -> UUID:
        return self.people.coop_id

    def balance(self, code: str) -> int:
        """An account's balance, debit positive."""
        found = account_by_code(coop_id=self.coop_id, book_id=self.fund.book_id, code=code)
        return found.balance_minor


def rules(**changes: object) -> Parameters:
    """The manual's parameters: €12.00 on the first of each month, and what a test changes."""
    given = template("software-users").parameters
    plain = {"dues_minor": 1_200, "dues_period_months": 1, "dues_day": 1}
    return replace(given, **(plain | changes))  # type: ignore[arg-type]


def purse(at: datetime = NOON, **changes: object) -> Purse:
    """The world of `tests.world` with a manual, a fund, standing mandates and dues."""
    people = world(at)
    manual = adopt(people, at, **changes)
    sponsor = sponsor_add(name="Hearth Trust", actor=SYSTEM, at=at)
    fund = fund_open(
        coop_id=people.coop_id,
        sponsor_id=sponsor.id,
        name="Common fund",
        currency="EUR",
        iban=FUND_IBAN,
        holder="Hearth Trust",
        actor=SYSTEM,
        at=at,
    )
    mandates_standing_enact(coop_id=people.coop_id, manual_version_id=manual, actor=SYSTEM, at=at)
    plan = dues_plan_adopt(fund_id=fund.id, actor=SYSTEM, at=at)
    return Purse(people=people, fund=fund, plan=plan)


def adopt(people: World, at: datetime, **changes: object) -> UUID:
    """A version of the manual comes into force, as if a decision had brought it about."""
    chosen = template("software-users")
    return manual_adopt(
        coop_id=people.coop_id,
        parameters=rules(**changes),
        clauses=chosen.clauses,
        template="software-users",
        decision_id=None,
        actor=SYSTEM,
        at=at,
    ).version_id


def rows(sql: str, *given: Any) -> list[tuple[object, ...]]:
    """What the database holds, as the application's role sees it."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def owed(coop_id: UUID, on: date) -> dict[UUID, int]:
    """What the sub-ledger says each member has been charged until a day."""
    found = rows(
        "SELECT member_id, sum(amount_minor) FROM treasury_charge "
        "WHERE coop_id = %s AND due_on <= %s GROUP BY member_id",
        coop_id,
        on,
    )
    return {UUID(str(member_id)): int(str(total)) for member_id, total in found}
