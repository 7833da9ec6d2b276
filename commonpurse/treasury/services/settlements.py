"""Money left, or came back: the entries that say so, once."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.ledger.selectors import account_by_code, entry_by_id
from commonpurse.ledger.services import entry_post, entry_reverse, hold_release, hold_settle
from commonpurse.ledger.values import Line, NewEntry
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, lock_take, mac, row_add
from commonpurse.say import say
from commonpurse.treasury.models import (
    BankLine,
    BankStatement,
    Fund,
    Mandate,
    PaymentOrder,
    PaymentReversal,
    PrivateText,
    Settlement,
    StandingKind,
)
from commonpurse.treasury.selectors.funds import BANK
from commonpurse.treasury.selectors.orders import order_view
from commonpurse.treasury.services.telling import settled_tell
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import ReversalView, SettlementView

PROOF_MAX = 1_000
FACT = "bank_fact"
"""The ledger's kind for what the bank has done already: no floor stops it."""
SUSPENSE = "1900"
SPENDING = "5000"
SPENT_ON = {StandingKind.SPONSOR_FEE: "5100", StandingKind.REFUND: "4000"}
"""Accounts that standing mandates are spent on, where it is not plain spending."""


@transaction.atomic
def order_settle(
    *,
    order_id: UUID,
    bank_line_id: UUID | None,
    proof: str | None = None,
    booked_on: date,
    actor: Actor,
    at: datetime,
    from_account: str = "bank",
) -> SettlementView:
    """Book that an order left the fund: by the bank's line, or by proof where no statements come.

    The entry debits what the money was spent on and credits the bank (or suspense, where the
    debit stood unexplained until now), and ends the order's hold. The same line again gives the
    same settlement. Raises NotFound `no_order`, NotPossible `already_settled`, `not_open`,
    `statement_settles`, Invalid `amount`, `evidence`.
    """
    order = (
        PaymentOrder.objects.filter(id=order_id)
        .select_related("fund", "version__request__mandate")
        .first()
    )
    if order is None:
        raise NotFound("no_order", "There is no such order.")
    lock_take(order.fund_id)
    known = Settlement.objects.filter(order=order).first()
    if known is not None and known.bank_line_id == bank_line_id and bank_line_id is not None:
        return settlement_frozen(known, order)
    check_settles(order, bank_line_id, proof)
    settlement_id = new_id()
    entry_id = money_out(
        order,
        entry_of(order, settlement_id, booked_on=booked_on, from_account=from_account),
        from_account=from_account,
        actor=actor,
        at=at,
    )
    text = ""
    if proof is not None:
        text = line_clean(proof, field="proof", limit=PROOF_MAX, what=say("the bank’s reference"))
        PrivateText.objects.create(id=settlement_id, coop_id=order.coop_id, text=text)
    row = row_add(
        Settlement(
            id=settlement_id,
            coop_id=order.coop_id,
            at=at,
            order=order,
            bank_line_id=bank_line_id,
            proof_mac=mac(order.fund_id, "settlement", text) if text else None,
            booked_on=booked_on,
            entry_id=entry_id,
        )
    )
    settled_tell(order.version.request_id, actor=actor, at=at)
    audit_add(actor, "order_settle", coop_id=order.coop_id, subject_id=order_id, at=at)
    return settlement_frozen(row, order)


def money_out(
    order: PaymentOrder, entry: NewEntry, *, from_account: str, actor: Actor, at: datetime
) -> UUID:
    """Post the entry of a payment and end the order's hold.

    A debit that stood in suspense has left the bank account before, so what was held there for
    the order is free, and the entry moves the debit from suspense to what it paid for.
    """
    coop_id, hold_id = order.coop_id, order.hold_id
    if from_account == "bank":
        view = hold_settle(coop_id=coop_id, hold_id=hold_id, entry=entry, actor=actor, at=at)
        return view.id
    hold_release(coop_id=coop_id, hold_id=hold_id, actor=actor, at=at)
    view = entry_post(
        coop_id=coop_id,
        book_id=order.fund.book_id,
        key=entry.key,
        booked_on=entry.booked_on,
        kind=entry.kind,
        lines=entry.lines,
        memo=entry.memo,
        actor=actor,
        at=at,
    )
    return view.id


def check_settles(order: PaymentOrder, bank_line_id: UUID | None, proof: str | None) -> None:
    """Refuse to settle what is settled or failed, and evidence that does not fit the order."""
    view = order_view(order.id)
    if view.status in ("settled", "reversed"):
        raise NotPossible(
            "already_settled",
            "%(payment_number)s is settled already.",
            payment_number=view.payment_number,
        )
    if view.status == "failed":
        raise NotPossible(
            "not_open",
            "%(payment_number)s failed: ask for it again.",
            payment_number=view.payment_number,
        )
    if (bank_line_id is None) == (proof is None):
        raise Invalid("evidence", "Give the bank’s line or a proof, one of the two.")
    if bank_line_id is not None:
        line = BankLine.objects.filter(id=bank_line_id, statement__fund_id=order.fund_id).first()
        if line is None or line.amount_minor != -order.amount_minor:
            raise Invalid("amount", "This line of the statement is not the order’s amount.")
    elif BankStatement.objects.filter(fund_id=order.fund_id).exists():
        raise NotPossible(
            "statement_settles", "The next bank statement settles this order: import it."
        )


def entry_of(
    order: PaymentOrder, settlement_id: UUID, *, booked_on: date, from_account: str
) -> NewEntry:
    """The entry of a payment: debit what it was spent on, credit where the money left."""
    fund, mandate = order.fund, order.version.request.mandate
    source = {"bank": BANK, "suspense": SUSPENSE}[from_account]
    credit = account_by_code(coop_id=fund.coop_id, book_id=fund.book_id, code=source)
    debit = account_by_code(coop_id=fund.coop_id, book_id=fund.book_id, code=spent_on(mandate))
    number = f"P-{order.version.request.number:04d}"
    return NewEntry(
        key=f"settle:{settlement_id}",
        booked_on=booked_on,
        kind=FACT,
        memo=f"{number} {order.version.code} under M-{mandate.number:04d}",
        lines=(
            Line(account_id=debit.id, amount_minor=order.amount_minor),
            Line(account_id=credit.id, amount_minor=-order.amount_minor),
        ),
    )


def spent_on(mandate: Mandate) -> str:
    """The code of the account that a payment under this mandate is spent on."""
    if mandate.standing_kind is None:
        return SPENDING
    return SPENT_ON.get(StandingKind(mandate.standing_kind), SPENDING)


@transaction.atomic
def payment_reverse(
    *,
    settlement_id: UUID,
    bank_line_id: UUID | None,
    booked_on: date,
    actor: Actor,
    at: datetime,
) -> ReversalView:
    """Book that a payment's money came back whole: a reversing entry that names what it reverses.

    The mandate has its room again. Raises NotFound `no_payment`, NotPossible `already_reversed`,
    `statement_reverses`, Invalid `amount`.
    """
    settlement = (
        Settlement.objects.filter(id=settlement_id)
        .select_related("order__version__request__mandate")
        .first()
    )
    if settlement is None:
        raise NotFound("no_payment", "There is no such payment.")
    order = settlement.order
    lock_take(order.fund_id)
    known = PaymentReversal.objects.filter(settlement=settlement).first()
    if known is not None:
        if known.bank_line_id == bank_line_id and bank_line_id is not None:
            return reversal_frozen(known, order)
        raise NotPossible("already_reversed", "The money of this payment came back already.")
    check_came_back(settlement, bank_line_id)
    reversal_id = new_id()
    number = f"P-{order.version.request.number:04d}"
    entry = entry_reverse(
        coop_id=order.coop_id,
        entry_id=settlement.entry_id,
        key=f"reverse:{reversal_id}",
        booked_on=booked_on,
        memo=f"{number} came back",
        actor=actor,
        at=at,
    )
    row = row_add(
        PaymentReversal(
            id=reversal_id,
            coop_id=order.coop_id,
            at=at,
            settlement=settlement,
            bank_line_id=bank_line_id,
            booked_on=booked_on,
            entry_id=entry.id,
        )
    )
    audit_add(actor, "payment_reverse", coop_id=order.coop_id, subject_id=settlement_id, at=at)
    return reversal_frozen(row, order)


def check_came_back(settlement: Settlement, bank_line_id: UUID | None) -> None:
    """Refuse a line of another amount, and a payment that was booked out of suspense.

    Once the fund has statements, what came back is a line of one of them. Reversing an entry
    out of suspense would put money back into suspense instead of the bank account: it
    came in as any other money does and is assigned as a supplier's refund.
    """
    order = settlement.order
    fund = Fund.objects.get(id=order.fund_id)
    bank = account_by_code(coop_id=fund.coop_id, book_id=fund.book_id, code=BANK)
    entry = entry_by_id(coop_id=fund.coop_id, entry_id=settlement.entry_id).entry
    if all(posting.account_id != bank.id for posting in entry.postings):
        raise NotPossible(
            "from_suspense", "This payment stood in suspense first: assign the money as a refund."
        )
    if bank_line_id is None:
        if BankStatement.objects.filter(fund_id=order.fund_id).exists():
            raise NotPossible(
                "statement_reverses", "The next bank statement shows that it came back: import it."
            )
        return
    line = BankLine.objects.filter(id=bank_line_id, statement__fund_id=order.fund_id).first()
    if line is None or line.amount_minor != order.amount_minor:
        raise Invalid("amount", "This line of the statement is not the payment’s amount.")


def settlement_frozen(row: Settlement, order: PaymentOrder) -> SettlementView:
    """The frozen value of a settlement."""
    return SettlementView(
        id=row.id,
        order_id=row.order_id,
        mandate_id=order.version.request.mandate_id,
        entry_id=row.entry_id,
        booked_on=row.booked_on,
    )


def reversal_frozen(row: PaymentReversal, order: PaymentOrder) -> ReversalView:
    """The frozen value of a reversal."""
    return ReversalView(
        id=row.id,
        settlement_id=row.settlement_id,
        mandate_id=order.version.request.mandate_id,
        entry_id=row.entry_id,
        booked_on=row.booked_on,
    )
