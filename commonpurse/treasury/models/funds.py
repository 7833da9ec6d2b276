"""Who holds a co-op's money, where, and which members may release it."""

from django.db import models
from django.db.models import Q

from commonpurse.record.ids import new_id
from commonpurse.record.models import AuditedModel, CoopModel

NAME_MAX = 120
HOLDER_MAX = 70
"""A bank's file leaves 70 characters for the name of an account's holder."""


class Sponsor(models.Model):
    """The organisation that legally holds the money of one or many co-ops. A reference table."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=NAME_MAX, unique=True)
    created_at = models.DateTimeField()


class SponsorStaff(models.Model):
    """A person who acts for a sponsor: its bookkeeper, say. As a sponsor, a reference table.

    The row goes when the person no longer acts for it; who appointed and ended whom, and when,
    stands in the audit rows. No co-op's record names these people: a payment's authority is the
    trustees' signatures, and the sponsor carries it out whoever its bookkeeper is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="staff")
    person = models.ForeignKey("groups.Person", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sponsor", "person"], name="sponsor_staff_once"),
        )


class Fund(AuditedModel):
    """A co-op's money at a sponsor, in one currency, with a book in the ledger."""

    leaf_kind = "fund.opened"
    table = "funds"

    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT)
    name = models.CharField(max_length=NAME_MAX)
    currency = models.CharField(max_length=3)
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT)
    iban_mac = models.CharField(max_length=64, null=True)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "currency"], name="fund_currency_once"),
            models.UniqueConstraint(fields=["coop_id", "book"], name="fund_book_once"),
        )


class FundAccount(CoopModel):
    """The sponsor's bank account that holds a fund, under the fund's id. Private."""

    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=HOLDER_MAX)
    bic = models.CharField(max_length=11, blank=True)


class TrusteeSet(AuditedModel):
    """One version of who may release money, and how many of them it takes.

    A new set is a new version; the one with the highest number is in force, and approvals count
    only against the set that their payload names.
    """

    leaf_kind = "trustees.adopted"
    table = "trustee_sets"

    number = models.PositiveIntegerField()
    member_ids = models.JSONField()
    approvals_needed = models.PositiveSmallIntegerField()
    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT)

    class Meta(AuditedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="trustee_set_number_once"),
            models.UniqueConstraint(
                fields=["coop_id", "decision"], name="trustee_set_decision_once"
            ),
            models.CheckConstraint(
                condition=Q(approvals_needed__gte=1), name="trustee_set_needs_one"
            ),
        )
