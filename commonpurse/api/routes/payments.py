"""Payees, payment requests, approvals. Members read them; what moves money says who may."""

from uuid import UUID

from django.http import HttpRequest
from ninja import Path, Router

from commonpurse.api.caller import Call, call_begin
from commonpurse.api.once import HEADER, writes
from commonpurse.api.paging import After, Limit, Page, cursor_number, cursor_write, page_of
from commonpurse.api.schemas.base import Number
from commonpurse.api.schemas.money import (
    AccountIn,
    ApproveIn,
    Payee,
    PayeeIn,
    ReasonIn,
    Request,
    RequestEdit,
    RequestIn,
)
from commonpurse.errors import NotFound
from commonpurse.record.ids import new_id
from commonpurse.treasury.selectors import (
    PayeeView,
    RequestView,
    mandate_by_number,
    payee_list,
    payee_view,
    request_by_number,
    request_list,
)
from commonpurse.treasury.services import (
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_edit,
    payment_refuse,
    payment_request,
    payment_withdraw,
)

router = Router(tags=["payments"])


def payee_here(call: Call, payee_id: UUID) -> PayeeView:
    """A payee of this co-op. Raises NotFound."""
    call.for_members()
    found = payee_view(payee_id)
    if found.coop_id != call.coop_id:
        raise NotFound("no_payee", "There is no such payee here.")
    return found


def request_here(call: Call, number: int) -> RequestView:
    """A payment request of this co-op, for its members. Raises NotFound."""
    call.for_members()
    return request_by_number(call.coop_id, number, at=call.at)


@router.get("/coops/{slug:slug}/payees", response=Page[Payee], summary="Payees")
def payees(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 50
) -> dict[str, object]:
    """Everybody whom the co-op may pay. For members."""
    call = call_begin(request, slug)
    call.for_members()
    return page_of(payee_list(call.coop_id), after, limit)


@router.post("/coops/{slug:slug}/payees", response={201: Payee}, summary="Add a payee")
@writes("pay", status=201)
def payee_new(request: HttpRequest, slug: str, given: PayeeIn) -> Payee:
    """Add somebody to those who may be paid."""
    call = call_begin(request, slug)
    made = payee_add(
        coop_id=call.coop_id,
        kind=given.kind,
        name=given.name,
        beneficial_owner_member_id=given.beneficial_owner_member_id,
        actor=call.member,
        at=call.at,
    )
    return Payee.from_orm(made)


@router.get("/coops/{slug:slug}/payees/{payee_id}", response=Payee, summary="One payee")
def payee(request: HttpRequest, slug: str, payee_id: UUID) -> object:
    """A payee with their accounts, newest first. For members."""
    return payee_here(call_begin(request, slug), payee_id)


@router.post(
    "/coops/{slug:slug}/payees/{payee_id}/accounts",
    response={201: Payee},
    summary="Enter an account",
)
@writes("pay", status=201)
def account_new(request: HttpRequest, slug: str, payee_id: UUID, given: AccountIn) -> Payee:
    """Enter a payee's bank account. A changed one waits out its cooling period."""
    call = call_begin(request, slug)
    payee_here(call, payee_id)
    payee_account_enter(
        payee_id=payee_id,
        iban=given.iban,
        holder=given.holder,
        bic=given.bic,
        actor=call.member,
        at=call.at,
    )
    return Payee.from_orm(payee_view(payee_id))


@router.get("/coops/{slug:slug}/requests", response=Page[Request], summary="Payment requests")
def requests(
    request: HttpRequest, slug: str, after: After = None, limit: Limit = 30
) -> dict[str, object]:
    """Every payment request, newest first. For members."""
    call = call_begin(request, slug)
    call.for_members()
    before = cursor_number(after) if after else None
    found = request_list(call.coop_id, at=call.at, before=before, limit=limit + 1)
    shown = found[:limit]
    following = cursor_write(shown[-1].number) if len(found) > limit else None
    return {"items": shown, "next": following}


@router.post("/coops/{slug:slug}/requests", response={201: Request}, summary="Ask for a payment")
@writes("pay", status=201)
def request_new(request: HttpRequest, slug: str, given: RequestIn) -> Request:
    """Ask for a payment under a mandate. The trustees are told."""
    call = call_begin(request, slug)
    made = payment_request(
        mandate_id=mandate_by_number(call.coop_id, given.mandate_number, at=call.at).id,
        payee_id=given.payee_id,
        account_id=given.account_id,
        amount_minor=given.amount_minor,
        purpose=given.purpose,
        key=request.headers.get(HEADER, "") or str(new_id()),
        actor=call.member,
        at=call.at,
    )
    return Request.from_orm(made)


@router.get("/coops/{slug:slug}/requests/{number}", response=Request, summary="One request")
def request_one(request: HttpRequest, slug: str, number: Path[Number]) -> object:
    """A request with everything that a trustee reads before signing. For members."""
    return request_here(call_begin(request, slug), number)


@router.put("/coops/{slug:slug}/requests/{number}", response=Request, summary="Change a request")
@writes("pay")
def request_change(
    request: HttpRequest, slug: str, number: Path[Number], given: RequestEdit
) -> Request:
    """Change what is asked. Every approval is void and asked for again."""
    call = call_begin(request, slug)
    made = payment_edit(
        request_id=request_here(call, number).id,
        account_id=given.account_id,
        amount_minor=given.amount_minor,
        purpose=given.purpose,
        actor=call.member,
        at=call.at,
    )
    return Request.from_orm(made)


@router.post("/coops/{slug:slug}/requests/{number}/approve", response=Request, summary="Approve")
@writes("approve")
def request_approve(
    request: HttpRequest, slug: str, number: Path[Number], given: ApproveIn
) -> Request:
    """Sign, as a trustee, exactly the payload whose hash you give. Twice is once."""
    call = call_begin(request, slug)
    made = payment_approve(
        request_id=request_here(call, number).id,
        payload_hash=given.payload_hash,
        actor=call.member,
        at=call.at,
    )
    return Request.from_orm(made)


@router.post("/coops/{slug:slug}/requests/{number}/refuse", response=Request, summary="Refuse")
@writes("approve")
def request_refuse(
    request: HttpRequest, slug: str, number: Path[Number], given: ReasonIn
) -> Request:
    """End a request for good, with a reason. For trustees."""
    call = call_begin(request, slug)
    made = payment_refuse(
        request_id=request_here(call, number).id,
        reason=given.reason,
        actor=call.member,
        at=call.at,
    )
    return Request.from_orm(made)


@router.post("/coops/{slug:slug}/requests/{number}/withdraw", response=Request, summary="Withdraw")
@writes("pay")
def request_withdraw(request: HttpRequest, slug: str, number: Path[Number]) -> Request:
    """Take your own request back."""
    call = call_begin(request, slug)
    made = payment_withdraw(request_id=request_here(call, number).id, actor=call.member, at=call.at)
    return Request.from_orm(made)
