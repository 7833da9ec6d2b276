"""A co-op of three members or more never proposes that one person alone releases money."""

import pytest

from commonpurse.decisions.effects import effect_checked
from commonpurse.decisions.services.founding import coop_found
from commonpurse.errors import Invalid
from commonpurse.manual.services import manual_adopt
from commonpurse.manual.templates import template
from commonpurse.record.services import SYSTEM
from tests.world import NOON, person, world

pytestmark = pytest.mark.django_db

ALONE = {"trustees_seats": 2, "approvals_needed": 1}


def found(*names: str):
    people = [person(name).person_id for name in names]
    return coop_found(
        slug="small-bill",
        name="The Small Bill",
        template="software-users",
        changes=ALONE,
        founders=people,
        trustees=people[:2],
        sponsor_name="Open Purse e.V.",
        actor=SYSTEM,
        at=NOON,
    )


def test_two_founders_may_agree_on_one_approval_and_three_may_not():
    assert found("Ann", "Bo").coop.slug == "small-bill"
    with pytest.raises(Invalid, match="three members or more") as refusal:
        found("Cy", "Di", "Eve")
    assert refusal.value.field == "approvals_needed"


def test_four_members_do_not_propose_to_go_down_to_one_approval():
    here = world()
    chosen = template("software-users")
    manual_adopt(
        coop_id=here.coop_id,
        parameters=chosen.parameters,
        clauses=chosen.clauses,
        template=chosen.key,
        decision_id=None,
        actor=SYSTEM,
        at=NOON,
    )
    with pytest.raises(Invalid, match="three members or more"):
        effect_checked(
            kind="amendment",
            effect={"kind": "amend", "parameters": ALONE, "clauses": []},
            coop_id=here.coop_id,
            closes_at=NOON,
            at=NOON,
        )
