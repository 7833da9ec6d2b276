"""Payment requests as members, trustees and the public read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commonpurse.errors import NotFound, PurseError
from commonpurse.groups.selectors import member_names
from commonpurse.groups.values import Member
from commonpurse.say import say
from commonpurse.treasury.models import (
    Approval,
    Mandate,
    Payee,
    PaymentOrder,
    PaymentRequest,
    PrivateText,
    RequestEnd,
    Settlement,
)
from commonpurse.treasury.selectors.facts import RequestFacts, facts_many, facts_of, payload_of
from commonpurse.treasury.selectors.funds import trustee_set_current
from commonpurse.treasury.selectors.mandates import mandate_views
from commonpurse.treasury.selectors.payees import account_views, payee_views
from commonpurse.treasury.selectors.readiness import (
    approval_refusal,
    edit_refusal,
    order_wait,
    withdraw_refusal,
)
from commonpurse.treasury.values import (
    ApprovalView,
    MandateView,
    PayeeAccountView,
    PayeeView,
    RequestView,
    TrusteeStanding,
    VersionView,
)

PAGE = 50


def request_view(request_id: UUID, *, at: datetime) -> RequestView:
    """One request. Raises NotFound `no_request`."""
    return request_views([facts_of(request_id)], at=at)[0]


def request_by_number(coop_id: UUID, number: int, *, at: datetime) -> RequestView:
    """The request that people name R-`number`. Raises NotFound `no_request`."""
    row = PaymentRequest.objects.filter(coop_id=coop_id, number=number).first()
    if row is None:
        raise NotFound("no_request", "There is no such payment request.")
    return request_view(row.id, at=at)


def request_list(
    coop_id: UUID, *, at: datetime, before: int | None = None, limit: int = PAGE
) -> tuple[RequestView, ...]:
    """A co-op's requests, newest first; `before` is the number that the last page ended with."""
    rows = PaymentRequest.objects.filter(coop_id=coop_id).order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    ids = list(rows.values_list("id", flat=True)[:limit])
    facts = facts_many(ids)
    return request_views([facts[request_id] for request_id in ids], at=at)


def request_list_open(coop_id: UUID, *, at: datetime) -> tuple[RequestView, ...]:
    """The requests that are neither ended nor ordered, oldest first."""
    return request_views(facts_open(coop_id, at=at), at=at)


def facts_open(
    coop_id: UUID | None, *, at: datetime, words: Sequence[str] = ("open", "waiting")
) -> list[RequestFacts]:
    """The facts of requests neither ended nor ordered, oldest first; of all co-ops if None.

    `words` names the statuses that are wanted.
    """
    ordered = PaymentOrder.objects.values("version__request_id")
    ended = RequestEnd.objects.values("request_id")
    rows = PaymentRequest.objects.exclude(id__in=ordered).exclude(id__in=ended)
    if coop_id is not None:
        rows = rows.filter(coop_id=coop_id)
    facts = facts_many(list(rows.values_list("id", flat=True)))
    found = [one for one in facts.values() if one.status(at) in words]
    return sorted(found, key=lambda one: (one.request.at, one.request.id))


def requests_waiting_for(actor: Member, *, at: datetime) -> tuple[RequestView, ...]:
    """The open requests that this member may approve and has not approved, oldest first."""
    waiting = [
        facts
        for facts in facts_open(actor.coop_id, at=at)
        if facts.status(at) == "open"
        and actor.member_id not in {row.trustee_member_id for row in facts.approvals}
        and approval_refusal(facts, actor.member_id, at=at) is None
    ]
    return request_views(waiting, at=at)


def request_check(request_id: UUID, actor: Member, *, at: datetime) -> str:
    """Why this member may not approve the request, in a sentence; empty when they may."""
    facts = facts_of(request_id)
    if actor.member_id in {row.trustee_member_id for row in facts.approvals}:
        return say("You approved this payment already.")
    refusal = approval_refusal(facts, actor.member_id, at=at)
    return refusal.message if refusal else ""


def request_edit_refusal(request_id: UUID, actor: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not change the request; None when they may."""
    return edit_refusal(facts_of(request_id), actor, at=at)


def request_withdraw_refusal(request_id: UUID, actor: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not take the request back; None when they may."""
    return withdraw_refusal(facts_of(request_id), actor, at=at)


def request_standings(request_id: UUID, *, at: datetime) -> tuple[TrusteeStanding, ...]:
    """What each trustee of the set in force may do about the request."""
    facts = facts_of(request_id)
    trustees = trustee_set_current(facts.request.coop_id)
    if trustees is None:
        return ()
    names = member_names(coop_id=facts.request.coop_id, member_ids=trustees.member_ids)
    signed = {row.trustee_member_id for row in facts.approvals}
    refusals = {
        member_id: approval_refusal(facts, member_id, at=at) for member_id in trustees.member_ids
    }
    return tuple(
        TrusteeStanding(
            member_id=member_id,
            name=names.get(member_id, ""),
            has_approved=member_id in signed,
            refusal=refusal.message if refusal else "",
        )
        for member_id, refusal in refusals.items()
    )


def request_versions(request_id: UUID) -> tuple[VersionView, ...]:
    """All payloads that were put to the trustees, newest first."""
    rows = facts_of(request_id).request.versions.order_by("-version")
    return tuple(
        VersionView(
            id=row.id,
            version=row.version,
            payload_hash=row.payload_hash,
            code=row.code,
            edited_by_member_id=row.edited_by_member_id,
            at=row.at,
        )
        for row in rows
    )


def request_of(any_id: UUID) -> UUID:
    """The request behind a settlement, an order or a request. Raises NotFound `no_payment`."""
    order_id = Settlement.objects.filter(id=any_id).values_list("order_id", flat=True).first()
    order = PaymentOrder.objects.filter(id=order_id or any_id).select_related("version").first()
    if order is not None:
        return order.version.request_id
    if PaymentRequest.objects.filter(id=any_id).exists():
        return any_id
    raise NotFound("no_payment", "There is no such payment.")


def request_views(many: Sequence[RequestFacts], *, at: datetime) -> tuple[RequestView, ...]:
    """Frozen values of requests of one co-op; what is open says what it waits for."""
    if not many:
        return ()
    beside = beside_of(many, at=at)
    return tuple(request_frozen(facts, beside, at=at) for facts in many)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside requests: read once for many of them."""

    names: dict[UUID, str]
    mandates: dict[UUID, MandateView]
    payees: dict[UUID, PayeeView]
    accounts: dict[UUID, PayeeAccountView]
    reasons: dict[UUID, PrivateText]


def beside_of(many: Sequence[RequestFacts], *, at: datetime) -> Beside:
    """Names, mandates, payees and accounts of many requests of one co-op."""
    people = {row.trustee_member_id for facts in many for row in facts.approvals}
    people |= {facts.request.requester_member_id for facts in many}
    mandates = Mandate.objects.filter(id__in={facts.request.mandate_id for facts in many})
    payees = Payee.objects.filter(id__in={facts.version.payee_id for facts in many})
    accounts = account_views(facts.version.payee_account for facts in many)
    return Beside(
        names=member_names(coop_id=many[0].request.coop_id, member_ids=people),
        mandates={view.id: view for view in mandate_views(mandates, at=at)},
        payees={view.id: view for view in payee_views(payees)},
        accounts={row.id: view for row, view in accounts},
        reasons=PrivateText.objects.in_bulk([f.end.id for f in many if f.end is not None]),
    )


def request_frozen(facts: RequestFacts, beside: Beside, *, at: datetime) -> RequestView:
    """The frozen value of one request."""
    request, version, end, order = facts.request, facts.version, facts.end, facts.order
    status = facts.status(at)
    wait = order_wait(facts, at=at) if status in ("open", "waiting") else None
    return RequestView(
        id=request.id,
        coop_id=request.coop_id,
        number=request.number,
        status=status,
        waiting_code=wait.code if wait else "",
        waiting_text=wait.text if wait else "",
        requester_member_id=request.requester_member_id,
        requester_name=beside.names.get(request.requester_member_id, ""),
        requested_at=request.at,
        version_id=version.id,
        version=version.version,
        payload_json=payload_of(facts).text,
        payload_hash=version.payload_hash,
        code=version.code,
        amount_minor=version.amount_minor,
        currency=version.currency,
        purpose=version.purpose,
        expires_at=version.expires_at,
        edited_by_member_id=version.edited_by_member_id,
        payee=beside.payees[version.payee_id],
        account=beside.accounts[version.payee_account_id],
        mandate=beside.mandates[request.mandate_id],
        trustee_set_number=version.trustee_set.number,
        approvals=tuple(approval_frozen(row, beside.names) for row in facts.approvals),
        approvals_needed=facts.approvals_needed,
        order_id=order.id if order else None,
        end_to_end_id=order.end_to_end_id if order else "",
        settlement_id=facts.settlement.id if facts.settlement else None,
        settled_on=facts.settlement.booked_on if facts.settlement else None,
        ended_at=end.at if end else None,
        ended_by_member_id=end.by_member_id if end else None,
        end_reason=beside.reasons[end.id].text if end and end.id in beside.reasons else "",
    )


def approval_frozen(row: Approval, names: dict[UUID, str]) -> ApprovalView:
    """The frozen value of one approval."""
    return ApprovalView(
        id=row.id,
        trustee_member_id=row.trustee_member_id,
        trustee_name=names.get(row.trustee_member_id, ""),
        at=row.at,
    )
