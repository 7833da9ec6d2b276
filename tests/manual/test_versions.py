from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.manual.clauses import clauses_changed
from commonpurse.manual.codec import changed
from commonpurse.manual.selectors import (
    difference,
    manual_at,
    manual_by_id,
    manual_current,
    manual_list,
    manual_version,
)
from commonpurse.manual.services import manual_adopt
from commonpurse.manual.templates import template
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def adopt(here, parameters=None, clauses=None, at=NOON, decision_id=None):
    chosen = template("software-users")
    return manual_adopt(
        coop_id=here.coop_id,
        parameters=parameters or chosen.parameters,
        clauses=clauses or chosen.clauses,
        template=chosen.key,
        decision_id=decision_id or uuid4(),
        actor=here.ann.actor,
        at=at,
    )


def test_an_amendment_makes_the_second_version_and_says_what_changed():
    here = world()
    first = adopt(here)
    second = adopt(
        here,
        parameters=changed(first.parameters, {"dues_minor": 1_800, "threshold": "3/4"}),
        clauses=clauses_changed(
            first.clauses, [{"key": "purpose", "title": "What we are for", "text": "Less."}]
        ),
        at=NOON + DAY,
    )
    assert (first.number, second.number) == (1, 2)
    changes = difference(first, second)
    assert [(item.key, item.before, item.after) for item in changes[:2]] == [
        ("dues_minor", "€15.00", "€18.00"),
        ("threshold", "2/3", "3/4"),
    ]
    assert changes[2].is_clause
    assert changes[2].after == "Less."
    assert difference(second, second) == ()


def test_the_version_in_force_is_found_by_its_instant():
    here = world()
    first, second = adopt(here), adopt(here, at=NOON + DAY)
    assert manual_at(here.coop_id, NOON) == first
    assert manual_at(here.coop_id, NOON + DAY - timedelta(microseconds=1)) == first
    assert manual_at(here.coop_id, NOON + DAY) == second
    assert manual_current(here.coop_id) == second
    assert manual_version(here.coop_id, 1) == first
    assert manual_by_id(here.coop_id, second.version_id) == second
    assert manual_list(here.coop_id) == (second, first)
    with pytest.raises(NotFound):
        manual_at(here.coop_id, NOON - DAY)


def test_the_same_decision_twice_adopts_once():
    here = world()
    decision_id = uuid4()
    assert adopt(here, decision_id=decision_id) == adopt(here, decision_id=decision_id)
    assert manual_current(here.coop_id).number == 1


def test_a_coop_without_a_manual_says_so():
    with pytest.raises(NotFound):
        manual_current(world().coop_id)


def test_the_currency_of_a_coop_never_changes():
    here = world()
    dollars = template("software-users").parameters
    with pytest.raises(Invalid, match="cannot change"):
        changed(dollars, {"currency": "USD"})
    with pytest.raises(Invalid, match="cannot change"):
        adopt(here, parameters=replace(dollars, currency="USD"))


def test_what_a_small_coop_decided_is_adopted_though_it_has_grown():
    here = world()
    alone = changed(
        template("software-users").parameters, {"trustees_seats": 2, "approvals_needed": 1}
    )
    assert adopt(here, parameters=alone).number == 1


def test_a_version_never_slips_in_before_the_latest():
    here = world()
    adopt(here)
    with pytest.raises(NotPossible):
        adopt(here, at=NOON - DAY)
