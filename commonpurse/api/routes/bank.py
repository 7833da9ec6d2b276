"""The treasurer's desk: dues, orders for the bank, statements from it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, Router
from ninja.files import UploadedFile

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, page_of
from commonpurse.api.routes.fund import fund_here
from commonpurse.api.schemas.money import (
    AssignIn,
    BankLine,
    Dues,
    DuesOverview,
    Import,
    Order,
    OrderFile,
    OrderFileIn,
    PaidIn,
    Statement,
    WhyForm,
)
from commonpurse.errors import NotFound
from commonpurse.treasury.selectors import (
    LineView,
    OrderView,
    access_line,
    access_order,
    access_order_file,
    dues_account,
    dues_overview,
    line_view,
    lines_to_review,
    order_file_list,
    order_list,
    order_view,
    statement_lines,
    statement_list,
    suspense_list,
)
from commonpurse.treasury.services import (
    line_assign,
    order_send_by_hand,
    order_settle,
    orders_export,
    statement_import,
)

STATEMENT_BYTES_MAX = 200 * 2**20
ORDERS = 500

router = Router(tags=["bank"])


@router.get("/coops/{slug:slug}/dues", response=Dues, summary="Your dues")
def dues(request: HttpRequest, slug: str) -> object:
    """What you owe, what you paid, and the reference to pay with."""
    call = call_begin(request, slug)
    return dues_account(call.coop_id, call.member.member_id, timezone.localdate(call.at))


@router.get("/coops/{slug:slug}/dues/overview", response=DuesOverview, summary="Everybody's dues")
def overview(request: HttpRequest, slug: str) -> object:
    """Where all members stand together. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    return dues_overview(call.coop_id, timezone.localdate(call.at))


@router.get("/coops/{slug:slug}/orders", response=Page[Order], summary="Payment orders")
def orders(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Orders, newest first. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    found = order_list(fund_here(call).id, limit=ORDERS)
    return page_of(found, after, limit)


def order_here(call: Call, order_id: UUID) -> OrderView:
    """An order of this co-op's fund, for its treasurers. Raises NotFound."""
    call.for_treasurers()
    return access_order(order_id=order_id, fund_id=fund_here(call).id)


@router.post("/coops/{slug:slug}/orders/files", response={201: OrderFile}, summary="Make a file")
@writes("pay", status=201)
def file_new(request: HttpRequest, slug: str, given: OrderFileIn) -> OrderFile:
    """Put every order that waits into one payment file (pain.001). For treasurers."""
    call = call_begin(request, slug)
    treasurer = call.treasurer
    made = orders_export(
        fund_id=fund_here(call).id,
        order_ids=None,
        execute_on=given.execute_on,
        actor=treasurer,
        at=call.at,
    )
    return OrderFile.from_orm(made)


@router.get("/coops/{slug:slug}/orders/files", response=Page[OrderFile], summary="Payment files")
def files(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The payment files that were made. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    return page_of(order_file_list(fund_here(call).id), after, limit)


@router.get(
    "/coops/{slug:slug}/orders/files/{file_id}",
    summary="A payment file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file, the same bytes each time",
                "content": {"application/xml": {"schema": {"type": "string"}}},
            }
        }
    },
)
def file_bytes(request: HttpRequest, slug: str, file_id: UUID) -> HttpResponse:
    """A payment file for the bank. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    file = access_order_file(file_id=file_id, fund_id=fund_here(call).id)
    return HttpResponse(file.body, content_type="application/xml")


@router.post("/coops/{slug:slug}/orders/{order_id}/paid", response=Order, summary="Paid by hand")
@writes("pay")
def order_paid(request: HttpRequest, slug: str, order_id: UUID, given: PaidIn) -> Order:
    """Say that an order was paid by hand, with proof. For treasurers."""
    call = call_begin(request, slug)
    order = order_here(call, order_id)
    if order.status == "ordered":
        order_send_by_hand(order_id=order.id, proof=given.proof, actor=call.treasurer, at=call.at)
    order_settle(
        order_id=order.id,
        bank_line_id=None,
        proof=given.proof,
        booked_on=given.booked_on,
        actor=call.caller.actor,
        at=call.at,
    )
    return Order.from_orm(order_view(order.id))


@router.get("/coops/{slug:slug}/statements", response=Page[Statement], summary="Bank statements")
def statements(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """The statements that were imported. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    return page_of(statement_list(fund_here(call).id), after, limit)


@router.post("/coops/{slug:slug}/statements", response=Import, summary="Import a statement")
@writes("pay")
def statement_new(
    request: HttpRequest, slug: str, file: File[UploadedFile], given: Form[WhyForm]
) -> Import:
    """Import a bank statement (CAMT.053). The same file again books nothing. For treasurers."""
    call = call_begin(request, slug)
    treasurer = call.treasurer
    file.seek(0)
    made = statement_import(
        fund_id=fund_here(call).id,
        data=file.read(STATEMENT_BYTES_MAX),
        filename=(file.name or "statement.xml")[:200],
        actor=treasurer,
        reason=given.reason or None,
        at=call.at,
    )
    plain: dict[str, Any] = {
        "statement_ids": list(made.statement_ids),
        "is_repeat": made.is_repeat,
        "new_lines": made.new_lines,
        "repeated_lines": made.repeated_lines,
        "booked": dict(made.booked),
        "needs_review": made.needs_review,
    }
    return Import(**plain)


@router.get(
    "/coops/{slug:slug}/statements/lines", response=Page[BankLine], summary="Lines to look at"
)
def lines(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Movements that nobody could match yet. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    fund_id = fund_here(call).id
    found = (*lines_to_review(fund_id), *suspense_list(fund_id))
    unique = tuple({each.id: each for each in found}.values())
    return page_of(unique, after, limit)


@router.get(
    "/coops/{slug:slug}/statements/{statement_id}/lines",
    response=Page[BankLine],
    summary="Lines of a statement",
)
def lines_of(
    request: HttpRequest,
    slug: str,
    statement_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """The movements of one statement. For treasurers."""
    call = call_begin(request, slug)
    call.for_treasurers()
    if statement_id not in {each.id for each in statement_list(fund_here(call).id)}:
        raise NotFound("no_statement", "There is no such statement here.")
    return page_of(statement_lines(statement_id), after, limit)


def line_here(call: Call, line_id: UUID) -> LineView:
    """A movement of this co-op's fund, for its treasurers. Raises NotFound."""
    call.for_treasurers()
    return access_line(line_id=line_id, fund_id=fund_here(call).id)


@router.post(
    "/coops/{slug:slug}/statements/lines/{line_id}/assign",
    response=BankLine,
    summary="Say what it is",
)
@writes("pay")
def line_is(request: HttpRequest, slug: str, line_id: UUID, given: AssignIn) -> BankLine:
    """Say what a credit that nobody could match is. For treasurers."""
    call = call_begin(request, slug)
    found = line_here(call, line_id)
    line_assign(
        line_id=found.id,
        kind=given.kind,
        member_id=given.member_id,
        actor=call.treasurer,
        at=call.at,
    )
    return BankLine.from_orm(line_view(found.id))
