"""When money is short, and what stands while an order waits for it."""

from datetime import date

import pytest

from commonpurse.ledger.selectors import account_by_code
from commonpurse.ledger.services import entry_post
from commonpurse.ledger.values import Line
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    fund_position,
    fund_standing_by_id,
    fund_summary,
    mandate_list,
    mandate_standing,
    mandate_view,
    request_view,
)
from commonpurse.treasury.services import (
    mandate_enact,
    mandate_standing_take,
    mandates_standing_enact,
    order_prepare,
    orders_prepare_due,
    payee_account_enter,
    trustee_set_adopt,
)
from commonpurse.treasury.values import MandateView
from tests.treasury.purse import (
    DAY,
    OTHER_IBAN,
    Purse,
    approved,
    asked,
    decision,
    mandate_voted,
    manual_write,
    money_in,
    payee_of,
    purse,
)
from tests.treasury.refusals import refused

pytestmark = pytest.mark.django_db


def refunds(made: Purse) -> MandateView:
    """The standing mandate for refunds: up to 60.00 a month."""
    found = mandate_standing(made.coop_id, "refund", at=made.at)
    assert found is not None
    return found


def bank_took(made: Purse, amount_minor: int) -> None:
    """The bank took back what members had paid."""
    accounts = {
        code: account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code=code).id
        for code in ("1000", "1100")
    }
    entry_post(
        coop_id=made.coop_id,
        book_id=made.fund.book_id,
        key="returned",
        booked_on=made.at.date(),
        kind="bank_fact",
        lines=(Line(accounts["1000"], -amount_minor), Line(accounts["1100"], amount_minor)),
        memo="Returned debits",
        actor=SYSTEM,
        at=made.at,
    )


def test_signatures_stand_while_an_order_waits_for_money_and_a_job_prepares_it_later() -> None:
    made = purse(cleared_minor=5_000)
    request = approved(asked(made, mandate_voted(made, 7_160)), made.ann, made.bo, at=made.at)

    assert (request.status, request.waiting_code) == ("waiting", "money")
    assert request.waiting_text == (
        "Waits for money: €21.60 is missing after all that is held or promised."
    )
    assert len(request.approvals) == 2
    assert orders_prepare_due(at=made.at) == 0
    with refused("money"):
        order_prepare(request_id=request.id, actor=SYSTEM, at=made.at)

    money_in(made, 2_160, key="later")
    assert orders_prepare_due(at=made.at) == 1
    assert orders_prepare_due(at=made.at) == 0
    assert request_view(request.id, at=made.at).status == "ordered"
    assert fund_position(made.fund.id, at=made.at).spendable_minor == 0


def test_a_negative_spendable_amount_freezes_every_order_even_a_small_one() -> None:
    made = purse(cleared_minor=10_000)
    mandate_voted(made, 9_000)
    small = asked(made, refunds(made), 500)
    bank_took(made, 1_500)
    position = fund_position(made.fund.id, at=made.at)
    assert (position.spendable_minor, position.is_frozen) == (-500, True)

    assert approved(small, made.ann, made.bo, at=made.at).waiting_code == "money"


def test_returns_may_drive_the_bank_below_zero_and_orders_freeze() -> None:
    made = purse(cleared_minor=1_000)
    bank_took(made, 1_500)

    position = fund_position(made.fund.id, at=made.at)
    assert (position.balance_minor, position.is_frozen) == (-500, True)


def test_what_others_were_promised_is_not_spent_under_a_standing_mandate() -> None:
    made = purse(cleared_minor=10_000)
    mandate_voted(made, 9_000)

    assert approved(asked(made, refunds(made), 1_001), made.ann, made.bo, at=made.at).waiting_code
    ordered = approved(asked(made, refunds(made), 1_000), made.ann, made.bo, at=made.at)
    assert ordered.status == "ordered"


def test_a_promise_ends_with_its_mandate() -> None:
    made = purse()
    mandate_voted(made, 7_160, valid_until="2026-03-10")

    assert fund_position(made.fund.id, at=made.at).promised_minor == 7_160
    assert fund_position(made.fund.id, at=made.at.replace(day=10)).promised_minor == 7_160
    assert fund_position(made.fund.id, at=made.at.replace(day=11)).promised_minor == 0


def test_a_standing_mandate_has_its_room_again_next_month() -> None:
    made = purse()
    approved(asked(made, refunds(made), 6_000), made.ann, made.bo, at=made.at)

    assert mandate_view(refunds(made).id, at=made.at).remaining_minor == 0
    april = made.at.replace(month=4, day=1, hour=0)
    assert mandate_view(refunds(made).id, at=april).remaining_minor == 6_000


def test_the_bank_takes_under_a_standing_mandate_only_while_the_month_has_room() -> None:
    made = purse()
    booked_on = made.at.date()

    fee = mandate_standing(made.coop_id, "bank_fee", at=made.at)
    assert fee is not None
    for amount_minor, expected in ((2_000, fee.id), (2_001, None)):
        taken = mandate_standing_take(
            fund_id=made.fund.id, kind="bank_fee", amount_minor=amount_minor, booked_on=booked_on
        )
        assert taken == expected
    with refused("not_requestable"):
        asked(made, fee, 100)


def test_a_later_manual_ends_the_standing_mandates_of_the_earlier() -> None:
    made = purse()
    former = refunds(made)
    later = made.at + DAY
    by = decision(made.coop_id, {"kind": "amend"}, proposer=made.ann, at=later, kind="amendment")
    version_id = manual_write(made.coop_id, by.id, at=later, voting_days=8)

    for _ in range(2):
        enacted = mandates_standing_enact(
            coop_id=made.coop_id, manual_version_id=version_id, actor=SYSTEM, at=later
        )
        assert [one.code for one in enacted] == ["M-0005", "M-0006", "M-0007", "M-0008"]
    assert not mandate_view(former.id, at=later).is_valid
    found = mandate_standing(made.coop_id, "refund", at=later)
    assert found is not None
    assert found.id != former.id
    with refused("mandate_over"):
        asked(made, former, 100, at=later)


def test_a_result_is_enacted_once_and_only_when_it_passed() -> None:
    made = purse()
    mandate = mandate_voted(made)
    assert mandate.result_id is not None

    again = mandate_enact(result_id=mandate.result_id, actor=SYSTEM, at=made.at + DAY)
    assert again.id == mandate.id
    assert len(mandate_list(made.coop_id, at=made.at)) == 5
    with refused("not_passed"):
        mandate_voted(made, verdict="failed")


def test_a_changed_account_waits_out_the_cooling_period_with_all_signatures_given() -> None:
    made = purse()
    changed = payee_account_enter(
        payee_id=made.brine.id,
        iban=OTHER_IBAN,
        holder="Brine Backup",
        actor=made.eve,
        at=made.at,
    )
    assert changed.usable_from == made.at + 5 * DAY
    request = asked(made, mandate_voted(made))
    assert request.account.iban == OTHER_IBAN

    with refused("own_account"):
        approved(request, made.eve, at=made.at)
    waiting = approved(request, made.ann, made.bo, at=made.at)
    assert waiting.waiting_code == "cooling"
    assert waiting.waiting_text == (
        "Waits until Sat 7 Mar, 13:00: the payee’s bank details changed."
    )
    assert orders_prepare_due(at=changed.usable_from.replace(hour=11)) == 0
    assert orders_prepare_due(at=changed.usable_from) == 1


@pytest.mark.parametrize(
    ("iban", "holder", "code"),
    [
        ("NL92ABNA0417164300", "Brine Backup", "iban"),
        ("NL91ABNA041716430", "Brine Backup", "iban"),
        ("not an account", "Brine Backup", "iban"),
        ("", "Brine Backup", "iban"),
        ("DE89370400440532013000", "Brine Backup", "own_fund"),
        ("FR1420041010050500013M02606", "Brine Backup", "account_of_another"),
        (OTHER_IBAN, "Somebody Else", "holder_differs"),
        (OTHER_IBAN, " ", "empty"),
        ("NL91 ABNA 0417 1643 00", "Brine Backup", "same_account"),
    ],
)
def test_an_account_that_cannot_be_right_is_refused(iban: str, holder: str, code: str) -> None:
    made = purse()
    payee_of(made.finn, "Ink and Paper", "FR1420041010050500013M02606", at=made.at)

    with refused(code):
        payee_account_enter(
            payee_id=made.brine.id, iban=iban, holder=holder, actor=made.eve, at=made.at
        )
    assert len(request_accounts(made)) == 1


def request_accounts(made: Purse) -> tuple[object, ...]:
    return asked(made, mandate_voted(made)).payee.accounts


def test_a_plain_member_does_not_change_bank_details() -> None:
    made = purse()

    with refused("may_not_change"):
        payee_account_enter(
            payee_id=made.brine.id,
            iban=OTHER_IBAN,
            holder="Brine Backup",
            actor=made.finn,
            at=made.at,
        )


@pytest.mark.parametrize(
    ("who", "approvals_needed", "code"),
    [
        ("ann ann bo", 2, "trustee_twice"),
        ("ann bo stranger", 2, "not_member"),
        ("ann bo cy eve finn", 2, "too_many_trustees"),
        ("ann bo cy", 1, "too_few_approvals"),
        ("ann bo", 3, "too_many_approvals"),
    ],
)
def test_trustees_that_the_manual_does_not_allow_are_refused(
    who: str, approvals_needed: int, code: str
) -> None:
    made = purse()
    known = {one.name.lower(): one.member_id for one in (*made.trustees, made.finn)}
    known["stranger"] = made.world.di.person_id
    by = decision(made.coop_id, {"kind": "trustees"}, proposer=made.ann, at=made.at)

    with refused(code):
        trustee_set_adopt(
            coop_id=made.coop_id,
            member_ids=[known[name] for name in who.split()],
            approvals_needed=approvals_needed,
            decision_id=by.id,
            actor=SYSTEM,
            at=made.at,
        )


def test_the_summary_shows_the_balance_at_the_end_of_each_day() -> None:
    made = purse()
    standing = fund_standing_by_id(made.fund.id, at=made.at)
    summary = fund_summary(standing, from_date=date(2026, 3, 1), to_date=date(2026, 3, 3))

    assert [day.balance_minor for day in summary.series] == [0, 50_000, 50_000]
    assert (summary.opening_minor, summary.closing_minor) == (0, 50_000)
    year = fund_summary(standing, from_date=date(2026, 1, 15), to_date=date(2026, 12, 10))
    assert [day.on.isoformat() for day in year.series][:2] == ["2026-01-31", "2026-02-28"]
    assert year.series[-1].on == date(2026, 12, 10)
