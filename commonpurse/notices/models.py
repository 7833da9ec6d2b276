"""What waits to be told: mails in the outbox, notices in the inbox. None of it is in the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from commonpurse.record.models import CoopModel

SUBJECT_MAX = 200


class Mail(CoopModel):
    """A mail to one address, written in the transaction that makes it necessary.

    `code` is a sign-in code that the body carries. Once a mail is sent by SMTP its body and code
    are emptied; with no SMTP they stay for the demo's banner until they are forgotten.
    """

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=SUBJECT_MAX)
    body = models.TextField()
    code = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta(CoopModel.Meta):
        indexes = (
            models.Index(fields=["at"], name="mail_waiting", condition=Q(sent_at=None)),
            models.Index(fields=["to", "-at"], name="mail_by_address"),
        )


class Notice(CoopModel):
    """A line in somebody's inbox: what happened, and the page to look at.

    `key` says which fact it speaks of, so that telling twice is telling once.
    """

    class Kind(models.TextChoices):
        DECISION_OPENED = "decision_opened", "vote opened"
        DECISION_CLOSING = "decision_closing", "vote closing"
        DECISION_CLOSED = "decision_closed", "vote closed"
        OUTCOME = "outcome", "outcome"
        APPROVAL_WANTED = "approval_wanted", "approval wanted"
        PAYMENT_SETTLED = "payment_settled", "payment settled"
        PAYMENT_REFUSED = "payment_refused", "payment refused"
        DUES_CHARGED = "dues_charged", "dues charged"
        COMMENT = "comment", "comment"
        INVITATION = "invitation", "invitation"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=SUBJECT_MAX)
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "person", "key"], name="notice_once"),
        )
        indexes = (models.Index(fields=["person", "-at"], name="notice_by_person"),)
