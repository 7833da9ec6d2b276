"""Who may be paid, and into which account.

The name of an organisation is public: a decision that spends is. A member who is paid appears by
their public member id alone. Account numbers and holders are private: the record carries their
commitments under the payee's erasable key.
"""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import AuditedModel, CoopModel
from commonpurse.treasury.models.funds import HOLDER_MAX, NAME_MAX


class PayeeKind(models.TextChoices):
    """An organisation, or a member of the co-op."""

    ORGANISATION = "organisation", "organisation"
    MEMBER = "member", "member"


class Payee(AuditedModel):
    """Somebody whom the co-op may pay; `beneficial_owner` is the member who gains from it."""

    leaf_kind = "payee.added"
    table = "payees"

    kind = models.CharField(max_length=12, choices=PayeeKind.choices)
    name = models.CharField(max_length=NAME_MAX)
    beneficial_owner_member_id = models.UUIDField(null=True)
    added_by_member_id = models.UUIDField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=PayeeKind.ORGANISATION) & ~Q(name="")
                | Q(kind=PayeeKind.MEMBER, name="", beneficial_owner_member_id__isnull=False),
                name="payee_member_by_id",
            ),
        )


class PayeeAccount(AuditedModel):
    """One bank account of a payee, from when on it may be used, and who entered it."""

    leaf_kind = "payee.account_entered"
    table = "payee_accounts"

    payee = models.ForeignKey(Payee, on_delete=models.PROTECT)
    iban_mac = models.CharField(max_length=64)
    holder_mac = models.CharField(max_length=64)
    entered_by_member_id = models.UUIDField()
    usable_from = models.DateTimeField()

    class Meta(AuditedModel.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(usable_from__gte=models.F("at")), name="account_not_backdated"
            ),
        )
        indexes = (models.Index(fields=["coop_id", "payee", "at"], name="account_by_payee"),)


class PayeeAccountText(CoopModel):
    """The account's number and holder, under the account's id. Private, erasable."""

    iban = models.CharField(max_length=34)
    holder = models.CharField(max_length=HOLDER_MAX)
    bic = models.CharField(max_length=11, blank=True)


class PayeeIban(CoopModel):
    """Whose an account number is: one number, one payee. Private, erasable."""

    iban = models.CharField(max_length=34)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT)

    class Meta(CoopModel.Meta):
        constraints = (models.UniqueConstraint(fields=["coop_id", "iban"], name="payee_iban_once"),)
