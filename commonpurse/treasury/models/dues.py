"""What members owe by plan: a sub-ledger under the fund's account for dues receivable.

A member's charges are rows of their own, a thousand of them are one batch: one ledger entry and
one leaf. The leaf carries the hash of the batch's rows, so a changed row contradicts the record.
"""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import AuditedModel, CoopModel
from commonpurse.treasury.models.funds import Fund

PERIOD_MAX = 7
"""A period is named by its first month: 2026-03."""
REFERENCE_MAX = 25


class DuesPlan(AuditedModel):
    """What every member owes from a day on, as the operating manual says."""

    leaf_kind = "dues.planned"
    table = "dues_plans"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    period_months = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    manual_version = models.ForeignKey("manual.ManualVersion", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "fund", "manual_version"], name="dues_plan_version_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="dues_plan_amount"),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=28, period_months__gte=1), name="dues_plan_day"
            ),
        )


class PayerReference(CoopModel):
    """What a member writes on a transfer: a number of their own inside an ISO 11649 reference."""

    append_only = True

    member_id = models.UUIDField()
    number = models.BigIntegerField()
    reference = models.CharField(max_length=REFERENCE_MAX)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "member_id"], name="payer_member_once"),
            models.UniqueConstraint(fields=["coop_id", "number"], name="payer_number_once"),
            models.UniqueConstraint(fields=["coop_id", "reference"], name="payer_reference_once"),
        )


class ChargeBatch(AuditedModel):
    """Up to a thousand charges of one period, booked by one entry.

    `rows_sha256` is the SHA-256 of the rows' canonical JSON lines, each with its line feed, in the
    order of their ids: exactly their lines in an export's `charges.jsonl`.
    """

    leaf_kind = "dues.charged"
    table = "charge_batches"

    plan = models.ForeignKey(DuesPlan, on_delete=models.PROTECT)
    period = models.CharField(max_length=PERIOD_MAX)
    due_on = models.DateField()
    count = models.PositiveIntegerField()
    total_minor = models.BigIntegerField()
    rows_sha256 = models.CharField(max_length=64)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "entry"], name="charge_batch_entry_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="charge_batch_not_empty"),
        )
        indexes = (models.Index(fields=["coop_id", "period"], name="charge_batch_by_period"),)


class Charge(CoopModel):
    """One period's claim on one member. Its leaf is its batch's."""

    append_only = True

    batch = models.ForeignKey(
        ChargeBatch, on_delete=models.PROTECT, related_name="charges", db_index=False
    )
    member_id = models.UUIDField()
    period = models.CharField(max_length=PERIOD_MAX)
    amount_minor = models.BigIntegerField()
    due_on = models.DateField()
    reference = models.CharField(max_length=REFERENCE_MAX)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "member_id", "period"], name="charge_period_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="charge_amount_positive"),
        )
