"""Decisions and what came of them."""

from django.db import models

from commonpurse.record.models import AuditedModel


class Decision(AuditedModel):
    """A question with the rules that were in force when it opened."""

    leaf_kind = "decision.opened"
    table = "decisions"

    number = models.PositiveIntegerField()
    thread_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=12)
    question = models.CharField(max_length=200)
    details = models.TextField()
    effect = models.JSONField()
    rules = models.JSONField()
    manual_version = models.ForeignKey(
        "manual.ManualVersion", on_delete=models.PROTECT, null=True
    )
    proposer_member_id = models.UUIDField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    electorate_count = models.PositiveIntegerField()
    electorate_root = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="decision_number_once"),
        )


class Result(AuditedModel):
    """The verdict of a closed decision, with the counts that it was computed from."""

    leaf_kind = "decision.closed"
    table = "results"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT)
    verdict = models.CharField(max_length=12)
    counts = models.JSONField()
    electorate_count = models.PositiveIntegerField()
    ballots_root = models.CharField(max_length=64)
    reason = models.TextField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "decision"], name="result_once"),
        )
