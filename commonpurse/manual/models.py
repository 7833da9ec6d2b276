"""The versions of a co-op's operating manual. A new version is a new row; none is ever edited."""

from django.db import models

from commonpurse.record.models import AuditedModel


class ManualVersion(AuditedModel):
    """The constitution of a co-op as one decision adopted it: typed parameters and prose clauses.

    `decision_id` is the decision that adopted it; it is empty only when a version was adopted
    outside of one, which founding never does.
    """

    leaf_kind = "manual.adopted"
    table = "manual_versions"

    number = models.PositiveIntegerField()
    template = models.CharField(max_length=40)
    parameters = models.JSONField()
    clauses = models.JSONField()
    decision_id = models.UUIDField(null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="manual_number_once"),
        )
