"""A month of the fund: what is missing before it is closed, and closing it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import Field

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.once import writes
from commonpurse.api.routes.fund import fund_here
from commonpurse.errors import NotFound
from commonpurse.treasury.selectors import MonthView, month_view, months_of
from commonpurse.treasury.services import month_close as close_month

MonthName = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}$", description="Such as 2026-10.", examples=["2026-10"]),
]

router = Router(tags=["bank"])


class MonthCheck(Schema):
    """One thing to look at. A month waits for those that are needed and not done."""

    key: str
    is_done: bool
    is_needed: bool
    count: int
    minor: int


class TrialLine(Schema):
    """Where an account stood at the end of the month."""

    code: str
    name: str
    debit_minor: int
    credit_minor: int


class Month(Schema):
    """A month of the fund, as it stands. `closed_at` and `leaf_id` once it is closed."""

    month: str
    currency: str
    opening_minor: int
    closing_minor: int
    statement_until: date | None
    checks: list[MonthCheck]
    trial_balance: list[TrialLine]
    is_ready: bool
    closed_at: datetime | None
    closed_through: date | None
    leaf_id: UUID | None


def month_plain(found: MonthView) -> Month:
    """A month as its schema has it."""
    return Month(
        month=f"{found.first:%Y-%m}",
        currency=found.fund.currency,
        opening_minor=found.summary.opening_minor,
        closing_minor=found.summary.closing_minor,
        statement_until=found.statement_until,
        checks=[MonthCheck.from_orm(check) for check in found.checks],
        trial_balance=[TrialLine.from_orm(row) for row in found.trial.rows],
        is_ready=found.is_ready,
        closed_at=found.closed.at if found.closed else None,
        closed_through=found.closed_through,
        leaf_id=found.closed.id if found.closed else None,
    )


def first_here(call: Call, month: str) -> tuple[UUID, date]:
    """The fund, and the first day of a month that it has. Raises NotFound."""
    fund = fund_here(call)
    for first, _is_closed in months_of(fund.id, at=call.at):
        if f"{first:%Y-%m}" == month:
            return fund.id, first
    raise NotFound("no_month", "The fund has no such month.")


@router.get("/coops/{slug:slug}/months/{month}", response=Month, summary="A month of the fund")
def month(request: HttpRequest, slug: str, month: Path[MonthName]) -> Month:
    """What is done, what is missing, and whether the month is closed. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    fund_id, first = first_here(call, month)
    return month_plain(month_view(fund_id, first, at=call.at))


@router.post("/coops/{slug:slug}/months/{month}/close", response=Month, summary="Close a month")
@writes("pay")
def month_close(request: HttpRequest, slug: str, month: Path[MonthName]) -> Month:
    """Close a month for good; closed already, it stays as it is. For treasurers."""
    call = call_begin(request, slug)
    treasurer = call.treasurer
    fund_id, first = first_here(call, month)
    return month_plain(close_month(fund_id=fund_id, first=first, actor=treasurer, at=call.at))
