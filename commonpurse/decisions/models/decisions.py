"""Questions with rules, the ballots cast on them, and what came of it.

A decision is opened once, with everything that it runs under copied onto it. Nothing here is ever
edited: a changed mind is a further ballot, a result and an enactment are rows of their own.
"""

from django.db import models
from django.db.models import F, Q

from commonpurse.record.models import AuditedModel, CoopModel

QUESTION_MAX = 200
DETAILS_MAX = 20_000
REASON_MAX = 2_000
STATEMENT_MAX = 10_000


class Kind(models.TextChoices):
    """What a decision is about, which decides the rules that it runs under."""

    FOUNDING = "founding", "founding"
    STATEMENT = "statement", "statement"
    SPEND = "spend", "payment"
    TRUSTEES = "trustees", "trustees"
    AMENDMENT = "amendment", "amendment"
    COVER = "cover", "covering of a debit"


class Choice(models.TextChoices):
    """What a ballot says; `withdrawn` takes the earlier one back."""

    AGREE = "agree", "agree"
    ABSTAIN = "abstain", "abstain"
    DISAGREE = "disagree", "disagree"
    BLOCK = "block", "block"
    WITHDRAWN = "withdrawn", "withdrawn"


class Verdict(models.TextChoices):
    """What the rules make of the counts."""

    PASSED = "passed", "passed"
    FAILED = "failed", "failed"
    NO_QUORUM = "no_quorum", "no quorum"
    TIED = "tied", "tied"
    BLOCKED = "blocked", "blocked"


class Decision(AuditedModel):
    """A question with the rules that were in force when it opened."""

    leaf_kind = "decision.opened"
    table = "decisions"

    number = models.PositiveIntegerField()
    thread_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    question = models.CharField(max_length=QUESTION_MAX)
    details = models.TextField()
    effect = models.JSONField()
    rules = models.JSONField()
    manual_version = models.ForeignKey("manual.ManualVersion", on_delete=models.PROTECT, null=True)
    proposer_member_id = models.UUIDField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    electorate_count = models.PositiveIntegerField()
    electorate_root = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="decision_number_once"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="decision_closes_after_opening"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.FOUNDING) ^ Q(manual_version__isnull=False),
                name="decision_under_a_manual",
            ),
        )


class Ballot(AuditedModel):
    """One member's recorded choice. The latest counts; a trigger cuts off at closing."""

    leaf_kind = "ballot.cast"
    table = "ballots"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="ballots")
    pseudonym = models.CharField(max_length=16)
    choice = models.CharField(max_length=9, choices=Choice.choices)
    reason_mac = models.CharField(max_length=64, null=True)
    voter_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        indexes = (
            models.Index(
                fields=["coop_id", "decision", "voter_member_id", "at", "id"],
                name="ballot_by_voter",
            ),
        )


class BallotReason(CoopModel):
    """Why somebody voted so. Its id is the ballot's; erasing a person deletes it."""

    text = models.TextField()


class Result(AuditedModel):
    """The verdict of a closed decision, with the counts that it was computed from."""

    leaf_kind = "decision.closed"
    table = "results"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="results")
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    counts = models.JSONField()
    electorate_count = models.PositiveIntegerField()
    ballots_root = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["coop_id", "decision"], name="result_once"),)


class Outcome(AuditedModel):
    """What a person writes about a result. The latest counts."""

    leaf_kind = "decision.outcome"
    table = "outcomes"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="outcomes")
    author_member_id = models.UUIDField()
    statement = models.TextField()


class Enactment(AuditedModel):
    """A passed result put into force: what was made of it. Once per result."""

    leaf_kind = "decision.enacted"
    table = "enactments"

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="enactments")
    kind = models.CharField(max_length=12)
    subject_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "result"], name="enactment_once"),
        )


class EnactmentFailure(CoopModel):
    """Why a passed result is not in force yet. Its id is the result's; gone once it is."""

    error = models.TextField()
    tries = models.PositiveIntegerField()
    at = models.DateTimeField()
