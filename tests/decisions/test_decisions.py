"""From a question to a verdict: who may vote, until when, and what counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from commonpurse.config.enactments import enact
from commonpurse.decisions.models import Enactment, Result
from commonpurse.decisions.selectors import (
    ballot_list,
    ballots_of,
    decision_by_id,
    decision_by_number,
    decision_list,
    decisions_waiting_for,
    my_ballot,
)
from commonpurse.decisions.services import (
    ballot_cast,
    ballot_withdraw,
    coop_found,
    decision_close,
    decision_open,
    decisions_close_due,
    outcome_write,
)
from commonpurse.discussion.services import thread_open
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible, PurseError
from commonpurse.groups.services import group_make, member_add, person_erase
from commonpurse.manual.selectors import manual_current, manual_list
from commonpurse.record.ids import new_id
from commonpurse.record.selectors import receipt
from commonpurse.record.services import SYSTEM, rows_add
from commonpurse.treasury.selectors import fund_of, mandate_list, trustee_set_current
from tests.decisions.founding_world import CHANGES, DAY, HOUR, asked, founded, voted
from tests.world import NOON, person

pytestmark = pytest.mark.django_db


def refused(
    error: type[PurseError], code: str, deed: Callable[..., object], **facts: Any
) -> PurseError:
    with pytest.raises(error) as caught:
        deed(**facts)
    assert caught.value.code == code
    return caught.value


def test_three_founders_agree_and_the_manual_the_fund_and_the_trustees_are_in_force() -> None:
    world = founded()
    assert world.founding.number == 1
    assert world.founding.tally.verdict == "passed"
    assert manual_current(world.coop_id).number == 1
    assert manual_current(world.coop_id).decision_id == world.founding.id
    fund = fund_of(world.coop_id)
    assert fund is not None
    assert fund.sponsor_name == "Harbour Commons Foundation"
    trustees = trustee_set_current(world.coop_id)
    assert trustees is not None
    assert set(trustees.member_ids) == {m.member_id for m in (world.ann, world.bo, world.eve)}
    assert {item.kind for item in mandate_list(world.coop_id, at=world.at)} == {"standing"}


def test_one_founder_who_does_not_agree_stops_the_founding() -> None:
    people = [person(name).person_id for name in ("Ann", "Bo")]
    foundation = coop_found(
        slug="never",
        name="Never",
        template="solidarity-fund",
        changes={},
        founders=people,
        trustees=[],
        sponsor_name="Somebody",
        actor=SYSTEM,
        at=NOON,
    )
    for member, choice in zip(foundation.members, ("agree", "disagree"), strict=True):
        ballot_cast(decision_id=foundation.decision.id, choice=choice, actor=member, at=NOON + HOUR)
    closed = decision_by_id(foundation.decision.id)
    assert closed.result is not None
    assert closed.result.verdict == "failed"
    refused(NotFound, "no_manual", manual_current, coop_id=foundation.coop.coop_id)


def test_a_proposal_passes_by_the_rules_that_were_in_force_when_it_opened() -> None:
    world = founded()
    decision = asked(world)
    assert decision.electorate_count == 4
    assert decision.rules["threshold"] == "2/3"
    closed = voted(
        decision,
        (world.ann, "agree"),
        (world.bo, "agree"),
        (world.eve, "disagree"),
        at=world.at + HOUR,
    )
    assert closed.tally.counts == {"agree": 2, "abstain": 0, "disagree": 1, "block": 0}
    assert closed.result is not None
    assert closed.result.verdict == "passed"


def test_two_of_four_is_a_quorum_of_half_and_one_is_not() -> None:
    world = founded()
    assert voted(asked(world), (world.ann, "agree"), at=world.at + HOUR).tally.verdict == (
        "no_quorum"
    )
    both = voted(asked(world), (world.ann, "agree"), (world.bo, "abstain"), at=world.at + HOUR)
    assert both.tally.verdict == "failed"
    assert both.tally.has_quorum


def test_a_block_blocks_and_needs_a_reason() -> None:
    world = founded()
    decision = asked(world)
    refused(
        Invalid,
        "reason_missing",
        ballot_cast,
        decision_id=decision.id,
        choice="block",
        actor=world.bo,
        at=world.at + HOUR,
    )
    closed = voted(
        decision, (world.ann, "agree"), (world.cy, "agree"), (world.bo, "block"), at=world.at + HOUR
    )
    assert closed.tally.verdict == "blocked"
    assert ballot_list(decision.id)[0].reason == "For this reason."


def test_a_changed_mind_counts_once_and_the_latest_counts() -> None:
    world = founded()
    decision = asked(world)
    for step, choice in enumerate(("agree", "disagree", "abstain"), start=1):
        ballot_cast(
            decision_id=decision.id, choice=choice, actor=world.ann, at=world.at + step * HOUR
        )
    assert decision_by_id(decision.id).tally.counts["abstain"] == 1
    assert decision_by_id(decision.id).tally.cast == 1
    mine = ballots_of(decision_id=decision.id, member_id=world.ann.member_id)
    assert [ballot.choice for ballot in mine] == ["abstain", "disagree", "agree"]
    assert len({ballot.pseudonym for ballot in mine}) == 1


def test_a_vote_can_be_taken_back_until_closing_and_given_again() -> None:
    world = founded()
    decision = asked(world)
    facts: dict[str, Any] = {"decision_id": decision.id, "actor": world.ann}
    refused(NotPossible, "no_ballot", ballot_withdraw, **facts, at=world.at + HOUR)
    ballot_cast(**facts, choice="agree", at=world.at + HOUR)
    ballot_withdraw(**facts, at=world.at + 2 * HOUR)
    assert decision_by_id(decision.id).tally.cast == 0
    assert my_ballot(decision_id=decision.id, member_id=world.ann.member_id) is None
    assert [item.id for item in decisions_waiting_for(member=world.ann, at=world.at + DAY)] == [
        decision.id
    ]
    ballot_cast(**facts, choice="disagree", at=world.at + 3 * HOUR)
    assert decision_by_id(decision.id).tally.counts["disagree"] == 1


def test_pseudonyms_do_not_link_one_persons_votes_in_two_decisions() -> None:
    world = founded()
    names = set()
    for _turn in range(2):
        decision = asked(world)
        ballot = ballot_cast(
            decision_id=decision.id, choice="agree", actor=world.ann, at=world.at + HOUR
        )
        names.add(ballot.pseudonym)
    assert len(names) == 2


def test_whoever_joins_later_may_not_vote_and_does_not_move_the_electorate() -> None:
    world = founded()
    decision = asked(world)
    newcomer = member_add(
        coop_id=world.coop_id,
        person_id=person("Newcomer").person_id,
        actor=world.ann,
        at=world.at + HOUR,
    )
    refused(
        NotAllowed,
        "not_eligible",
        ballot_cast,
        decision_id=decision.id,
        choice="agree",
        actor=newcomer,
        at=world.at + 2 * HOUR,
    )
    assert decision_by_id(decision.id).electorate_count == 4
    assert decisions_waiting_for(member=newcomer, at=world.at + 2 * HOUR) == ()


@pytest.mark.parametrize(
    ("away", "code"),
    [(-DAY, "closes_past"), (timedelta(), "closes_past"), (HOUR, "closes_soon")],
)
def test_a_vote_does_not_close_in_the_past_or_at_once(away: timedelta, code: str) -> None:
    world = founded()
    refused(
        Invalid,
        code,
        decision_open,
        actor=world.cy,
        kind="statement",
        question="Now?",
        details="",
        effect={"kind": "none"},
        closes_at=world.at + away,
        at=world.at,
    )


def test_a_vote_after_closing_is_refused_before_and_after_the_result() -> None:
    world = founded()
    decision = asked(world)
    late: dict[str, Any] = {
        "decision_id": decision.id,
        "choice": "agree",
        "actor": world.ann,
        "at": decision.closes_at,
    }
    refused(NotPossible, "vote_closed", ballot_cast, **late)
    decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
    refused(NotPossible, "vote_closed", ballot_cast, **late)


@pytest.mark.parametrize("when", ["too late", "too early", "after the result"])
def test_the_database_itself_refuses_a_ballot_outside_of_the_vote(when: str) -> None:
    world = founded()
    decision = asked(world)
    at = decision.closes_at if when == "too late" else decision.opens_at - HOUR
    if when == "after the result":
        decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
        at = decision.opens_at + HOUR
    with (
        pytest.raises(IntegrityError, match="outside of its vote"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO decisions_ballot"
            " (id, coop_id, at, decision_id, pseudonym, choice, voter_member_id)"
            " VALUES (%s, %s, %s, %s, 'ffff', 'agree', %s)",
            [new_id(), world.coop_id, at, decision.id, world.ann.member_id],
        )


def test_a_decision_closes_once_by_the_clock_and_not_before() -> None:
    world = founded()
    decision = asked(world)
    refused(
        NotPossible, "too_early", decision_close, decision_id=decision.id, actor=SYSTEM, at=world.at
    )
    assert decisions_close_due(at=decision.closes_at - HOUR) == 0
    assert decisions_close_due(at=decision.closes_at + HOUR) == 1
    assert decisions_close_due(at=decision.closes_at + HOUR) == 0
    first = decision_by_id(decision.id).result
    assert decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at) == first


def test_a_vote_that_everybody_cast_closes_early_only_where_the_manual_allows_it() -> None:
    for allowed in (False, True):
        world = founded(slug=f"brine-{int(allowed)}", is_early_close_allowed=allowed)
        decision = asked(world)
        for member in world.members:
            ballot_cast(decision_id=decision.id, choice="agree", actor=member, at=world.at + HOUR)
        assert decision_by_id(decision.id).is_closed is allowed


def test_an_amendment_changes_the_manual_from_then_on_and_not_the_votes_that_run() -> None:
    world = founded()
    running = asked(world)
    amendment = asked(
        world,
        kind="amendment",
        question="Half of the votes shall do?",
        effect={"kind": "amend", "parameters": {"threshold": "1/2"}, "clauses": []},
    )
    votes = [(member, "agree") for member in world.members]
    closed = voted(amendment, *votes, at=world.at + HOUR)
    assert closed.enactment is not None
    assert [item.number for item in manual_list(world.coop_id)] in ([1, 2], [2, 1])
    assert str(manual_current(world.coop_id).parameters.threshold) == "1/2"
    assert decision_by_id(running.id).rules["threshold"] == "2/3"
    later = asked(world, at=closed.closes_at + DAY)
    assert later.rules["threshold"] == "1/2"


def test_an_amendment_that_changes_nothing_or_nonsense_is_refused_before_the_vote() -> None:
    world = founded()
    for parameters, code in (
        ({"threshold": "2/3"}, "nothing_changes"),
        ({"threshold": "7"}, None),
        ({"nonsense": "1"}, None),
    ):
        with pytest.raises(Invalid) as caught:
            asked(
                world,
                kind="amendment",
                effect={"kind": "amend", "parameters": parameters, "clauses": []},
            )
        assert code in (None, caught.value.code)


def test_trustees_change_by_decision_only_and_come_from_the_members() -> None:
    world = founded()
    chosen = [str(member.member_id) for member in (world.ann, world.bo, world.cy)]
    refused(
        Invalid,
        "trustees_number",
        asked,
        world=world,
        kind="trustees",
        effect={"kind": "trustees", "member_ids": chosen[:2]},
    )
    refused(
        Invalid,
        "not_members",
        asked,
        world=world,
        kind="trustees",
        effect={"kind": "trustees", "member_ids": [*chosen[:2], str(new_id())]},
    )
    decision = asked(world, kind="trustees", effect={"kind": "trustees", "member_ids": chosen})
    voted(decision, *[(member, "agree") for member in world.members], at=world.at + HOUR)
    trustees = trustee_set_current(world.coop_id)
    assert trustees is not None
    assert (trustees.number, {str(member_id) for member_id in trustees.member_ids}) == (
        2,
        set(chosen),
    )


def test_enacting_twice_is_enacting_once() -> None:
    world = founded()
    assert world.founding.result is not None
    facts: dict[str, Any] = {"coop_id": world.coop_id, "result_id": world.founding.result.id}
    first = enact(**facts, at=world.at)
    assert enact(**facts, at=world.at + DAY) == first
    assert len(manual_list(world.coop_id)) == 1


def test_a_failed_enactment_stands_publicly_until_it_succeeds() -> None:
    world = founded()
    chosen = [str(member.member_id) for member in (world.ann, world.bo, world.cy)]
    decision = asked(world, kind="trustees", effect={"kind": "trustees", "member_ids": chosen})
    from commonpurse.groups.services import member_leave

    for member in world.members:
        ballot_cast(decision_id=decision.id, choice="agree", actor=member, at=world.at + HOUR)
    member_leave(member=world.cy, at=world.at + 2 * HOUR)
    result = decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
    refused(
        NotPossible,
        "not_enacted",
        enact,
        coop_id=world.coop_id,
        result_id=result.id,
        at=decision.closes_at,
    )
    shown = decision_by_id(decision.id)
    assert shown.is_waiting_enactment
    assert shown.enactment_error


def test_an_outcome_is_written_by_a_person_after_the_vote() -> None:
    world = founded()
    decision = asked(world)
    facts: dict[str, Any] = {"decision_id": decision.id, "statement": "We meet on Tuesdays."}
    refused(NotPossible, "still_open", outcome_write, **facts, actor=world.cy, at=world.at)
    voted(decision, (world.ann, "agree"), (world.bo, "agree"), at=world.at + HOUR)
    refused(
        NotAllowed, "not_writer", outcome_write, **facts, actor=world.eve, at=decision.closes_at
    ) if not world.eve.may_coordinate else None
    outcome_write(**facts, actor=world.cy, at=decision.closes_at + DAY)
    outcome = decision_by_id(decision.id).outcome
    assert outcome is not None
    assert outcome.statement == "We meet on Tuesdays."


def test_a_voter_who_was_erased_still_counts_and_leaves_no_words() -> None:
    world = founded()
    decision = asked(world)
    ballot = ballot_cast(
        decision_id=decision.id,
        choice="disagree",
        reason="Tuesdays are my mother’s day.",
        actor=world.cy,
        at=world.at + HOUR,
    )
    person_erase(person_id=world.cy.person_id, actor=SYSTEM, at=world.at + 2 * HOUR)
    shown = ballot_list(decision.id)[0]
    assert (shown.id, shown.reason) == (ballot.id, "")
    assert decision_by_id(decision.id).tally.counts["disagree"] == 1
    assert receipt(world.coop_id, ballot.id).leaf_id == ballot.id


def test_every_ballot_gives_a_receipt_in_the_record_without_a_name() -> None:
    world = founded()
    decision = asked(world)
    ballot = ballot_cast(
        decision_id=decision.id, choice="agree", actor=world.ann, at=world.at + HOUR
    )
    body = receipt(world.coop_id, ballot.id).body
    assert ballot.pseudonym in body
    assert str(world.ann.member_id) not in body
    assert str(world.ann.person_id) not in body


def test_decisions_of_another_coop_are_not_there() -> None:
    world, other = founded(), founded(slug="other")
    decision = asked(world)
    refused(
        NotFound,
        "no_decision",
        ballot_cast,
        decision_id=decision.id,
        choice="agree",
        actor=other.ann,
        at=world.at + HOUR,
    )
    refused(NotFound, "no_decision", decision_by_number, coop_id=other.coop_id, number=99)
    assert [item.number for item in decision_list(coop_id=other.coop_id)] == [1]
    assert decision_by_number(coop_id=world.coop_id, number=2).id == decision.id


def test_founding_refuses_what_nobody_can_run() -> None:
    ann = person("Ann").person_id
    facts: dict[str, Any] = {
        "slug": "salt",
        "name": "Salt",
        "template": "software-users",
        "founders": [ann],
        "trustees": [],
        "sponsor_name": "Somebody",
        "actor": SYSTEM,
        "at": NOON,
    }
    wrongs: tuple[dict[str, Any], ...] = (
        {"changes": CHANGES, "template": "pyramid"},
        {"changes": {"quorum": "5/4"}},
        {"changes": CHANGES, "sponsor_name": " "},
        {"changes": CHANGES, "trustees": [new_id()]},
        {"changes": CHANGES, "slug": "no blanks allowed"},
    )
    for wrong in wrongs:
        with pytest.raises(PurseError):
            coop_found(**(facts | wrong))


def test_the_database_itself_refuses_a_second_result_and_a_second_enactment() -> None:
    founded()
    for model, name in ((Result, "result_once"), (Enactment, "enactment_once")):
        row = model.objects.get()
        row.id = new_id()
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows_add([row])


def test_a_vote_comes_from_a_thread_that_its_proposer_may_read() -> None:
    here, there = founded(), founded(slug="next-door")
    secret = group_make(
        member=here.ann,
        name="The quiet ones",
        slug="quiet-ones",
        visibility="secret",
        at=here.at,
    )
    talk: dict[str, Any] = {"title": "Who?", "body": "Nobody.", "at": here.at}
    thread = thread_open(group_id=secret.group_id, actor=here.ann, **talk)
    elsewhere = thread_open(group_id=there.coop_id, actor=there.ann, **talk)
    for thread_id in (thread.id, elsewhere.id, new_id()):
        refused(NotFound, "no_thread", asked, world=here, thread_id=thread_id)
    assert asked(here, actor=here.ann, thread_id=thread.id).thread_id == thread.id
