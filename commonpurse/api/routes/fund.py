"""The public fund: position, books, mandates, payments and why they were made."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router
from pydantic import Field

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.paging import (
    After,
    Limit,
    Page,
    cursor_number,
    cursor_read,
    cursor_write,
    cursor_wrong,
    page_of,
)
from commonpurse.api.schemas.base import Number
from commonpurse.api.schemas.money import (
    Account,
    Chain,
    Entry,
    Fund,
    Mandate,
    Payment,
    Position,
    Summary,
)
from commonpurse.errors import Invalid, NotFound
from commonpurse.ledger.selectors import account_list, account_statement, entry_list
from commonpurse.treasury.selectors import (
    FundView,
    chain_of_payment,
    fund_of,
    fund_position,
    fund_standing_by_id,
    fund_summary,
    mandate_by_number,
    mandate_list,
    payment_list,
    request_by_number,
)

DAYS = 365
DAYS_MAX = 3_700
DayQuery = Annotated[date | None, Field(description="A civil date.")]

router = Router(tags=["fund"])


def fund_here(call: Call) -> FundView:
    """The co-op's fund. Raises NotFound while the founding vote is open."""
    found = fund_of(call.coop_id)
    if found is None:
        raise NotFound("no_fund", "This co-op has no fund yet. It opens when it is founded.")
    return found


@router.get("/coops/{slug:slug}/fund", response=Fund, summary="The fund and its position")
def fund(request: HttpRequest, slug: str) -> dict[str, object]:
    """What the fund holds, and what of it may still be spent."""
    call = call_begin(request, slug)
    found = fund_here(call)
    return {
        "id": found.id,
        "name": found.name,
        "currency": found.currency,
        "sponsor_name": found.sponsor_name,
        "opened_at": found.opened_at,
        "position": Position.from_orm(fund_position(found.id, at=call.at)),
    }


@router.get("/coops/{slug:slug}/fund/summary", response=Summary, summary="Money in and out")
def summary(
    request: HttpRequest,
    slug: str,
    from_date: DayQuery = None,
    to_date: DayQuery = None,
) -> object:
    """What came in, what is here and where the rest went; the last year unless said."""
    call = call_begin(request, slug)
    end = to_date or timezone.localdate(call.at)
    if from_date is None and end < date.min + timedelta(days=DAYS):
        raise Invalid("dates_wrong", "Give a stretch of time that lies later.", field="to_date")
    start = from_date or end - timedelta(days=DAYS)
    if not 0 <= (end - start).days <= DAYS_MAX:
        raise Invalid("dates_wrong", "Give at most ten years, in order.", field="from_date")
    standing = fund_standing_by_id(fund_here(call).id, at=call.at)
    return fund_summary(standing, from_date=start, to_date=end)


@router.get("/coops/{slug:slug}/fund/accounts", response=Page[Account], summary="The books")
def accounts(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 100
) -> dict[str, object]:
    """The accounts of the fund's books."""
    call = call_begin(request, slug)
    found = account_list(coop_id=call.coop_id, book_id=fund_here(call).book_id)
    return page_of(found, after, limit)


@router.get("/coops/{slug:slug}/fund/entries", response=Page[Entry], summary="Entries of the books")
def entries(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every entry, newest day first."""
    call = call_begin(request, slug)
    found = entry_list(
        coop_id=call.coop_id,
        book_id=fund_here(call).book_id,
        limit=limit,
        before=day_and_id(after) if after else None,
    )
    last = found[-1] if len(found) == limit else None
    return {"items": found, "next": cursor_write(last.booked_on, last.id) if last else None}


def day_and_id(after: str) -> tuple[date, UUID]:
    """The place at which a list by day goes on. Raises Invalid `cursor_wrong`."""
    day, row = cursor_read(after, 2)
    try:
        return date.fromisoformat(day), UUID(row)
    except ValueError as error:
        raise cursor_wrong() from error


@router.get(
    "/coops/{slug:slug}/fund/accounts/{account_id}/statement",
    response=Page[dict[str, object]],
    summary="An account's statement",
)
def statement(
    request: HttpRequest,
    slug: str,
    account_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """An account's postings, newest first, each with the balance after it."""
    call = call_begin(request, slug)
    found = account_statement(
        coop_id=call.coop_id,
        account_id=account_id,
        limit=limit,
        older_than=cursor_number(after) if after else None,
    )
    items = [
        {
            "entry_id": str(line.entry_id),
            "booked_on": line.booked_on.isoformat(),
            "kind": line.kind,
            "memo": line.memo,
            "amount_minor": line.amount_minor,
            "account_version": line.account_version,
            "balance_after": line.balance_after,
        }
        for line in found.lines
    ]
    return {"items": items, "next": cursor_write(found.older) if found.older else None}


@router.get("/coops/{slug:slug}/mandates", response=Page[Mandate], summary="Mandates")
def mandates(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every authority to spend."""
    call = call_begin(request, slug)
    return page_of(mandate_list(call.coop_id, at=call.at), after, limit)


@router.get("/coops/{slug:slug}/mandates/{number}", response=Mandate, summary="One mandate")
def mandate(request: HttpRequest, slug: str, number: Path[Number]) -> object:
    """An authority to spend, and how much of it is left."""
    call = call_begin(request, slug)
    return mandate_by_number(call.coop_id, number, at=call.at)


@router.get("/coops/{slug:slug}/payments", response=Page[Payment], summary="Payments")
def payments(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every payment that left the fund, newest first."""
    call = call_begin(request, slug)
    found = payment_list(call.coop_id, before=day_and_id(after) if after else None, limit=limit)
    last = found[-1] if len(found) == limit else None
    following = cursor_write(last.booked_on, last.settlement_id) if last else None
    return {"items": found, "next": following}


@router.get(
    "/coops/{slug:slug}/payments/{number}/chain", response=Chain, summary="Why was this paid?"
)
def chain(request: HttpRequest, slug: str, number: Path[Number]) -> dict[str, object]:
    """From the money that left to the vote and the manual that allowed it."""
    call = call_begin(request, slug)
    found = request_by_number(call.coop_id, number, at=call.at)
    if found.settlement_id is None:
        raise NotFound("no_payment", "Nothing was paid for this request.")
    made = chain_of_payment(found.settlement_id, at=call.at)
    return {
        "number": number,
        "decision_id": made.decision_id,
        "manual_version_id": made.manual_version_id,
        "steps": made.steps,
    }
