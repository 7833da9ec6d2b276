"""The ledger's tables: books, accounts, entries, postings, holds and closed periods.

Amounts are signed minor units, debit positive. Entries and postings are written by one SQL
function (`ledger_post`) and judged by triggers (`migrations/0002_door.sql`); balances are written
by those triggers only. The application's role may read these three tables and nothing more.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from commonpurse.record.models import AuditedModel, CoopModel

POSTINGS_MAX = 300
"""An entry and its postings are one leaf, and a leaf has at most 60 kB."""

READ_ONLY = ("SELECT",)


class AccountKind(models.TextChoices):
    """What an account stands for; it says on which side the account grows."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class HoldEndKind(models.TextChoices):
    """How a hold ended."""

    SETTLED = "settled"
    RELEASED = "released"
    EXPIRED = "expired"


class Book(AuditedModel):
    """The books of one owner: a fund."""

    leaf_kind: ClassVar[str] = "book.opened"
    table: ClassVar[str] = "books"

    owner_id = models.UUIDField()
    name = models.CharField(max_length=100)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "owner_id"], name="book_once_per_owner"),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^[:cntrl:]]+$"), name="book_name_is_text"
            ),
        )


class Account(AuditedModel):
    """One account of a book. Kind, currency and floor are for life."""

    leaf_kind: ClassVar[str] = "account.opened"
    table: ClassVar[str] = "accounts"

    book = models.ForeignKey(Book, models.PROTECT, db_index=False)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    currency = models.CharField(max_length=3)
    floor_minor = models.BigIntegerField(null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "book", "code"], name="account_code_once_per_book"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9A-Za-z-]{0,19}$"), name="account_code_form"
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[^[:cntrl:]]+$"), name="account_name_is_text"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AccountKind.values), name="account_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="account_currency_form"
            ),
        )


class Balance(CoopModel):
    """Where an account stands now: the row that entries queue at. Its id is the account's."""

    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY

    balance_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)

    class Meta(CoopModel.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(held_minor__gte=0), name="balance_held_not_negative"
            ),
        )


class DayTotal(CoopModel):
    """What one day's entries changed an account by, for its balance at the end of any day.

    Written by a trigger beside the postings, so a picture of a year adds up days and not a
    million postings.
    """

    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY

    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    day = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "account", "day"], name="day_total_once"),
        )


class Entry(CoopModel):
    """One event of the books, with its postings: written whole, never changed."""

    append_only: ClassVar[bool] = True
    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY

    book = models.ForeignKey(Book, models.PROTECT, db_index=False)
    at = models.DateTimeField()
    booked_on = models.DateField()
    kind = models.CharField(max_length=40)
    memo = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField(max_length=32)
    reverses = models.ForeignKey("self", models.PROTECT, null=True, db_index=False)
    postings_count = models.SmallIntegerField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "book", "key"], name="entry_key_once"),
            models.UniqueConstraint(
                fields=["coop_id", "reverses"],
                condition=Q(reverses__isnull=False),
                name="entry_reversed_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__regex=r"^[a-z][a-z0-9_]{0,39}$"), name="entry_kind_form"
            ),
            models.CheckConstraint(
                condition=Q(memo__regex=r"^[^[:cntrl:]]+$"), name="entry_memo_is_text"
            ),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[^[:cntrl:]]+$"), name="entry_key_is_text"
            ),
            models.CheckConstraint(
                condition=Q(postings_count__range=(2, POSTINGS_MAX)), name="entry_postings_range"
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
                name="entry_not_its_own_reversal",
            ),
        )
        indexes = (
            models.Index(fields=["coop_id", "book", "booked_on", "id"], name="entry_by_day"),
        )


class Posting(models.Model):
    """One account's part in an entry, and where the account stood after it.

    Its key is the account's chain: the first posting of an account has version 1, the next 2.
    """

    append_only: ClassVar[bool] = True
    app_grants: ClassVar[tuple[str, ...]] = READ_ONLY

    pk = models.CompositePrimaryKey("coop_id", "account_id", "account_version")
    coop_id = models.UUIDField(editable=False)
    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    account_version = models.BigIntegerField()
    entry = models.ForeignKey(Entry, models.PROTECT, db_index=False, related_name="postings")
    amount_minor = models.BigIntegerField()
    balance_after = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "entry", "account"], name="posting_account_once_per_entry"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="posting_not_zero"),
            models.CheckConstraint(
                condition=Q(account_version__gte=1), name="posting_version_from_1"
            ),
        )


class Hold(AuditedModel):
    """Money set aside on an account for something that is about to happen."""

    leaf_kind: ClassVar[str] = "hold.reserved"
    table: ClassVar[str] = "holds"

    account = models.ForeignKey(Account, models.PROTECT, db_index=False)
    key = models.CharField(max_length=200)
    amount_minor = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "account", "key"], name="hold_key_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="hold_amount_positive"),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[^[:cntrl:]]+$"), name="hold_key_is_text"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("at")),
                name="hold_expires_later",
            ),
        )
        indexes = (
            models.Index(
                fields=["expires_at"], condition=Q(expires_at__isnull=False), name="hold_by_expiry"
            ),
        )


class HoldEnd(AuditedModel):
    """The end of a hold: settled by an entry, released, or expired."""

    leaf_kind: ClassVar[str] = "hold.ended"
    table: ClassVar[str] = "hold_ends"

    hold = models.ForeignKey(Hold, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=10, choices=HoldEndKind.choices)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, db_index=False)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "hold"], name="hold_ended_once"),
            models.CheckConstraint(
                condition=Q(kind__in=HoldEndKind.values), name="hold_end_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="settled", entry__isnull=False)
                | (~Q(kind="settled") & Q(entry__isnull=True)),
                name="hold_settled_has_entry",
            ),
        )


class PeriodClose(AuditedModel):
    """The books are closed through this day, for good."""

    leaf_kind: ClassVar[str] = "period.closed"
    table: ClassVar[str] = "period_closes"

    book = models.ForeignKey(Book, models.PROTECT, db_index=False)
    through = models.DateField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "book", "through"], name="period_closed_once"
            ),
        )
