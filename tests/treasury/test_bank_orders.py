"""What the next statement says about our own payments: settled, come back, or in suspense."""

from datetime import date, timedelta

import pytest

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.ledger.selectors import account_by_code
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.bank_values import ImportView
from commonpurse.treasury.selectors import (
    fund_position,
    lines_to_review,
    mandate_view,
    order_view,
    payment_list,
    request_view,
    statement_lines,
    suspense_list,
)
from commonpurse.treasury.services import (
    lines_match,
    mandate_enact,
    order_settle,
    orders_export,
    payment_reverse,
    statement_import,
    suspense_cover,
)
from commonpurse.treasury.values import OrderView
from tests.formats.statements import camt, detail, entry, statement
from tests.treasury.dues_world import rows
from tests.treasury.purse import (
    BRINE_IBAN,
    DAY,
    HOUR,
    Purse,
    approved,
    asked,
    decision,
    mandate_voted,
    purse,
    result,
)

pytestmark = pytest.mark.django_db
PAID_ON = "2026-03-04"


def ordered(made: Purse, *, is_sent: bool = True) -> OrderView:
    """A vote, a request, two approvals: an order over 71.60, and the file it leaves in."""
    request = asked(made, mandate_voted(made))
    view = approved(request, made.ann, made.bo, at=made.at + HOUR)
    assert view.order_id is not None
    if is_sent:
        send(made)
    return order_view(view.order_id)


def send(made: Purse) -> None:
    orders_export(
        fund_id=made.fund.id,
        order_ids=None,
        execute_on=date(2026, 3, 4),
        actor=made.eve,
        at=made.at + 2 * HOUR,
    )


def bring(made: Purse, *entries: str, opening: str, closing: str, ref: str = "S-1") -> ImportView:
    return statement_import(
        fund_id=made.fund.id,
        data=camt(statement(*entries, opening=opening, closing=closing, ref=ref)),
        filename="march.xml",
        actor=made.eve,
        at=made.at + 3 * DAY,
    )


def debit(order: OrderView, *, named: bool = True, text: str = "", **about: str) -> str:
    inside = detail(
        name="Brine Backup",
        iban=BRINE_IBAN,
        role="Cdtr",
        end_to_end_id=order.end_to_end_id if named else "",
        text=text,
    )
    return entry(
        f"{order.amount_minor / 100:.2f}", way="DBIT", day=PAID_ON, details=inside, **about
    )


def balance(made: Purse, code: str) -> int:
    found = account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code=code)
    return found.balance_minor


@pytest.mark.parametrize("by", ["id", "code"])
def test_the_debit_on_the_next_statement_settles_the_order(by: str) -> None:
    """500.00 − 71.60 = 428.40, found by the end-to-end id or by the payload code in the text."""
    made = purse()
    order = ordered(made)
    line = debit(order, named=by == "id", text=f"SEPA transfer {order.code.replace('-', ' ')}")
    view = bring(made, line, opening="500.00", closing="428.40")
    assert view.booked == {"settlement": 1}
    (booked,) = statement_lines(view.statement_ids[0])
    assert (booked.order_id, booked.mandate_id) == (order.id, order.mandate_id)
    assert order_view(order.id).status == "settled"
    assert (balance(made, "1000"), balance(made, "5000")) == (42_840, 7_160)
    assert fund_position(made.fund.id, at=made.at + 3 * DAY).held_minor == 0
    assert mandate_view(order.mandate_id, at=made.at).remaining_minor == 0


def test_a_debit_of_another_amount_does_not_settle_the_order() -> None:
    made = purse()
    order = ordered(made)
    wrong = debit(order).replace(">71.60<", ">71.61<")
    assert bring(made, wrong, opening="500.00", closing="428.39").booked == {"suspense": 1}
    assert order_view(order.id).status == "exported"


def test_a_line_of_another_amount_does_not_settle_an_order_by_hand() -> None:
    made = purse()
    order = ordered(made)
    wrong = debit(order).replace(">71.60<", ">71.61<")
    bring(made, wrong, opening="500.00", closing="428.39")
    (line,) = suspense_list(made.fund.id)
    with pytest.raises(Invalid) as refusal:
        order_settle(
            order_id=order.id,
            bank_line_id=line.id,
            booked_on=date(2026, 3, 4),
            actor=SYSTEM,
            at=made.at + 4 * DAY,
            from_account="suspense",
        )
    assert refusal.value.code == "amount"


def test_an_order_that_was_never_sent_is_not_settled_by_its_amount() -> None:
    made = purse()
    order = ordered(made, is_sent=False)
    view = bring(made, debit(order, named=False), opening="500.00", closing="428.40")
    assert view.booked == {"suspense": 1}
    assert order_view(order.id).status == "ordered"


def test_a_debit_that_came_before_its_file_is_matched_later() -> None:
    made = purse()
    order = ordered(made, is_sent=False)
    bring(made, debit(order), opening="500.00", closing="428.40")
    assert balance(made, "1900") == 7_160
    assert lines_match(fund_id=made.fund.id, actor=made.eve.actor, at=made.at + 4 * DAY) == {}
    send(made)
    done = lines_match(fund_id=made.fund.id, actor=made.eve.actor, at=made.at + 5 * DAY)
    assert done == {"settlement": 1}
    assert (balance(made, "1900"), balance(made, "5000")) == (0, 7_160)
    assert order_view(order.id).status == "settled"
    assert suspense_list(made.fund.id) == ()
    assert mandate_view(order.mandate_id, at=made.at).used_minor == 7_160


def test_a_payment_that_comes_back_is_reversed_and_its_mandate_has_room_again() -> None:
    made = purse()
    order = ordered(made)
    bring(made, debit(order), opening="500.00", closing="428.40")
    back = entry(
        "71.60",
        day="2026-03-05",
        extra="<RvslInd>true</RvslInd>",
        details=detail(name="Brine Backup", end_to_end_id=order.end_to_end_id, reason="AC04"),
    )
    view = bring(made, back, opening="428.40", closing="500.00", ref="S-2")
    assert view.booked == {"reversal": 1}
    assert lines_to_review(made.fund.id) == ()
    assert request_view(order.request_id, at=made.at + 3 * DAY).status == "reversed"
    assert (balance(made, "1000"), balance(made, "5000")) == (50_000, 0)
    assert mandate_view(order.mandate_id, at=made.at + 3 * DAY).remaining_minor == 7_160


def test_what_came_back_is_a_line_of_a_statement_where_there_are_statements() -> None:
    made = purse()
    order = ordered(made)
    bring(made, debit(order), opening="500.00", closing="428.40")
    [payment] = payment_list(made.coop_id)
    with pytest.raises(NotPossible) as refusal:
        payment_reverse(
            settlement_id=payment.settlement_id,
            bank_line_id=None,
            booked_on=date.fromisoformat(PAID_ON),
            actor=SYSTEM,
            at=made.at + timedelta(days=9),
        )
    assert refusal.value.code == "statement_reverses"


def test_a_payment_and_its_return_may_stand_in_one_statement() -> None:
    made = purse()
    order = ordered(made)
    inside = detail(name="Brine Backup", end_to_end_id=order.end_to_end_id, reason="AC04")
    back = entry("71.60", day="2026-03-05", details=inside)
    view = bring(made, back, debit(order), opening="500.00", closing="500.00")
    assert view.booked == {"settlement": 1, "reversal": 1}
    assert (balance(made, "1000"), balance(made, "5000")) == (50_000, 0)


def covered(made: Purse, *, amount_minor: int = 900) -> tuple[ImportView, object]:
    """A debit of 9.00 that nobody knows, and a decision that covers it."""
    view = bring(made, entry("9.00", way="DBIT", day=PAID_ON), opening="500.00", closing="491.00")
    (line,) = suspense_list(made.fund.id)
    effect = {"kind": "cover", "bank_line_id": str(line.id), "amount_minor": amount_minor}
    voted = decision(made.coop_id, effect, proposer=made.finn, at=made.at + 4 * DAY, kind="cover")
    passed = result(voted, at=made.at + 4 * DAY)
    return view, passed.id


def test_a_decision_takes_a_debit_out_of_suspense() -> None:
    made = purse()
    _, result_id = covered(made)
    at = made.at + 4 * DAY
    mandate = mandate_enact(result_id=result_id, actor=SYSTEM, at=at)  # type: ignore[arg-type]
    (line,) = suspense_list(made.fund.id)
    first = suspense_cover(bank_line_id=line.id, mandate_id=mandate.id, actor=SYSTEM, at=at)
    again = suspense_cover(bank_line_id=line.id, mandate_id=mandate.id, actor=SYSTEM, at=at)
    assert first == again
    assert suspense_list(made.fund.id) == ()
    assert (balance(made, "1900"), balance(made, "5000")) == (0, 900)
    assert mandate_view(mandate.id, at=at).remaining_minor == 0


def test_a_mandate_covers_only_its_own_debit_and_no_more_than_it_allows() -> None:
    made = purse()
    _, result_id = covered(made, amount_minor=899)
    at = made.at + 4 * DAY
    (line,) = suspense_list(made.fund.id)
    small = mandate_enact(result_id=result_id, actor=SYSTEM, at=at)  # type: ignore[arg-type]
    other = mandate_voted(made, 900)
    for mandate_id, code in ((small.id, "over_mandate"), (other.id, "other_mandate")):
        with pytest.raises(NotPossible) as refusal:
            suspense_cover(bank_line_id=line.id, mandate_id=mandate_id, actor=SYSTEM, at=at)
        assert refusal.value.code == code
    assert balance(made, "1900") == 900


def test_what_is_not_in_suspense_cannot_be_covered() -> None:
    made = purse()
    mandate = mandate_voted(made)
    view = bring(made, entry("9.00", day=PAID_ON), opening="500.00", closing="509.00")
    (line,) = statement_lines(view.statement_ids[0])
    at = made.at + timedelta(days=9)
    with pytest.raises(NotPossible, match="suspense"):
        suspense_cover(bank_line_id=line.id, mandate_id=mandate.id, actor=SYSTEM, at=at)
    with pytest.raises(NotFound):
        suspense_cover(bank_line_id=mandate.id, mandate_id=mandate.id, actor=SYSTEM, at=at)


def test_every_debit_names_a_mandate_or_stands_in_suspense() -> None:
    """The database says so too: no booking of a debit without one."""
    made = purse()
    order = ordered(made)
    bring(made, debit(order), entry("9.00", way="DBIT", day=PAID_ON), opening="500.00",
          closing="419.40")  # fmt: skip
    found = rows(
        "SELECT b.kind, b.mandate_id IS NOT NULL FROM treasury_linebooking b "
        "JOIN treasury_bankline l ON l.id = b.line_id WHERE l.amount_minor < 0 ORDER BY 1"
    )
    assert found == [("settlement", True), ("suspense", False)]
