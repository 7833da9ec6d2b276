"""Sending orders to the sponsor's bank: a payment file, or by hand with proof."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from commonpurse.errors import NotAllowed, NotFound, NotPossible
from commonpurse.formats.pain001 import Account, Transfer, write
from commonpurse.groups.values import Member
from commonpurse.ledger.services import hold_release
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, lock_take, mac, row_add
from commonpurse.say import say
from commonpurse.treasury.models import (
    Fund,
    OrderByHand,
    OrderFailure,
    OrderFile,
    OrderFileBody,
    OrderInFile,
    PaymentOrder,
    PrivateText,
)
from commonpurse.treasury.selectors.funds import fund_account
from commonpurse.treasury.selectors.orders import order_file, order_view, orders_sendable
from commonpurse.treasury.selectors.payees import account_views, names_of
from commonpurse.treasury.services.payees import check_member
from commonpurse.treasury.services.sponsors import check_staff
from commonpurse.treasury.sponsor_values import SponsorPerson
from commonpurse.treasury.texts import line_clean
from commonpurse.treasury.values import STATUSES, OrderFileView, OrderView

REASON_MAX = 1_000
FILE_CURRENCY = "EUR"


@transaction.atomic
def orders_export(
    *,
    fund_id: UUID,
    order_ids: Collection[UUID] | None,
    execute_on: date,
    actor: Member | SponsorPerson,
    at: datetime,
) -> OrderFileView:
    """Write the orders that wait into one payment file (pain.001) for the sponsor's bank.

    All sendable orders where `order_ids` is None. An order goes into one file only; the same file
    again is `order_file(file_id)`. Raises NotAllowed `not_treasurer`, NotFound `no_fund`,
    NotPossible `no_account`, `no_orders`, `already_sent`, `not_euro` or `erased`.
    """
    fund = fund_locked(fund_id, actor)
    payer = fund_account(fund_id)
    if fund.currency != FILE_CURRENCY:
        raise NotPossible("not_euro", "Payment files are for euros: send these orders by hand.")
    if payer is None:
        raise NotPossible("no_account", "Enter the fund’s own bank account first.")
    orders = orders_to_send(fund_id, order_ids)
    file_id = new_id()
    message_id = f"CP-{file_id.hex}"[:35]
    body = write(
        payer=Account(name=payer.holder, iban=payer.iban, bic=payer.bic),
        transfers=transfers_of(orders),
        message_id=message_id,
        execute_on=execute_on,
        today=at.date(),
        created_at=at,
    )
    digest = hashlib.sha256(body).hexdigest()
    row = row_add(
        OrderFile(
            id=file_id,
            coop_id=fund.coop_id,
            at=at,
            fund=fund,
            message_id=message_id,
            order_ids=sorted(str(order.id) for order in orders),
            file_mac=mac(fund_id, "order-file", digest),
        )
    )
    OrderFileBody.objects.create(id=file_id, coop_id=fund.coop_id, sha256=digest, body=body)
    OrderInFile.objects.bulk_create(
        [OrderInFile(coop_id=fund.coop_id, order=order, file=row) for order in orders]
    )
    audit_add(actor.actor, "orders_export", coop_id=fund.coop_id, subject_id=file_id, at=at)
    return order_file(file_id)


def fund_locked(fund_id: UUID, actor: Member | SponsorPerson) -> Fund:
    """The fund, locked, for the treasurer of its co-op or a person of its sponsor."""
    fund = funds_of(actor).filter(id=fund_id).first()
    if fund is None:
        raise NotFound("no_fund", "There is no such fund.")
    lock_take(fund_id)
    if isinstance(actor, SponsorPerson):
        check_staff(actor, fund.sponsor_id)
        return fund
    check_member(actor, fund.coop_id)
    if not actor.has_role("treasurer"):
        raise NotAllowed("not_treasurer", "Only a treasurer sends orders to the bank.")
    return fund


def funds_of(actor: Member | SponsorPerson) -> QuerySet[Fund]:
    """The funds that are this one's business: the co-op's, or those that the sponsor holds."""
    if isinstance(actor, SponsorPerson):
        return Fund.objects.filter(sponsor_id=actor.sponsor_id)
    return Fund.objects.filter(coop_id=actor.coop_id)


def orders_to_send(fund_id: UUID, order_ids: Collection[UUID] | None) -> list[PaymentOrder]:
    """The chosen orders, oldest first; refused unless each of them still waits to be sent."""
    sendable = orders_sendable(fund_id)
    chosen = [order for order in sendable if order_ids is None or order.id in order_ids]
    if order_ids is not None and len(chosen) != len(set(order_ids)):
        raise NotPossible("already_sent", "One of these orders was sent already. Look again.")
    if not chosen:
        raise NotPossible("no_orders", "No order waits to be sent.")
    return chosen


def transfers_of(orders: list[PaymentOrder]) -> list[Transfer]:
    """What the bank needs of each order; the payload code leads the purpose."""
    accounts = {
        row.id: view for row, view in account_views(order.version.payee_account for order in orders)
    }
    names = names_of(order.version.payee for order in orders)
    transfers = []
    for order in orders:
        version = order.version
        account = accounts[version.payee_account_id]
        if not account.iban:
            raise NotPossible(
                "erased",
                "The bank details of %(payee)s were erased.",
                payee=names[version.payee_id],
            )
        transfers.append(
            Transfer(
                end_to_end_id=order.end_to_end_id,
                payee_name=account.holder,
                iban=account.iban,
                bic=account.bic,
                amount_minor=order.amount_minor,
                currency=version.currency,
                remittance=f"{version.code} {version.purpose}",
            )
        )
    return transfers


@transaction.atomic
def order_send_by_hand(
    *, order_id: UUID, proof: str, actor: Member | SponsorPerson, at: datetime
) -> OrderView:
    """Note that the sponsor typed this order into the bank itself, with a proof of it.

    The debit on the next statement settles it. Raises NotAllowed `not_treasurer`, NotFound
    `no_order`, NotPossible `already_sent`, Invalid `empty`.
    """
    order = PaymentOrder.objects.filter(id=order_id, fund__in=funds_of(actor)).first()
    if order is None:
        raise NotFound("no_order", "There is no such order.")
    fund_locked(order.fund_id, actor)
    orders_to_send(order.fund_id, [order_id])
    text = line_clean(proof, field="proof", limit=REASON_MAX, what=say("the bank’s reference"))
    row = row_add(
        OrderByHand(
            coop_id=order.coop_id,
            at=at,
            order=order,
            proof_mac=mac(order.fund_id, "order-by-hand", text),
        )
    )
    PrivateText.objects.create(id=row.id, coop_id=row.coop_id, text=text)
    audit_add(actor.actor, "order_send_by_hand", coop_id=row.coop_id, subject_id=order_id, at=at)
    return order_view(order_id)


@transaction.atomic
def order_fail(*, order_id: UUID, reason: str, actor: Actor, at: datetime) -> OrderView:
    """Note that the bank did not carry out an order: what it held is free again.

    Paying after all needs a new request. Raises NotFound `no_order`, NotPossible `not_open`,
    Invalid `empty`.
    """
    order = PaymentOrder.objects.filter(id=order_id).first()
    if order is None:
        raise NotFound("no_order", "There is no such order.")
    lock_take(order.fund_id)
    view = order_view(order_id)
    if view.status not in ("ordered", "exported"):
        raise NotPossible(
            "not_open",
            "%(payment_number)s is already %(status)s.",
            payment_number=view.payment_number,
            status=STATUSES[view.status],
        )
    text = line_clean(reason, field="reason", limit=REASON_MAX, what=say("the bank’s reason"))
    row = row_add(
        OrderFailure(
            coop_id=order.coop_id,
            at=at,
            order=order,
            reason_mac=mac(order.fund_id, "order-failure", text),
        )
    )
    PrivateText.objects.create(id=row.id, coop_id=row.coop_id, text=text)
    hold_release(coop_id=order.coop_id, hold_id=order.hold_id, actor=actor, at=at)
    audit_add(actor, "order_fail", coop_id=order.coop_id, subject_id=order_id, at=at)
    return order_view(order_id)
