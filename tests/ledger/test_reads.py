from datetime import date, timedelta

import pytest

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.ledger import selectors, services
from commonpurse.record.ids import random_id
from tests.ledger.chart import ANN, MARCH, NOON, Chart

pytestmark = pytest.mark.django_db


def page(chart: Chart, **more: int):
    return selectors.account_statement(
        coop_id=chart.coop_id, account_id=chart.bank, limit=3, **more
    )


def versions(found) -> list[int]:
    return [line.account_version for line in found.lines]


def test_a_statement_is_paged_from_the_newest_line_and_back(chart: Chart):
    for amount in range(1, 8):
        chart.dues_come_in(amount)
    first = page(chart)
    assert (versions(first), first.newer, first.older) == ([7, 6, 5], None, 5)
    second = page(chart, older_than=5)
    assert (versions(second), second.newer, second.older) == ([4, 3, 2], 4, 2)
    third = page(chart, older_than=2)
    assert (versions(third), third.newer, third.older) == ([1], 1, None)
    assert versions(page(chart, newer_than=1)) == [4, 3, 2]
    back = page(chart, newer_than=4)
    assert (versions(back), back.newer) == ([7, 6, 5], None)
    assert [line.balance_after for line in first.lines] == [28, 21, 15]


def test_lines_that_come_meanwhile_do_not_move_the_pages(chart: Chart):
    for amount in range(1, 6):
        chart.dues_come_in(amount)
    first = page(chart)
    chart.dues_come_in(99)
    assert first.older == 3
    assert versions(page(chart, older_than=3)) == [2, 1]


def test_a_statement_of_nothing_is_empty(chart: Chart):
    found = page(chart)
    assert (found.lines, found.older, found.newer) == ((), None, None)


def test_a_page_has_one_direction_and_a_sane_size(chart: Chart):
    with pytest.raises(Invalid):
        page(chart, older_than=3, newer_than=1)
    with pytest.raises(Invalid):
        selectors.account_statement(coop_id=chart.coop_id, account_id=chart.bank, limit=501)


def test_balances_at_a_day_go_by_the_day_booked(chart: Chart):
    for day, amount in ((3, 300), (1, 100), (2, 200)):
        chart.post(chart.entry(chart.bank, chart.dues, amount, booked_on=date(2026, 3, day)))
    at = [
        selectors.balances_at(coop_id=chart.coop_id, book_id=chart.book_id, on=date(2026, 3, day))
        for day in (1, 2, 3)
    ]
    assert [balances[chart.bank] for balances in at] == [100, 300, 600]
    assert at[0][chart.receivable] == 0
    trial = selectors.trial_balance(
        coop_id=chart.coop_id, book_id=chart.book_id, on=date(2026, 3, 2)
    )
    assert trial.totals["EUR"] == (300, 300)


def test_entries_are_listed_by_the_day_booked_newest_first_in_pages(chart: Chart):
    days = [MARCH + timedelta(days=offset) for offset in (0, 2, 1, 2, 0)]
    for day in days:
        chart.post(chart.entry(chart.bank, chart.dues, 1, booked_on=day))
    listed: list[date] = []
    before = None
    while True:
        found = selectors.entry_list(
            coop_id=chart.coop_id, book_id=chart.book_id, limit=2, before=before
        )
        if not found:
            break
        listed += [entry.booked_on for entry in found]
        before = (found[-1].booked_on, found[-1].id)
    assert listed == sorted(days, reverse=True)


def test_nothing_is_found_under_another_co_op(chart: Chart):
    entry = chart.dues_come_in(5)
    stranger = random_id()
    with pytest.raises(NotFound):
        selectors.entry_by_id(coop_id=stranger, entry_id=entry.id)
    with pytest.raises(NotFound):
        selectors.account_by_id(coop_id=stranger, account_id=chart.bank)
    with pytest.raises(NotFound):
        selectors.book_by_id(coop_id=stranger, book_id=chart.book_id)
    assert selectors.account_list(coop_id=stranger, book_id=chart.book_id) == ()
    assert selectors.entry_list(coop_id=stranger, book_id=chart.book_id) == ()


def test_books_and_accounts_are_found_by_owner_and_code(chart: Chart):
    book = selectors.book_by_id(coop_id=chart.coop_id, book_id=chart.book_id)
    assert selectors.book_of_owner(coop_id=chart.coop_id, owner_id=book.owner_id) == book
    account = selectors.account_by_code(coop_id=chart.coop_id, book_id=book.id, code="1000")
    assert (account.id, account.floor_minor, account.currency) == (chart.bank, 0, "EUR")


def test_a_fund_has_one_book_and_a_book_one_account_of_each_code(chart: Chart):
    book = selectors.book_by_id(coop_id=chart.coop_id, book_id=chart.book_id)
    with pytest.raises(NotPossible) as caught:
        services.book_open(
            coop_id=chart.coop_id, owner_id=book.owner_id, name="Again", actor=ANN, at=NOON
        )
    assert caught.value.code == "book_exists"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "1000"}, "account_exists"),
        ({"code": "no spaces"}, "code"),
        ({"code": ""}, "code"),
        ({"kind": "wealth"}, "kind"),
        ({"currency": "eur"}, "currency"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
    ],
)
def test_an_account_has_a_form(chart: Chart, change: dict[str, str], code: str):
    given = {"code": "1200", "name": "Cash", "kind": "asset", "currency": "EUR"} | change
    with pytest.raises((Invalid, NotPossible)) as caught:
        services.account_open(
            coop_id=chart.coop_id,
            book_id=chart.book_id,
            code=given["code"],
            name=given["name"],
            kind=given["kind"],
            currency=given["currency"],
            actor=ANN,
            at=NOON,
        )
    assert caught.value.code == code


def test_an_account_of_nobody_s_book_is_refused(chart: Chart):
    with pytest.raises(NotFound):
        services.account_open(
            coop_id=chart.coop_id,
            book_id=random_id(),
            code="1200",
            name="Cash",
            kind="asset",
            currency="EUR",
            actor=ANN,
            at=NOON,
        )
