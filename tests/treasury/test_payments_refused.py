"""What nobody may do with the co-op's money, and what is said to those who try."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.record.ids import new_id
from commonpurse.record.models import AuditRow
from commonpurse.record.services import SYSTEM, row_add
from commonpurse.treasury.models import Approval, Mandate, RequestEnd
from commonpurse.treasury.selectors import (
    request_check,
    request_standings,
    request_versions,
    request_view,
    requests_waiting_for,
)
from commonpurse.treasury.services import (
    payment_approve,
    payment_edit,
    payment_refuse,
    payment_withdraw,
    requests_expire_due,
    trustee_set_adopt,
)
from tests.treasury.purse import (
    DAY,
    HOUR,
    OTHER_IBAN,
    THIRD_IBAN,
    Purse,
    approved,
    asked,
    decision,
    mandate_voted,
    payee_of,
    purse,
)
from tests.treasury.refusals import refused

pytestmark = pytest.mark.django_db


def test_nobody_approves_what_they_asked_for() -> None:
    made = purse()
    request = asked(made, mandate_voted(made), by=made.ann)

    with refused("own_request", NotAllowed):
        approved(request, made.ann, at=made.at)
    assert approved(request, made.bo, made.cy, at=made.at).status == "ordered"


def test_nobody_approves_what_they_edited() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    edited = payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_000,
        purpose="October",
        actor=made.eve,
        at=made.at,
    )

    with refused("own_edit", NotAllowed):
        approved(edited, made.eve, at=made.at)


def test_nobody_approves_a_payment_that_they_gain_from() -> None:
    made = purse()
    workshop = payee_of(made.finn, "Ann Teaches", OTHER_IBAN, at=made.at, owner=made.ann)
    request = asked(made, mandate_voted(made, payee=workshop), payee=workshop)

    with refused("own_benefit", NotAllowed):
        approved(request, made.ann, at=made.at)


def test_nobody_asks_for_a_payment_that_they_gain_from() -> None:
    made = purse()
    workshop = payee_of(made.finn, "Ann Teaches", OTHER_IBAN, at=made.at, owner=made.ann)
    mandate = mandate_voted(made, payee=workshop)

    with refused("own_benefit", NotAllowed):
        asked(made, mandate, by=made.ann, payee=workshop)


def test_whoever_entered_the_account_does_not_approve_paying_into_it() -> None:
    made = purse()
    printer = payee_of(made.bo, "Ink and Paper", OTHER_IBAN, at=made.at)
    request = asked(made, mandate_voted(made, payee=printer), payee=printer)

    with refused("own_account", NotAllowed):
        approved(request, made.bo, at=made.at)


def test_only_a_trustee_approves() -> None:
    made = purse()
    request = asked(made, mandate_voted(made), by=made.ann)

    with refused("not_trustee", NotAllowed):
        approved(request, made.finn, at=made.at)


def test_a_member_of_another_co_op_finds_no_such_request() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    outsider = replace(made.ann, coop_id=new_id())

    with refused("no_request", NotFound):
        approved(request, outsider, at=made.at)


def test_the_page_says_of_each_trustee_whether_they_may_approve() -> None:
    made = purse()
    request = asked(made, mandate_voted(made), by=made.ann)
    approved(request, made.bo, at=made.at)

    standings = {one.name: one for one in request_standings(request.id, at=made.at)}
    assert standings["Ann"].refusal.startswith("You asked")
    assert standings["Bo"].has_approved
    assert standings["Cy"].refusal == ""
    assert request_check(request.id, made.cy, at=made.at) == ""
    assert request_check(request.id, made.bo, at=made.at) == "You approved this payment already."
    assert requests_waiting_for(made.ann, at=made.at) == ()
    assert [one.id for one in requests_waiting_for(made.cy, at=made.at)] == [request.id]


def test_an_edit_voids_every_approval_and_the_old_hash_signs_nothing() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    approved(request, made.ann, at=made.at)

    edited = payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_000,
        purpose="October backups",
        actor=made.finn,
        at=made.at + HOUR,
    )
    assert (edited.version, edited.approvals) == (2, ())
    assert edited.code != request.code
    with refused("payload_changed", NotPossible):
        approved(request, made.bo, at=made.at + HOUR)

    ordered = approved(edited, made.bo, made.ann, at=made.at + HOUR)
    assert (ordered.status, ordered.amount_minor) == ("ordered", 7_000)
    assert [one.version for one in request_versions(request.id)] == [2, 1]


def test_even_an_edit_that_changes_nothing_asks_for_new_approvals() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    approved(request, made.ann, at=made.at)
    edited = payment_edit(
        request_id=request.id,
        account_id=request.account.id,
        amount_minor=request.amount_minor,
        purpose=request.purpose,
        actor=made.finn,
        at=made.at,
    )

    assert edited.payload_hash != request.payload_hash
    assert edited.approvals == ()


def test_a_hash_that_differs_in_one_digit_signs_nothing() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    last = "0" if request.payload_hash[-1] != "0" else "1"

    with refused("payload_changed"):
        payment_approve(
            request_id=request.id,
            payload_hash=request.payload_hash[:-1] + last,
            actor=made.ann,
            at=made.at,
        )


def test_approving_twice_is_approving_once() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    view = approved(request, made.ann, made.ann, made.ann, at=made.at)
    assert (view.status, len(view.approvals)) == ("open", 1)
    approved(request, made.bo, at=made.at)
    again = approved(request, made.ann, made.bo, at=made.at)
    assert (again.status, len(again.approvals)) == ("ordered", 2)
    signed = AuditRow.objects.filter(coop_id=made.coop_id, service="payment_approve")
    assert signed.count() == 2


def test_the_database_itself_refuses_a_second_approval_by_one_trustee() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    approved(request, made.ann, at=made.at)

    with pytest.raises(IntegrityError), transaction.atomic():
        row_add(
            Approval(
                coop_id=made.coop_id,
                at=made.at,
                version_id=request.version_id,
                trustee_member_id=made.ann.member_id,
                payload_hash=request.payload_hash,
            )
        )


def test_a_third_approval_comes_too_late() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    approved(request, made.ann, made.bo, at=made.at)

    with refused("not_open", NotPossible):
        approved(request, made.cy, at=made.at)


def test_the_same_key_is_the_same_request_and_another_body_is_refused() -> None:
    made = purse()
    mandate = mandate_voted(made)
    first = asked(made, mandate, 5_000, key="form-1")

    again = asked(made, mandate, 5_000, key="form-1", at=made.at + HOUR)
    assert again.id == first.id
    assert again.payload_hash == first.payload_hash
    with refused("key_reused", Invalid):
        asked(made, mandate, 5_001, key="form-1")
    assert asked(made, mandate, 1_000, key="form-1", by=made.cy).number == 2


def test_more_than_the_mandate_cannot_be_asked_for() -> None:
    made = purse()
    mandate = mandate_voted(made, 7_160)

    with refused("over_mandate", Invalid):
        asked(made, mandate, 7_161)


@pytest.mark.parametrize("amount_minor", [0, -1, 10**15 + 1])
def test_an_amount_that_is_no_amount_cannot_be_asked_for(amount_minor: int) -> None:
    made = purse()
    mandate = mandate_voted(made)

    with refused("amount", Invalid):
        asked(made, mandate, amount_minor)


def test_two_requests_that_pass_the_mandate_together_become_one_order() -> None:
    made = purse()
    mandate = mandate_voted(made, 7_160)
    first, second = asked(made, mandate, 7_000), asked(made, mandate, 7_000)
    assert approved(first, made.ann, made.bo, at=made.at).status == "ordered"

    waiting = approved(second, made.ann, made.bo, at=made.at)
    assert (waiting.status, waiting.waiting_code) == ("waiting", "mandate_short")
    assert waiting.waiting_text == "Only €1.60 is left under mandate M-0005."
    assert len(waiting.approvals) == 2


def test_nothing_is_asked_for_or_approved_after_the_mandate_is_over() -> None:
    made = purse()
    mandate = mandate_voted(made, valid_until="2026-03-10")
    request = asked(made, mandate, 1_000)
    over = made.at.replace(day=11, hour=0)

    approved(request, made.ann, at=over - HOUR)
    with refused("mandate_over", NotPossible):
        approved(request, made.bo, at=over)
    with refused("mandate_over", NotPossible):
        asked(made, mandate, 1_000, at=over)


def test_a_mandate_pays_only_whom_the_vote_named() -> None:
    made = purse()
    other = payee_of(made.finn, "Ink and Paper", OTHER_IBAN, at=made.at)

    with refused("payee", Invalid):
        asked(made, mandate_voted(made), payee=other)


def test_splitting_a_payment_does_not_pass_the_limit_for_one_payee() -> None:
    made = purse(payment_limit_minor=10_000, payment_limit_days=30)
    mandate = mandate_voted(made, 30_000)
    with refused("over_limit", Invalid):
        asked(made, mandate, 10_001)

    approved(asked(made, mandate, 6_000), made.ann, made.bo, at=made.at)
    with refused("over_limit", Invalid):
        asked(made, mandate, 4_001)
    asked(made, mandate, 3_000)
    with refused("over_limit", Invalid):
        asked(made, mandate, 1_001)


def test_splitting_over_two_payees_of_one_owner_does_not_pass_the_limit() -> None:
    made = purse(payment_limit_minor=10_000, payment_limit_days=30)
    one = payee_of(made.finn, "Cy Designs", OTHER_IBAN, at=made.at, owner=made.cy)
    two = payee_of(made.finn, "Cy Prints", THIRD_IBAN, at=made.at, owner=made.cy)
    approved(
        asked(made, mandate_voted(made, 6_000, payee=one), 6_000, payee=one),
        made.ann,
        made.bo,
        at=made.at,
    )
    mandate = mandate_voted(made, 6_000, payee=two)

    with refused("over_limit", Invalid):
        asked(made, mandate, 4_001, payee=two)


def test_the_limit_has_a_rolling_window() -> None:
    made = purse(payment_limit_minor=10_000, payment_limit_days=30, request_valid_days=60)
    mandate = mandate_voted(made, 30_000)
    approved(asked(made, mandate, 6_000), made.ann, made.bo, at=made.at)

    with refused("over_limit", Invalid):
        asked(made, mandate, 6_000, at=made.at + 29 * DAY)
    later = made.at + 30 * DAY
    request = asked(made, mandate, 6_000, at=later)
    assert approved(request, made.ann, made.bo, at=later).status == "ordered"


def test_a_new_set_of_trustees_voids_what_the_former_signed() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))
    approved(request, made.ann, at=made.at)
    trustees_change(made)

    with refused("trustees_changed", NotPossible):
        approved(request, made.bo, at=made.at)
    assert request_view(request.id, at=made.at).waiting_code == "trustees"
    edited = payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_160,
        purpose="October backups",
        actor=made.finn,
        at=made.at,
    )
    with refused("not_trustee", NotAllowed):
        approved(edited, made.ann, at=made.at)
    assert approved(edited, made.bo, made.cy, at=made.at).status == "ordered"


def test_an_order_that_waits_is_void_once_the_trustees_change() -> None:
    made = purse(cleared_minor=0)
    request = approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)
    assert (request.status, request.waiting_code) == ("waiting", "money")
    trustees_change(made)

    assert request_view(request.id, at=made.at).waiting_code == "trustees"


def trustees_change(made: Purse) -> None:
    """By a decision, Ann is a trustee no more."""
    members = [made.bo.member_id, made.cy.member_id, made.eve.member_id]
    effect = {"kind": "trustees", "member_ids": [str(one) for one in members]}
    by = decision(made.coop_id, effect, proposer=made.cy, at=made.at, kind="trustees")
    trustee_set_adopt(
        coop_id=made.coop_id,
        member_ids=members,
        approvals_needed=2,
        decision_id=by.id,
        actor=SYSTEM,
        at=made.at,
    )


def test_a_request_runs_out_of_time() -> None:
    made = purse(request_valid_days=14)
    request = asked(made, mandate_voted(made))
    over = made.at + 14 * DAY

    with refused("expired", NotPossible):
        approved(request, made.ann, at=over)
    assert requests_expire_due(at=over - HOUR) == 0
    assert requests_expire_due(at=over) == 1
    assert requests_expire_due(at=over) == 0
    assert request_view(request.id, at=over).status == "expired"
    with refused("not_open", NotPossible):
        payment_withdraw(request_id=request.id, actor=made.finn, at=over)


def test_an_order_that_waits_runs_out_of_time_too() -> None:
    made = purse(cleared_minor=0, request_valid_days=14)
    request = approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)
    over = made.at + 14 * DAY

    assert request.status == "waiting"
    assert requests_expire_due(at=over) == 1


def test_a_trustee_refuses_with_a_reason_that_is_not_in_the_record() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    with refused("not_trustee", NotAllowed):
        payment_refuse(request_id=request.id, reason="No.", actor=made.finn, at=made.at)
    with refused("empty", Invalid):
        payment_refuse(request_id=request.id, reason="  ", actor=made.ann, at=made.at)
    ended = payment_refuse(
        request_id=request.id, reason="The invoice is last year’s.", actor=made.ann, at=made.at
    )
    assert (ended.status, ended.end_reason) == ("refused", "The invoice is last year’s.")
    end = RequestEnd.objects.get(request_id=request.id)
    assert end.reason_mac is not None
    assert len(end.reason_mac) == 64
    with refused("not_open", NotPossible):
        approved(request, made.bo, at=made.at)


def test_only_the_member_who_asked_takes_a_request_back() -> None:
    made = purse()
    request = asked(made, mandate_voted(made))

    with refused("not_yours", NotAllowed):
        payment_withdraw(request_id=request.id, actor=made.ann, at=made.at)
    with refused("not_yours", NotAllowed):
        payment_edit(
            request_id=request.id,
            account_id=None,
            amount_minor=1,
            purpose="x",
            actor=made.cy,
            at=made.at,
        )
    assert (
        payment_withdraw(request_id=request.id, actor=made.finn, at=made.at).status == "withdrawn"
    )


def test_an_order_is_not_edited_or_withdrawn_any_more() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)

    with refused("not_open", NotPossible):
        payment_withdraw(request_id=request.id, actor=made.finn, at=made.at)
    with refused("not_open", NotPossible):
        payment_refuse(request_id=request.id, reason="Late.", actor=made.cy, at=made.at)


def test_a_mandate_without_or_with_two_authorities_is_refused_by_the_database() -> None:
    made = purse()
    voted = Mandate.objects.get(id=mandate_voted(made).id)
    standing = Mandate.objects.filter(coop_id=made.coop_id, kind="standing").first()
    assert standing is not None

    for change in (
        {"result_id": None, "decision_id": None},
        {"manual_version_id": standing.manual_version_id, "standing_kind": "refund"},
        {"decision_id": None},
    ):
        row = Mandate.objects.get(id=voted.id)
        row.id, row.number = new_id(), 99
        if "result_id" not in change:
            row.result_id = voted.result_id
        for name, value in change.items():
            setattr(row, name, value)
        with pytest.raises(IntegrityError, match="mandate_one_authority"), transaction.atomic():
            row_add(row)
