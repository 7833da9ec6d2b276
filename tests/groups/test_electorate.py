import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from commonpurse.groups.selectors import electorate_at, electorate_sql, is_eligible_at
from commonpurse.groups.services import member_add, member_leave
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def names_at(here, at):
    by_id = {member.member_id: member.name for member in here.members}
    return sorted(by_id[key] for key in electorate_at(coop_id=here.coop_id, at=at).member_ids)


def test_a_membership_counts_from_its_instant_until_its_end():
    here = world()
    member_leave(member=here.cy, at=NOON + DAY)
    member_add(coop_id=here.coop_id, person_id=here.cy.person_id, actor=here.ann, at=NOON + 2 * DAY)
    assert names_at(here, NOON - TICK) == []
    assert names_at(here, NOON) == ["Ann", "Bo", "Cy", "Eve"]
    assert names_at(here, NOON + DAY - TICK) == ["Ann", "Bo", "Cy", "Eve"]
    assert names_at(here, NOON + DAY) == ["Ann", "Bo", "Eve"]
    assert names_at(here, NOON + 2 * DAY) == ["Ann", "Bo", "Cy", "Eve"]
    cy = here.cy.member_id
    assert is_eligible_at(coop_id=here.coop_id, member_id=cy, at=NOON)
    assert not is_eligible_at(coop_id=here.coop_id, member_id=cy, at=NOON + DAY)


def test_the_root_is_the_merkle_root_of_the_sorted_ids_as_text():
    here = world()
    electorate = electorate_at(coop_id=here.coop_id, at=NOON)
    a, b, c, d = (
        hashlib.sha256(b"\x00" + text.encode()).digest()
        for text in sorted(str(member.member_id) for member in here.members)
    )

    def node(left, right):
        return hashlib.sha256(b"\x01" + left + right).digest()

    assert electorate.root == node(node(a, b), node(c, d)).hex()
    assert electorate.count == 4


def test_another_coops_members_are_no_part_of_it():
    here, there = world(), world(slug="other-bill")
    ours = set(electorate_at(coop_id=here.coop_id, at=NOON).member_ids)
    theirs = set(electorate_at(coop_id=there.coop_id, at=NOON).member_ids)
    assert ours.isdisjoint(theirs)


def test_the_electorate_as_sql_is_the_same():
    here = world()
    with connection.cursor() as cursor:
        cursor.execute(electorate_sql(), {"coop_id": here.coop_id, "instant": NOON})
        found = {row[0] for row in cursor}
    assert found == set(electorate_at(coop_id=here.coop_id, at=NOON).member_ids)


CROWD = """
WITH people AS (
    INSERT INTO groups_person
        (id, name, kind, is_active, is_staff, session_stamp, created_at)
    SELECT gen_random_uuid(), 'One of many', 'human', true, false, gen_random_uuid(), %(at)s
    FROM generate_series(1, %(count)s) RETURNING id
)
INSERT INTO groups_membership (id, coop_id, group_id, person_id, member_id, kind, at)
SELECT gen_random_uuid(), %(coop_id)s, %(coop_id)s, id, gen_random_uuid(), 'human', %(at)s
FROM people
"""


def test_an_electorate_of_many_is_counted_and_sorted():
    here = world()
    with connection.cursor() as cursor:
        cursor.execute(CROWD, {"coop_id": here.coop_id, "at": NOON, "count": 4_996})
    electorate = electorate_at(coop_id=here.coop_id, at=NOON)
    assert electorate.count == 5_000
    assert list(electorate.member_ids) == sorted(electorate.member_ids)
    assert isinstance(electorate.member_ids[0], UUID)
