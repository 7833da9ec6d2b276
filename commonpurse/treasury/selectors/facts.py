"""All rows that speak of a payment request, read together in a fixed number of queries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from commonpurse.errors import NotFound
from commonpurse.treasury.models import (
    Approval,
    OrderByHand,
    OrderFailure,
    OrderInFile,
    PaymentOrder,
    PaymentRequest,
    PaymentReversal,
    RequestEnd,
    RequestVersion,
    Settlement,
)
from commonpurse.treasury.payload import Payload


@dataclass(slots=True)
class RequestFacts:
    """A request, its latest payload and what became of it."""

    request: PaymentRequest
    version: RequestVersion
    approvals: list[Approval] = field(default_factory=list)
    end: RequestEnd | None = None
    order: PaymentOrder | None = None
    in_file: OrderInFile | None = None
    by_hand: OrderByHand | None = None
    failure: OrderFailure | None = None
    settlement: Settlement | None = None
    reversal: PaymentReversal | None = None

    @property
    def approvals_needed(self) -> int:
        """How many trustees must sign, by the set that the payload names."""
        return self.version.trustee_set.approvals_needed

    def status(self, at: datetime) -> str:
        """Where the request stands, in one word."""
        later = (
            (self.reversal, "reversed"),
            (self.settlement, "settled"),
            (self.failure, "failed"),
            (self.in_file or self.by_hand, "exported"),
            (self.order, "ordered"),
        )
        for row, word in later:
            if row is not None:
                return word
        if self.end is not None:
            return self.end.kind
        if at >= self.version.expires_at:
            return "expired"
        return "waiting" if len(self.approvals) >= self.approvals_needed else "open"


def facts_of(request_id: UUID) -> RequestFacts:
    """The facts of one request. Raises NotFound `no_request`."""
    found = facts_many([request_id])
    if not found:
        raise NotFound("no_request", "There is no such payment request.")
    return found[request_id]


def facts_many(request_ids: Collection[UUID]) -> dict[UUID, RequestFacts]:
    """The facts of many requests, in ten queries whatever their number."""
    requests = PaymentRequest.objects.filter(id__in=request_ids).select_related("mandate__fund")
    latest = {
        version.request_id: version
        for version in RequestVersion.objects.filter(request_id__in=request_ids)
        .select_related("payee", "payee_account", "trustee_set")
        .order_by("version")
    }
    facts = {row.id: RequestFacts(request=row, version=latest[row.id]) for row in requests}
    by_version = {found.version.id: found for found in facts.values()}
    for approval in Approval.objects.filter(version_id__in=by_version).order_by("at", "id"):
        by_version[approval.version_id].approvals.append(approval)
    for end in RequestEnd.objects.filter(request_id__in=facts):
        facts[end.request_id].end = end
    orders_add(by_version)
    return facts


def orders_add(by_version: dict[UUID, RequestFacts]) -> None:
    """Add to facts, keyed by the version that was ordered, what became of the orders."""
    by_order: dict[UUID, RequestFacts] = {}
    for order in PaymentOrder.objects.filter(version_id__in=by_version):
        by_version[order.version_id].order = order
        by_order[order.id] = by_version[order.version_id]
    if not by_order:
        return
    for in_file in OrderInFile.objects.filter(order_id__in=by_order):
        by_order[in_file.order_id].in_file = in_file
    for by_hand in OrderByHand.objects.filter(order_id__in=by_order):
        by_order[by_hand.order_id].by_hand = by_hand
    for failure in OrderFailure.objects.filter(order_id__in=by_order):
        by_order[failure.order_id].failure = failure
    by_settlement: dict[UUID, RequestFacts] = {}
    for settlement in Settlement.objects.filter(order_id__in=by_order).select_related("bank_line"):
        by_order[settlement.order_id].settlement = settlement
        by_settlement[settlement.id] = by_order[settlement.order_id]
    for reversal in PaymentReversal.objects.filter(settlement_id__in=by_settlement):
        by_settlement[reversal.settlement_id].reversal = reversal


def payload_of(facts: RequestFacts) -> Payload:
    """The payload that the request's latest version signs, rebuilt from the rows."""
    version = facts.version
    return Payload(
        request_id=facts.request.id,
        fund_id=facts.request.mandate.fund_id,
        mandate_id=facts.request.mandate_id,
        payee_id=version.payee_id,
        iban_mac=version.payee_account.iban_mac,
        holder_mac=version.payee_account.holder_mac,
        amount_minor=version.amount_minor,
        currency=version.currency,
        purpose=version.purpose,
        nonce=version.nonce,
        expires_at=version.expires_at,
        trustee_set_number=version.trustee_set.number,
    )
