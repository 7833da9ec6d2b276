"""A co-op before it exists: what its founders write together until they open the founding vote.

None of this is in the public record, and nothing here is audited by leaves: a draft is edited,
argued about and thrown away. What is opened for the vote is copied onto the founding decision,
and from then on the decision alone counts. A draft carries the id that its co-op will have, so
its rows lie where the co-op's will.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commonpurse.record.models import CoopModel

WHY_MAX = 1_000
COMMENT_MAX = 2_000


class Draft(CoopModel):
    """What a co-op shall be: its name, its money, its manual; changed by who leads it.

    `version` counts every change of what would be opened, the founders too: who opens the vote
    names the version that they read. `steps` are the questions that were answered. `sponsor_name`
    is empty while nobody is chosen to hold the money.
    """

    name = models.CharField(max_length=80, blank=True)
    slug = models.SlugField(max_length=40, blank=True, db_index=False)
    template = models.CharField(max_length=40)
    sponsor_name = models.CharField(max_length=100, blank=True)
    changes = models.JSONField(default=dict)
    clauses = models.JSONField()
    has_trustees = models.BooleanField(default=True)
    steps = models.JSONField(default=list)
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    version = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id"], name="draft_once"),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | Q(discarded_at__isnull=True),
                name="draft_opened_or_discarded",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True) | ~Q(name="") & ~Q(slug=""),
                name="draft_opened_whole",
            ),
        )
        indexes = (models.Index(fields=["changed_at"], name="draft_by_age"),)


class DraftFounder(CoopModel):
    """Somebody who founds it: joined by their own hand, until they withdraw."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="founders")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "person"], name="draft_founder_once"),
        )


class DraftInvitation(CoopModel):
    """A way in for founders: for one address, or for the first `uses_max` who follow a link."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254, null=True)
    token_hash = models.CharField(max_length=64, db_index=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_max = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "token_hash"], name="draft_invitation_token_once"
            ),
            models.CheckConstraint(
                condition=Q(uses__lte=F("uses_max")), name="draft_invitation_used_up"
            ),
        )


class DraftChange(CoopModel):
    """One version of a draft: which part was what before, what it is now, and by whom."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=60)
    title = models.CharField(max_length=120, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    suggestion_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "number"], name="draft_change_once"),
        )


class Suggestion(CoopModel):
    """A founder's wish for one clause: other words, a new clause, or (with no text) none at all.

    `base_title` and `base_text` are the clause as it stood when the suggestion was made.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="suggestions")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    base_title = models.CharField(max_length=120, blank=True)
    base_text = models.TextField(blank=True)
    why = models.CharField(max_length=WHY_MAX, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(CoopModel.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | ~Q(state="open") & Q(settled_at__isnull=False),
                name="suggestion_settled_once",
            ),
        )
        indexes = (models.Index(fields=["coop_id", "state", "at"], name="suggestion_by_draft"),)


class SuggestionComment(CoopModel):
    """What a founder says about a suggestion."""

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    text = models.CharField(max_length=COMMENT_MAX)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = (models.Index(fields=["coop_id", "suggestion", "at"], name="suggestion_talk"),)
