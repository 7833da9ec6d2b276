from datetime import timedelta

import pytest
from django.db import connection

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import (
    access_coop,
    access_coordinator,
    access_group,
    access_group_content,
    access_member,
    group_list,
    group_member_list,
)
from commonpurse.groups.services import (
    group_join,
    group_leave,
    group_make,
    group_member_add,
    member_leave,
)
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make(here, visibility="open", slug="garden", parent=None, by=None):
    return group_make(
        member=by or here.ann,
        name=slug.title(),
        slug=slug,
        visibility=visibility,
        parent_id=parent.group_id if parent else None,
        at=NOON,
    )


def answer(act, **asked: object) -> str:
    """What a question is answered with: yes, or the name of the refusal."""
    try:
        act(**asked)
    except (NotAllowed, NotFound) as refusal:
        return type(refusal).__name__
    return "yes"


@pytest.mark.parametrize(
    ("visibility", "who", "may_see", "is_member", "is_coordinator"),
    [
        ("open", "ann", "yes", "yes", "yes"),
        ("open", "cy", "yes", "yes", "NotAllowed"),
        ("open", "di", "yes", "NotAllowed", "NotAllowed"),
        ("open", None, "yes", "NotAllowed", "NotAllowed"),
        ("closed", "cy", "yes", "yes", "NotAllowed"),
        ("closed", "di", "yes", "NotAllowed", "NotAllowed"),
        ("closed", None, "yes", "NotAllowed", "NotAllowed"),
        ("secret", "cy", "yes", "yes", "NotAllowed"),
        ("secret", "di", "NotFound", "NotFound", "NotFound"),
        ("secret", None, "NotFound", "NotFound", "NotFound"),
    ],
)
def test_who_may_see_a_coop(visibility, who, may_see, is_member, is_coordinator):
    here = world(visibility=visibility)
    asked = {
        "slug": "shared-bill",
        "person_id": getattr(here, who).person_id if who else None,
    }
    assert answer(access_coop, **asked) == may_see
    assert answer(access_member, **asked) == is_member
    assert answer(access_coordinator, **asked) == is_coordinator


@pytest.mark.parametrize(
    ("visibility", "who", "may_know", "may_read"),
    [
        ("open", "ann", "yes", "yes"),
        ("open", "cy", "yes", "yes"),
        ("open", "di", "yes", "yes"),
        ("open", None, "yes", "yes"),
        ("closed", "ann", "yes", "yes"),
        ("closed", "cy", "yes", "NotAllowed"),
        ("closed", "di", "yes", "NotAllowed"),
        ("secret", "ann", "yes", "yes"),
        ("secret", "bo", "NotFound", "NotFound"),
        ("secret", "di", "NotFound", "NotFound"),
        ("secret", None, "NotFound", "NotFound"),
    ],
)
def test_who_may_see_a_group(visibility, who, may_know, may_read):
    here = world()
    group = make(here, visibility)
    asked = {
        "slug": "shared-bill",
        "group_slug": group.slug,
        "person_id": getattr(here, who).person_id if who else None,
    }
    assert answer(access_group, **asked) == may_know
    assert answer(access_group_content, **asked) == may_read
    listed = [item.name for item in group_list(coop_id=here.coop_id, person_id=asked["person_id"])]
    assert ("Garden" in listed) == (may_know == "yes")


def test_an_open_group_of_a_closed_coop_is_read_by_members_only():
    here = world(visibility="closed")
    make(here)
    asked = {"slug": "shared-bill", "group_slug": "garden"}
    assert answer(access_group_content, **asked, person_id=here.cy.person_id) == "yes"
    assert answer(access_group_content, **asked, person_id=here.di.person_id) == "NotAllowed"


def test_a_group_below_a_secret_one_is_as_unknown():
    here = world()
    below = make(here, slug="tools", parent=make(here, "secret"))
    asked = {"slug": "shared-bill", "group_slug": below.slug}
    assert answer(access_group, **asked, person_id=here.ann.person_id) == "yes"
    assert answer(access_group, **asked, person_id=here.bo.person_id) == "NotFound"


def test_groups_go_two_levels_below_the_coop():
    here = world()
    one = make(here)
    two = make(here, slug="tools", parent=one)
    assert (one.level, two.level) == (1, 2)
    with pytest.raises(NotPossible, match="two levels"):
        make(here, slug="spades", parent=two)


def test_the_record_tells_neither_name_nor_people_of_a_secret_group():
    here = world()
    group = make(here, "secret", slug="lawyers")
    group_member_add(member=here.ann, group_id=group.group_id, member_id=here.cy.member_id, at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM record_leaf")
        bodies = [row[0] for row in cursor]
    about = [body for body in bodies if str(group.group_id) in body]
    assert len(about) == 3
    for body in about:
        assert "lawyers" not in body.lower()
        assert str(here.ann.member_id) not in body
        assert str(here.cy.member_id) not in body
    members = group_member_list(coop_id=here.coop_id, group_id=group.group_id)
    assert [item.member_id for item in members] == [here.ann.member_id, here.cy.member_id]
    assert group.name == "Lawyers"


def test_one_joins_open_groups_and_is_added_to_closed_ones():
    here = world()
    garden, tools = make(here), make(here, "closed", "tools")
    group_join(member=here.cy, group_id=garden.group_id, at=NOON)
    group_join(member=here.cy, group_id=garden.group_id, at=NOON)  # Twice is once.
    with pytest.raises(NotAllowed):
        group_join(member=here.cy, group_id=tools.group_id, at=NOON)
    with pytest.raises(NotAllowed):
        group_member_add(
            member=here.cy, group_id=tools.group_id, member_id=here.eve.member_id, at=NOON
        )
    group_member_add(member=here.bo, group_id=tools.group_id, member_id=here.cy.member_id, at=NOON)
    names = [item.name for item in group_member_list(coop_id=here.coop_id, group_id=tools.group_id)]
    assert names == ["Ann", "Cy"]


def test_leaving_a_group_leaves_those_below_and_keeps_the_coop():
    here = world()
    garden = make(here)
    tools = make(here, slug="tools", parent=garden)
    for group in (garden, tools):
        group_join(member=here.cy, group_id=group.group_id, at=NOON)
    group_leave(member=here.cy, group_id=garden.group_id, at=NOON + DAY)
    for group in (garden, tools):
        members = group_member_list(coop_id=here.coop_id, group_id=group.group_id)
        assert "Cy" not in [item.name for item in members]
    assert answer(access_member, slug="shared-bill", person_id=here.cy.person_id) == "yes"
    with pytest.raises(NotPossible):
        group_leave(member=here.cy, group_id=here.coop_id, at=NOON + DAY)


def test_who_leaves_the_coop_loses_sight_of_its_secrets_at_once():
    here = world()
    group = make(here, "secret")
    group_member_add(member=here.ann, group_id=group.group_id, member_id=here.cy.member_id, at=NOON)
    asked = {
        "slug": "shared-bill",
        "group_slug": group.slug,
        "person_id": here.cy.person_id,
    }
    assert answer(access_group, **asked) == "yes"
    member_leave(member=here.cy, at=NOON + DAY)
    assert answer(access_group, **asked) == "NotFound"


def test_a_group_that_cannot_be_right_is_refused():
    here = world()
    make(here)
    with pytest.raises(NotPossible, match="Another group"):
        make(here)
    with pytest.raises(Invalid):
        make(here, "hidden", "tools")
    with pytest.raises(NotAllowed):
        make(here, slug="tools", by=here.cy)
