"""The database refuses what the services would never write: signatures and orders past the rules.

Each test writes the row itself, as somebody would who had got hold of the application's role.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from commonpurse.groups.services import person_erase
from commonpurse.ledger.selectors import account_by_code
from commonpurse.ledger.services import entry_post, hold_reserve
from commonpurse.ledger.values import Line
from commonpurse.record.services import SYSTEM, row_add
from commonpurse.treasury.models import Approval, PaymentOrder, Settlement
from commonpurse.treasury.selectors import payee_view, request_view
from commonpurse.treasury.services import (
    payee_account_enter,
    payee_add,
    payment_edit,
    payment_refuse,
    payment_withdraw,
)
from commonpurse.treasury.values import RequestView
from tests.treasury.purse import (
    DAY,
    OTHER_IBAN,
    Purse,
    approved,
    asked,
    mandate_voted,
    payee_of,
    purse,
)

pytestmark = pytest.mark.django_db


def sign(made: Purse, request: RequestView, trustee: UUID, *, payload_hash: str = "") -> None:
    with transaction.atomic():
        row_add(
            Approval(
                coop_id=made.coop_id,
                at=made.at,
                version_id=request.version_id,
                trustee_member_id=trustee,
                payload_hash=payload_hash or request.payload_hash,
            )
        )


def order(
    made: Purse,
    request: RequestView,
    *,
    amount_minor: int = 7_160,
    after: timedelta = DAY,
    name: str = "forged",
) -> PaymentOrder:
    with transaction.atomic():
        bank = account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code="1000")
        hold = hold_reserve(
            coop_id=made.coop_id,
            account_id=bank.id,
            key=name,
            amount_minor=amount_minor,
            actor=SYSTEM,
            at=made.at,
        )
        return row_add(
            PaymentOrder(
                coop_id=made.coop_id,
                at=made.at + after,
                version_id=request.version_id,
                fund_id=made.fund.id,
                end_to_end_id=name,
                amount_minor=amount_minor,
                hold_id=hold.id,
            )
        )


def settle(made: Purse, ordered: PaymentOrder, name: str) -> None:
    """The settlement of an order with an entry of its own, by the bank's word and not its line."""
    bank, spending = (
        account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code=code).id
        for code in ("1000", "5000")
    )
    amount_minor = ordered.amount_minor
    with transaction.atomic():
        entry = entry_post(
            coop_id=made.coop_id,
            book_id=made.fund.book_id,
            key=name,
            booked_on=made.at.date(),
            kind="bank_fact",
            lines=(Line(spending, amount_minor), Line(bank, -amount_minor)),
            memo="Forged",
            actor=SYSTEM,
            at=made.at,
        )
        row_add(
            Settlement(
                coop_id=made.coop_id,
                at=made.at + DAY,
                order=ordered,
                proof_mac="0" * 64,
                booked_on=made.at.date(),
                entry_id=entry.id,
            )
        )


def test_a_signature_over_another_payload_is_refused() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    with pytest.raises(IntegrityError, match="another payload"):
        sign(made, request, made.ann.member_id, payload_hash="0" * 64)


def test_a_signature_of_somebody_else_than_a_trustee_is_refused() -> None:
    made = purse()
    request = asked(made, mandate_voted(made), by=made.cy)

    with pytest.raises(IntegrityError, match="not a trustee"):
        sign(made, request, made.finn.member_id)


def test_a_signature_of_the_requester_the_owner_or_who_entered_the_account_is_refused() -> None:
    made = purse()
    workshop = payee_of(made.eve, "Ann Teaches", OTHER_IBAN, at=made.at, owner=made.ann)
    request = asked(made, mandate_voted(made, payee=workshop), by=made.cy, payee=workshop)

    for member in (made.cy, made.ann, made.eve):
        with pytest.raises(IntegrityError, match="part of the payment"):
            sign(made, request, member.member_id)
    sign(made, request, made.bo.member_id)


def test_an_order_with_too_few_signatures_is_refused() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)

    with pytest.raises(IntegrityError, match="too few approvals"):
        order(made, request)


def test_an_order_over_another_amount_is_refused() -> None:
    made = purse(cleared_minor=50_000)
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    sign(made, request, made.bo.member_id)

    with pytest.raises(IntegrityError, match="another amount"):
        order(made, request, amount_minor=7_161)
    order(made, request)


def test_an_order_for_an_edited_a_late_or_an_ended_request_is_refused() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    sign(made, request, made.bo.member_id)

    with pytest.raises(IntegrityError, match="too late"):
        order(made, request, after=31 * DAY)
    payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_000,
        purpose="October",
        actor=made.finn,
        at=made.at,
    )
    with pytest.raises(IntegrityError, match="ended or was edited"):
        order(made, request)


def test_an_order_for_a_withdrawn_request_is_refused() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    sign(made, request, made.bo.member_id)
    payment_withdraw(request_id=request.id, actor=made.finn, at=made.at)

    with pytest.raises(IntegrityError, match="ended or was edited"):
        order(made, request)


def test_a_second_order_for_one_payload_is_refused() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    sign(made, request, made.bo.member_id)
    order(made, request)

    with pytest.raises(IntegrityError, match="order_version_once"):
        order(made, request, name="again")


def test_a_second_settlement_of_one_order_is_refused() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    sign(made, request, made.bo.member_id)
    ordered = order(made, request)
    settle(made, ordered, "once")

    with pytest.raises(IntegrityError, match="settlement_once"):
        settle(made, ordered, "twice")


def test_erasing_a_person_forgets_their_accounts_and_reasons_and_leaves_the_record() -> None:
    made = purse()
    payee = payee_add(
        coop_id=made.coop_id,
        kind="member",
        name="",
        beneficial_owner_member_id=made.cy.member_id,
        actor=made.finn,
        at=made.at,
    )
    payee_account_enter(
        payee_id=payee.id, iban=OTHER_IBAN, holder="Cy Byrne", actor=made.finn, at=made.at
    )
    request = asked(made, mandate_voted(made))
    payment_refuse(request_id=request.id, reason="Twice.", actor=made.cy, at=made.at)
    person_erase(person_id=made.cy.person_id, actor=made.cy.actor, at=made.at + DAY)

    [account] = payee_view(payee.id).accounts
    assert (account.iban, account.holder) == ("", "")
    ended = request_view(request.id, at=made.at)
    assert (ended.status, ended.end_reason) == ("refused", "")
