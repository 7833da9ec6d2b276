from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import connection

from commonpurse.errors import NotFound, NotPossible
from commonpurse.groups.models import Person, PersonSession
from commonpurse.groups.selectors import (
    electorate_at,
    member_names,
    member_of,
    person_by_email,
    person_view,
    token_list,
    ways_of,
)
from commonpurse.groups.services import (
    invitation_make,
    member_join,
    passkey_add,
    person_erase,
    person_rename,
    person_sign_out_everywhere,
    provider_link,
    second_factor_start,
    token_make,
)
from commonpurse.groups.sessions import SessionStore
from commonpurse.notices.selectors import mail_latest, notice_list
from commonpurse.notices.services import mail_add, notice_add
from commonpurse.record.services import SYSTEM, keys_of
from tests.groups.app import SECRET, app_code
from tests.world import NOON, person, world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def visit(person_id):
    store = SessionStore()
    store["_auth_user_id"] = str(person_id)
    store.save()
    return store.session_key


def erase(person_id, at=NOON + DAY):
    return person_erase(person_id=person_id, actor=SYSTEM, at=at)


def everything() -> str:
    """All text of all tables that this test can read, for a search."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor]
    return "\n".join(found)


def test_nothing_that_names_an_erased_person_is_left_anywhere():
    here = world()
    zora = person("Zora Quill")
    made = invitation_make(coordinator=here.ann, email="zora.quill@example.org", at=NOON)
    member_join(
        coop_id=here.coop_id,
        person_id=zora.person_id,
        token=made.token,
        actor=SYSTEM,
        at=NOON,
    )
    EmailAddress.objects.create(
        user_id=zora.person_id, email="zora.quill@example.org", verified=True, primary=True
    )
    mail_add(to="zora.quill@example.org", subject="Hello Zora Quill", body="Come in", at=NOON)
    notice_add(
        coop_id=here.coop_id,
        person_ids=[zora.person_id],
        kind="comment",
        subject="Somebody answered Zora Quill",
        path="/c/shared-bill/",
        key="comment-1",
        actor=SYSTEM,
        at=NOON,
    )
    visit(zora.person_id)
    assert "zora" in everything().lower()

    erased = erase(zora.person_id)

    assert "zora" not in everything().lower()
    assert (erased.name, erased.email, erased.is_erased) == ("Former member", None, True)
    assert person_by_email("zora.quill@example.org") is None
    assert mail_latest(email="zora.quill@example.org") == ()
    assert notice_list(person_id=zora.person_id) == ()
    assert not EmailAddress.objects.filter(user_id=zora.person_id).exists()


def test_an_erased_member_stays_in_the_electorates_of_the_past_as_a_former_member():
    here = world()
    before = electorate_at(coop_id=here.coop_id, at=NOON)
    erase(here.cy.person_id)
    assert electorate_at(coop_id=here.coop_id, at=NOON) == before
    assert electorate_at(coop_id=here.coop_id, at=NOON + DAY).count == 3
    assert member_names(coop_id=here.coop_id)[here.cy.member_id] == "Former member"
    assert member_of(coop_id=here.coop_id, person_id=here.cy.person_id) is None


def test_no_leaf_changes_when_a_person_is_erased():
    here = world()

    def leaves():
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, body, leaf_hash FROM record_leaf ORDER BY id")
            return [(row[0], row[1], bytes(row[2])) for row in cursor]

    before = leaves()
    erase(here.eve.person_id)
    after = leaves()
    assert [leaf for leaf in after if leaf in before] == before
    assert len(after) == len(before) + 2  # Eve left, and her role ended.


def test_the_key_and_the_visits_of_an_erased_person_are_gone():
    here = world()
    key = visit(here.cy.person_id)
    other = visit(here.ann.person_id)
    stamp = Person.objects.get(id=here.cy.person_id).session_stamp
    erase(here.cy.person_id)
    assert keys_of([here.cy.person_id]) == {}
    assert not SessionStore().exists(key)
    assert SessionStore().exists(other)
    assert Person.objects.get(id=here.cy.person_id).session_stamp != stamp


def test_signing_out_everywhere_ends_visits_and_keeps_the_person():
    here = world()
    visit(here.cy.person_id)
    user = get_user_model().objects.get(pk=here.cy.person_id)
    before = user.get_session_auth_hash()
    person_sign_out_everywhere(person_id=here.cy.person_id, actor=here.cy.actor, at=NOON)
    user.refresh_from_db()
    assert user.get_session_auth_hash() != before
    assert not PersonSession.objects.filter(person_id=here.cy.person_id).exists()
    assert person_view(here.cy.person_id).name == "Cy"


def test_an_erased_person_is_not_erased_or_renamed_again():
    here = world()
    erase(here.cy.person_id)
    with pytest.raises(NotFound):
        erase(here.cy.person_id)
    with pytest.raises(NotFound):
        person_rename(person_id=here.cy.person_id, name="Cyril", actor=SYSTEM, at=NOON)


def test_who_comes_back_after_erasure_is_somebody_new():
    here = world()
    erase(here.cy.person_id)
    again = person("Cy", NOON + DAY)
    assert again.person_id != here.cy.person_id


def test_the_last_coordinator_hands_over_before_being_erased():
    here = world()
    erase(here.bo.person_id)
    with pytest.raises(NotPossible, match="Make somebody else coordinator first"):
        erase(here.ann.person_id)


def test_a_name_is_tidied_and_must_be_readable():
    here = world()
    view = person_rename(
        person_id=here.cy.person_id, name="  Cy \t Brontë ", actor=here.cy.actor, at=NOON
    )
    assert view.name == "Cy Brontë"


def test_the_ways_in_of_an_erased_person_are_gone():
    here = world()
    cy = here.cy
    passkey_add(person_id=cy.person_id, name="Zora’s phone", credential={}, actor=cy.actor, at=NOON)
    provider_link(person_id=cy.person_id, provider_id="oidc", uid="zora-7", actor=cy.actor, at=NOON)
    token_make(person_id=cy.person_id, name="Zora’s", scopes=["read"], actor=cy.actor, at=NOON)
    second_factor_start(
        person_id=cy.person_id,
        secret=SECRET,
        code=app_code(SECRET, NOON),
        actor=cy.actor,
        at=NOON,
    )
    kept = passkey_add(
        person_id=here.bo.person_id, name="Bo’s", credential={}, actor=here.bo.actor, at=NOON
    )
    assert "zora" in everything().lower()
    erase(cy.person_id)
    assert "zora" not in everything().lower()
    ways = ways_of(cy.person_id)
    assert (ways.passkeys, ways.has_second_factor, ways.providers) == ((), False, ())
    assert token_list(person_id=cy.person_id) == ()
    assert ways_of(here.bo.person_id).passkeys == (kept,)
