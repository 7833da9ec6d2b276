"""Threads and comments: what members say to each other before, during and after they decide.

Deliberation is private to the co-op, or to a group of it, so nothing here stands in the public
record: these are plain rows, which may be edited and discarded. What was said before an edit stays
readable as a revision. A question that is put to the vote is copied into its decision, which is
public and unchangeable.
"""

from django.db import models
from django.db.models import Q

from commonpurse.record.models import CoopModel

TITLE_MAX = 150
BODY_MAX = 20_000


class Thread(CoopModel):
    """A discussion of one group: a title, what it is about, and the comments below it."""

    group = models.ForeignKey("groups.Group", on_delete=models.PROTECT, related_name="threads")
    title = models.CharField(max_length=TITLE_MAX)
    body = models.TextField(blank=True)
    author_member_id = models.UUIDField()
    opened_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    is_pinned = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)

    class Meta(CoopModel.Meta):
        indexes = (
            models.Index(fields=["coop_id", "group", "-last_at", "-id"], name="thread_by_newest"),
            models.Index(fields=["coop_id", "-last_at", "-id"], name="thread_by_last"),
            models.Index(
                fields=["coop_id", "-last_at", "-id"],
                condition=models.Q(is_pinned=True),
                name="thread_pinned",
            ),
        )


class Comment(CoopModel):
    """Something said in a thread, or in reply to a comment of it. A reply has no replies."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    author_member_id = models.UUIDField()
    body = models.TextField(blank=True)
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    discarded_by_member_id = models.UUIDField(null=True)

    class Meta(CoopModel.Meta):
        indexes = (
            models.Index(fields=["coop_id", "thread", "at", "id"], name="comment_by_oldest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by_member_id__isnull=True)
                | Q(discarded_at__isnull=False, discarded_by_member_id__isnull=False),
                name="comment_discarded_by_somebody",
            ),
        )


class Revision(CoopModel):
    """What a thread or a comment said before an edit at `at`."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="revisions")
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="revisions"
    )
    title = models.CharField(max_length=TITLE_MAX, blank=True)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        indexes = (
            models.Index(fields=["coop_id", "thread", "comment", "at"], name="revision_by_subject"),
        )


class ReadMark(CoopModel):
    """Up to which instant a member has read a thread."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="marks")
    member_id = models.UUIDField()
    read_at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "thread", "member_id"], name="mark_once"),
        )


class Reaction(CoopModel):
    """A member's sign at a comment, where words would be too many."""

    class Kind(models.TextChoices):
        """The signs that there are."""

        THANKS = "thanks", "thanks"
        SUPPORT = "support", "support"
        QUESTION = "question", "question"
        WORRY = "worry", "worry"

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reactions")
    member_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "comment", "member_id", "kind"], name="reaction_once"
            ),
        )
