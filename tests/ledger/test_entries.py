from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from commonpurse.errors import Invalid, NotFound, NotPossible, PurseError
from commonpurse.ledger import selectors, services
from commonpurse.ledger.values import Line, NewEntry, PostingView
from commonpurse.record.encoding import leaf_value
from commonpurse.record.ids import random_id
from commonpurse.record.services import leaf_body, leaf_hash
from tests.ledger.chart import ANN, MARCH, NOON, Chart, chart_make

pytestmark = pytest.mark.django_db


def refused(code: str, kind: type[PurseError], chart: Chart, entry: NewEntry) -> str:
    with pytest.raises(kind) as caught:
        chart.post(entry)
    assert caught.value.code == code
    return caught.value.message


def balance(chart: Chart, account_id) -> int:
    return selectors.account_by_id(coop_id=chart.coop_id, account_id=account_id).balance_minor


def test_a_year_of_dues_begins_with_one_entry(chart: Chart):
    entry = chart.dues_come_in(120_00)
    assert entry.is_new
    assert set(entry.postings) == {
        PostingView(chart.bank, 120_00, 1, 120_00),
        PostingView(chart.dues, -120_00, 1, -120_00),
    }
    second = chart.spend(20_00)
    assert PostingView(chart.bank, -20_00, 2, 100_00) in second.postings
    trial = selectors.trial_balance(coop_id=chart.coop_id, book_id=chart.book_id)
    assert trial.totals == {"EUR": (120_00, 120_00), "USD": (0, 0)}
    assert [(row.code, row.debit_minor, row.credit_minor) for row in trial.rows] == [
        ("1000", 100_00, 0),
        ("1010", 0, 0),
        ("1100", 0, 0),
        ("4000", 0, 120_00),
        ("4010", 0, 0),
        ("5000", 20_00, 0),
    ]


def test_an_entry_read_again_is_the_entry_that_was_posted(chart: Chart):
    posted = chart.dues_come_in(5)
    assert selectors.entry_by_id(coop_id=chart.coop_id, entry_id=posted.id).entry == posted
    assert selectors.entry_list(coop_id=chart.coop_id, book_id=chart.book_id) == (posted,)


@pytest.mark.parametrize(
    "memo",
    ["Dues", 'A "quoted" \\ memo', "Größe, 東京, 🪙, \u2028\x7f".replace("\x7f", ""), "</x>"],
)
def test_the_leaf_is_the_one_that_python_would_write(chart: Chart, memo: str):
    entry = chart.post(chart.entry(chart.bank, chart.dues, 7, memo=memo, key=memo))
    expected = leaf_body(
        kind="entry.posted",
        subject_id=entry.id,
        at=NOON,
        fields={
            "book_id": str(chart.book_id),
            "booked_on": "2026-03-01",
            "key": memo,
            "kind": "transfer",
            "memo": memo,
            "reverses_id": None,
            "postings_count": "2",
            "postings": [
                {
                    "account_id": leaf_value(posting.account_id),
                    "account_version": leaf_value(posting.account_version),
                    "amount_minor": leaf_value(posting.amount_minor),
                    "balance_after": leaf_value(posting.balance_after),
                }
                for posting in entry.postings
            ],
        },
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, leaf_hash, kind FROM record_leaf WHERE id = %s", [entry.id])
        body, digest, kind = cursor.fetchone()
        cursor.execute("SELECT 1 FROM record_pendingleaf WHERE id = %s", [entry.id])
        assert cursor.fetchone()
    assert (body.encode(), bytes(digest), kind) == (expected, leaf_hash(expected), "entry.posted")


def test_each_write_leaves_one_audit_row_and_a_repetition_none(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 7)
    chart.post(entry)
    chart.post(entry)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor_id, service, subject_id FROM record_auditrow"
            " WHERE coop_id = %s AND service = 'entry_post'",
            [chart.coop_id],
        )
        rows = cursor.fetchall()
    posted = selectors.entry_by_key(coop_id=chart.coop_id, book_id=chart.book_id, key=entry.key)
    assert posted is not None
    assert rows == [(ANN.person_id, "entry_post", posted.id)]


def test_the_same_key_with_the_same_body_is_the_same_entry(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 100)
    first = chart.post(entry)
    again = chart.post(replace(entry, lines=entry.lines[::-1]))
    assert again == first
    assert (first.is_new, again.is_new) == (True, False)
    assert balance(chart, chart.bank) == 100


@pytest.mark.parametrize(
    "other",
    [
        {"memo": "Something else"},
        {"kind": "gift"},
        {"booked_on": date(2026, 3, 2)},
        {"lines": 101},
    ],
)
def test_the_same_key_with_another_body_is_refused(chart: Chart, other: dict[str, object]):
    entry = chart.entry(chart.bank, chart.dues, 100)
    chart.post(entry)
    if other.get("lines"):
        other = {"lines": chart.entry(chart.bank, chart.dues, 101).lines}
    refused("key_reused", Invalid, chart, replace(entry, **other))  # type: ignore[arg-type]
    assert balance(chart, chart.bank) == 100


def test_the_same_key_in_another_book_is_another_entry(chart: Chart):
    other = chart_make()
    chart.post(chart.entry(chart.bank, chart.dues, 100, key="dues:2026-03"))
    assert other.post(other.entry(other.bank, other.dues, 5, key="dues:2026-03")).is_new


def test_an_entry_that_does_not_sum_to_zero_is_refused(chart: Chart):
    lines = (Line(chart.bank, 100), Line(chart.dues, -99))
    entry = replace(chart.entry(chart.bank, chart.dues, 1), lines=lines)
    assert "EUR" in refused("unbalanced", Invalid, chart, entry)


def test_currencies_do_not_balance_each_other(chart: Chart):
    lines = (Line(chart.dollars, 100), Line(chart.dues, -100))
    entry = replace(chart.entry(chart.bank, chart.dues, 1), lines=lines)
    refused("unbalanced", Invalid, chart, entry)


def test_an_entry_may_balance_in_two_currencies_at_once(chart: Chart):
    lines = (
        Line(chart.dollars, 100),
        Line(chart.dollar_income, -100),
        Line(chart.bank, 90),
        Line(chart.dues, -90),
    )
    entry = chart.post(replace(chart.entry(chart.bank, chart.dues, 1), lines=lines))
    assert len(entry.postings) == 4


def test_an_entry_needs_two_lines(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 1)
    refused("too_few", Invalid, chart, replace(entry, lines=()))
    refused("too_few", Invalid, chart, replace(entry, lines=entry.lines[:1]))


def test_an_entry_has_at_most_300_lines_and_so_many_fit_into_its_leaf(chart: Chart):
    accounts = [
        services.account_open(
            coop_id=chart.coop_id,
            book_id=chart.book_id,
            code=f"9{number:03}",
            name="Member",
            kind="liability",
            currency="EUR",
            actor=ANN,
            at=NOON,
        ).id
        for number in range(300)
    ]
    large = 10**16
    lines = (Line(chart.bank, 299 * large), *(Line(account, -large) for account in accounts[1:]))
    entry = replace(
        chart.entry(chart.bank, chart.dues, 1), lines=lines, memo="\U0001fa99" * 200, key="\\" * 200
    )
    refused("too_many", Invalid, chart, replace(entry, lines=(*lines, Line(accounts[0], 1))))
    assert len(chart.post(entry).postings) == 300
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(octet_length(body)) FROM record_leaf")
        assert cursor.fetchone()[0] <= 60_000


def test_a_line_of_zero_and_an_account_twice_are_refused(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 5)
    refused(
        "zero_line", Invalid, chart, replace(entry, lines=(*entry.lines, Line(chart.spending, 0)))
    )
    twice = (Line(chart.bank, 5), Line(chart.bank, -2), Line(chart.dues, -3))
    refused("account_twice", Invalid, chart, replace(entry, lines=twice))


def test_accounts_of_another_book_or_of_nobody_are_refused(chart: Chart):
    other = chart_make()
    refused("no_account", NotFound, chart, chart.entry(other.bank, other.dues, 5))
    refused("no_account", NotFound, chart, chart.entry(chart.bank, other.dues, 5))
    refused("no_account", NotFound, chart, chart.entry(chart.bank, random_id(), 5))


def test_another_book_of_the_same_co_op_is_another_book(chart: Chart):
    book = services.book_open(
        coop_id=chart.coop_id, owner_id=random_id(), name="Second", actor=ANN, at=NOON
    )
    bank, till = (
        services.account_open(
            coop_id=chart.coop_id,
            book_id=book.id,
            code=code,
            name=name,
            kind="asset",
            currency="EUR",
            actor=ANN,
            at=NOON,
        ).id
        for code, name in (("1000", "Bank"), ("1200", "Till"))
    )
    refused("no_account", NotFound, chart, chart.entry(bank, chart.dues, 5))
    refused("no_account", NotFound, chart, chart.entry(bank, till, 5))


def test_a_floor_holds_to_the_last_cent(chart: Chart):
    chart.dues_come_in(100)
    entry = chart.entry(chart.spending, chart.bank, 101)
    message = refused("short", NotPossible, chart, entry)
    assert "Bank (1000) has 1.00 EUR free, and 1.01 EUR is asked" in message
    chart.spend(100)
    refused("short", NotPossible, chart, chart.entry(chart.spending, chart.bank, 1))
    assert balance(chart, chart.bank) == 0


def test_what_the_bank_did_is_booked_below_the_floor_and_nothing_more_leaves(chart: Chart):
    chart.spend(30, kind="bank_fact")
    assert balance(chart, chart.bank) == -30
    chart.dues_come_in(10)
    refused("short", NotPossible, chart, chart.entry(chart.spending, chart.bank, 1))


def test_a_floor_stands_on_the_side_where_the_account_grows(chart: Chart):
    owed = services.account_open(
        coop_id=chart.coop_id,
        book_id=chart.book_id,
        code="2000",
        name="Unallocated receipts",
        kind="liability",
        currency="EUR",
        floor_minor=10,
        actor=ANN,
        at=NOON,
    )
    chart.post(chart.entry(chart.bank, owed.id, 50))
    refused("short", NotPossible, chart, chart.entry(owed.id, chart.dues, 41))
    chart.post(chart.entry(owed.id, chart.dues, 40))


def test_a_reversal_is_linked_opposite_and_happens_once(chart: Chart):
    entry = chart.dues_come_in(100)

    def take_back(key: str):
        return services.entry_reverse(
            coop_id=chart.coop_id,
            entry_id=entry.id,
            key=key,
            booked_on=MARCH,
            memo="Booked twice",
            actor=ANN,
            at=NOON,
        )

    back = take_back("back")
    assert back.reverses_id == entry.id
    assert balance(chart, chart.bank) == 0
    assert take_back("back") == back
    with pytest.raises(NotPossible) as caught:
        take_back("back again")
    assert caught.value.code == "already_reversed"
    detail = selectors.entry_by_id(coop_id=chart.coop_id, entry_id=entry.id)
    assert detail.reversed_by_id == back.id


def test_a_reversal_cannot_take_back_what_was_spent(chart: Chart):
    entry = chart.dues_come_in(100)
    chart.spend(60)
    with pytest.raises(NotPossible) as caught:
        services.entry_reverse(
            coop_id=chart.coop_id,
            entry_id=entry.id,
            key="back",
            booked_on=MARCH,
            memo="Refund",
            actor=ANN,
            at=NOON,
        )
    assert caught.value.code == "short"


def test_a_reversal_that_is_not_the_opposite_is_refused(chart: Chart):
    entry = chart.dues_come_in(100)
    half = replace(chart.entry(chart.dues, chart.bank, 50), reverses_id=entry.id)
    refused("not_reversal", Invalid, chart, half)
    stranger = replace(chart.entry(chart.dues, chart.bank, 50), reverses_id=random_id())
    refused("not_reversal", Invalid, chart, stranger)


def test_amounts_beyond_64_bits_are_refused_and_lose_nothing(chart: Chart):
    refused("too_large", Invalid, chart, chart.entry(chart.bank, chart.dues, 2**63))
    chart.dues_come_in(2**62)
    chart.dues_come_in(2**62 - 1)
    refused("too_large", Invalid, chart, chart.entry(chart.bank, chart.dues, 1))
    assert balance(chart, chart.bank) == 2**63 - 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": ""}, "empty_key"),
        ({"key": "k" * 201}, "empty_key"),
        ({"memo": ""}, "memo"),
        ({"memo": "m" * 201}, "memo"),
        ({"memo": "two\nlines"}, "memo"),
        ({"memo": "zero\x00byte"}, "memo"),
        ({"kind": "Not a word"}, "kind"),
        ({"kind": ""}, "kind"),
    ],
)
def test_texts_of_an_entry_have_a_form(chart: Chart, change: dict[str, str], code: str):
    entry = chart.entry(chart.bank, chart.dues, 5)
    refused(code, Invalid, chart, replace(entry, **change))  # type: ignore[arg-type]


def test_many_entries_stand_in_the_order_given_and_move_an_account_once_each(chart: Chart):
    entries = [chart.entry(chart.bank, chart.dues, amount) for amount in (5, 7, 11)]
    views = services.entries_post(
        coop_id=chart.coop_id, book_id=chart.book_id, entries=entries, actor=ANN, at=NOON
    )
    bank = [posting for view in views for posting in view.postings if posting.amount_minor > 0]
    assert [(item.account_version, item.balance_after) for item in bank] == [
        (1, 5),
        (2, 12),
        (3, 23),
    ]


def test_many_entries_are_posted_all_or_none(chart: Chart):
    entries = [
        chart.entry(chart.bank, chart.dues, 5),
        chart.entry(chart.spending, chart.bank, 6),
        chart.entry(chart.bank, chart.dues, 5),
    ]
    with pytest.raises(NotPossible):
        services.entries_post(
            coop_id=chart.coop_id, book_id=chart.book_id, entries=entries, actor=ANN, at=NOON
        )
    assert balance(chart, chart.bank) == 0
    assert selectors.entry_list(coop_id=chart.coop_id, book_id=chart.book_id) == ()


def test_entries_posted_before_may_stand_among_new_ones(chart: Chart):
    old = chart.entry(chart.bank, chart.dues, 5)
    posted = chart.post(old)
    new = chart.entry(chart.bank, chart.dues, 6)
    views = services.entries_post(
        coop_id=chart.coop_id, book_id=chart.book_id, entries=[new, old], actor=ANN, at=NOON
    )
    assert views[1] == posted
    assert [view.is_new for view in views] == [True, False]
    assert balance(chart, chart.bank) == 11


def test_a_key_twice_among_many_entries_is_refused(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 5)
    with pytest.raises(Invalid) as caught:
        services.entries_post(
            coop_id=chart.coop_id, book_id=chart.book_id, entries=[entry, entry], actor=ANN, at=NOON
        )
    assert caught.value.code == "key_reused"


def test_a_closed_period_takes_no_entry_and_no_earlier_closing(chart: Chart):
    chart.dues_come_in(5)
    services.period_close(
        coop_id=chart.coop_id, book_id=chart.book_id, through=MARCH, actor=ANN, at=NOON
    )
    message = refused("period_closed", NotPossible, chart, chart.entry(chart.bank, chart.dues, 5))
    assert "2026-03-01" in message
    later = chart.entry(chart.bank, chart.dues, 5, booked_on=date(2026, 3, 2))
    chart.post(later)
    for day in (MARCH, date(2026, 2, 1)):
        with pytest.raises(NotPossible):
            services.period_close(
                coop_id=chart.coop_id, book_id=chart.book_id, through=day, actor=ANN, at=NOON
            )
    closed = selectors.period_closed_through(coop_id=chart.coop_id, book_id=chart.book_id)
    assert closed == MARCH


def test_an_entry_posted_before_the_closing_is_still_the_answer_to_its_key(chart: Chart):
    entry = chart.entry(chart.bank, chart.dues, 5)
    posted = chart.post(entry)
    services.period_close(
        coop_id=chart.coop_id, book_id=chart.book_id, through=MARCH, actor=ANN, at=NOON
    )
    assert chart.post(entry) == posted
