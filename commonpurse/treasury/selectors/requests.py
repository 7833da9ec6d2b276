"""Payment requests as members, trustees and the public read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from commonpurse.errors import NotFound, PurseError
from commonpurse.groups.selectors import member_names
from commonpurse.groups.values import Member
from commonpurse.say import say
from commonpurse.treasury.models import (
    Approval,
    PaymentOrder,
    PaymentRequest,
    PrivateText,
    RequestEnd,
    RequestVersion,
    Settlement,
)
from commonpurse.treasury.selectors.facts import (
    RequestFacts,
    facts_many,
    facts_of,
    facts_where,
    payload_of,
)
from commonpurse.treasury.selectors.payees import payee_views
from commonpurse.treasury.selectors.readiness import (
    Ground,
    approval_refusal,
    edit_refusal,
    order_wait,
    withdraw_refusal,
)
from commonpurse.treasury.values import (
    ApprovalView,
    PayeeAccountView,
    PayeeView,
    RequestAsk,
    RequestDossier,
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
    return request_views([facts_by_number(coop_id, number)], at=at)[0]


def facts_by_number(coop_id: UUID, number: int) -> RequestFacts:
    """The facts of the request that people name R-`number`. Raises NotFound `no_request`."""
    found = facts_where(Q(request__coop_id=coop_id, request__number=number))
    if not found:
        raise NotFound("no_request", "There is no such payment request.")
    return next(iter(found.values()))


def request_dossier(coop_id: UUID, number: int, actor: Member, *, at: datetime) -> RequestDossier:
    """All that a member sees of a request, judged by what was read once. Raises NotFound."""
    facts, ground = facts_by_number(coop_id, number), Ground(at)
    return RequestDossier(
        request=request_views([facts], at=at, ground=ground)[0],
        may_not=check_text(facts, actor, ground),
        standings=standings_of(facts, ground),
        versions=request_versions(facts.request.id),
        may_edit=edit_refusal(facts, actor, at=at) is None,
    )


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
    ordered = PaymentOrder.objects.filter(version__request_id=OuterRef("request_id"))
    ended = RequestEnd.objects.filter(request_id=OuterRef("request_id"))
    condition = Q(~Exists(ordered), ~Exists(ended))
    if coop_id is not None:
        condition &= Q(coop_id=coop_id)
    if "expired" not in words:
        # What ran out is left to the index: there is more of it from year to year.
        condition &= Q(expires_at__gt=at)
    found = [one for one in facts_where(condition).values() if one.status(at) in words]
    return sorted(found, key=lambda one: (one.request.at, one.request.id))


def requests_waiting_for(actor: Member, *, at: datetime) -> tuple[RequestView, ...]:
    """The open requests that this member may approve and has not approved, oldest first."""
    ground = Ground(at)
    return request_views(facts_waiting_for(actor, ground), at=at, ground=ground)


def requests_asking(actor: Member, *, at: datetime) -> tuple[RequestAsk, ...]:
    """As `requests_waiting_for`, with no more than a list of what needs somebody says."""
    waiting = facts_waiting_for(actor, Ground(at))
    return tuple(
        RequestAsk(
            number=facts.request.number,
            payee_name=facts.payee_name,
            amount_minor=facts.version.amount_minor,
            currency=facts.version.currency,
            purpose=facts.version.purpose,
            approvals_count=len(facts.approvals),
            approvals_needed=facts.approvals_needed,
        )
        for facts in waiting
    )


def facts_waiting_for(actor: Member, ground: Ground) -> list[RequestFacts]:
    """The facts of the open requests that this member may approve and has not approved."""
    trustees = ground.trustees(actor.coop_id)
    if trustees is None or actor.member_id not in trustees.member_ids:
        return []
    found = facts_open(actor.coop_id, at=ground.at, words=("open",))
    ground.mandates_read({facts.request.mandate_id for facts in found})
    return [
        facts
        for facts in found
        if not has_signed(facts, actor.member_id)
        and approval_refusal(facts, actor.member_id, at=ground.at, ground=ground) is None
    ]


def has_signed(facts: RequestFacts, member_id: UUID) -> bool:
    """Whether this trustee approved the latest payload."""
    return any(row.trustee_member_id == member_id for row in facts.approvals)


def request_check(request_id: UUID, actor: Member, *, at: datetime) -> str:
    """Why this member may not approve the request, in a sentence; empty when they may."""
    return check_text(facts_of(request_id), actor, Ground(at))


def check_text(facts: RequestFacts, actor: Member, ground: Ground) -> str:
    """As `request_check`, of facts that were read."""
    if has_signed(facts, actor.member_id):
        return say("You approved this payment already.")
    refusal = approval_refusal(facts, actor.member_id, at=ground.at, ground=ground)
    return refusal.message if refusal else ""


def request_edit_refusal(request_id: UUID, actor: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not change the request; None when they may."""
    return edit_refusal(facts_of(request_id), actor, at=at)


def request_withdraw_refusal(request_id: UUID, actor: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not take the request back; None when they may."""
    return withdraw_refusal(facts_of(request_id), actor, at=at)


def request_standings(request_id: UUID, *, at: datetime) -> tuple[TrusteeStanding, ...]:
    """What each trustee of the set in force may do about the request."""
    return standings_of(facts_of(request_id), Ground(at))


def standings_of(facts: RequestFacts, ground: Ground) -> tuple[TrusteeStanding, ...]:
    """As `request_standings`, of facts that were read."""
    trustees = ground.trustees(facts.request.coop_id)
    if trustees is None:
        return ()
    names = member_names(coop_id=facts.request.coop_id, member_ids=trustees.member_ids)
    refusals = {
        member_id: approval_refusal(facts, member_id, at=ground.at, ground=ground)
        for member_id in trustees.member_ids
    }
    return tuple(
        TrusteeStanding(
            member_id=member_id,
            name=names.get(member_id, ""),
            has_approved=has_signed(facts, member_id),
            refusal=refusal.message if refusal else "",
        )
        for member_id, refusal in refusals.items()
    )


def request_versions(request_id: UUID) -> tuple[VersionView, ...]:
    """All payloads that were put to the trustees, newest first."""
    rows = RequestVersion.objects.filter(request_id=request_id).order_by("-version")
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


def request_views(
    many: Sequence[RequestFacts], *, at: datetime, ground: Ground | None = None
) -> tuple[RequestView, ...]:
    """Frozen values of requests of one co-op; what is open says what it waits for.

    A fixed number of queries whatever their number.
    """
    if not many:
        return ()
    ground = ground or Ground(at)
    ground.mandates_read({facts.request.mandate_id for facts in many})
    open_ones = [facts for facts in many if facts.status(at) in ("open", "waiting")]
    ground.ordered_read({facts.version.payee for facts in open_ones})
    beside = beside_of(many)
    return tuple(request_frozen(facts, beside, ground) for facts in many)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside requests: read once for many of them."""

    names: dict[UUID, str]
    payees: dict[UUID, PayeeView]
    accounts: dict[UUID, PayeeAccountView]
    reasons: dict[UUID, PrivateText]


def beside_of(many: Sequence[RequestFacts]) -> Beside:
    """Names, payees and accounts of many requests of one co-op."""
    people = {row.trustee_member_id for facts in many for row in facts.approvals}
    people |= {facts.request.requester_member_id for facts in many}
    payees = payee_views({facts.version.payee for facts in many})
    return Beside(
        names=member_names(coop_id=many[0].request.coop_id, member_ids=people),
        payees={view.id: view for view in payees},
        accounts={account.id: account for view in payees for account in view.accounts},
        reasons=PrivateText.objects.in_bulk([f.end.id for f in many if f.end is not None]),
    )


def request_frozen(facts: RequestFacts, beside: Beside, ground: Ground) -> RequestView:
    """The frozen value of one request."""
    request, version, end, order = facts.request, facts.version, facts.end, facts.order
    status = facts.status(ground.at)
    is_open = status in ("open", "waiting")
    wait = order_wait(facts, at=ground.at, ground=ground) if is_open else None
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
        mandate=ground.mandate(request.mandate_id),
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
