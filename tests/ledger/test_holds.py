from datetime import timedelta

import pytest
from django.db import connection

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.ledger import selectors, services
from commonpurse.ledger.values import AccountView, HoldView
from commonpurse.record.ids import random_id
from tests.ledger.chart import ANN, NOON, Chart

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=3)


def reserve(chart: Chart, amount: int, key: str = "order-1", expires_at=None) -> HoldView:
    return services.hold_reserve(
        coop_id=chart.coop_id,
        account_id=chart.bank,
        key=key,
        amount_minor=amount,
        expires_at=expires_at,
        actor=ANN,
        at=NOON,
    )


def bank(chart: Chart) -> AccountView:
    return selectors.account_by_id(coop_id=chart.coop_id, account_id=chart.bank)


def test_what_is_held_can_be_neither_spent_nor_held_again(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 70)
    assert (bank(chart).balance_minor, bank(chart).held_minor, bank(chart).free_minor) == (
        100,
        70,
        30,
    )
    with pytest.raises(NotPossible) as caught:
        chart.spend(31)
    assert caught.value.code == "short"
    with pytest.raises(NotPossible, match=r"0\.30 EUR free, and 0\.31 EUR is asked"):
        reserve(chart, 31, "order-2")
    chart.spend(30)
    assert selectors.hold_list_open(coop_id=chart.coop_id, account_id=chart.bank) == (hold,)


def test_a_released_hold_is_free_again_and_ends_once(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 100)
    ended = services.hold_release(coop_id=chart.coop_id, hold_id=hold.id, actor=ANN, at=NOON)
    assert ended.end == "released"
    chart.spend(100)
    with pytest.raises(NotPossible) as caught:
        services.hold_release(coop_id=chart.coop_id, hold_id=hold.id, actor=ANN, at=NOON)
    assert caught.value.code == "hold_ended"


def test_settling_posts_the_entry_and_ends_the_hold_together(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 100)
    entry = chart.entry(chart.spending, chart.bank, 100)

    def settle():
        return services.hold_settle(
            coop_id=chart.coop_id, hold_id=hold.id, entry=entry, actor=ANN, at=NOON
        )

    posted = settle()
    assert (bank(chart).balance_minor, bank(chart).held_minor) == (0, 0)
    ended = selectors.hold_by_id(coop_id=chart.coop_id, hold_id=hold.id)
    assert (ended.end, ended.entry_id) == ("settled", posted.id)
    assert settle() == posted
    with pytest.raises(NotPossible) as caught:
        services.hold_settle(
            coop_id=chart.coop_id,
            hold_id=hold.id,
            entry=chart.entry(chart.spending, chart.bank, 100),
            actor=ANN,
            at=NOON,
        )
    assert caught.value.code == "hold_ended"


def test_a_refused_settlement_leaves_the_hold_standing(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 60)
    with pytest.raises(NotPossible):
        services.hold_settle(
            coop_id=chart.coop_id,
            hold_id=hold.id,
            entry=chart.entry(chart.spending, chart.bank, 101),
            actor=ANN,
            at=NOON,
        )
    assert selectors.hold_by_id(coop_id=chart.coop_id, hold_id=hold.id).end is None
    assert bank(chart).held_minor == 60


def test_a_settlement_takes_from_the_account_that_holds(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 60)
    with pytest.raises(Invalid) as caught:
        services.hold_settle(
            coop_id=chart.coop_id,
            hold_id=hold.id,
            entry=chart.entry(chart.spending, chart.receivable, 60),
            actor=ANN,
            at=NOON,
        )
    assert caught.value.code == "hold_astray"


def test_a_key_that_another_entry_used_does_not_settle_a_hold(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 60)
    used = chart.entry(chart.spending, chart.bank, 10)
    chart.post(used)
    with pytest.raises(Invalid) as caught:
        services.hold_settle(coop_id=chart.coop_id, hold_id=hold.id, entry=used, actor=ANN, at=NOON)
    assert caught.value.code == "key_reused"


def test_the_same_hold_again_is_the_same_hold_and_another_body_is_refused(chart: Chart):
    chart.dues_come_in(100)
    assert reserve(chart, 60) == reserve(chart, 60)
    assert bank(chart).held_minor == 60
    with pytest.raises(Invalid) as caught:
        reserve(chart, 61)
    assert caught.value.code == "key_reused"


def test_holds_expire_when_their_hour_has_come(chart: Chart):
    chart.dues_come_in(100)
    soon = reserve(chart, 10, "soon", LATER)
    reserve(chart, 20, "late", LATER + timedelta(seconds=1))
    reserve(chart, 30, "never")
    assert services.holds_expire_due(at=LATER - timedelta(seconds=1)) == 0
    assert services.holds_expire_due(at=LATER) == 1
    assert services.holds_expire_due(at=LATER) == 0
    assert selectors.hold_by_id(coop_id=chart.coop_id, hold_id=soon.id).end == "expired"
    assert bank(chart).held_minor == 50


@pytest.mark.parametrize(
    ("amount", "key", "code"), [(0, "k", "zero_line"), (-5, "k", "zero_line"), (5, "", "empty_key")]
)
def test_a_hold_has_an_amount_above_zero_and_a_key(chart: Chart, amount: int, key: str, code: str):
    chart.dues_come_in(100)
    with pytest.raises(Invalid) as caught:
        reserve(chart, amount, key)
    assert caught.value.code == code


def test_a_hold_expires_later_than_it_begins(chart: Chart):
    chart.dues_come_in(100)
    with pytest.raises(Invalid) as caught:
        reserve(chart, 1, "k", NOON)
    assert caught.value.code == "expires_at"


def test_holds_of_nobody_are_not_found(chart: Chart):
    with pytest.raises(NotFound):
        services.hold_release(coop_id=chart.coop_id, hold_id=random_id(), actor=ANN, at=NOON)
    with pytest.raises(NotFound):
        services.hold_reserve(
            coop_id=random_id(), account_id=chart.bank, key="k", amount_minor=1, actor=ANN, at=NOON
        )


def test_holds_and_their_ends_stand_in_the_record(chart: Chart):
    chart.dues_come_in(100)
    hold = reserve(chart, 10)
    services.hold_release(coop_id=chart.coop_id, hold_id=hold.id, actor=ANN, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind FROM record_leaf WHERE coop_id = %s AND kind LIKE 'hold.%%' ORDER BY id",
            [chart.coop_id],
        )
        assert cursor.fetchall() == [("hold.reserved",), ("hold.ended",)]
        cursor.execute(
            "SELECT service FROM record_auditrow WHERE subject_id = %s ORDER BY id", [hold.id]
        )
        assert cursor.fetchall() == [("hold_reserve",), ("hold_release",)]
