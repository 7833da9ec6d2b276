"""Many at once: what one of them may do, two of them may not do together.

Each race runs on a database of its own and really commits. The positive controls take the lock
away and show that the same race then spends too much: a race that cannot fail proves nothing.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

import pytest
from django.db import connections

from commonpurse.errors import PurseError
from commonpurse.groups.values import Member
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.models import Approval, PaymentOrder, PaymentRequest
from commonpurse.treasury.selectors import fund_position, mandate_standing, request_view
from commonpurse.treasury.selectors.facts import RequestFacts
from commonpurse.treasury.selectors.readiness import Wait, order_wait
from commonpurse.treasury.services import (
    approvals,
    orders_prepare_due,
    payment_approve,
    payment_edit,
    requests,
    trustee_set_adopt,
)
from commonpurse.treasury.values import RequestView
from tests.treasury.purse import (
    HOUR,
    Purse,
    approved,
    asked,
    decision,
    mandate_voted,
    money_in,
    purse,
)

pytestmark = pytest.mark.usefixtures("own_database")
PATIENCE_SECONDS = 120


def race(*deeds: Callable[[], object]) -> Counter[str]:
    """Do all at once, each on a connection of its own; how often each answer was given."""
    answers: Counter[str] = Counter()
    crashes: list[BaseException] = []
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        try:
            connections["default"].ensure_connection()
            gate.wait(PATIENCE_SECONDS)
            deed()
            answers["done"] += 1
        except PurseError as refusal:
            answers[refusal.code] += 1
        except BaseException as crash:  # noqa: BLE001  (shown by the test, not swallowed)
            crashes.append(crash)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert crashes == []
    return answers


def signing(made: Purse, request: RequestView, *trustees: Member) -> list[Callable[[], object]]:
    """One deed for each trustee: to sign this payload."""
    return [
        partial(
            payment_approve,
            request_id=request.id,
            payload_hash=request.payload_hash,
            actor=trustee,
            at=made.at + HOUR,
        )
        for trustee in trustees
    ]


def test_two_trustees_who_sign_at_once_prepare_one_order() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    assert race(*signing(made, request, made.ann, made.bo)) == {"done": 2}
    assert PaymentOrder.objects.count() == 1
    assert request_view(request.id, at=made.at).status == "ordered"


def test_one_trustee_who_signs_eight_times_at_once_has_signed_once() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    assert race(*signing(made, request, *[made.ann] * 8)) == {"done": 8}
    assert Approval.objects.count() == 1
    assert request_view(request.id, at=made.at).status == "open"


def test_four_trustees_at_once_give_the_two_signatures_needed_and_no_more() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    answers = race(*signing(made, request, *made.trustees))
    assert answers == {"done": 2, "not_open": 2}
    assert (Approval.objects.count(), PaymentOrder.objects.count()) == (2, 1)


def last_signatures(made: Purse, amount_minor: int, many: Sequence[RequestView]) -> Counter[str]:
    """Each request lacks one signature; Bo gives all of them at once."""
    assert all(request.amount_minor == amount_minor for request in many)
    for request in many:
        approved(request, made.ann, at=made.at)
    return race(*(deed for request in many for deed in signing(made, request, made.bo)))


def test_twenty_at_once_do_not_spend_more_than_there_is() -> None:
    made = purse(cleared_minor=1_000)
    mandate = mandate_standing(made.coop_id, "refund", at=made.at)
    assert mandate is not None
    many = [asked(made, mandate, 300) for _ in range(20)]

    assert last_signatures(made, 300, many) == {"done": 20}
    position = fund_position(made.fund.id, at=made.at)
    assert (position.held_minor, position.spendable_minor) == (900, 100)
    assert PaymentOrder.objects.count() == 3
    words = Counter(request_view(one.id, at=made.at).status for one in many)
    assert words == {"ordered": 3, "waiting": 17}


def test_twenty_at_once_do_not_spend_more_than_a_mandate_allows() -> None:
    made = purse()
    mandate = mandate_voted(made, 1_000)
    many = [asked(made, mandate, 300) for _ in range(20)]

    assert last_signatures(made, 300, many) == {"done": 20}
    assert PaymentOrder.objects.count() == 3


def test_control_without_the_lock_the_same_race_spends_more_than_the_mandate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = purse()
    mandate = mandate_voted(made, 1_000)
    many = [asked(made, mandate, 600) for _ in range(4)]
    for request in many:
        approved(request, made.ann, at=made.at)

    everyone_looked = threading.Barrier(len(many))

    def look_and_meet(facts: RequestFacts, *, at: datetime) -> Wait | None:
        found = order_wait(facts, at=at)
        everyone_looked.wait(PATIENCE_SECONDS)
        return found

    monkeypatch.setattr(requests, "lock_take", lambda *_ids: None)
    monkeypatch.setattr(approvals, "order_wait", look_and_meet)
    race(*(deed for request in many for deed in signing(made, request, made.bo)))

    ordered = sum(PaymentOrder.objects.values_list("amount_minor", flat=True))
    assert ordered == 2_400, "all four were ordered under a mandate of 10.00"


def test_two_workers_at_once_prepare_each_waiting_order_once() -> None:
    made = purse(cleared_minor=0)
    mandate = mandate_voted(made, 1_000)
    for _ in range(3):
        approved(asked(made, mandate, 300), made.ann, made.bo, at=made.at)
    assert PaymentOrder.objects.count() == 0
    money_in(made, 1_000, key="later")

    race(*[lambda: orders_prepare_due(at=made.at)] * 2)
    assert PaymentOrder.objects.count() == 3


def test_an_edit_and_the_last_signature_at_once_never_order_what_was_not_signed() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)

    def edit() -> object:
        return payment_edit(
            request_id=request.id,
            account_id=None,
            amount_minor=7_000,
            purpose="October backups",
            actor=made.finn,
            at=made.at + HOUR,
        )

    answers = race(edit, *signing(made, request, made.bo))
    after = request_view(request.id, at=made.at + HOUR)
    if after.order_id is None:
        assert answers == {"done": 1, "payload_changed": 1}
        assert (after.amount_minor, after.approvals) == (7_000, ())
    else:
        assert answers == {"done": 1, "not_open": 1}
        assert after.amount_minor == 7_160


def test_a_change_of_trustees_and_the_last_signature_at_once_order_nothing_afterwards() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, at=made.at)
    by = decision(made.coop_id, {"kind": "trustees"}, proposer=made.cy, at=made.at)

    def change() -> object:
        return trustee_set_adopt(
            coop_id=made.coop_id,
            member_ids=[made.bo.member_id, made.cy.member_id, made.eve.member_id],
            approvals_needed=2,
            decision_id=by.id,
            actor=SYSTEM,
            at=made.at + HOUR,
        )

    answers = race(change, *signing(made, request, made.bo))
    is_ordered = PaymentOrder.objects.exists()
    assert answers == ({"done": 2} if is_ordered else {"done": 1, "trustees_changed": 1})


def test_the_same_form_sent_eight_times_at_once_is_one_request() -> None:
    made = purse()
    mandate = mandate_voted(made)

    answers = race(*[lambda: asked(made, mandate, 1_000, key="form-1")] * 8)
    assert answers == {"done": 8}
    assert PaymentRequest.objects.count() == 1
