"""Reads of ballots: each voter's latest is the one that counts."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from commonpurse.decisions.models import Ballot, BallotReason, Choice
from commonpurse.decisions.values import BallotView
from commonpurse.rules.proposals import CHOICES

COUNTS_SQL = """(
    SELECT jsonb_object_agg(choice, votes) FROM (
        SELECT choice, count(*) AS votes FROM (
            SELECT DISTINCT ON (pseudonym) choice FROM decisions_ballot b
            WHERE b.coop_id = decisions_decision.coop_id AND b.decision_id = decisions_decision.id
            ORDER BY pseudonym, at DESC, id DESC
        ) latest
        WHERE choice <> 'withdrawn' GROUP BY choice
    ) counted
)"""
"""How many of each choice count at present, beside the row of a decision; null without any."""
COUNTED_SQL = """
    SELECT id FROM (
        SELECT DISTINCT ON (pseudonym) id, choice
        FROM decisions_ballot WHERE decision_id = %s
        ORDER BY pseudonym, at DESC, id DESC
    ) latest
    WHERE choice <> 'withdrawn' ORDER BY id
"""


def counts_sql() -> RawSQL:
    """How many of each choice count, as a column of a query of decisions."""
    return RawSQL(COUNTS_SQL, [], output_field=JSONField())  # noqa: S611  (our own text)


def counts_whole(found: dict[str, int] | None) -> dict[str, int]:
    """The counts with a nought for each choice that nobody made."""
    return dict.fromkeys(CHOICES, 0) | (found or {})


def counted_ballot_ids(decision_id: UUID) -> tuple[UUID, ...]:
    """The ids of the ballots that count, sorted."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_SQL, [decision_id])
        return tuple(row[0] for row in cursor)


def voters_of(decision_id: UUID) -> frozenset[UUID]:
    """The members whose ballot counts at present: to remind the others, never shown."""
    latest = (
        Ballot.objects.filter(decision_id=decision_id)
        .order_by("voter_member_id", "-at", "-id")
        .distinct("voter_member_id")
        .values_list("voter_member_id", "choice")
    )
    return frozenset(member_id for member_id, choice in latest if choice != Choice.WITHDRAWN)


def ballot_list(decision_id: UUID) -> tuple[BallotView, ...]:
    """Each voter's latest ballot, newest first; withdrawn ones are left out."""
    rows = (
        Ballot.objects.filter(decision_id=decision_id)
        .order_by("voter_member_id", "-at", "-id")
        .distinct("voter_member_id")
    )
    shown = [row for row in rows if row.choice != Choice.WITHDRAWN]
    return ballot_views(sorted(shown, key=lambda row: (row.at, row.id), reverse=True))


def ballots_of(*, decision_id: UUID, member_id: UUID) -> tuple[BallotView, ...]:
    """Every ballot that one member cast on a decision, newest first: their receipts."""
    rows = Ballot.objects.filter(decision_id=decision_id, voter_member_id=member_id)
    return ballot_views(rows.order_by("-at", "-id"))


def my_ballot(*, decision_id: UUID, member_id: UUID) -> BallotView | None:
    """The member's ballot that counts, if one does."""
    mine = ballots_of(decision_id=decision_id, member_id=member_id)
    return mine[0] if mine and mine[0].choice != Choice.WITHDRAWN else None


def ballot_views(rows: Iterable[Ballot]) -> tuple[BallotView, ...]:
    """Frozen ballots with their reasons."""
    found = list(rows)
    reasons = dict(
        BallotReason.objects.filter(id__in=[row.id for row in found]).values_list("id", "text")
    )
    return tuple(
        BallotView(
            id=row.id,
            decision_id=row.decision_id,
            voter_member_id=row.voter_member_id,
            pseudonym=row.pseudonym,
            choice=row.choice,
            reason=reasons.get(row.id, ""),
            at=row.at,
        )
        for row in found
    )
