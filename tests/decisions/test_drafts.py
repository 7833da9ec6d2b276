"""A co-op before it exists: two founders write its manual together and open the vote on it.

The example that everything else here bends: Ann begins a draft and names it; Bo joins by a link and
suggests other words for a clause; Ann accepts; both read version 5, and the founding decision says
exactly that. With both ballots, the manual is in force as they wrote it.
"""

from typing import Any

import pytest

from commonpurse.config.enactments import enact
from commonpurse.decisions.drafts import clause_digest, clause_key_new, parameters_of
from commonpurse.decisions.selectors import (
    decision_by_id,
    draft_history,
    suggestion_comments,
    suggestion_list,
    suggestion_shown,
    suggestions_open_by_clause,
)
from commonpurse.decisions.services import (
    DraftWish,
    ballot_cast,
    coop_begin,
    draft_again,
    draft_change,
    draft_clause_set,
    draft_leave,
    draft_open,
    suggestion_accept,
    suggestion_comment,
    suggestion_decline,
)
from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import coop_by_slug
from commonpurse.manual.clauses import Clause
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.templates import template
from commonpurse.treasury.selectors import fund_of, trustee_set_current
from tests.decisions.drafting import (
    DAY,
    HOUR,
    WORDS,
    acting,
    begun,
    joined,
    opened,
    read,
    suggested,
)
from tests.world import NOON, person

pytestmark = pytest.mark.django_db


def test_two_founders_write_a_manual_and_it_comes_into_force_as_they_wrote_it() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    wish = suggested(draft, bo, why="Paying is not all.")
    assert suggestions_open_by_clause(draft) == {"members": 1}
    suggestion_comment(
        draft_id=draft.draft_id,
        suggestion_id=wish,
        text="I like it.",
        actor=acting(ann),
        at=NOON + 3 * HOUR,
    )
    (shown,) = [suggestion_shown(draft, each) for each in suggestion_list(draft)]
    assert "".join(each.text for each in shown.pieces if each.kind != "gone") == (
        "Whoever mends a tool."
    )
    settled = suggestion_accept(
        draft_id=draft.draft_id,
        suggestion_id=wish,
        seen=shown.seen,
        actor=acting(ann),
        at=NOON + 4 * HOUR,
    )
    assert (settled.state, settled.settled_by_name) == ("accepted", "Ann")
    assert [each.text for each in suggestion_comments(wish)] == ["I like it."]

    made = opened(draft, ann)
    assert made.decision.number == 1
    assert made.decision.electorate_count == 2
    assert made.coop.coop_id == draft.coop_id
    for member in made.members:
        ballot_cast(decision_id=made.decision.id, choice="agree", actor=member, at=NOON + 2 * DAY)
    result = decision_by_id(made.decision.id).result
    assert result is not None
    enact(coop_id=made.coop.coop_id, result_id=result.id, at=NOON + 2 * DAY + HOUR)
    manual = manual_current(made.coop.coop_id)
    texts = {clause.key: clause.text for clause in manual.clauses}
    assert texts["purpose"] == WORDS
    assert texts["members"] == "Whoever mends a tool."
    assert manual.decision_id == made.decision.id
    fund = fund_of(made.coop.coop_id)
    assert fund is not None
    assert fund.sponsor_name == "Harbour Commons"


def test_two_founders_are_both_trustees_and_one_of_them_approves() -> None:
    ann, bo = person("Ann"), person("Bo")
    effect = opened(joined(begun(ann), ann, bo), ann).decision.effect
    assert len(effect["trustees"]) == 2
    assert effect["approvals_needed"] == 1


def test_one_founder_founds_alone_and_has_no_trustees_yet() -> None:
    ann = person("Ann")
    made = opened(begun(ann, sponsor_name=""), ann)
    assert made.decision.effect["trustees"] == []
    assert made.decision.effect["sponsor"] == "nobody yet"
    ballot_cast(
        decision_id=made.decision.id, choice="agree", actor=made.members[0], at=NOON + 2 * DAY
    )
    result = decision_by_id(made.decision.id).result
    assert result is not None
    assert result.verdict == "passed"


@pytest.mark.parametrize(
    ("founders", "needed", "seats"), [(1, 2, 4), (2, 1, 2), (3, 2, 4), (7, 2, 7), (30, 2, 25)]
)
def test_numbers_that_nobody_chose_suit_the_founders(
    founders: int, needed: int, seats: int
) -> None:
    found = parameters_of(template("software-users"), {}, founders=founders, has_trustees=True)
    assert (found.approvals_needed, found.trustees_seats) == (needed, seats)


def test_what_is_opened_is_what_was_read_last() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON + DAY}
    draft_clause_set(key="members", title="Who", text="All who mend.", **facts)
    with pytest.raises(NotPossible, match="changed since you read it"):
        draft_open(seen=draft.version, **facts)
    draft = read(draft, ann)
    draft_leave(draft_id=draft.draft_id, actor=acting(bo), at=NOON + DAY)
    with pytest.raises(NotPossible, match="changed since you read it"):
        draft_open(seen=draft.version, **facts)
    made = opened(draft, ann)
    with pytest.raises(NotPossible, match="does not change any more"):
        draft_clause_set(key="members", title="Who", text="Nobody.", **facts)
    texts = {item["key"]: item["text"] for item in made.decision.effect["clauses"]}
    assert texts["members"] == "All who mend."


def test_a_suggestion_that_nobody_answered_keeps_the_vote_from_opening() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    wish = suggested(draft, bo)
    with pytest.raises(NotPossible, match="Accept or decline every suggestion"):
        opened(draft, ann)
    declined = suggestion_decline(
        draft_id=draft.draft_id, suggestion_id=wish, actor=acting(ann), at=NOON + DAY
    )
    assert declined.state == "declined"
    assert opened(draft, ann).decision.number == 1


def test_a_clause_that_changed_meanwhile_is_not_overwritten() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    wish = suggested(draft, bo)
    seen = clause_digest(draft.clauses, "members")
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON + DAY}
    draft_clause_set(key="members", title="Who", text="All who mend.", seen=seen, **facts)
    with pytest.raises(NotPossible, match="changed while you read it"):
        suggestion_accept(suggestion_id=wish, seen=seen, **facts)
    with pytest.raises(NotPossible, match="changed while you read it"):
        draft_clause_set(key="members", title="Who", text="Nobody.", seen=seen, **facts)
    draft = read(draft, ann)
    shown = suggestion_shown(draft, suggestion_list(draft)[0])
    assert shown.is_stale
    suggestion_accept(suggestion_id=wish, seen=shown.seen, **facts)
    clause = read(draft, ann).clause("members")
    assert clause is not None
    assert clause.text == "Whoever mends a tool."


def test_a_clause_is_added_struck_out_and_its_history_told() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON + DAY}
    new = suggested(draft, bo, key=None, title="Broken tools", text="Who breaks one says so.")
    gone = suggested(draft, bo, key="blocking", title="", text="")
    for wish in (new, gone):
        suggestion_accept(suggestion_id=wish, **facts)
    after = read(draft, ann)
    assert after.clauses[-1] == Clause("broken_tools", "Broken tools", "Who breaks one says so.")
    assert after.clause("blocking") is None
    latest, before, *_ = draft_history(draft.draft_id)
    assert (latest.part, latest.after, latest.suggestion_id) == ("clause:blocking", "", gone)
    assert (before.part, before.before, before.name) == ("clause:broken_tools", "", "Ann")
    assert clause_key_new("Broken tools", after.clauses) == "broken_tools_2"


def test_another_template_keeps_what_somebody_wrote() -> None:
    ann = person("Ann")
    draft = begun(ann)
    after = draft_change(
        draft_id=draft.draft_id,
        wish=DraftWish(template="solidarity-fund"),
        actor=acting(ann),
        at=NOON,
    )
    keys = [clause.key for clause in after.clauses]
    assert "grants" in keys
    assert "service" not in keys
    assert after.purpose == WORDS


def test_numbers_are_checked_when_they_are_typed() -> None:
    ann = person("Ann")
    draft = begun(ann)
    for changes in ({"quorum": "2"}, {"nonsense": 1}, {"approvals_needed": 25}, {"dues_minor": -1}):
        with pytest.raises(Invalid):
            draft_change(
                draft_id=draft.draft_id,
                wish=DraftWish(changes=changes),
                actor=acting(ann),
                at=NOON,
            )
    several = {"dues_minor": 500, "currency": "CHF", "timezone": "Europe/Zurich"}
    after = draft_change(
        draft_id=draft.draft_id, wish=DraftWish(changes=several), actor=acting(ann), at=NOON
    )
    assert after.parameters.dues_minor == 500
    assert after.version == draft.version + 3
    again = draft_change(
        draft_id=draft.draft_id, wish=DraftWish(changes=several), actor=acting(ann), at=NOON
    )
    assert again.version == after.version
    assert opened(draft, ann).coop.currency == "CHF"


def test_one_approval_does_for_two_founders_and_not_for_three() -> None:
    ann, bo, cy = person("Ann"), person("Bo"), person("Cy")
    draft = joined(begun(ann, changes={"approvals_needed": 1}), ann, bo, cy)
    with pytest.raises(Invalid, match="three members or more"):
        opened(draft, ann)


def test_an_address_is_made_from_the_name_and_never_anothers() -> None:
    ann = person("Ann")
    first = begun(ann)
    assert first.slug == "tool-shed"
    assert begun(ann).slug == "tool-shed"
    second = begun(ann)
    opened(first, ann)
    assert begun(ann).slug == "tool-shed-2"
    with pytest.raises(NotPossible, match="Another co-op lives at tool-shed"):
        opened(second, ann)


def test_a_co_op_is_begun_in_one_go() -> None:
    ann = person("Ann")
    made = coop_begin(
        wish=DraftWish(name="Seed Library", purpose=WORDS),
        clauses=(Clause("seeds", "Seeds", "Bring back twice what you took."),),
        actor=acting(ann),
        at=NOON,
    )
    assert coop_by_slug("seed-library").coop_id == made.coop.coop_id
    assert made.decision.effect["clauses"][-1]["key"] == "seeds"


def test_three_founders_are_trustees_when_all_agree() -> None:
    ann, bo, cy = person("Ann"), person("Bo"), person("Cy")
    made = opened(joined(begun(ann), ann, bo, cy), ann)
    for step, member in enumerate(made.members):
        ballot_cast(
            decision_id=made.decision.id,
            choice="agree",
            actor=member,
            at=NOON + DAY + step * HOUR,
        )
    result = decision_by_id(made.decision.id).result
    assert result is not None
    enact(coop_id=made.coop.coop_id, result_id=result.id, at=NOON + 2 * DAY)
    trustees = trustee_set_current(made.coop.coop_id)
    assert trustees is not None
    assert len(trustees.member_ids) == 3


def test_what_was_not_agreed_to_is_drafted_once_more_by_any_of_its_founders() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(bo)}
    with pytest.raises(NotPossible, match="has not failed"):
        draft_again(at=NOON + DAY, **facts)
    made = opened(draft, ann)
    with pytest.raises(NotPossible, match="has not failed"):
        draft_again(at=NOON + 2 * DAY, **facts)
    for member, choice in zip(made.members, ("agree", "disagree"), strict=True):
        ballot_cast(decision_id=made.decision.id, choice=choice, actor=member, at=NOON + 2 * DAY)
    with pytest.raises(NotFound):
        draft_again(draft_id=draft.draft_id, actor=acting(person("Di")), at=NOON + 3 * DAY)
    again = draft_again(at=NOON + 3 * DAY, **facts)
    assert (again.led_by_name, again.slug) == ("Bo", "tool-shed-2")
    assert again.clauses == draft.clauses
    assert [each.name for each in again.founders] == ["Ann", "Bo"]
    second = draft_open(
        draft_id=again.draft_id, seen=again.version, actor=acting(bo), at=NOON + 4 * DAY
    )
    assert second.decision.electorate_count == 2
