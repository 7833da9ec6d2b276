"""From a wish to pay to money that left: requests, approvals, orders, settlements.

Nothing is edited. An edited request is a new version, which no approval of an earlier one covers;
an ended request, a failed order and a payment that came back are rows of their own.
"""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import AuditedModel, CoopModel
from commonpurse.treasury.models.funds import Fund, TrusteeSet
from commonpurse.treasury.models.mandates import Mandate
from commonpurse.treasury.models.payees import Payee, PayeeAccount

PURPOSE_MAX = 100
"""A bank's file leaves 140 characters for the purpose; the payload code stands there too."""
REASON_MAX = 1_000


class PaymentRequest(AuditedModel):
    """A member's wish to pay somebody under a mandate."""

    leaf_kind = "payment.requested"
    table = "payment_requests"

    number = models.PositiveIntegerField()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT)
    requester_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="request_number_once"),
        )


class RequestKey(CoopModel):
    """The caller's key of a request: the same again gives the same request."""

    append_only = True

    member_id = models.UUIDField()
    key = models.CharField(max_length=100)
    body_sha256 = models.CharField(max_length=64)
    request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "member_id", "key"], name="request_key_once"
            ),
        )


class RequestVersion(AuditedModel):
    """The exact payload that trustees sign, its hash, and the short code of the hash."""

    leaf_kind = "payment.payload"
    table = "request_versions"

    request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT)
    payee_account = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    purpose = models.CharField(max_length=PURPOSE_MAX)
    nonce = models.CharField(max_length=32)
    expires_at = models.DateTimeField()
    trustee_set = models.ForeignKey(TrusteeSet, on_delete=models.PROTECT)
    payload_hash = models.CharField(max_length=64)
    code = models.CharField(max_length=9)
    edited_by_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "request", "version"], name="version_number_once"
            ),
            models.UniqueConstraint(fields=["coop_id", "nonce"], name="version_nonce_once"),
            models.UniqueConstraint(fields=["coop_id", "payload_hash"], name="version_hash_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="version_amount_positive"),
        )
        indexes = (models.Index(fields=["coop_id", "expires_at"], name="version_by_expiry"),)


class Approval(AuditedModel):
    """One trustee's signature over one exact payload."""

    leaf_kind = "payment.approved"
    table = "approvals"

    version = models.ForeignKey(RequestVersion, on_delete=models.PROTECT, related_name="approvals")
    trustee_member_id = models.UUIDField()
    payload_hash = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "version", "trustee_member_id"], name="approval_once"
            ),
        )


class EndKind(models.TextChoices):
    """How a request ends without a payment."""

    WITHDRAWN = "withdrawn", "withdrawn"
    REFUSED = "refused", "refused"
    EXPIRED = "expired", "expired"


class RequestEnd(AuditedModel):
    """The end of a request that will not be paid. The reason is private, its commitment is not."""

    leaf_kind = "payment.ended"
    table = "request_ends"

    request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="ends")
    kind = models.CharField(max_length=9, choices=EndKind.choices)
    by_member_id = models.UUIDField(null=True)
    reason_mac = models.CharField(max_length=64, null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "request"], name="request_end_once"),
            models.CheckConstraint(
                condition=Q(kind=EndKind.EXPIRED, by_member_id__isnull=True)
                | ~Q(kind=EndKind.EXPIRED) & Q(by_member_id__isnull=False),
                name="request_end_by",
            ),
        )


class PrivateText(CoopModel):
    """A private sentence about a payment (a reason, a proof), under the id of its row. Erasable."""

    text = models.CharField(max_length=REASON_MAX)


class PaymentOrder(AuditedModel):
    """The instruction to the sponsor, prepared once enough trustees signed the same payload."""

    leaf_kind = "payment.ordered"
    table = "payment_orders"

    version = models.ForeignKey(RequestVersion, on_delete=models.PROTECT, related_name="orders")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    end_to_end_id = models.CharField(max_length=35)
    amount_minor = models.BigIntegerField()
    hold = models.ForeignKey("ledger.Hold", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "version"], name="order_version_once"),
            models.UniqueConstraint(fields=["coop_id", "end_to_end_id"], name="order_end_to_end"),
            models.UniqueConstraint(fields=["coop_id", "hold"], name="order_hold_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="order_amount_positive"),
        )


class OrderFile(AuditedModel):
    """A payment file for the sponsor's bank. Its bytes are private; their commitment is public."""

    leaf_kind = "orders.exported"
    table = "order_files"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    message_id = models.CharField(max_length=35)
    order_ids = models.JSONField()
    file_mac = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "message_id"], name="order_file_message"),
        )


class OrderFileBody(CoopModel):
    """The bytes of a payment file, under the file's id: exported again, it is the same file."""

    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()


class OrderInFile(CoopModel):
    """Which file an order went out in: one order, one file."""

    append_only = True

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(OrderFile, on_delete=models.PROTECT, related_name="orders")

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "order"], name="order_in_one_file"),
        )


class OrderByHand(AuditedModel):
    """An order that the sponsor typed into the bank itself, with a private proof of it."""

    leaf_kind = "orders.by_hand"
    table = "orders_by_hand"

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="by_hand")
    proof_mac = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "order"], name="order_by_hand_once"),
        )


class OrderFailure(AuditedModel):
    """An order that the bank did not carry out: what it held is free again."""

    leaf_kind = "payment.failed"
    table = "order_failures"

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="failures")
    reason_mac = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "order"], name="order_failure_once"),
        )


class Settlement(AuditedModel):
    """Money left: the bank's line or the sponsor's proof, and the entry that books it."""

    leaf_kind = "payment.settled"
    table = "settlements"

    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="settlements")
    bank_line = models.ForeignKey(
        "treasury.BankLine", on_delete=models.PROTECT, null=True, related_name="settlements"
    )
    proof_mac = models.CharField(max_length=64, null=True)
    booked_on = models.DateField()
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "order"], name="settlement_once"),
            models.UniqueConstraint(fields=["coop_id", "entry"], name="settlement_entry_once"),
            models.UniqueConstraint(fields=["coop_id", "bank_line"], name="settlement_line_once"),
            models.CheckConstraint(
                condition=Q(bank_line__isnull=False, proof_mac__isnull=True)
                | Q(bank_line__isnull=True, proof_mac__isnull=False),
                name="settlement_has_evidence",
            ),
        )
        indexes = (models.Index(fields=["coop_id", "booked_on", "id"], name="settlement_by_day"),)


class PaymentReversal(AuditedModel):
    """A payment whose money came back: the entry that reverses it, once."""

    leaf_kind = "payment.reversed"
    table = "payment_reversals"

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="reversals")
    bank_line = models.ForeignKey(
        "treasury.BankLine", on_delete=models.PROTECT, null=True, related_name="reversals"
    )
    booked_on = models.DateField()
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "settlement"], name="reversal_once"),
            models.UniqueConstraint(fields=["coop_id", "entry"], name="reversal_entry_once"),
            models.UniqueConstraint(fields=["coop_id", "bank_line"], name="reversal_line_once"),
        )
