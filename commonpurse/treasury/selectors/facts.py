"""All rows that speak of a payment request, read together in one query."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from commonpurse.errors import NotFound
from commonpurse.record.beside import beside, beside_read
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
from commonpurse.treasury.selectors.payees import owner_name_sql, payee_name

BESIDE: dict[str, tuple[type[Model], str]] = {
    "end_row": (RequestEnd, "request__ends__"),
    "order_row": (PaymentOrder, "orders__"),
    "in_file_row": (OrderInFile, "orders__files__"),
    "by_hand_row": (OrderByHand, "orders__by_hand__"),
    "failure_row": (OrderFailure, "orders__failures__"),
    "settlement_row": (Settlement, "orders__settlements__"),
    "reversal_row": (PaymentReversal, "orders__settlements__reversals__"),
}
"""What may have become of a payload: of each at most one row, by the unique keys."""


@dataclass(slots=True)
class RequestFacts:
    """A request, its latest payload and what became of it."""

    request: PaymentRequest
    version: RequestVersion
    payee_name: str
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
    """The facts of many requests, in one query whatever their number."""
    return facts_where(Q(request_id__in=request_ids))


def facts_where(condition: Q) -> dict[UUID, RequestFacts]:
    """The facts of requests, by their ids; the condition is asked of each one's latest payload."""
    newer = RequestVersion.objects.filter(
        request_id=OuterRef("request_id"), version__gt=OuterRef("version")
    )
    signed = Approval.objects.filter(version=OuterRef("pk")).order_by("at", "id")
    rows: QuerySet[Any] = (
        RequestVersion.objects.filter(~Exists(newer), condition)
        .select_related("request__mandate__fund__sponsor", "payee", "payee_account", "trustee_set")
        .annotate(
            owner_name=owner_name_sql("treasury_requestversion.coop_id"),
            approval_rows=ArraySubquery(signed.values(row=beside(Approval))),
            **{name: beside(table, path) for name, (table, path) in BESIDE.items()},
        )
    )
    return {row.request_id: facts_frozen(row) for row in rows}


def facts_frozen(version: Any) -> RequestFacts:
    """The facts of a request from its latest version and what was read beside it."""
    found = {
        name.removesuffix("_row"): beside_read(table, getattr(version, name))
        for name, (table, _) in BESIDE.items()
    }
    approvals = (beside_read(Approval, row) for row in version.approval_rows)
    return RequestFacts(
        request=version.request,
        version=version,
        payee_name=payee_name(version.payee.kind, version.payee.name, version.owner_name),
        approvals=[row for row in approvals if row is not None],
        **found,  # type: ignore[arg-type]
    )


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
