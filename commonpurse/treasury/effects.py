"""What a vote on money may say: checked before anybody votes on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commonpurse.errors import Invalid, NotFound
from commonpurse.rules.money import AMOUNT_MAX_MINOR
from commonpurse.say import say
from commonpurse.treasury.selectors.bank import line_view
from commonpurse.treasury.selectors.funds import fund_of
from commonpurse.treasury.selectors.payees import payee_view
from commonpurse.treasury.services.mandates import PURPOSE_MAX, until_of
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import FundView

Effect = dict[str, Any]
SPEND_FIELDS = {"kind", "payee_id", "amount_minor", "currency", "purpose", "valid_until"}


def spend_checked(coop_id: UUID, effect: Effect, closes_at: datetime) -> Effect:
    """A payment to a payee of the co-op, in the fund's currency, that may be paid after the vote.

    What is not understood is refused, not left out: nobody votes on less than was put.
    """
    fund = fund_here(coop_id)
    unknown = set(effect) - SPEND_FIELDS
    if unknown or effect.get("currency", fund.currency) != fund.currency:
        raise Invalid(
            "effect_unknown",
            "A payment has a payee, an amount in %(currency)s, a purpose and a last day.",
            field="currency",
            currency=fund.currency,
        )
    amount = effect.get("amount_minor")
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        raise Invalid("amount", "Enter an amount above zero.", field="amount")
    if amount > AMOUNT_MAX_MINOR:
        raise Invalid("amount", "Enter a smaller amount.", field="amount")
    try:
        payee = payee_view(UUID(str(effect.get("payee_id"))))
    except (ValueError, NotFound) as fault:
        raise Invalid("no_payee", "Choose who is paid.", field="payee") from fault
    if payee.coop_id != coop_id:
        raise Invalid("no_payee", "Choose who is paid.", field="payee")
    until = str(effect.get("valid_until") or "")
    if until and until_of(until) <= closes_at:
        raise Invalid(
            "valid_until",
            "Choose a last day after the vote closes: before it nothing can be paid.",
            field="valid_until",
        )
    return {
        "kind": "spend",
        "payee_id": str(payee.id),
        "amount_minor": amount,
        "currency": fund.currency,
        "purpose": line_clean(
            str(effect.get("purpose", "")),
            field="purpose",
            limit=PURPOSE_MAX,
            what=say("the purpose"),
        ),
        "valid_until": until or None,
    }


def cover_checked(coop_id: UUID, effect: Effect, closes_at: datetime) -> Effect:
    """A debit in suspense of the co-op's fund, whole: it was paid already."""
    del closes_at
    fund = fund_here(coop_id)
    try:
        line = line_view(UUID(str(effect.get("bank_line_id"))))
    except (ValueError, NotFound) as fault:
        raise Invalid("no_line", "Choose the debit to cover.", field="line") from fault
    if line.fund_id != fund.id or line.kind != "suspense":
        raise Invalid("no_line", "Choose the debit to cover.", field="line")
    return {
        "kind": "cover",
        "bank_line_id": str(line.id),
        "amount_minor": -line.amount_minor,
        "currency": fund.currency,
        "purpose": line_clean(
            str(effect.get("purpose", "")),
            field="purpose",
            limit=PURPOSE_MAX,
            what=say("what the debit was for"),
        ),
    }


def fund_here(coop_id: UUID) -> FundView:
    """The fund that a vote would spend from. Raises Invalid while there is none."""
    fund = fund_of(coop_id)
    if fund is None:
        raise Invalid("no_fund", "This co-op has no fund yet.", field="kind")
    return fund
