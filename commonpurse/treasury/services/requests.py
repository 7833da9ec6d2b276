"""Asking for a payment under a mandate: request, edit, withdraw, refuse, expire."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.values import Member
from commonpurse.manual.selectors import manual_current
from commonpurse.proof.canonical import canonical
from commonpurse.record.ids import new_id
from commonpurse.record.services import (
    SYSTEM,
    Actor,
    audit_add,
    lock_make,
    lock_take,
    mac,
    row_add,
)
from commonpurse.say import Amount, say
from commonpurse.treasury.models import (
    EndKind,
    Mandate,
    Payee,
    PayeeAccount,
    PaymentRequest,
    PrivateText,
    RequestEnd,
    RequestKey,
    RequestVersion,
    TrusteeSet,
)
from commonpurse.treasury.payload import Payload, nonce_make
from commonpurse.treasury.selectors.facts import RequestFacts, facts_of
from commonpurse.treasury.selectors.funds import is_trustee
from commonpurse.treasury.selectors.mandates import mandate_view
from commonpurse.treasury.selectors.readiness import (
    Ground,
    edit_refusal,
    limit_excess,
    open_refusal,
    withdraw_refusal,
)
from commonpurse.treasury.selectors.requests import facts_open, request_view
from commonpurse.treasury.services.payees import check_member
from commonpurse.treasury.services.telling import ended_tell
from commonpurse.treasury.services.wanted import approvals_want
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import MandateView, RequestView

PURPOSE_MAX = 100
REASON_MAX = 1_000
KEY_MAX = 100
AMOUNT_MAX_MINOR = 10**15


@transaction.atomic
def payment_request(
    *,
    mandate_id: UUID,
    payee_id: UUID,
    account_id: UUID | None,
    amount_minor: int,
    purpose: str,
    key: str,
    actor: Member,
    at: datetime,
) -> RequestView:
    """Ask the trustees to pay somebody under a mandate. Any member may ask.

    `key` makes retrying safe: the same key and wish give the same request, the same key with
    another wish is refused. Raises NotAllowed `not_member` or `own_benefit`, NotFound
    `no_mandate`, Invalid `key_reused`, `amount`, `over_mandate`, `over_limit`, `payee`,
    `account`, NotPossible `mandate_over`, `no_trustees`.
    """
    mandate = Mandate.objects.filter(id=mandate_id, coop_id=actor.coop_id).first()
    if mandate is None:
        raise NotFound("no_mandate", "There is no such mandate.")
    check_member(actor, mandate.coop_id)
    lock_take(mandate.coop_id)
    lock_take(mandate.fund_id, mandate.id)
    body = {
        "mandate": str(mandate_id),
        "payee": str(payee_id),
        "account": str(account_id or ""),
        "amount_minor": str(amount_minor),
        "purpose": purpose,
    }
    known = key_known(actor, key, body)
    if known is not None:
        return request_view(known, at=at)
    request = PaymentRequest(
        id=new_id(),
        coop_id=mandate.coop_id,
        at=at,
        number=number_next(mandate.coop_id),
        mandate=mandate,
        requester_member_id=actor.member_id,
    )
    payee, account = payee_checked(mandate, payee_id, account_id, actor)
    check_amount(request, payee, amount_minor, at=at)
    text = line_clean(
        purpose, field="purpose", limit=PURPOSE_MAX, what=say("what the payment is for")
    )
    lock_make(coop_id=request.coop_id, subject_id=request.id)
    row_add(request)
    version_add(
        request, account, amount_minor=amount_minor, purpose=text, number=1, actor=actor, at=at
    )
    key_remember(actor, key, body, request)
    audit_add(actor.actor, "payment_request", coop_id=request.coop_id, subject_id=request.id, at=at)
    return approvals_want(request_view(request.id, at=at), actor=actor, at=at)


@transaction.atomic
def payment_edit(
    *,
    request_id: UUID,
    account_id: UUID | None,
    amount_minor: int,
    purpose: str,
    actor: Member,
    at: datetime,
) -> RequestView:
    """Put a changed payload before the trustees; every approval of the earlier one is void.

    The requester or a treasurer edits; whoever does may not approve the result. Raises what
    `payment_request` raises, and NotPossible `not_open`, NotAllowed `not_yours`.
    """
    facts = request_locked(request_id, actor)
    if refusal := edit_refusal(facts, actor, at=at):
        raise refusal
    request = facts.request
    payee, account = payee_checked(request.mandate, facts.version.payee_id, account_id, actor)
    check_amount(request, payee, amount_minor, at=at)
    text = line_clean(
        purpose, field="purpose", limit=PURPOSE_MAX, what=say("what the payment is for")
    )
    number = facts.version.version + 1
    version_add(
        request, account, amount_minor=amount_minor, purpose=text, number=number, actor=actor, at=at
    )
    audit_add(actor.actor, "payment_edit", coop_id=request.coop_id, subject_id=request.id, at=at)
    return approvals_want(request_view(request.id, at=at), actor=actor, at=at)


@transaction.atomic
def payment_withdraw(*, request_id: UUID, actor: Member, at: datetime) -> RequestView:
    """Take a request back. Only the member who asked may. NotAllowed `not_yours`."""
    facts = request_locked(request_id, actor)
    if refusal := withdraw_refusal(facts, actor, at=at):
        raise refusal
    request = facts.request
    end_add(facts, EndKind.WITHDRAWN, actor=actor, reason="", at=at)
    audit_add(
        actor.actor, "payment_withdraw", coop_id=request.coop_id, subject_id=request_id, at=at
    )
    return request_view(request_id, at=at)


@transaction.atomic
def payment_refuse(*, request_id: UUID, reason: str, actor: Member, at: datetime) -> RequestView:
    """End a request as a trustee, with a reason that the members read.

    Raises NotAllowed `not_trustee`, NotPossible `not_open`, Invalid `empty`.
    """
    facts = request_locked(request_id, actor)
    check_open(facts, at=at)
    request = facts.request
    if not is_trustee(coop_id=request.coop_id, member_id=actor.member_id):
        raise NotAllowed("not_trustee", "Only a trustee may refuse a payment.")
    text = line_clean(reason, field="reason", limit=REASON_MAX, what=say("the reason"))
    end_add(facts, EndKind.REFUSED, actor=actor, reason=text, at=at)
    audit_add(actor.actor, "payment_refuse", coop_id=request.coop_id, subject_id=request_id, at=at)
    view = request_view(request_id, at=at)
    ended_tell(view, how="refused", actor=actor.actor, at=at)
    return view


@transaction.atomic
def request_expire(*, request_id: UUID, actor: Actor, at: datetime) -> RequestView:
    """End a request whose time is over. Raises NotPossible `not_expired`."""
    facts = facts_of(request_id)
    request = facts.request
    lock_take(request.mandate.fund_id, request.mandate_id, request_id)
    facts = facts_of(request_id)
    if facts.status(at) != "expired":
        raise NotPossible("not_expired", "This request is not over yet.")
    if facts.end is None:
        end_add(facts, EndKind.EXPIRED, actor=None, reason="", at=at)
        audit_add(actor, "request_expire", coop_id=request.coop_id, subject_id=request_id, at=at)
        ended_tell(request_view(request_id, at=at), how="expired", actor=actor, at=at)
    return request_view(request_id, at=at)


def requests_expire_due(*, at: datetime) -> int:
    """End all requests whose time is over, in all co-ops; how many."""
    over = facts_open(None, at=at, words=("expired",))
    for facts in over:
        request_expire(request_id=facts.request.id, actor=SYSTEM, at=at)
    return len(over)


def request_locked(request_id: UUID, actor: Member) -> RequestFacts:
    """The facts of a request of the actor's co-op, read again under its locks."""
    request = (
        PaymentRequest.objects.filter(id=request_id, coop_id=actor.coop_id)
        .select_related("mandate")
        .first()
    )
    if request is None:
        raise NotFound("no_request", "There is no such payment request.")
    lock_take(request.mandate.fund_id, request.mandate_id, request_id)
    check_member(actor, request.coop_id)
    return facts_of(request_id)


def check_open(facts: RequestFacts, *, at: datetime) -> None:
    """Refuse to touch what is over or ordered."""
    if refusal := open_refusal(facts, at=at):
        raise refusal


def payee_checked(
    mandate: Mandate, payee_id: UUID, account_id: UUID | None, actor: Member
) -> tuple[Payee, PayeeAccount]:
    """The payee that the mandate allows and one of its accounts: the newest where none is named.

    Whoever would gain may not ask either: asking, approving and being paid are three people's.
    """
    payee = Payee.objects.filter(id=payee_id, coop_id=mandate.coop_id).first()
    if payee is None or (mandate.payee_id and mandate.payee_id != payee_id):
        code = f"M-{mandate.number:04d}"
        raise Invalid(
            "payee", "Mandate %(which)s does not pay this payee.", field="payee", which=code
        )
    if payee.beneficial_owner_member_id == actor.member_id:
        raise NotAllowed(
            "own_benefit", "You gain from this payment. Let another member ask for it."
        )
    accounts = list(PayeeAccount.objects.filter(payee=payee).order_by("-at", "-id"))
    if not accounts:
        raise Invalid("account", "Enter the payee’s bank account first.", field="account")
    chosen = [row for row in accounts if account_id in (None, row.id)]
    if not chosen:
        raise Invalid("account", "Choose one of the payee’s own accounts.", field="account")
    return payee, chosen[0]


def check_amount(
    request: PaymentRequest, payee: Payee, amount_minor: int, *, at: datetime
) -> MandateView:
    """Refuse an amount that the mandate or the manual's limit for one payee does not allow."""
    mandate = mandate_view(request.mandate_id, at=at)
    if not mandate.is_valid:
        raise NotPossible(
            "mandate_over", "Mandate %(which)s is over: a new vote is needed.", which=mandate.code
        )
    if not mandate.is_requestable:
        raise NotPossible(
            "not_requestable", "Nobody asks for payments under %(which)s.", which=mandate.code
        )
    if not 0 < amount_minor <= AMOUNT_MAX_MINOR:
        raise Invalid("amount", "Enter an amount above zero.", field="amount")
    if amount_minor > mandate.remaining_minor:
        left = Amount(mandate.remaining_minor, mandate.currency)
        raise Invalid(
            "over_mandate",
            "Enter an amount of %(left)s or less: that is what mandate %(which)s has left.",
            field="amount",
            left=left,
            which=mandate.code,
        )
    also_minor = asked_of(payee, except_for=request.id, at=at)
    excess = limit_excess(payee, Ground(at), amount_minor=amount_minor, also_minor=also_minor)
    if excess:
        raise Invalid(
            "over_limit", "Enter less or ask later: %(excess)s", field="amount", excess=excess
        )
    return mandate


def asked_of(payee: Payee, *, except_for: UUID, at: datetime) -> int:
    """What open requests ask for this payee and for others of the same owner."""
    owner = payee.beneficial_owner_member_id
    return sum(
        facts.version.amount_minor
        for facts in facts_open(payee.coop_id, at=at)
        if facts.request.id != except_for
        and (
            facts.version.payee_id == payee.id
            or (owner is not None and facts.version.payee.beneficial_owner_member_id == owner)
        )
    )


def version_add(
    request: PaymentRequest,
    account: PayeeAccount,
    *,
    amount_minor: int,
    purpose: str,
    number: int,
    actor: Member,
    at: datetime,
) -> RequestVersion:
    """Write the exact payload that the trustees in force shall sign."""
    trustees = TrusteeSet.objects.filter(coop_id=request.coop_id).order_by("-number").first()
    if trustees is None:
        raise NotPossible("no_trustees", "The co-op has no trustees yet: decide on them first.")
    days = manual_current(request.coop_id).parameters.request_valid_days
    payload = Payload(
        request_id=request.id,
        fund_id=request.mandate.fund_id,
        mandate_id=request.mandate_id,
        payee_id=account.payee_id,
        iban_mac=account.iban_mac,
        holder_mac=account.holder_mac,
        amount_minor=amount_minor,
        currency=request.mandate.currency,
        purpose=purpose,
        nonce=nonce_make(),
        expires_at=at + timedelta(days=days),
        trustee_set_number=trustees.number,
    )
    return row_add(
        RequestVersion(
            coop_id=request.coop_id,
            at=at,
            request=request,
            version=number,
            payee_id=account.payee_id,
            payee_account=account,
            amount_minor=amount_minor,
            currency=payload.currency,
            purpose=purpose,
            nonce=payload.nonce,
            expires_at=payload.expires_at,
            trustee_set=trustees,
            payload_hash=payload.hash,
            code=payload.code,
            edited_by_member_id=actor.member_id,
        )
    )


def end_add(
    facts: RequestFacts, kind: EndKind, *, actor: Member | None, reason: str, at: datetime
) -> None:
    """End a request without a payment; the reason stays private, its commitment is public."""
    row = row_add(
        RequestEnd(
            coop_id=facts.request.coop_id,
            at=at,
            request=facts.request,
            kind=kind,
            by_member_id=actor.member_id if actor else None,
            reason_mac=mac(actor.person_id, "request-end", reason) if actor and reason else None,
        )
    )
    if reason:
        PrivateText.objects.create(id=row.id, coop_id=row.coop_id, text=reason)


def number_next(coop_id: UUID) -> int:
    """The next number of a request, without gaps. Call it under the co-op's lock."""
    last = PaymentRequest.objects.filter(coop_id=coop_id).order_by("-number").first()
    return last.number + 1 if last else 1


def key_known(actor: Member, key: str, body: dict[str, str]) -> UUID | None:
    """The request that this key made before, if it did. Raises Invalid `key` or `key_reused`."""
    if not 0 < len(key) <= KEY_MAX:
        raise Invalid("key", "A request’s key has 1 to %(key_max)s characters.", key_max=KEY_MAX)
    row = RequestKey.objects.filter(
        coop_id=actor.coop_id, member_id=actor.member_id, key=key
    ).first()
    if row is None:
        return None
    if row.body_sha256 != body_sha256(body):
        raise Invalid("key_reused", "This form was sent before with other values. Open it again.")
    return row.request_id


def key_remember(actor: Member, key: str, body: dict[str, str], request: PaymentRequest) -> None:
    """Remember which request a key made."""
    RequestKey.objects.create(
        coop_id=actor.coop_id,
        member_id=actor.member_id,
        key=key,
        body_sha256=body_sha256(body),
        request=request,
    )


def body_sha256(body: dict[str, str]) -> str:
    """The digest of what was asked for, never of when."""
    return hashlib.sha256(canonical(body)).hexdigest()
