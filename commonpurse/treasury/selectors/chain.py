"""Why a payment was made: every step from the money that left to the manual that allowed it.

Each step names the leaf of its row, so that a reader finds it in the public record.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from commonpurse.decisions.selectors import decision_by_id, result_by_id
from commonpurse.manual.selectors import manual_by_id
from commonpurse.say import Amount, Day, say
from commonpurse.treasury.models import OrderFile
from commonpurse.treasury.selectors.facts import RequestFacts, facts_of
from commonpurse.treasury.selectors.mandates import mandate_view
from commonpurse.treasury.selectors.requests import request_of, request_view
from commonpurse.treasury.values import ChainStep, MandateView, PaymentChain, RequestView


def chain_of_payment(any_id: UUID, *, at: datetime) -> PaymentChain:
    """The chain of authority of a payment, by its settlement's, order's or request's id.

    Steps that have not happened yet are missing; those that have are never left out. Raises
    NotFound `no_payment`.
    """
    facts = facts_of(request_of(any_id))
    request = request_view(facts.request.id, at=at)
    mandate = mandate_view(facts.request.mandate_id, at=at)
    manual_version_id = mandate.manual_version_id or manual_of(mandate)
    steps = (
        *steps_of_money(facts, request),
        *steps_of_request(facts, request),
        *steps_of_authority(mandate, manual_version_id),
    )
    return PaymentChain(
        request=request,
        decision_id=mandate.decision_id,
        manual_version_id=manual_version_id,
        steps=steps,
    )


def manual_of(mandate: MandateView) -> UUID:
    """The manual in force when the mandate's decision opened."""
    assert mandate.decision_id is not None, "a mandate has exactly one authority"
    version_id = decision_by_id(mandate.decision_id).manual_version_id
    assert version_id is not None, "founding gives no mandate of its own"
    return version_id


def steps_of_money(facts: RequestFacts, request: RequestView) -> Iterator[ChainStep]:
    """Settlement, bank line and order."""
    amount = Amount(request.amount_minor, request.currency)
    if facts.reversal is not None:
        back_on = Day(facts.reversal.booked_on)
        yield ChainStep(
            kind="reversal",
            leaf_id=facts.reversal.id,
            at=facts.reversal.at,
            title=say("%(amount)s came back on %(day)s", amount=amount, day=back_on),
            facts=(("entry", str(facts.reversal.entry_id)),),
        )
    if facts.settlement is not None:
        left_on = Day(facts.settlement.booked_on)
        yield ChainStep(
            kind="payment",
            leaf_id=facts.settlement.id,
            at=facts.settlement.at,
            title=say("%(amount)s left the fund on %(day)s", amount=amount, day=left_on),
            facts=(("payment", request.payment_number), ("entry", str(facts.settlement.entry_id))),
        )
        yield from step_of_line(facts)
    if facts.failure is not None:
        yield ChainStep(
            kind="failure",
            leaf_id=facts.failure.id,
            at=facts.failure.at,
            title=say("The bank did not carry out the order"),
            facts=(),
        )
    if facts.in_file is not None:
        file = OrderFile.objects.get(id=facts.in_file.file_id)
        yield ChainStep(
            kind="file",
            leaf_id=file.id,
            at=file.at,
            title=say("Sent to the sponsor’s bank in a payment file"),
            facts=(("message", file.message_id),),
        )
    if facts.by_hand is not None:
        yield ChainStep(
            kind="by_hand",
            leaf_id=facts.by_hand.id,
            at=facts.by_hand.at,
            title=say("Typed into the bank by the sponsor"),
            facts=(),
        )
    if facts.order is not None:
        yield ChainStep(
            kind="order",
            leaf_id=facts.order.id,
            at=facts.order.at,
            title=say("Order to the sponsor over %(amount)s", amount=amount),
            facts=(("end_to_end_id", facts.order.end_to_end_id), ("code", request.code)),
        )


def step_of_line(facts: RequestFacts) -> Iterator[ChainStep]:
    """The line of the bank statement that settled the order, without its private text."""
    assert facts.settlement is not None, "called for settled payments only"
    line = facts.settlement.bank_line
    if line is not None:
        yield ChainStep(
            kind="bank_line",
            leaf_id=line.id,
            at=line.at,
            title=say(
                "Matched to a line of the bank statement, booked %(day)s", day=Day(line.booked_on)
            ),
            facts=(("amount_minor", str(line.amount_minor)),),
        )


def steps_of_request(facts: RequestFacts, request: RequestView) -> Iterator[ChainStep]:
    """Approvals, latest first, then the payload and the request."""
    for approval in reversed(request.approvals):
        yield ChainStep(
            kind="approval",
            leaf_id=approval.id,
            at=approval.at,
            title=say("%(name)s approved", name=approval.trustee_name),
            facts=(("code", request.code), ("payload_hash", request.payload_hash)),
        )
    yield ChainStep(
        kind="payload",
        leaf_id=facts.version.id,
        at=facts.version.at,
        title=say("What the trustees signed: %(code)s", code=request.code),
        facts=(
            ("payload_hash", request.payload_hash),
            ("trustee_set", str(request.trustee_set_number)),
            ("approvals_needed", str(request.approvals_needed)),
        ),
    )
    yield ChainStep(
        kind="request",
        leaf_id=facts.request.id,
        at=facts.request.at,
        title=say(
            "%(number)s, asked by %(name)s",
            number=request.code_number,
            name=request.requester_name,
        ),
        facts=(("purpose", request.purpose), ("payee", request.payee.name)),
    )


def steps_of_authority(mandate: MandateView, manual_version_id: UUID) -> Iterator[ChainStep]:
    """Mandate, then result and decision where there was a vote, then the manual."""
    limit = Amount(mandate.max_minor, mandate.currency)
    upto = (
        say("%(code)s: up to %(limit)s a month", code=mandate.code, limit=limit)
        if mandate.standing_kind
        else say("%(code)s: up to %(limit)s", code=mandate.code, limit=limit)
    )
    yield ChainStep(
        kind="mandate",
        leaf_id=mandate.id,
        at=mandate.valid_from,
        title=upto,
        facts=(("purpose", mandate.purpose),),
    )
    if mandate.decision_id is not None and mandate.result_id is not None:
        result = result_by_id(mandate.result_id)
        decision = decision_by_id(mandate.decision_id)
        yield ChainStep(
            kind="result",
            leaf_id=result.id,
            at=result.at,
            title=say("The decision passed"),
            facts=tuple((key, str(value)) for key, value in result.counts.items()),
        )
        yield ChainStep(
            kind="decision",
            leaf_id=decision.id,
            at=decision.opens_at,
            title=say(
                "%(number)s: %(question)s",
                number=f"D-{decision.number:04d}",
                question=decision.question,
            ),
            facts=(("number", str(decision.number)),),
        )
    manual = manual_by_id(mandate.coop_id, manual_version_id)
    yield ChainStep(
        kind="manual",
        leaf_id=manual.version_id,
        at=manual.at,
        title=say("Operating manual, version %(number)s", number=manual.number),
        facts=(("number", str(manual.number)),),
    )
