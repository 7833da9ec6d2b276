"""Ways in, at the services: whose they are, how many, and codes that work once."""

from datetime import timedelta
from typing import Any

import pytest

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import ways_of
from commonpurse.groups.services import (
    passkey_add,
    passkey_remove,
    passkey_rename,
    provider_link,
    provider_unlink,
    recovery_codes_renew,
    second_factor_end,
    second_factor_start,
    second_factor_use,
    visit_end,
)
from commonpurse.groups.services.ways import PASSKEYS_MAX
from tests.groups.app import SECRET, app_code
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

STEP = timedelta(seconds=30)


def key_of(member, name="Phone"):
    return passkey_add(
        person_id=member.person_id, name=name, credential={}, actor=member.actor, at=NOON
    )


def turned_on(member):
    return second_factor_start(
        person_id=member.person_id,
        secret=SECRET,
        code=app_code(SECRET, NOON),
        actor=member.actor,
        at=NOON,
    )


def use(member, code, at=NOON):
    return second_factor_use(person_id=member.person_id, code=code, actor=member.actor, at=at)


def test_a_passkey_is_changed_by_its_owner_alone():
    here = world()
    made = key_of(here.cy)
    bo: dict[str, Any] = {"person_id": here.bo.person_id, "actor": here.bo.actor, "at": NOON}
    with pytest.raises(NotFound):
        passkey_rename(passkey_id=made.passkey_id, name="Mine", **bo)
    with pytest.raises(NotFound):
        passkey_remove(passkey_id=made.passkey_id, **bo)
    assert ways_of(here.cy.person_id).passkeys == (made,)


def test_passkeys_have_names_and_an_end():
    here = world()
    with pytest.raises(Invalid):
        key_of(here.cy, name=" ")
    for number in range(PASSKEYS_MAX):
        key_of(here.cy, name=f"Key {number}")
    with pytest.raises(NotPossible, match="Remove one you do not use"):
        key_of(here.cy)


def test_a_code_works_within_a_step_either_way_once_and_in_order():
    here = world()
    turned_on(here.cy)
    with pytest.raises(Invalid):
        use(here.cy, app_code(SECRET, NOON))
    at = NOON + 10 * STEP
    for late in (-2, 2):
        with pytest.raises(Invalid):
            use(here.cy, app_code(SECRET, at, later=late), at)
    for later in (-1, 0, 1):
        use(here.cy, app_code(SECRET, at, later=later), at)
    with pytest.raises(Invalid):
        use(here.cy, app_code(SECRET, at), at)


def test_codes_are_read_with_blanks_and_nothing_else_is_a_code():
    here = world()
    turned_on(here.cy)
    at = NOON + STEP
    code = app_code(SECRET, at)
    for wrong in ("", "0" * 40, "١٢٣٤٥٦", code[:5], f"{code}0"):
        with pytest.raises(Invalid):
            use(here.cy, wrong, at)
    use(here.cy, f" {code[:3]} {code[3:]} ", at)


def test_without_a_second_factor_no_code_is_right():
    here = world()
    with pytest.raises(Invalid):
        use(here.cy, app_code(SECRET, NOON))
    with pytest.raises(NotPossible):
        recovery_codes_renew(person_id=here.cy.person_id, actor=here.cy.actor, at=NOON)


def test_the_second_factor_is_turned_on_once_and_off_twice():
    here = world()
    codes = turned_on(here.cy)
    assert len(set(codes)) == 10
    with pytest.raises(NotPossible, match="on already"):
        turned_on(here.cy)
    for _ in range(2):
        second_factor_end(person_id=here.cy.person_id, actor=here.cy.actor, at=NOON)
    assert not ways_of(here.cy.person_id).has_second_factor
    with pytest.raises(Invalid):
        use(here.cy, codes[0])


def test_a_link_is_one_person_s_and_twice_is_once():
    here = world()
    cy: dict[str, Any] = {"person_id": here.cy.person_id, "actor": here.cy.actor, "at": NOON}
    bo: dict[str, Any] = {"person_id": here.bo.person_id, "actor": here.bo.actor, "at": NOON}
    first = provider_link(provider_id="oidc", uid="7", **cy)
    assert provider_link(provider_id="oidc", uid="7", **cy).link_id == first.link_id
    with pytest.raises(NotPossible, match="linked to somebody else"):
        provider_link(provider_id="oidc", uid="7", **bo)
    with pytest.raises(NotFound):
        provider_unlink(link_id=first.link_id, **bo)
    assert provider_unlink(link_id=first.link_id, **cy) == "oidc"


def test_a_visit_that_is_not_there_is_not_ended():
    here = world()
    with pytest.raises(NotFound):
        visit_end(person_id=here.cy.person_id, key="0" * 32, actor=here.cy.actor, at=NOON)
