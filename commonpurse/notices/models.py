"""What waits to be told: mails, notices, webhooks, feeds. None of it is in the record."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from commonpurse.record.models import CoopModel

SUBJECT_MAX = 200
URL_MAX = 500


class Mail(CoopModel):
    """A mail to one address, written in the transaction that makes it necessary.

    `code` is a sign-in code that the body carries. `html` says the same as the body, and
    `unsubscribe` is the address at which one may stop mails of this sort. Once a mail is sent by
    SMTP its words and code are emptied; with no SMTP they stay for the demo until they are
    forgotten.
    """

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=SUBJECT_MAX)
    body = models.TextField()
    html = models.TextField(blank=True)
    unsubscribe = models.CharField(max_length=300, blank=True)
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

    `key` says which fact it speaks of, so that telling twice is telling once. `subject` and `text`
    are English; `said` is what they were made of, so that each reads them in their own language.
    `post` is how it
    reaches the person by mail, fixed when it is told: at once, in the daily digest, or not at all;
    `sent` once that is done.
    """

    class Post(models.TextChoices):
        NOW = "now", "at once"
        DIGEST = "digest", "in the daily digest"
        NONE = "none", "not by mail"
        SENT = "sent", "sent"

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
        WEBHOOK_STOPPED = "webhook_stopped", "webhook stopped"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=SUBJECT_MAX)
    text = models.TextField(blank=True)
    said = models.JSONField(null=True)
    path = models.CharField(max_length=300)
    post = models.CharField(max_length=6, choices=Post.choices, default=Post.NONE)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "person", "key"], name="notice_once"),
        )
        indexes = (
            models.Index(fields=["person", "-at"], name="notice_by_person"),
            models.Index(fields=["coop_id", "key"], name="notice_by_fact"),
            models.Index(fields=["person"], name="notice_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["post", "coop_id", "person"],
                name="notice_to_post",
                condition=Q(post__in=("now", "digest")),
            ),
        )


class Preference(CoopModel):
    """How one person wants one kind of notice of one co-op by mail; no row: as the kind is born."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=20, choices=Notice.Kind.choices)
    post = models.CharField(max_length=6, choices=Notice.Post.choices)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "person", "kind"], name="preference_once"),
        )


class Digest(CoopModel):
    """A person got their digest on this day, whatever the co-op: there is no second one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    on = models.DateField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "person", "on"], name="digest_once"),
        )


class Webhook(CoopModel):
    """An address that wants to hear of public facts, and how far down the log it has heard.

    The secret must be known to sign with it, so it is kept sealed; nothing shows it again. While it
    is being changed the former one signs too.
    """

    name = models.CharField(max_length=80)
    url = models.CharField(max_length=URL_MAX)
    kinds = models.JSONField()
    secret = models.CharField(max_length=300)
    secret_former = models.CharField(max_length=300, blank=True)
    former_until = models.DateTimeField(null=True)
    cursor = models.BigIntegerField()
    made_by_member_id = models.UUIDField()
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        indexes = (
            models.Index(fields=["coop_id"], name="webhook_in_use", condition=Q(ended_at=None)),
        )


class Delivery(CoopModel):
    """One fact for one webhook: derived from the log, tried until it is taken or three days old."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        TAKEN = "taken", "delivered"
        FAILED = "failed", "not delivered"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, db_index=False)
    leaf_index = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "webhook", "leaf_index"], name="delivery_once"
            ),
        )
        indexes = (
            models.Index(fields=["webhook", "-leaf_index"], name="delivery_by_webhook"),
            models.Index(fields=["next_at"], name="delivery_waiting", condition=Q(state="waiting")),
        )


class FeedToken(CoopModel):
    """The end of a private feed's address: whoever has it reads what the person may read."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "token_hash"], name="feed_token_once"),
        )
        indexes = (models.Index(fields=["person", "coop_id"], name="feed_token_by_person"),)
