"""A trustee signs one exact payload; the last signature needed prepares the order.

Approving is not paying: the order waits for whoever sends it to the bank, and money has moved
only when the bank says so. Where money is short, an account cools down or the mandate has no room,
the signatures stand and the order waits, publicly, until a job prepares it.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import NotPossible
from commonpurse.groups.values import Member
from commonpurse.ledger.selectors import account_by_code
from commonpurse.ledger.services import hold_reserve
from commonpurse.record.ids import new_id
from commonpurse.record.services import SYSTEM, Actor, audit_add, lock_take, row_add
from commonpurse.treasury.models import Approval, PaymentOrder
from commonpurse.treasury.selectors.facts import RequestFacts, facts_of, payload_of
from commonpurse.treasury.selectors.funds import BANK
from commonpurse.treasury.selectors.readiness import approval_refusal, order_wait
from commonpurse.treasury.selectors.requests import facts_open, request_view
from commonpurse.treasury.services.requests import request_locked
from commonpurse.treasury.values import RequestView


@transaction.atomic
def payment_approve(
    *, request_id: UUID, payload_hash: str, actor: Member, at: datetime
) -> RequestView:
    """Sign, as a trustee, exactly the payload whose hash was shown.

    Twice is once. The signature that completes the number needed prepares the order in the same
    transaction, if money, mandate, limit and cooling period allow it now. Raises NotFound
    `no_request`; NotPossible `payload_changed`, `expired`, `not_open`, `trustees_changed`,
    `mandate_over`; NotAllowed `not_trustee`, `own_request`, `own_edit`, `own_benefit`,
    `own_account`.
    """
    facts = request_locked(request_id, actor)
    version = facts.version
    if payload_hash != version.payload_hash or payload_of(facts).hash != payload_hash:
        raise payload_changed()
    if any(row.trustee_member_id == actor.member_id for row in facts.approvals):
        return request_view(request_id, at=at)
    refusal = approval_refusal(facts, actor.member_id, at=at)
    if refusal is not None:
        raise refusal
    approval = row_add(
        Approval(
            coop_id=facts.request.coop_id,
            at=at,
            version=version,
            trustee_member_id=actor.member_id,
            payload_hash=payload_hash,
        )
    )
    facts.approvals.append(approval)
    order_add_if_ready(facts, actor=actor.actor, at=at)
    audit_add(
        actor.actor,
        "payment_approve",
        coop_id=approval.coop_id,
        subject_id=request_id,
        at=at,
        payload_hash=payload_hash,
    )
    return request_view(request_id, at=at)


@transaction.atomic
def order_prepare(*, request_id: UUID, actor: Actor, at: datetime) -> RequestView:
    """Prepare the order of a request that enough trustees signed, once nothing is in its way.

    Raises NotPossible with the reason's code (`money`, `cooling`, `limit`, …) while it waits.
    """
    request = facts_of(request_id).request
    lock_take(request.mandate.fund_id, request.mandate_id, request_id)
    facts = facts_of(request_id)
    if facts.status(at) == "waiting" and not order_add_if_ready(facts, actor=actor, at=at):
        wait = order_wait(facts, at=at)
        assert wait is not None, "no order and nothing to wait for"
        raise NotPossible(wait.code, wait.text)
    audit_add(actor, "order_prepare", coop_id=request.coop_id, subject_id=request_id, at=at)
    return request_view(request_id, at=at)


def orders_prepare_due(*, at: datetime) -> int:
    """Prepare the orders that waited and need not wait any more, oldest first; how many."""
    prepared = 0
    for facts in facts_open(None, at=at, words=("waiting",)):
        if order_wait(facts, at=at) is None:
            try:
                order_prepare(request_id=facts.request.id, actor=SYSTEM, at=at)
            except NotPossible:
                # Another order took the money between looking and locking: this one waits on.
                continue
            prepared += 1
    return prepared


def order_add_if_ready(facts: RequestFacts, *, actor: Actor, at: datetime) -> PaymentOrder | None:
    """Reserve the money and write the order, unless something is in its way.

    Call it under the locks of fund, mandate and request: what it checks cannot change before
    the transaction ends.
    """
    if order_wait(facts, at=at) is not None:
        return None
    fund, version = facts.request.mandate.fund, facts.version
    bank = account_by_code(coop_id=fund.coop_id, book_id=fund.book_id, code=BANK)
    order_id = new_id()
    hold = hold_reserve(
        coop_id=fund.coop_id,
        account_id=bank.id,
        key=f"order:{order_id}",
        amount_minor=version.amount_minor,
        actor=actor,
        at=at,
    )
    order = row_add(
        PaymentOrder(
            id=order_id,
            coop_id=fund.coop_id,
            at=at,
            version=version,
            fund=fund,
            end_to_end_id=f"R{facts.request.number:04d}-{version.version}-{version.code}",
            amount_minor=version.amount_minor,
            hold_id=hold.id,
        )
    )
    facts.order = order
    return order


def payload_changed() -> NotPossible:
    """What a trustee hears who signs something else than what stands there now."""
    return NotPossible(
        "payload_changed", "This payment was changed after you opened it. Read it again."
    )
