"""What the bank says happened, and how each of its lines is booked.

A line is booked once, and a line that is not understood is booked too: money in to unallocated
receipts, money out to suspense. What it turns out to be later is a row of its own. So the books
always hold what the bank holds.
"""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import AuditedModel, CoopModel
from commonpurse.treasury.models.dues import REFERENCE_MAX
from commonpurse.treasury.models.funds import Fund
from commonpurse.treasury.models.mandates import Mandate

TEXT_MAX = 500


class ReceiptMethod(models.TextChoices):
    """How money came in, which says how long it may be taken back."""

    TRANSFER = "transfer", "transfer"
    DEBIT = "debit", "direct debit"
    CARD = "card", "card payment"


class BookingKind(models.TextChoices):
    """What a line was taken for when it arrived."""

    DUES = "dues", "dues"
    UNALLOCATED = "unallocated", "not allocated yet"
    SETTLEMENT = "settlement", "payment of an order"
    RETURN = "return", "a member's payment came back"
    REVERSAL = "reversal", "our payment came back"
    FEE = "fee", "bank's fee"
    SUSPENSE = "suspense", "not explained yet"


MONEY_IN = (BookingKind.DUES, BookingKind.UNALLOCATED)
WITH_MANDATE = (
    BookingKind.SETTLEMENT,
    BookingKind.RETURN,
    BookingKind.REVERSAL,
    BookingKind.FEE,
)
OF_ORDER = (BookingKind.SETTLEMENT, BookingKind.REVERSAL)


class AssignmentKind(models.TextChoices):
    """What a treasurer found an unallocated receipt to be."""

    DUES = "dues", "a member's dues"
    GRANT = "grant", "a grant"
    REFUND = "refund", "a supplier's refund"


class CoverKind(models.TextChoices):
    """What took a debit out of suspense."""

    DECISION = "decision", "a decision covers it"
    SETTLEMENT = "settlement", "it paid an order"


class BankStatement(AuditedModel):
    """One statement of a bank's file, as it was imported.

    `reason_mac` is there exactly when it did not reconcile, a balance was missing or it did not
    go on from where the books stand, and a treasurer gave a written reason to import it still.
    """

    leaf_kind = "bank.imported"
    table = "bank_statements"

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT)
    file_sha256 = models.CharField(max_length=64)
    ordinal = models.PositiveIntegerField()
    format = models.CharField(max_length=20)
    iban_mac = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    balanced = models.BooleanField(null=True)
    entries_count = models.PositiveIntegerField()
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    reason_mac = models.CharField(max_length=64, null=True)
    imported_by_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "fund", "file_sha256", "ordinal"], name="statement_once"
            ),
            models.CheckConstraint(
                # A CHECK lets pass what is NULL, so that nothing is known must be said apart.
                condition=Q(balanced__isnull=False, balanced=True) | Q(reason_mac__isnull=False),
                name="statement_reconciles_or_reason",
            ),
        )
        indexes = (models.Index(fields=["coop_id", "fund", "at"], name="statement_by_fund"),)


class BankStatementText(CoopModel):
    """A statement's name at the bank, its file's name and the treasurer's reason. Private."""

    statement_ref = models.CharField(max_length=140)
    filename = models.CharField(max_length=255)
    reason = models.CharField(max_length=1_000)


class BankLine(AuditedModel):
    """One movement on the fund's bank account. Money in is positive.

    `line_key` is the same for the same movement in overlapping statements, so it is booked once.
    Who paid and what they wrote is private: `text_mac` commits to it under a secret of its own.
    """

    leaf_kind = "bank.line"
    table = "bank_lines"

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    ordinal = models.PositiveIntegerField()
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()
    line_key = models.CharField(max_length=64)
    reference = models.CharField(max_length=REFERENCE_MAX, null=True)
    return_reason = models.CharField(max_length=35, null=True)
    method = models.CharField(max_length=8, choices=ReceiptMethod.choices)
    clears_on = models.DateField()
    text_mac = models.CharField(max_length=64)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "line_key"], name="line_once"),
            models.UniqueConstraint(
                fields=["coop_id", "statement", "ordinal"], name="line_ordinal_once"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="line_moves_money"),
        )
        indexes = (models.Index(fields=["coop_id", "clears_on"], name="line_by_clearing"),)


class BankLineText(CoopModel):
    """Who is on the other side of a line and what they wrote, under the line's id. Erasable."""

    counterparty = models.CharField(max_length=TEXT_MAX)
    iban = models.CharField(max_length=40)
    remittance = models.CharField(max_length=TEXT_MAX)
    end_to_end_id = models.CharField(max_length=TEXT_MAX)
    bank_ref = models.CharField(max_length=TEXT_MAX)
    salt = models.CharField(max_length=64)


class LineBooking(AuditedModel):
    """How a line stands in the books. Every debit names the mandate it was made under, except
    one that nothing explains: that one stands in suspense for everybody to see.
    """

    leaf_kind = "bank.booked"
    table = "line_bookings"

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="bookings")
    kind = models.CharField(max_length=12, choices=BookingKind.choices)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True)
    order_id = models.UUIDField(null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "line"], name="booking_once"),
            models.CheckConstraint(
                condition=Q(kind__in=WITH_MANDATE, mandate__isnull=False)
                | Q(kind__in=(*MONEY_IN, BookingKind.SUSPENSE), mandate__isnull=True),
                name="booking_debit_has_mandate",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_ORDER, order_id__isnull=False)
                | (~Q(kind__in=OF_ORDER) & Q(order_id__isnull=True)),
                name="booking_settlement_has_order",
            ),
        )
        indexes = (
            models.Index(
                fields=["coop_id", "kind"],
                condition=Q(kind__in=("unallocated", "suspense")),
                name="booking_not_explained",
            ),
        )


class LineTotal(CoopModel):
    """What the lines of one day brought a fund, or took from it, by what they are taken for now.

    Written by triggers beside bookings, assignments and covers (`migrations/0007_line_totals.sql`),
    so that a picture of a year adds up days and not every line of the bank.
    """

    app_grants = ("SELECT",)

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=12)
    is_in = models.BooleanField()
    amount_minor = models.BigIntegerField()
    lines_count = models.IntegerField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "fund", "day", "kind", "is_in"], name="line_total_once"
            ),
        )


class LineAssignment(AuditedModel):
    """What an unallocated receipt turned out to be."""

    leaf_kind = "bank.assigned"
    table = "line_assignments"

    booking = models.ForeignKey(LineBooking, on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=12, choices=AssignmentKind.choices)
    member_id = models.UUIDField(null=True)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)
    assigned_by_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "booking"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(kind=AssignmentKind.DUES, member_id__isnull=False)
                | (~Q(kind=AssignmentKind.DUES) & Q(member_id__isnull=True)),
                name="assignment_dues_has_member",
            ),
        )


class SuspenseCover(AuditedModel):
    """What took a debit out of suspense: a decision's mandate, or the order that it had paid."""

    leaf_kind = "bank.covered"
    table = "suspense_covers"

    booking = models.ForeignKey(LineBooking, on_delete=models.PROTECT, related_name="covers")
    kind = models.CharField(max_length=12, choices=CoverKind.choices)
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT)
    order_id = models.UUIDField(null=True)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "booking"], name="cover_once"),
            models.CheckConstraint(
                condition=Q(kind=CoverKind.SETTLEMENT, order_id__isnull=False)
                | Q(kind=CoverKind.DECISION, order_id__isnull=True),
                name="cover_settlement_has_order",
            ),
        )


class PaymentReceived(AuditedModel):
    """Money that a member paid on what they owe; more than that stays as their credit."""

    leaf_kind = "payment.received"
    table = "payments_received"

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="payments")
    member_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=8, choices=ReceiptMethod.choices)
    received_on = models.DateField()
    clears_on = models.DateField()
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "line"], name="payment_line_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_positive"),
        )
        indexes = (
            models.Index(fields=["coop_id", "member_id", "received_on"], name="payment_by_member"),
        )


class PaymentReturned(AuditedModel):
    """A member's payment that their bank took back: the member owes it again."""

    leaf_kind = "payment.returned"
    table = "payments_returned"

    payment = models.ForeignKey(PaymentReceived, on_delete=models.PROTECT, related_name="returns")
    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="returns")
    amount_minor = models.BigIntegerField()
    returned_on = models.DateField()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "payment"], name="return_payment_once"),
            models.UniqueConstraint(fields=["coop_id", "line"], name="return_line_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="return_positive"),
        )
