"""Authorities to spend: enacted from a passed result, or standing in the operating manual."""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import AuditedModel
from commonpurse.treasury.models.funds import Fund
from commonpurse.treasury.models.payees import Payee

PURPOSE_MAX = 400


class MandateKind(models.TextChoices):
    """A mandate comes from a decision or stands in the manual; from nothing else."""

    DECISION = "decision", "decision"
    STANDING = "standing", "standing"


class StandingKind(models.TextChoices):
    """What may flow without a new vote, within the bound that the manual sets for a month."""

    REFUND = "refund", "refund"
    SPONSOR_FEE = "sponsor_fee", "sponsor's fee"
    BANK_FEE = "bank_fee", "bank's fee"
    RETURNED_DEBIT = "returned_debit", "returned debit"
    ESCROW_RELEASE = "escrow_release", "escrow release"
    SHARE_WITHDRAWAL = "share_withdrawal", "share withdrawal"


class Mandate(AuditedModel):
    """An authority to spend up to `max_minor`: in all (decision) or in each month (standing).

    A mandate of a decision names who is paid. The exception covers a debit that the bank made and
    nothing explained: the money has left already, so it names the bank's line instead.
    """

    leaf_kind = "mandate.enacted"
    table = "mandates"

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=MandateKind.choices)
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, null=True)
    result = models.ForeignKey("decisions.Result", on_delete=models.PROTECT, null=True)
    manual_version = models.ForeignKey("manual.ManualVersion", on_delete=models.PROTECT, null=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, null=True)
    covers_line = models.ForeignKey(
        "treasury.BankLine", on_delete=models.PROTECT, null=True, related_name="mandates"
    )
    standing_kind = models.CharField(max_length=16, choices=StandingKind.choices, null=True)
    max_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=PURPOSE_MAX)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="mandate_number_once"),
            models.UniqueConstraint(fields=["coop_id", "result"], name="mandate_result_once"),
            models.UniqueConstraint(
                fields=["coop_id", "manual_version", "standing_kind"],
                name="mandate_standing_once",
            ),
            models.CheckConstraint(condition=Q(max_minor__gt=0), name="mandate_max_positive"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=models.F("valid_from")),
                name="mandate_ends_after_begin",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=MandateKind.DECISION,
                    decision__isnull=False,
                    result__isnull=False,
                    manual_version__isnull=True,
                    standing_kind__isnull=True,
                )
                & (
                    Q(payee__isnull=False, covers_line__isnull=True)
                    | Q(payee__isnull=True, covers_line__isnull=False)
                )
                | Q(
                    kind=MandateKind.STANDING,
                    decision__isnull=True,
                    result__isnull=True,
                    manual_version__isnull=False,
                    standing_kind__isnull=False,
                    payee__isnull=True,
                    covers_line__isnull=True,
                ),
                name="mandate_one_authority",
            ),
        )


class MandateEnd(AuditedModel):
    """A mandate that ended before its time: a later version of the manual took its place."""

    leaf_kind = "mandate.ended"
    table = "mandate_ends"

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="ends")
    manual_version = models.ForeignKey("manual.ManualVersion", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "mandate"], name="mandate_end_once"),
        )
