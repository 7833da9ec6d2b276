"""A bank statement arrives: the books follow the bank, each line once, and nothing is guessed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commonpurse.errors import Invalid, NotAllowed, NotPossible
from commonpurse.groups.services import member_add, person_erase, role_grant
from commonpurse.ledger.selectors import trial_balance
from commonpurse.ledger.services import period_close
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.bank_values import ImportView
from commonpurse.treasury.selectors import (
    dues_account,
    dues_overview,
    fund_position,
    line_view,
    lines_to_review,
    member_reference,
    receipts_at_risk,
    statement_lines,
    statement_list,
    statement_view,
    suspense_list,
)
from commonpurse.treasury.services import dues_charge, line_assign, statement_import
from commonpurse.treasury.services.bank import FILE_BYTES_MAX
from tests.formats.statements import balance, camt, detail, entry, statement
from tests.treasury.dues_world import FUND_IBAN, Purse, purse, rows
from tests.world import person

pytestmark = pytest.mark.django_db

APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 4, 30, 12, tzinfo=UTC)
DAY = "2026-04-02"


@pytest.fixture
def here() -> Purse:
    """April's dues are charged: four members owe €12.00 each."""
    found = purse()
    dues_charge(coop_id=found.coop_id, actor=SYSTEM, at=APRIL)
    return found


def bring(here: Purse, data: bytes, reason: str | None = None, at: datetime = LATER) -> ImportView:
    return statement_import(
        fund_id=here.fund.id,
        data=data,
        filename="april.xml",
        actor=here.people.eve,
        reason=reason,
        at=at,
    )


def paid(here: Purse, amount: str = "12.00", *, who: str = "cy", **more: str) -> str:
    """An entry by which a member pays with their reference."""
    member = getattr(here.people, who)
    reference = member_reference(here.coop_id, member.member_id)
    return entry(amount, day=DAY, details=detail(name=member.name, reference=reference), **more)


def out(amount: str, **about: Any) -> str:
    return entry(amount, way="DBIT", day=DAY, details=detail(role="Cdtr", **about))


def owes(here: Purse, who: str = "cy") -> int:
    member = getattr(here.people, who)
    return dues_account(here.coop_id, member.member_id, LATER.date()).balance_minor


def test_a_statement_books_dues_by_their_reference(here: Purse) -> None:
    """Cy pays 12.00, Ann 20.00 (8.00 too much), somebody 5.00 without a reference.

    Bank 37.00; receivable 48.00 − 32.00 = 16.00; unallocated 5.00.
    """
    stranger = entry("5.00", day=DAY, details=detail(name="A friend", text="good luck"))
    data = camt(
        statement(
            paid(here), paid(here, "20.00", who="ann"), stranger, opening="0", closing="37.00"
        )
    )
    view = bring(here, data)
    assert (view.new_lines, view.repeated_lines, view.is_repeat) == (3, 0, False)
    assert view.booked == {"dues": 2, "unallocated": 1}
    assert view.needs_review == 1
    assert [here.balance(code) for code in ("1000", "1100", "2000")] == [3_700, 1_600, -500]
    assert (owes(here), owes(here, "ann"), owes(here, "bo")) == (0, -800, 1_200)
    overview = dues_overview(here.coop_id, LATER.date())
    assert overview.owed_minor - overview.credit_minor == here.balance("1100")
    (waiting,) = lines_to_review(here.fund.id)
    assert (waiting.counterparty, waiting.amount_minor) == ("A friend", 500)
    (booked,) = statement_list(here.fund.id)
    assert booked.is_balanced
    assert [line.kind for line in statement_lines(booked.id)] == ["dues", "dues", "unallocated"]
    debit, credit = trial_balance(coop_id=here.coop_id, book_id=here.fund.book_id).totals["EUR"]
    assert debit == credit


def test_the_same_file_twice_is_booked_once(here: Purse) -> None:
    data = camt(statement(paid(here), opening="0", closing="12.00"))
    first = bring(here, data)
    again = bring(here, data, at=LATER + timedelta(days=1))
    assert again.is_repeat
    assert again.statement_ids == first.statement_ids
    assert (again.new_lines, again.repeated_lines) == (0, 1)
    assert here.balance("1000") == 1_200


def test_an_overlapping_statement_brings_only_what_is_new(here: Purse) -> None:
    bring(here, camt(statement(paid(here), opening="0", closing="12.00")))
    longer = camt(
        statement(paid(here), paid(here, who="bo"), opening="0", closing="24.00", ref="S-2")
    )
    view = bring(here, longer)
    assert (view.new_lines, view.repeated_lines) == (1, 1)
    assert here.balance("1000") == 2_400
    assert owes(here, "bo") == 0


def test_two_equal_payments_in_one_statement_are_two(here: Purse) -> None:
    data = camt(statement(paid(here), paid(here), opening="0", closing="24.00"))
    assert bring(here, data).new_lines == 2
    longer = camt(
        statement(paid(here), paid(here), paid(here), opening="0", closing="36.00", ref="S-2")
    )
    assert bring(here, longer).new_lines == 1
    assert owes(here) == -2_400


def test_equal_payments_on_two_pages_of_one_day_are_two(here: Purse) -> None:
    pages = [
        statement(
            paid(here),
            balances=balance("OPBD", "0") + balance("ITBD", "12.00"),
            ref="S-1/1",
        ),
        statement(
            paid(here),
            balances=balance("ITBD", "12.00") + balance("CLBD", "24.00"),
            ref="S-1/2",
        ),
    ]
    assert bring(here, camt(*pages)).new_lines == 2
    assert here.balance("1000") == 2_400


def test_an_old_statement_downloaded_again_is_known_though_its_balances_fit(here: Purse) -> None:
    """The account is back at 0.00, where the old statement began; its day is past."""
    bring(here, camt(statement(paid(here), opening="0", closing="12.00")))
    spent = entry("12.00", way="DBIT", day="2026-04-05")
    bring(here, camt(statement(spent, opening="12.00", closing="0.00", ref="S-2")))
    old = camt(statement(paid(here), opening="0", closing="12.00", ref="S-1 again"))
    with pytest.raises(NotPossible) as refusal:
        bring(here, old)
    assert refusal.value.code == "needs_reason"
    assert here.balance("1000") == 0


@pytest.mark.parametrize(
    ("opening", "closing", "said"),
    [("0", "12.01", "€0.01 off"), (None, "12.00", "lacks"), ("0", None, "lacks")],
)
def test_what_does_not_reconcile_needs_a_written_reason(
    here: Purse, opening: str | None, closing: str | None, said: str
) -> None:
    data = camt(statement(paid(here), opening=opening, closing=closing))
    for reason in (None, "", "   "):
        with pytest.raises(NotPossible, match=said):
            bring(here, data, reason)
    assert rows("SELECT count(*) FROM treasury_bankline") == [(0,)]
    view = bring(here, data, "The bank’s help desk confirmed the closing by letter.")
    assert view.booked == {"dues": 1}
    kept = statement_view(view.statement_ids[0])
    assert kept.has_reason
    assert kept.reason.startswith("The bank")
    assert rows("SELECT reason_mac IS NOT NULL FROM treasury_bankstatement") == [(True,)]


def test_a_statement_that_leaves_a_gap_needs_a_written_reason(here: Purse) -> None:
    bring(here, camt(statement(paid(here), opening="0", closing="12.00")))
    gap = camt(statement(paid(here, who="bo"), opening="50.00", closing="62.00", ref="S-3"))
    with pytest.raises(NotPossible, match=r"ended at €12\.00"):
        bring(here, gap)
    assert bring(here, gap, "Statement 2 is lost; the bank sends it by post.").new_lines == 1


def test_the_first_statement_brings_what_the_account_held_already(here: Purse) -> None:
    bring(here, camt(statement(paid(here), opening="300.00", closing="312.00")))
    assert (here.balance("1000"), here.balance("3000")) == (31_200, -30_000)


def test_only_a_treasurer_imports(here: Purse) -> None:
    with pytest.raises(NotAllowed):
        statement_import(
            fund_id=here.fund.id,
            data=camt(statement(opening="0", closing="0")),
            filename="x",
            actor=here.people.cy,
            at=LATER,
        )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_camt053"),
        (camt(statement(opening="0", closing="0"))[:-40], "truncated"),
        (camt(statement(), message="pain.001.001", version="09"), "not_camt053"),
        (b'<!DOCTYPE d [<!ENTITY a "b">]>' + camt(statement()).partition(b"\n")[2], "dtd"),
        (camt(statement(opening="0", closing="0", iban="NL91ABNA0417164300")), "other_account"),
        (camt(statement(opening="0", closing="0", currency="CHF")), "currency"),
    ],
)
def test_a_bad_file_is_refused_and_leaves_nothing(here: Purse, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        bring(here, data, "a reason does not help")
    assert refusal.value.code == code
    assert rows("SELECT count(*) FROM treasury_bankstatement") == [(0,)]


def test_a_file_larger_than_any_bank_sends_is_refused_unread(here: Purse) -> None:
    with pytest.raises(Invalid, match="128 MB"):
        bring(here, bytes(FILE_BYTES_MAX + 1))


def test_a_refused_statement_takes_the_whole_file_with_it(here: Purse) -> None:
    good = statement(paid(here), opening="0", closing="12.00")
    bad = statement(opening="12.00", closing="13.00", ref="S-2")
    with pytest.raises(NotPossible, match="Statement 2"):
        bring(here, camt(good, bad))
    assert here.balance("1000") == 0


def test_a_debit_that_nothing_explains_stands_in_suspense_for_everybody(here: Purse) -> None:
    data = camt(statement(out("7.00", name="Who knows"), opening="0", closing="-7.00"))
    view = bring(here, data)
    assert view.booked == {"suspense": 1}
    assert (here.balance("1000"), here.balance("1900")) == (-700, 700)
    (shown,) = suspense_list(here.fund.id)
    assert (shown.amount_minor, shown.mandate_id) == (-700, None)
    assert (shown.counterparty, shown.iban, shown.remittance) == ("", "", "")
    assert fund_position(here.fund.id, at=LATER).is_frozen


FEE = (
    "<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn>"
    "</BkTxCd>"
)


def fee(amount: str) -> str:
    return entry(amount, way="DBIT", day=DAY, extra=FEE)


def test_a_banks_fee_flows_under_its_standing_mandate_until_the_month_is_full(here: Purse) -> None:
    limit = rows("SELECT max_minor FROM treasury_mandate WHERE standing_kind = 'bank_fee'")[0][0]
    assert isinstance(limit, int)
    data = camt(
        statement(
            fee(f"{limit / 100:.2f}"),
            fee("0.01"),
            opening="1000.00",
            closing=f"{1000 - limit / 100 - 0.01:.2f}",
        )
    )
    assert bring(here, data).booked == {"fee": 1, "suspense": 1}
    assert (here.balance("5100"), here.balance("1900")) == (limit, 1)


def debit_entry(here: Purse, who: str = "cy") -> str:
    """A direct debit that a member's bank carried out for us."""
    code = "<BkTxCd><Domn><Fmly><Cd>IDDT</Cd></Fmly></Domn></BkTxCd>"
    return paid(here, who=who, extra=code)


def test_a_direct_debit_is_at_risk_for_eight_weeks(here: Purse) -> None:
    bring(
        here, camt(statement(debit_entry(here), paid(here, who="bo"), opening="0", closing="24.00"))
    )
    day = date(2026, 4, 2)
    assert receipts_at_risk(here.fund.id, day) == 1_200
    assert receipts_at_risk(here.fund.id, day + timedelta(days=55)) == 1_200
    assert receipts_at_risk(here.fund.id, day + timedelta(days=56)) == 0
    assert fund_position(here.fund.id, at=LATER).cleared_minor == 1_200


def test_a_returned_debit_makes_the_member_owe_again(here: Purse) -> None:
    bring(here, camt(statement(debit_entry(here), opening="0", closing="12.00")))
    assert owes(here) == 0
    reference = member_reference(here.coop_id, here.people.cy.member_id)
    back = entry(
        "12.00",
        way="DBIT",
        day="2026-04-10",
        details=detail(name="Cy", reference=reference, reason="MD06"),
    )
    view = bring(here, camt(statement(back, opening="12.00", closing="0.00", ref="S-2")))
    assert view.booked == {"return": 1}
    assert owes(here) == 1_200
    assert (here.balance("1000"), here.balance("1100")) == (0, 4_800)
    assert receipts_at_risk(here.fund.id, date(2026, 4, 10)) == 0
    mine = dues_account(here.coop_id, here.people.cy.member_id, LATER.date())
    assert mine.receipts[0].return_reason == "MD06"
    assert mine.is_behind
    ((line_id,),) = rows("SELECT line_id FROM treasury_paymentreturned")
    assert line_view(line_id).mandate_id is not None  # type: ignore[arg-type]


def test_a_members_payment_and_its_return_may_stand_in_one_statement(here: Purse) -> None:
    reference = member_reference(here.coop_id, here.people.cy.member_id)
    back = entry(
        "12.00", way="DBIT", day="2026-04-10", details=detail(reference=reference, reason="MD06")
    )
    view = bring(here, camt(statement(back, debit_entry(here), opening="0", closing="0")))
    assert view.booked == {"dues": 1, "return": 1}
    assert owes(here) == 1_200


def test_a_return_is_found_by_the_payers_account_too(here: Purse) -> None:
    bring(here, camt(statement(debit_entry(here), opening="0", closing="12.00")))
    back = entry("12.00", way="DBIT", day="2026-04-10", details=detail(reason="AC04"))
    view = bring(here, camt(statement(back, opening="12.00", closing="0.00", ref="S-2")))
    assert view.booked == {"return": 1}


def test_a_return_without_its_payment_stands_in_suspense(here: Purse) -> None:
    back = entry("9.00", way="DBIT", day=DAY, details=detail(reason="AC04"))
    assert bring(here, camt(statement(back, opening="9.00", closing="0"))).booked == {"suspense": 1}


@pytest.mark.parametrize(
    ("kind", "who", "code"), [("dues", "bo", "1100"), ("grant", "", "4100"), ("refund", "", "5000")]
)
def test_a_treasurer_allocates_a_receipt(here: Purse, kind: str, who: str, code: str) -> None:
    bring(here, camt(statement(entry("12.00", day=DAY), opening="0", closing="12.00")))
    (line,) = lines_to_review(here.fund.id)
    member_id = getattr(here.people, who).member_id if who else None
    before = here.balance(code)
    view = line_assign(
        line_id=line.id, kind=kind, member_id=member_id, actor=here.people.eve, at=LATER
    )
    assert (view.assigned, view.member_id) == (kind, member_id)
    assert not view.needs_review
    assert (here.balance("2000"), here.balance(code) - before) == (0, -1_200)
    assert lines_to_review(here.fund.id) == ()
    if who:
        assert owes(here, who) == 0
    with pytest.raises(NotPossible, match="already"):
        line_assign(line_id=line.id, kind="grant", member_id=None, actor=here.people.eve, at=LATER)


def test_allocating_refuses_what_cannot_be(here: Purse) -> None:
    bring(here, camt(statement(entry("12.00", day=DAY), opening="0", closing="12.00")))
    (line,) = lines_to_review(here.fund.id)
    given: dict[str, Any] = {"line_id": line.id, "at": LATER}
    with pytest.raises(NotAllowed):
        line_assign(kind="grant", member_id=None, actor=here.people.cy, **given)
    for kind, member_id in (("dues", None), ("grant", here.people.cy.member_id), ("gift", None)):
        with pytest.raises(Invalid):
            line_assign(kind=kind, member_id=member_id, actor=here.people.eve, **given)


def test_books_that_are_closed_take_a_late_statement_on_their_first_open_day(here: Purse) -> None:
    period_close(
        coop_id=here.coop_id,
        book_id=here.fund.book_id,
        through=date(2026, 4, 15),
        actor=SYSTEM,
        at=LATER,
    )
    bring(here, camt(statement(paid(here), opening="0", closing="12.00")))
    booked = rows("SELECT max(booked_on) FROM ledger_entry")
    assert booked == [(date(2026, 4, 16),)]
    assert owes(here) == 0


def test_erasing_a_payer_leaves_the_books_and_forgets_the_words(here: Purse) -> None:
    bring(here, camt(statement(paid(here), opening="0", closing="12.00")))
    person_erase(person_id=here.people.cy.person_id, actor=SYSTEM, at=LATER)
    (line,) = statement_lines(statement_list(here.fund.id)[0].id)
    assert (line.counterparty, line.iban, line.remittance) == ("", "", "")
    assert line.amount_minor == 1_200
    assert here.balance("1000") == 1_200


def test_many_payments_of_one_day_are_one_entry(here: Purse) -> None:
    for number in range(30):
        member_add(
            coop_id=here.coop_id,
            person_id=person(f"Member {number}").person_id,
            actor=here.people.ann,
            at=APRIL - timedelta(days=20),
        )
    dues_charge(coop_id=here.coop_id, actor=SYSTEM, at=datetime(2026, 5, 2, tzinfo=UTC))
    references = [row[0] for row in rows("SELECT reference FROM treasury_payerreference")]
    lines = [entry("12.00", day=DAY, details=detail(reference=str(one))) for one in references]
    total = f"{12 * len(lines)}.00"
    before = rows("SELECT count(*) FROM ledger_entry")[0][0]
    assert bring(here, camt(statement(*lines, opening="0", closing=total))).booked == {"dues": 34}
    after = rows("SELECT count(*) FROM ledger_entry")[0][0]
    assert (before, after) == (before, int(str(before)) + 1)


def test_a_second_treasurer_may_import_as_well(here: Purse) -> None:
    bo = role_grant(
        coop_id=here.coop_id,
        member_id=here.people.bo.member_id,
        role="treasurer",
        actor=here.people.ann,
        at=APRIL,
    )
    data = camt(statement(paid(here), opening="0", closing="12.00", iban=FUND_IBAN))
    view = statement_import(fund_id=here.fund.id, data=data, filename="b.xml", actor=bo, at=LATER)
    assert statement_view(view.statement_ids[0]).imported_by_member_id == bo.member_id
