"""Votes, closings and enactments that meet: a ballot is counted or refused, never lost."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction

from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import ballot_list, decision_by_id, decisions_due
from commonpurse.decisions.services import ballot_cast, decision_close, decision_open
from commonpurse.errors import PurseError
from commonpurse.groups.selectors import Member
from commonpurse.groups.services import member_add, member_leave
from commonpurse.manual.selectors import manual_list
from commonpurse.proof.merkle import root_of_texts
from commonpurse.record.ids import new_id
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from tests.conftest import OwnDatabase
from tests.decisions.drafting import begun
from tests.decisions.founding_world import HOUR, FoundedWorld, asked, founded
from tests.world import person

pytestmark = pytest.mark.usefixtures("own_database")

PATIENCE_SECONDS = 60
TICK = timedelta(microseconds=1)
ROUNDS = 5
STRAY = """
    INSERT INTO decisions_ballot
        (id, coop_id, at, decision_id, pseudonym, choice, voter_member_id)
    VALUES (%s, %s, %s, %s, 'ffffffffffffffff', 'agree', %s)
"""


def race(*deeds: Callable[[], object]) -> Counter[str]:
    """Do all at once, each on a connection of its own; how often each answer was given."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            connections["default"].ensure_connection()
            gate.wait(PATIENCE_SECONDS)
            deed()
        except PurseError as refusal:
            return refusal.code
        else:
            return "done"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(run, deeds))


def voting(
    decision_id: UUID, member: Member, *, choice: str = "agree", **facts: object
) -> Callable[[], object]:
    return partial(ballot_cast, decision_id=decision_id, choice=choice, actor=member, **facts)  # type: ignore[arg-type]


def closing(decision_id: UUID, **facts: object) -> Callable[[], object]:
    return partial(decision_close, decision_id=decision_id, actor=SYSTEM, **facts)  # type: ignore[arg-type]


def check_counted(decision_id: UUID) -> int:
    """Every ballot that stands in the database is in the result; how many they are."""
    shown = decision_by_id(decision_id)
    assert shown.result is not None
    ids = sorted(str(ballot.id) for ballot in ballot_list(decision_id))
    assert sum(shown.result.counts.values()) == len(ids)
    assert shown.result.ballots_root == root_of_texts(ids)
    return len(ids)


def test_a_vote_that_meets_the_closing_is_counted_or_refused() -> None:
    world = founded()
    for _ in range(ROUNDS):
        decision = asked(world)
        last = decision.closes_at - TICK
        answers = race(
            *(voting(decision.id, member, at=last) for member in world.members),
            closing(decision.id, at=decision.closes_at),
        )
        assert answers["done"] + answers["vote_closed"] == len(world.members) + 1
        assert check_counted(decision.id) == answers["done"] - 1


def stray_ballot(world: FoundedWorld, decision_id: UUID) -> None:
    """A ballot written by somebody who does not queue at the decision."""
    last = decision_by_id(decision_id).closes_at - TICK
    with connections["default"].cursor() as cursor:
        cursor.execute(STRAY, [new_id(), world.coop_id, last, decision_id, world.ann.member_id])


def test_without_queueing_a_vote_slips_past_the_count() -> None:
    """The positive control: the hole is there, and the check above sees it."""
    world = founded()
    decision = asked(world)
    with transaction.atomic():
        decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
        assert race(partial(stray_ballot, world, decision.id)) == {"done": 1}
    with pytest.raises(AssertionError):
        check_counted(decision.id)


def test_a_vote_waits_for_a_closing_that_is_under_way_and_is_refused() -> None:
    world = founded()
    decision = asked(world)
    last = decision.closes_at - TICK
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
            late = pool.submit(race, voting(decision.id, world.ann, at=last))
            with pytest.raises(TimeoutError):
                late.result(timeout=0.5)
        assert late.result(timeout=PATIENCE_SECONDS) == {"vote_closed": 1}
    assert check_counted(decision.id) == 0


def test_votes_do_not_wait_for_each_other() -> None:
    world = founded()
    decision = asked(world)
    with transaction.atomic():
        voting(decision.id, world.ann, at=world.at + HOUR)()
        assert race(voting(decision.id, world.bo, at=world.at + HOUR)) == {"done": 1}
    assert decision_by_id(decision.id).tally.cast == 2


def test_four_closings_at_once_make_one_result() -> None:
    world = founded()
    decision = asked(world)
    voting(decision.id, world.ann, at=world.at + HOUR)()
    assert race(*[closing(decision.id, at=decision.closes_at)] * 4) == {"done": 4}
    assert check_counted(decision.id) == 1
    assert decisions_due(at=decision.closes_at) == ()


def test_the_last_voters_at_once_close_the_vote_once_with_all_of_them() -> None:
    world = founded(is_early_close_allowed=True)
    for _ in range(ROUNDS):
        decision = asked(world)
        answers = race(
            *(
                voting(decision.id, member, at=world.at + HOUR - place * TICK)
                for place, member in enumerate(world.members)
            )
        )
        assert answers == {"done": 4}
        assert check_counted(decision.id) == 4
        result = decision_by_id(decision.id).result
        assert result is not None
        assert result.at >= max(ballot.at for ballot in ballot_list(decision.id))


def test_one_voter_in_four_windows_has_one_vote() -> None:
    world = founded()
    decision = asked(world)
    choices = ("agree", "disagree", "abstain", "agree")
    deeds = [voting(decision.id, world.ann, choice=one, at=world.at + HOUR) for one in choices]
    assert race(*deeds) == {"done": 4}
    assert decision_by_id(decision.id).tally.cast == 1


def test_four_enactments_at_once_are_one() -> None:
    world = founded()
    decision = asked(
        world,
        kind="amendment",
        effect={"kind": "amend", "parameters": {"threshold": "1/2"}, "clauses": []},
    )
    for member in world.members:
        voting(decision.id, member, at=world.at + HOUR)()
    result = decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
    deed = partial(enact, coop_id=world.coop_id, result_id=result.id, at=decision.closes_at + HOUR)
    assert race(*[deed] * 4) == {"done": 4}
    assert [item.number for item in manual_list(world.coop_id)] == [2, 1]


def test_eight_openings_at_once_are_numbered_without_a_gap() -> None:
    world = founded()
    deeds = [
        partial(
            decision_open,
            actor=member,
            kind="statement",
            question="And now?",
            details="",
            effect={"kind": "none"},
            closes_at=world.at + 48 * HOUR,
            at=world.at,
        )
        for member in world.members * 2
    ]
    assert race(*deeds) == {"done": 8}
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM decisions_decision ORDER BY number")
        assert [number for (number,) in cursor] == list(range(1, 10))


def test_eight_drafts_at_once_are_five() -> None:
    with transaction.atomic():
        ann = person("Ann")
    assert race(*[partial(begun, ann)] * 8) == {"done": 5, "drafts_many": 3}


def test_nobody_joins_or_leaves_before_a_vote_that_has_opened() -> None:
    world = founded()
    asked(world)
    early = person("Early")
    with pytest.raises(IntegrityError, match="electorate is fixed"):
        member_add(coop_id=world.coop_id, person_id=early.person_id, actor=world.ann, at=world.at)
    with pytest.raises(IntegrityError, match="electorate is fixed"):
        member_leave(member=world.cy, at=world.at)
    member_leave(member=world.cy, at=world.at + TICK)


@pytest.mark.parametrize("role", ["app", "owner"])
def test_no_role_casts_a_ballot_outside_of_its_vote(own_database: OwnDatabase, role: str) -> None:
    world = founded()
    decision = asked(world)
    with psycopg.connect(own_database.dsn(role), autocommit=True) as session:

        def cast(at: object) -> None:
            session.execute(STRAY, [new_id(), world.coop_id, at, decision.id, world.ann.member_id])

        for at in (decision.opens_at - TICK, decision.closes_at):
            with pytest.raises(psycopg.errors.CheckViolation):
                cast(at)
        cast(decision.closes_at - TICK)
        decision_close(decision_id=decision.id, actor=SYSTEM, at=decision.closes_at)
        with pytest.raises(psycopg.errors.CheckViolation):
            cast(decision.closes_at - TICK)
        with pytest.raises(psycopg.Error):
            session.execute("UPDATE decisions_ballot SET choice = 'block'")
        with pytest.raises(psycopg.Error):
            session.execute("DELETE FROM decisions_ballot")
        with pytest.raises(psycopg.Error):
            session.execute("UPDATE decisions_result SET verdict = 'passed'")


def test_no_ballot_comes_from_the_future_or_from_another_co_op(own_database: OwnDatabase) -> None:
    world = founded()
    now = database_now()
    decision = asked(world, at=now)
    with psycopg.connect(own_database.dsn("owner"), autocommit=True) as session:
        for coop_id, at in ((world.coop_id, now + timedelta(hours=1)), (new_id(), now)):
            with pytest.raises(psycopg.errors.CheckViolation):
                session.execute(STRAY, [new_id(), coop_id, at, decision.id, world.ann.member_id])
        session.execute(STRAY, [new_id(), world.coop_id, now, decision.id, world.ann.member_id])
