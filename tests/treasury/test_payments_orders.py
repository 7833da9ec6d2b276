"""From an order to the bank and back: the file, the failure, the settlement, the reversal."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from commonpurse.errors import NotAllowed, NotPossible
from commonpurse.ledger.selectors import account_by_code
from commonpurse.record.ids import new_id
from commonpurse.record.services import SYSTEM, row_add
from commonpurse.treasury.models import OrderFile, OrderInFile
from commonpurse.treasury.selectors import (
    chain_of_payment,
    fund_position,
    mandate_view,
    order_file,
    order_list_open,
    order_match,
    order_view,
    payee_view,
    payment_list,
    request_view,
)
from commonpurse.treasury.services import (
    order_fail,
    order_send_by_hand,
    order_settle,
    orders_export,
    payee_erase,
    payment_reverse,
)
from commonpurse.treasury.values import RequestView
from tests.treasury.purse import BRINE_IBAN, Purse, approved, asked, mandate_voted, purse
from tests.treasury.refusals import refused

pytestmark = pytest.mark.django_db
BOOKED = date(2026, 3, 4)


def ordered(made: Purse, amount_minor: int = 7_160) -> RequestView:
    """A request that Ann and Bo signed."""
    return approved(
        asked(made, mandate_voted(made, amount_minor), amount_minor), made.ann, made.bo, at=made.at
    )


def settled(made: Purse, request: RequestView) -> None:
    assert request.order_id is not None
    order_settle(
        order_id=request.order_id,
        bank_line_id=None,
        proof="Transfer 2026-114",
        booked_on=BOOKED,
        actor=SYSTEM,
        at=made.at,
    )


def exported(made: Purse, *requests: RequestView) -> bytes:
    file = orders_export(
        fund_id=made.fund.id,
        order_ids=[one.order_id for one in requests if one.order_id] or None,
        execute_on=BOOKED,
        actor=made.eve,
        at=made.at,
    )
    return file.body


def test_the_file_for_the_bank_carries_account_amount_and_payload_code() -> None:
    made = purse()
    request = ordered(made)

    body = exported(made).decode()
    assert BRINE_IBAN in body
    assert "71.60" in body
    assert f"{request.code} October backups" in body
    assert request.end_to_end_id in body
    assert request_view(request.id, at=made.at).status == "exported"


def test_an_order_goes_into_one_file_and_the_file_again_is_the_same_bytes() -> None:
    made = purse()
    first = ordered(made, 1_000)
    body = exported(made, first)

    with refused("no_orders", NotPossible):
        exported(made)
    with refused("already_sent", NotPossible):
        exported(made, first)
    assert first.order_id is not None
    file_id = order_view(first.order_id).file_id
    assert file_id is not None
    assert order_file(file_id).body == body
    second = ordered(made, 2_000)
    assert "10.00" not in exported(made, second).decode()


def test_the_database_refuses_an_order_in_a_second_file() -> None:
    made = purse()
    request = ordered(made)
    assert request.order_id is not None
    exported(made, request)
    file = OrderFile.objects.get(fund_id=made.fund.id)
    other = row_add(
        OrderFile(
            coop_id=made.coop_id,
            at=made.at,
            fund_id=made.fund.id,
            message_id=new_id().hex,
            order_ids=file.order_ids,
            file_mac="0" * 64,
        )
    )

    with pytest.raises(IntegrityError, match="order_in_one_file"), transaction.atomic():
        OrderInFile.objects.create(
            coop_id=made.coop_id, order_id=request.order_id, file_id=other.id
        )


def test_only_a_treasurer_sends_orders() -> None:
    made = purse()
    request = ordered(made)
    assert request.order_id is not None

    for actor in (made.ann, made.finn):
        with refused("not_treasurer", NotAllowed):
            orders_export(
                fund_id=made.fund.id, order_ids=None, execute_on=BOOKED, actor=actor, at=made.at
            )
        with refused("not_treasurer", NotAllowed):
            order_send_by_hand(order_id=request.order_id, proof="x", actor=actor, at=made.at)


def test_an_order_sent_by_hand_does_not_go_into_a_file() -> None:
    made = purse()
    request = ordered(made)
    assert request.order_id is not None
    sent = order_send_by_hand(
        order_id=request.order_id, proof="Confirmation 88", actor=made.eve, at=made.at
    )

    assert sent.status == "exported"
    with refused("no_orders"):
        exported(made)
    with refused("already_sent"):
        order_send_by_hand(
            order_id=request.order_id, proof="Confirmation 88", actor=made.eve, at=made.at
        )


def test_a_debit_finds_its_order_by_end_to_end_id_or_by_the_payload_code() -> None:
    made = purse()
    request = ordered(made)

    def match(end_to_end_id: str = "", remittance: str = "", amount_minor: int = 7_160) -> object:
        return order_match(
            fund_id=made.fund.id,
            end_to_end_id=end_to_end_id,
            remittance=remittance,
            amount_minor=amount_minor,
        )

    assert match(request.end_to_end_id) is None, "not sent yet"
    exported(made)
    assert match(request.end_to_end_id) == request.order_id
    assert match(remittance=f"sepa {request.code.lower()} October") == request.order_id
    assert match(remittance=request.code.replace("-", " ")) == request.order_id
    assert match(request.end_to_end_id, amount_minor=7_161) is None
    assert match(remittance="October backups") is None
    settled(made, request)
    assert match(request.end_to_end_id) is None


def test_a_settled_order_is_not_settled_again() -> None:
    made = purse()
    request = ordered(made)
    settled(made, request)

    with refused("already_settled", NotPossible):
        settled(made, request)
    assert fund_position(made.fund.id, at=made.at).balance_minor == 50_000 - 7_160
    assert order_list_open(made.fund.id) == ()


def test_a_settlement_needs_evidence() -> None:
    made = purse()
    request = ordered(made)
    assert request.order_id is not None

    with refused("evidence"):
        order_settle(
            order_id=request.order_id,
            bank_line_id=None,
            booked_on=BOOKED,
            actor=SYSTEM,
            at=made.at,
        )
    with refused("amount"):
        order_settle(
            order_id=request.order_id,
            bank_line_id=new_id(),
            booked_on=BOOKED,
            actor=SYSTEM,
            at=made.at,
        )


def test_an_order_that_the_bank_refused_frees_its_money_and_its_mandate() -> None:
    made = purse()
    request = ordered(made)
    assert request.order_id is not None
    failed = order_fail(
        order_id=request.order_id, reason="AC04 closed account", actor=SYSTEM, at=made.at
    )

    assert failed.status == "failed"
    position = fund_position(made.fund.id, at=made.at)
    assert (position.held_minor, position.promised_minor) == (0, 7_160)
    assert mandate_view(request.mandate.id, at=made.at).remaining_minor == 7_160
    with refused("not_open"):
        order_fail(order_id=request.order_id, reason="again", actor=SYSTEM, at=made.at)
    with refused("not_open"):
        settled(made, request)
    asked(made, request.mandate)


def test_money_that_came_back_is_a_reversing_entry_once() -> None:
    made = purse()
    request = ordered(made)
    settled(made, request)
    [payment] = payment_list(made.coop_id)
    came_back = payment_reverse(
        settlement_id=payment.settlement_id,
        bank_line_id=None,
        booked_on=BOOKED,
        actor=SYSTEM,
        at=made.at,
    )

    assert came_back.settlement_id == payment.settlement_id
    spending = account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code="5000")
    assert spending.balance_minor == 0
    assert fund_position(made.fund.id, at=made.at).balance_minor == 50_000
    assert mandate_view(request.mandate.id, at=made.at).remaining_minor == 7_160
    assert payment_list(made.coop_id)[0].is_reversed
    assert chain_of_payment(request.id, at=made.at).steps[0].kind == "reversal"
    with refused("already_reversed"):
        payment_reverse(
            settlement_id=payment.settlement_id,
            bank_line_id=None,
            booked_on=BOOKED,
            actor=SYSTEM,
            at=made.at,
        )


def test_payments_are_read_page_by_page_newest_first() -> None:
    made = purse()
    for _ in range(3):
        settled(made, ordered(made, 1_000))

    first = payment_list(made.coop_id, limit=2)
    last = first[-1]
    rest = payment_list(made.coop_id, before=(last.booked_on, last.settlement_id), limit=2)
    assert [one.number for one in (*first, *rest)] == [3, 2, 1]


def test_erasing_a_payee_forgets_the_account_and_leaves_the_payment() -> None:
    made = purse()
    request = ordered(made)
    settled(made, request)
    payee_erase(payee_id=made.brine.id, actor=SYSTEM, at=made.at)

    assert [one.iban for one in payee_view(made.brine.id).accounts] == [""]
    again = request_view(request.id, at=made.at)
    assert (again.status, again.payload_hash) == ("settled", request.payload_hash)
    assert chain_of_payment(request.id, at=made.at).request.code == request.code


def test_a_payee_that_was_erased_is_in_no_file() -> None:
    made = purse()
    ordered(made)
    payee_erase(payee_id=made.brine.id, actor=SYSTEM, at=made.at)

    with refused("erased"):
        exported(made)
