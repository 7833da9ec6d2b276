"""Who may do what with a draft, how often, and what is forgotten of it."""

from typing import Any
from uuid import uuid4

import pytest

from commonpurse.decisions.selectors import (
    access_draft,
    access_draft_led,
    draft_history,
    draft_invitations,
    draft_invited,
    drafts_of,
    suggestion_comments,
    suggestion_list,
)
from commonpurse.decisions.services import (
    DraftWish,
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
from commonpurse.errors import NotAllowed, NotFound, NotPossible
from commonpurse.groups.services import person_erase
from commonpurse.notices.selectors import mail_latest
from tests.decisions.drafting import DAY, HOUR, acting, begun, joined, opened, read, suggested
from tests.world import NOON, person

pytestmark = pytest.mark.django_db


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
    history = draft_history(draft.draft_id)
    assert {each.part for each in history} >= {"joined", "name", "clause:members"}
    assert [each for each in history if "Ann" in each.before + each.after + each.name] == []
    with pytest.raises(NotFound):
        read(alone, ann)
    draft_invite(draft_id=draft.draft_id, email="di@example.org", actor=acting(bo), at=NOON + DAY)
    di = person("Di")
    person_erase(person_id=di.person_id, actor=acting(di), at=NOON + DAY)
    assert draft_invitations(draft.draft_id, at=NOON + DAY) == ()
