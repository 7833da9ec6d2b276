"""A sponsor's console: the funds that it holds, and what its bank does for them."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from commonpurse.api.caller import Caller, caller_of
from commonpurse.api.once import writes
from commonpurse.api.paging import After, Limit, Page, page_of
from commonpurse.api.schemas.base import Done
from commonpurse.api.schemas.money import Order, OrderFile, OrderFileIn
from commonpurse.api.schemas.sponsors import (
    Heap,
    Instruction,
    ProofIn,
    Sponsor,
    SponsorFund,
    Staff,
    StaffIn,
    WhyIn,
)
from commonpurse.treasury import selectors as treasury
from commonpurse.treasury.services import (
    order_fail,
    order_send_by_hand,
    orders_export,
    sponsor_staff_appoint,
    sponsor_staff_end,
)

router = Router(tags=["sponsors"])


def acting(request: HttpRequest, sponsor_id: UUID) -> tuple[Caller, treasury.SponsorPerson]:
    """The caller as one of the sponsor's people. Raises NotSignedIn or NotFound."""
    caller = caller_of(request)
    caller.need("read")
    person_id = caller.known.person_id
    return caller, treasury.access_sponsor(sponsor_id=sponsor_id, person_id=person_id)


def fund_here(person: treasury.SponsorPerson, fund_id: UUID) -> UUID:
    """A fund that the sponsor holds. Raises NotFound for another's."""
    return treasury.access_sponsor_fund(fund_id=fund_id, actor=person).id


@router.get("/sponsors", response=Page[Sponsor], summary="Your sponsors")
def sponsors(request: HttpRequest, after: After = None, limit: Limit = 50) -> dict[str, object]:
    """The sponsors for whom you act."""
    caller = caller_of(request)
    caller.need("read")
    return page_of(treasury.sponsors_of_person(caller.known.person_id), after, limit)


@router.get("/sponsors/{sponsor_id}/funds", response=Page[SponsorFund], summary="Funds held")
def sponsor_funds(
    request: HttpRequest, sponsor_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Every fund that the sponsor holds. For its people."""
    caller, person = acting(request, sponsor_id)
    found = treasury.sponsor_funds(person.sponsor_id, at=caller.at)
    return page_of([fund_plain(each) for each in found], after, limit)


def fund_plain(each: treasury.SponsorFund) -> dict[str, object]:
    """A fund as its schema has it."""
    return {
        "id": each.fund.id,
        "coop_name": each.coop_name,
        "currency": each.fund.currency,
        "position": each.position,
        "bank_minor": each.bank_minor,
        "bank_on": each.bank_on,
        "difference_minor": each.difference_minor,
        "is_statement_late": each.is_statement_late,
        "ready": Heap.from_orm(each.ready),
        "sent": Heap.from_orm(each.sent),
        "suspense": Heap.from_orm(each.suspense),
        "fee_left_minor": each.fee_left_minor,
        "waits": each.waits,
    }


@router.get(
    "/sponsors/{sponsor_id}/funds/{fund_id}/orders",
    response=Page[Instruction],
    summary="Orders to carry out",
)
def sponsor_orders(
    request: HttpRequest,
    sponsor_id: UUID,
    fund_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """The orders of a fund that wait for the bank, oldest first. For the sponsor's people."""
    _caller, person = acting(request, sponsor_id)
    found = treasury.instructions_waiting(fund_here(person, fund_id))
    items = [
        {
            "id": each.order.id,
            "number": each.order.number,
            "holder": each.holder,
            "iban": each.iban,
            "bic": each.bic,
            "amount_minor": each.order.amount_minor,
            "currency": each.order.currency,
            "purpose": each.order.purpose,
            "code": each.order.code,
            "end_to_end_id": each.order.end_to_end_id,
        }
        for each in found
    ]
    return page_of(items, after, limit)


@router.post(
    "/sponsors/{sponsor_id}/funds/{fund_id}/files",
    response={201: OrderFile},
    summary="Make a payment file",
)
@writes("pay", status=201)
def sponsor_file_new(
    request: HttpRequest, sponsor_id: UUID, fund_id: UUID, given: OrderFileIn
) -> OrderFile:
    """Put every order of a fund that waits into one payment file. For the sponsor's people."""
    caller, person = acting(request, sponsor_id)
    made = orders_export(
        fund_id=fund_here(person, fund_id),
        order_ids=None,
        execute_on=given.execute_on,
        actor=person,
        at=caller.at,
    )
    return OrderFile.from_orm(made)


@router.get(
    "/sponsors/{sponsor_id}/funds/{fund_id}/files",
    response=Page[OrderFile],
    summary="Payment files of a fund",
)
def sponsor_files(
    request: HttpRequest,
    sponsor_id: UUID,
    fund_id: UUID,
    after: After = None,
    limit: Limit = 50,
) -> dict[str, object]:
    """The payment files of a fund, newest first. For the sponsor's people."""
    _caller, person = acting(request, sponsor_id)
    return page_of(treasury.order_file_list(fund_here(person, fund_id)), after, limit)


@router.get(
    "/sponsors/{sponsor_id}/funds/{fund_id}/files/{file_id}",
    summary="A payment file of a fund",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file, the same bytes each time",
                "content": {"application/xml": {"schema": {"type": "string"}}},
            }
        }
    },
)
def sponsor_file_bytes(
    request: HttpRequest, sponsor_id: UUID, fund_id: UUID, file_id: UUID
) -> HttpResponse:
    """A payment file for the bank. For the sponsor's people."""
    _caller, person = acting(request, sponsor_id)
    file = treasury.access_order_file(file_id=file_id, fund_id=fund_here(person, fund_id))
    return HttpResponse(file.body, content_type="application/xml")


def order_here(person: treasury.SponsorPerson, fund_id: UUID, order_id: UUID) -> UUID:
    """An order of a fund that the sponsor holds. Raises NotFound for another's."""
    return treasury.access_order(order_id=order_id, fund_id=fund_here(person, fund_id)).id


@router.post(
    "/sponsors/{sponsor_id}/funds/{fund_id}/orders/{order_id}/sent",
    response=Order,
    summary="Typed by hand",
)
@writes("pay")
def sponsor_order_sent(
    request: HttpRequest, sponsor_id: UUID, fund_id: UUID, order_id: UUID, given: ProofIn
) -> Order:
    """Say that an order was typed into the bank; the next statement settles it."""
    caller, person = acting(request, sponsor_id)
    order_id = order_here(person, fund_id, order_id)
    made = order_send_by_hand(order_id=order_id, proof=given.proof, actor=person, at=caller.at)
    return Order.from_orm(made)


@router.post(
    "/sponsors/{sponsor_id}/funds/{fund_id}/orders/{order_id}/refused",
    response=Order,
    summary="Refused by the bank",
)
@writes("pay")
def sponsor_order_refused(
    request: HttpRequest, sponsor_id: UUID, fund_id: UUID, order_id: UUID, given: WhyIn
) -> Order:
    """Say that the bank did not carry out an order: what was held for it is free again."""
    caller, person = acting(request, sponsor_id)
    order_id = order_here(person, fund_id, order_id)
    made = order_fail(order_id=order_id, reason=given.reason, actor=person.actor, at=caller.at)
    return Order.from_orm(made)


@router.get("/sponsors/{sponsor_id}/people", response=Page[Staff], summary="The sponsor's people")
def sponsor_people(
    request: HttpRequest, sponsor_id: UUID, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Who acts for the sponsor. For its people."""
    _caller, person = acting(request, sponsor_id)
    return page_of(treasury.sponsor_staff_list(person.sponsor_id), after, limit)


@router.post("/sponsors/{sponsor_id}/people", response={201: Staff}, summary="Appoint a colleague")
@writes("manage", status=201)
def sponsor_person_new(request: HttpRequest, sponsor_id: UUID, given: StaffIn) -> Staff:
    """Let somebody act for the sponsor too. For its people."""
    caller, person = acting(request, sponsor_id)
    made = sponsor_staff_appoint(
        sponsor_id=person.sponsor_id,
        email=given.email,
        name=given.name,
        actor=person,
        at=caller.at,
    )
    return Staff.from_orm(made)


@router.delete(
    "/sponsors/{sponsor_id}/people/{staff_id}", response=Done, summary="Let somebody act no more"
)
@writes("manage")
def sponsor_person_drop(request: HttpRequest, sponsor_id: UUID, staff_id: UUID) -> Done:
    """Let somebody act for the sponsor no more, yourself too. For its people."""
    caller, person = acting(request, sponsor_id)
    sponsor_staff_end(sponsor_id=person.sponsor_id, staff_id=staff_id, actor=person, at=caller.at)
    return Done()
