"""A co-op before it exists: two founders write its manual together and open the vote on it.

The example that everything else here bends: Ann begins a draft and names it; Bo joins by a link and
suggests other words for a clause; Ann accepts; both read version 5, and the founding decision says
exactly that. With both ballots, the manual is in force as they wrote it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from commonpurse.config.enactments import enact
from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.drafts import clause_digest, clause_key_new, parameters_of
from commonpurse.decisions.selectors import (
    access_draft,
    access_draft_led,
    decision_by_id,
    draft_history,
    draft_invitations,
    draft_invited,
    drafts_of,
    suggestion_comments,
    suggestion_list,
    suggestion_shown,
    suggestions_open_by_clause,
)
from commonpurse.decisions.services import (
    DraftWish,
    ballot_cast,
    coop_begin,
    draft_begin,
    draft_change,
    draft_clause_set,
    draft_discard,
    draft_founder_remove,
    draft_invitation_revoke,
    draft_invite,
    draft_join,
    draft_leave,
    draft_open,
    drafts_forget_due,
    suggestion_accept,
    suggestion_comment,
    suggestion_decline,
    suggestion_make,
    suggestion_withdraw,
)
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import PersonView, coop_by_slug
from commonpurse.groups.services import person_erase
from commonpurse.manual.clauses import Clause
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.templates import template
from commonpurse.notices.selectors import mail_latest
from commonpurse.record.services import Actor
from commonpurse.treasury.selectors import fund_of, trustee_set_current
from tests.world import NOON, person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORDS = "We share tools, and we mend them together."


def acting(who: PersonView) -> Actor:
    return Actor(person_id=who.person_id, name=who.name)


def begun(who: PersonView, **wish: Any) -> DraftView:
    given = {"name": "Tool Shed", "purpose": WORDS, "sponsor_name": "Harbour Commons"} | wish
    return draft_begin(wish=DraftWish(**given), actor=acting(who), at=NOON)


def joined(draft: DraftView, lead: PersonView, *others: PersonView) -> DraftView:
    """These people follow a link of the lead's."""
    made = draft_invite(
        draft_id=draft.draft_id, email=None, uses_max=9, actor=acting(lead), at=NOON
    )
    for other in others:
        draft = draft_join(token=made.token, actor=acting(other), at=NOON + HOUR)
    return draft


def read(draft: DraftView, who: PersonView) -> DraftView:
    return access_draft(draft_id=draft.draft_id, person_id=who.person_id).draft


def opened(draft: DraftView, who: PersonView) -> Any:
    return draft_open(
        draft_id=draft.draft_id, seen=read(draft, who).version, actor=acting(who), at=NOON + DAY
    )


def suggested(draft: DraftView, who: PersonView, **facts: Any) -> UUID:
    given = {"key": "members", "title": "Who belongs to us", "text": "Whoever mends a tool."}
    made = suggestion_make(
        draft_id=draft.draft_id, actor=acting(who), at=NOON + 2 * HOUR, **(given | facts)
    )
    return made.suggestion_id


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


def test_a_stranger_meets_no_draft_whatever_they_try() -> None:
    ann, di = person("Ann"), person("Di")
    draft = begun(ann)
    wish = suggested(draft, ann)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(di), "at": NOON}
    tries = (
        lambda: access_draft(draft_id=draft.draft_id, person_id=di.person_id),
        lambda: access_draft(draft_id=draft.draft_id, person_id=None),
        lambda: draft_change(wish=DraftWish(name="Mine"), **facts),
        lambda: draft_clause_set(key="members", title="Who", text="Me.", **facts),
        lambda: draft_invite(email=None, **facts),
        lambda: draft_leave(**facts),
        lambda: draft_discard(**facts),
        lambda: draft_open(seen=draft.version, **facts),
        lambda: suggestion_make(key="members", title="Who", text="Me.", **facts),
        lambda: suggestion_accept(suggestion_id=wish, **facts),
        lambda: suggestion_decline(suggestion_id=wish, **facts),
        lambda: suggestion_withdraw(suggestion_id=wish, **facts),
        lambda: suggestion_comment(suggestion_id=wish, text="Hm.", **facts),
    )
    for attempt in tries:
        with pytest.raises(NotFound):
            attempt()
    assert drafts_of(di.person_id) == ()


def test_other_founders_suggest_and_only_the_lead_decides() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    wish = suggested(draft, bo)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(bo), "at": NOON + DAY}
    founder = draft.founders[0].founder_id
    tries = (
        lambda: access_draft_led(draft_id=draft.draft_id, person_id=bo.person_id),
        lambda: draft_change(wish=DraftWish(name="Mine"), **facts),
        lambda: draft_clause_set(key="members", title="Who", text="Me.", **facts),
        lambda: draft_discard(**facts),
        lambda: draft_open(seen=draft.version, **facts),
        lambda: draft_founder_remove(founder_id=founder, **facts),
        lambda: suggestion_accept(suggestion_id=wish, **facts),
        lambda: suggestion_decline(suggestion_id=wish, **facts),
    )
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    with pytest.raises(NotAllowed):
        suggestion_withdraw(
            draft_id=draft.draft_id, suggestion_id=wish, actor=acting(ann), at=NOON + DAY
        )
    assert suggestion_withdraw(suggestion_id=wish, **facts).state == "withdrawn"
    assert suggestion_withdraw(suggestion_id=wish, **facts).state == "withdrawn"
    with pytest.raises(NotPossible, match="answered already"):
        suggestion_accept(
            draft_id=draft.draft_id, suggestion_id=wish, actor=acting(ann), at=NOON + DAY
        )


def test_who_withdrew_from_the_draft_has_no_vote() -> None:
    ann, bo, cy = person("Ann"), person("Bo"), person("Cy")
    draft = joined(begun(ann), ann, bo, cy)
    wish = suggested(draft, bo)
    draft_leave(draft_id=draft.draft_id, actor=acting(bo), at=NOON + 3 * HOUR)
    draft = read(draft, ann)
    assert [each.name for each in draft.founders] == ["Ann", "Cy"]
    assert [each.state for each in suggestion_list(draft)] == ["withdrawn"]
    with pytest.raises(NotFound):
        suggestion_comment(
            draft_id=draft.draft_id,
            suggestion_id=wish,
            text="And yet.",
            actor=acting(bo),
            at=NOON + 4 * HOUR,
        )
    made = opened(draft, ann)
    assert {each.person_id for each in made.members} == {ann.person_id, cy.person_id}
    assert made.decision.electorate_count == 2


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


def test_an_invitation_is_for_its_address_and_used_up_and_taken_back() -> None:
    ann, bo, cy = person("Ann"), person("Bo"), person("Cy")
    draft = begun(ann)
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON}
    by_mail = draft_invite(email="Bo@example.org", **facts)
    (mail,) = mail_latest(email="bo@example.org")
    assert f"/found/join/{by_mail.token}/" in mail.body
    with pytest.raises(NotAllowed, match="another address"):
        draft_join(token=by_mail.token, actor=acting(cy), at=NOON)
    draft_join(token=by_mail.token, actor=acting(bo), at=NOON)
    assert len(draft_join(token=by_mail.token, actor=acting(bo), at=NOON).founders) == 2
    with pytest.raises(NotPossible, match="founds it with you already"):
        draft_invite(email="bo@example.org", **facts)

    link = draft_invite(email=None, **facts)
    assert draft_invited(token=link.token, at=NOON) is not None
    assert draft_invited(token=link.token, at=NOON + 31 * DAY) is None
    with pytest.raises(NotPossible, match="is over"):
        draft_join(token=link.token, actor=acting(cy), at=NOON + 31 * DAY)
    draft_invitation_revoke(invitation_id=link.invitation.invitation_id, **facts)
    with pytest.raises(NotPossible, match="is over"):
        draft_join(token=link.token, actor=acting(cy), at=NOON)
    single = draft_invite(email=None, **facts)
    draft_join(token=single.token, actor=acting(cy), at=NOON)
    with pytest.raises(NotPossible, match="was used"):
        draft_join(token=single.token, actor=acting(person("Di")), at=NOON)
    assert draft_invitations(draft.draft_id, at=NOON) == ()
    with pytest.raises(NotFound):
        draft_join(token="nothing", actor=acting(cy), at=NOON)


def test_a_link_leads_to_the_vote_no_more_once_it_is_open() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = begun(ann)
    link = draft_invite(draft_id=draft.draft_id, email=None, actor=acting(ann), at=NOON)
    opened(draft, ann)
    with pytest.raises(NotPossible):
        draft_join(token=link.token, actor=acting(bo), at=NOON + DAY)


def test_the_lead_who_leaves_hands_the_draft_on_and_the_last_one_throws_it_away() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    draft_leave(draft_id=draft.draft_id, actor=acting(ann), at=NOON + DAY)
    assert access_draft_led(draft_id=draft.draft_id, person_id=bo.person_id).is_lead
    draft_leave(draft_id=draft.draft_id, actor=acting(bo), at=NOON + DAY)
    with pytest.raises(NotFound):
        read(draft, bo)


def test_the_lead_lets_somebody_go_but_not_themselves() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    lead, other = draft.founders
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON + DAY}
    with pytest.raises(NotPossible):
        draft_founder_remove(founder_id=lead.founder_id, **facts)
    with pytest.raises(NotFound):
        draft_founder_remove(founder_id=uuid4(), **facts)
    assert len(draft_founder_remove(founder_id=other.founder_id, **facts).founders) == 1
    with pytest.raises(NotFound):
        read(draft, bo)


def test_nobody_leads_many_drafts_or_invites_a_crowd() -> None:
    ann = person("Ann")
    drafts = [begun(ann) for _ in range(5)]
    with pytest.raises(NotPossible, match="You lead 5 drafts"):
        begun(ann)
    for draft in drafts:
        draft_discard(draft_id=draft.draft_id, actor=acting(ann), at=NOON)
    drafts = [begun(ann) for _ in range(5)]
    draft_discard(draft_id=drafts[0].draft_id, actor=acting(ann), at=NOON)
    with pytest.raises(NotPossible, match="many drafts today"):
        begun(ann)
    facts: dict[str, Any] = {"draft_id": drafts[1].draft_id, "actor": acting(ann)}
    for number in range(30):
        draft_invite(email=f"guest{number}@example.org", at=NOON, **facts)
    with pytest.raises(NotPossible, match="invited many people today"):
        draft_invite(email=None, at=NOON + HOUR, **facts)
    assert draft_invite(email=None, at=NOON + DAY, **facts).token


def test_nobody_floods_a_draft_with_suggestions() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft = joined(begun(ann), ann, bo)
    for number in range(20):
        suggested(draft, bo, text=f"Whoever mends {number} tools.")
    with pytest.raises(NotPossible, match="20 of your suggestions"):
        suggested(draft, bo)
    mails = [mail for mail in mail_latest(email="ann@example.org") if "suggests" in mail.subject]
    assert len(mails) == 1


def test_drafts_are_forgotten_a_day_after_they_were_thrown_away_and_after_half_a_year() -> None:
    ann = person("Ann")
    left_alone, thrown, kept = begun(ann), begun(ann), begun(ann)
    draft_discard(draft_id=thrown.draft_id, actor=acting(ann), at=NOON)
    assert drafts_forget_due(at=NOON + HOUR) == 0
    assert drafts_forget_due(at=NOON + 2 * DAY) == 1
    draft_change(
        draft_id=kept.draft_id,
        wish=DraftWish(name="Tool Shed Two"),
        actor=acting(ann),
        at=NOON + 90 * DAY,
    )
    assert drafts_forget_due(at=NOON + 181 * DAY) == 1
    assert [line.draft_id for line in drafts_of(ann.person_id)] == [kept.draft_id]
    assert left_alone.draft_id != kept.draft_id


def test_erasing_a_person_takes_them_out_of_every_draft() -> None:
    ann, bo = person("Ann"), person("Bo")
    draft, alone = joined(begun(ann), ann, bo), begun(ann)
    done, waits = suggested(draft, ann, why="For Ann."), suggested(draft, ann, text="All of us.")
    facts: dict[str, Any] = {"draft_id": draft.draft_id, "actor": acting(ann), "at": NOON + DAY}
    suggestion_accept(suggestion_id=done, **facts)
    suggestion_comment(suggestion_id=done, text="My words.", **facts)
    draft_invite(email="cy@example.org", **facts)
    person_erase(person_id=ann.person_id, actor=acting(ann), at=NOON + DAY)
    after = read(draft, bo)
    assert [each.name for each in after.founders] == ["Bo"]
    assert after.led_by_name == "Bo"
    (left,) = suggestion_list(after)
    assert (left.suggestion_id, left.name, left.why) == (done, "Former member", "")
    assert left.suggestion_id != waits
    assert suggestion_comments(done) == ()
    assert draft_invitations(draft.draft_id, at=NOON + DAY) == ()
    with pytest.raises(NotFound):
        read(alone, ann)
    draft_invite(draft_id=draft.draft_id, email="di@example.org", actor=acting(bo), at=NOON + DAY)
    di = person("Di")
    person_erase(person_id=di.person_id, actor=acting(di), at=NOON + DAY)
    assert draft_invitations(draft.draft_id, at=NOON + DAY) == ()


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
    changes = {"dues_minor": 500, "currency": "CHF", "timezone": "Europe/Zurich"}
    after = draft_change(
        draft_id=draft.draft_id, wish=DraftWish(changes=changes), actor=acting(ann), at=NOON
    )
    assert after.parameters.dues_minor == 500
    assert after.version == draft.version + 3
    again = draft_change(
        draft_id=draft.draft_id, wish=DraftWish(changes=changes), actor=acting(ann), at=NOON
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
