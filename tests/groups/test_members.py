import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.models import Membership
from commonpurse.groups.selectors import (
    coops_of_person,
    invitation_find,
    invitation_list_open,
    member_count,
    member_list,
    member_names,
    member_of,
    members_with_role,
)
from commonpurse.groups.services import (
    coop_make,
    invitation_make,
    invitation_revoke,
    member_add,
    member_join,
    member_leave,
    member_remove,
    person_ensure,
    role_end,
    role_grant,
)
from commonpurse.record.services import SYSTEM, rows_add
from tests.world import NOON, person, world

DAY = timedelta(days=1)


def join(here, guest, token, at=NOON + DAY):
    return member_join(
        coop_id=here.coop_id,
        person_id=guest.person_id,
        token=token,
        actor=SYSTEM,
        at=at,
    )


@pytest.mark.django_db
def test_founders_are_members_and_coordinators():
    here = world()
    assert [(item.name, sorted(item.roles)) for item in member_list(coop_id=here.coop_id)] == [
        ("Ann", ["coordinator", "member"]),
        ("Bo", ["coordinator", "member"]),
        ("Cy", ["member"]),
        ("Eve", ["member", "treasurer"]),
    ]
    assert [item.slug for item in coops_of_person(here.ann.person_id)] == ["shared-bill"]
    assert coops_of_person(here.di.person_id) == ()


@pytest.mark.django_db
def test_an_invitation_lets_the_invited_address_in_once():
    here = world()
    made = invitation_make(coordinator=here.ann, email=" Di@Example.org ", at=NOON)
    assert invitation_find(token=made.token, at=NOON) == made.invitation
    with pytest.raises(NotAllowed, match="another address"):
        join(here, person("Fay"), made.token)
    di = join(here, here.di, made.token)
    assert di.name == "Di"
    assert join(here, here.di, made.token) == di  # Twice is once.
    assert member_count(coop_id=here.coop_id) == 5
    assert invitation_list_open(coop_id=here.coop_id, at=NOON + DAY) == ()


@pytest.mark.django_db
def test_a_used_invitation_does_not_bring_back_who_was_removed():
    here = world()
    made = invitation_make(coordinator=here.ann, email="di@example.org", at=NOON)
    di = join(here, here.di, made.token)
    member_remove(coop_id=here.coop_id, member_id=di.member_id, actor=here.bo, at=NOON + 2 * DAY)
    with pytest.raises(NotPossible, match="was used"):
        join(here, here.di, made.token, NOON + 3 * DAY)


@pytest.mark.django_db
def test_an_open_link_lets_in_as_many_as_it_says():
    here = world()
    made = invitation_make(coordinator=here.ann, email=None, uses_max=2, at=NOON)
    join(here, person("Fay"), made.token)
    join(here, person("Gus"), made.token)
    with pytest.raises(NotPossible, match="was used"):
        join(here, person("Hal"), made.token)


@pytest.mark.django_db
def test_an_invitation_ends_on_time_or_when_it_is_taken_back():
    here = world()
    made = invitation_make(coordinator=here.ann, email=None, days=1, at=NOON)
    with pytest.raises(NotPossible, match="is over"):
        join(here, here.di, made.token, NOON + DAY)
    assert invitation_find(token=made.token, at=NOON + DAY) is None
    later = invitation_make(coordinator=here.ann, email=None, at=NOON)
    invitation_revoke(invitation_id=later.invitation.invitation_id, coordinator=here.bo, at=NOON)
    with pytest.raises(NotPossible, match="taken back"):
        join(here, here.di, later.token, NOON)
    with pytest.raises(NotFound):
        join(here, here.di, "not-a-token", NOON)


@pytest.mark.django_db
def test_a_second_invitation_to_an_address_replaces_the_first():
    here = world()
    first = invitation_make(coordinator=here.ann, email="di@example.org", at=NOON)
    invitation_make(coordinator=here.bo, email="di@example.org", at=NOON)
    with pytest.raises(NotPossible, match="taken back"):
        join(here, here.di, first.token)


@pytest.mark.django_db
def test_the_token_itself_is_nowhere_in_the_database():
    here = world()
    made = invitation_make(coordinator=here.ann, email="di@example.org", at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM groups_invitation i WHERE i::text LIKE %s", [f"%{made.token}%"]
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_an_invitation_of_another_coop_opens_nothing_here():
    here, there = world(), world(slug="other-bill")
    made = invitation_make(coordinator=there.ann, email=None, at=NOON)
    with pytest.raises(NotFound):
        join(here, here.di, made.token)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "days", "uses_max", "field"),
    [
        ("di at example", 14, 1, "email"),
        ("di@example.org", 0, 1, "days"),
        ("di@example.org", 91, 1, "days"),
        (None, 14, 0, "uses_max"),
        (None, 14, 501, "uses_max"),
        ("di@example.org", 14, 2, "uses_max"),
    ],
)
def test_an_invitation_that_cannot_be_right_is_refused(email, days, uses_max, field):
    here = world()
    with pytest.raises(Invalid) as refusal:
        invitation_make(coordinator=here.ann, email=email, days=days, uses_max=uses_max, at=NOON)
    assert refusal.value.field == field


@pytest.mark.django_db
def test_only_coordinators_invite_add_remove_and_give_roles():
    here = world()
    acts = [
        lambda: invitation_make(coordinator=here.cy, email=None, at=NOON),
        lambda: member_add(
            coop_id=here.coop_id, person_id=here.di.person_id, actor=here.cy, at=NOON
        ),
        lambda: member_remove(
            coop_id=here.coop_id, member_id=here.ann.member_id, actor=here.cy, at=NOON
        ),
        lambda: role_grant(
            coop_id=here.coop_id,
            member_id=here.cy.member_id,
            role="coordinator",
            actor=here.cy,
            at=NOON,
        ),
        lambda: role_end(
            coop_id=here.coop_id,
            member_id=here.eve.member_id,
            role="treasurer",
            actor=here.cy,
            at=NOON,
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.django_db
def test_who_coordinated_once_does_not_coordinate_with_an_old_value():
    here = world()
    role_end(
        coop_id=here.coop_id,
        member_id=here.bo.member_id,
        role="coordinator",
        actor=here.ann,
        at=NOON,
    )
    with pytest.raises(NotAllowed):
        invitation_make(coordinator=here.bo, email=None, at=NOON)


@pytest.mark.django_db
def test_a_coordinator_of_another_coop_does_nothing_here():
    here, there = world(), world(slug="other-bill")
    member_leave(member=there.cy, at=NOON)
    with pytest.raises(NotAllowed):
        role_grant(
            coop_id=here.coop_id,
            member_id=here.cy.member_id,
            role="auditor",
            actor=there.ann,
            at=NOON,
        )


@pytest.mark.django_db
def test_nobody_is_made_trustee_by_a_coordinator():
    here = world()
    with pytest.raises(Invalid, match="made by a decision"):
        role_grant(
            coop_id=here.coop_id,
            member_id=here.cy.member_id,
            role="trustee",
            actor=here.ann,
            at=NOON,
        )


@pytest.mark.django_db
def test_a_role_is_given_once_and_taken_once():
    here = world()
    give: dict[str, Any] = {
        "coop_id": here.coop_id,
        "member_id": here.cy.member_id,
        "role": "auditor",
    }
    assert role_grant(**give, actor=here.ann, at=NOON).has_role("auditor")
    role_grant(**give, actor=here.ann, at=NOON)
    assert [item.name for item in members_with_role(coop_id=here.coop_id, role="auditor")] == ["Cy"]
    role_end(**give, actor=here.ann, at=NOON)
    with pytest.raises(NotPossible):
        role_end(**give, actor=here.ann, at=NOON)


def coordinator_end(here):
    """Ann takes the coordinator's role from herself."""
    return role_end(
        coop_id=here.coop_id,
        member_id=here.ann.member_id,
        role="coordinator",
        actor=here.ann,
        at=NOON,
    )


@pytest.mark.django_db
def test_the_last_coordinator_stays_until_there_is_another():
    here = world()
    member_leave(member=here.bo, at=NOON)
    with pytest.raises(NotPossible, match="without a coordinator"):
        member_leave(member=here.ann, at=NOON)
    with pytest.raises(NotPossible, match="without a coordinator"):
        coordinator_end(here)
    role_grant(
        coop_id=here.coop_id,
        member_id=here.cy.member_id,
        role="coordinator",
        actor=here.ann,
        at=NOON,
    )
    member_leave(member=here.ann, at=NOON)
    assert [item.name for item in member_list(coop_id=here.coop_id)] == ["Cy", "Eve"]


@pytest.mark.django_db
def test_a_coordinator_who_is_alone_stays_one_and_may_leave():
    here = world()
    for member in (here.bo, here.cy, here.eve):
        member_leave(member=member, at=NOON)
    with pytest.raises(NotPossible, match="without a coordinator"):
        coordinator_end(here)
    member_leave(member=here.ann, at=NOON)
    assert member_list(coop_id=here.coop_id) == ()


@pytest.mark.django_db
def test_who_leaves_loses_roles_and_keeps_the_member_id_for_a_return():
    here = world()
    member_leave(member=here.eve, at=NOON + DAY)
    assert member_of(coop_id=here.coop_id, person_id=here.eve.person_id) is None
    assert members_with_role(coop_id=here.coop_id, role="treasurer") == ()
    assert member_names(coop_id=here.coop_id)[here.eve.member_id] == "Eve"
    back = member_add(
        coop_id=here.coop_id, person_id=here.eve.person_id, actor=here.ann, at=NOON + 2 * DAY
    )
    assert back.member_id == here.eve.member_id
    assert back.roles == {"member"}


@pytest.mark.django_db
def test_nobody_returns_before_they_left():
    here = world()
    member_leave(member=here.cy, at=NOON + 2 * DAY)
    with pytest.raises(NotPossible, match="left later"):
        member_add(coop_id=here.coop_id, person_id=here.cy.person_id, actor=here.ann, at=NOON + DAY)


@pytest.mark.django_db
def test_leaving_twice_is_refused():
    here = world()
    member_leave(member=here.cy, at=NOON)
    with pytest.raises(NotPossible, match="not a member any more"):
        member_leave(member=here.cy, at=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("slug", {"slug": "Shared Bill"}),
        ("slug", {"slug": "-x"}),
        ("name", {"name": " "}),
        ("name", {"name": "Bill\u202egnp"}),
        ("currency", {"currency": "euro"}),
        ("timezone", {"timezone": "Mars/Base"}),
        ("visibility", {"visibility": "hidden"}),
        ("founders", {"founders": []}),
    ],
)
def test_a_coop_that_cannot_be_right_is_not_founded(field, facts):
    given = {
        "slug": "shared-bill",
        "name": "The Shared Bill",
        "currency": "EUR",
        "timezone": "Europe/Berlin",
        "template": "software-users",
        "founders": [person("Ann").person_id],
    }
    with pytest.raises(Invalid) as refusal:
        coop_make(**(given | facts), actor=SYSTEM, at=NOON)
    assert refusal.value.field == field


@pytest.mark.django_db
def test_two_coops_never_share_a_slug():
    world()
    with pytest.raises(NotPossible, match="Choose another short name"):
        world()


@pytest.mark.django_db
def test_a_person_is_made_once_per_address():
    first = person_ensure(email="Ann@Example.ORG", name="Ann", at=NOON)
    again = person_ensure(email=" ann@example.org", name="Somebody else", at=NOON)
    assert first == again
    assert again.name == "Ann"


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_membership():
    here = world()
    twice = Membership(
        coop_id=here.coop_id,
        group_id=here.coop_id,
        person_id=here.cy.person_id,
        member_id=here.cy.member_id,
        kind="human",
        at=NOON + DAY,
    )
    with pytest.raises(DatabaseError, match="a member of this group already"), transaction.atomic():
        rows_add([twice])
    other = Membership(
        coop_id=here.coop_id,
        group_id=here.coop_id,
        person_id=here.di.person_id,
        member_id=here.cy.member_id,
        kind="human",
        at=NOON + DAY,
    )
    with pytest.raises(DatabaseError, match="belongs to another person"), transaction.atomic():
        rows_add([other])


INSERT = """
INSERT INTO groups_membership (id, coop_id, group_id, person_id, member_id, kind, at)
VALUES (%s, %s, %s, %s, %s, 'human', now())
"""


@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_many_who_join_at_once_one_comes_in(own_database, is_guarded):
    """With the trigger taken away all of them come in, so the race is a real one."""
    here = world()
    connections.close_all()
    if not is_guarded:
        with psycopg.connect(own_database.dsn("owner"), autocommit=True) as owner:
            owner.execute("ALTER TABLE groups_membership DISABLE TRIGGER membership_judge")
    gate = threading.Barrier(8, timeout=20)
    member_id = uuid4()

    def insert():
        with psycopg.connect(own_database.dsn("app")) as session:
            gate.wait()
            try:
                session.execute(
                    INSERT,
                    [uuid4(), here.coop_id, here.coop_id, here.di.person_id, member_id],
                )
            except psycopg.errors.UniqueViolation:
                session.rollback()

    threads = [threading.Thread(target=insert) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with psycopg.connect(own_database.dsn("app")) as session:
        counted = session.execute(
            "SELECT count(*) FROM groups_membership WHERE person_id = %s", [here.di.person_id]
        ).fetchone()
    assert counted == (1 if is_guarded else 8,)
