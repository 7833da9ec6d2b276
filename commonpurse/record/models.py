"""The public record's tables, and the one base class of every audited table.

An audited table is append-only, and each of its rows has exactly one leaf: the leaf carries the
row's id, its instant and every column that is not listed with a reason in `record/unaudited.py`.
What changes over time is therefore a new row, never an edited one, and whoever edits a row behind
the product's back contradicts the leaf that the signed tree holds.
"""

from typing import ClassVar

from django.db import models

from commonpurse.record.ids import new_id


class CoopModel(models.Model):
    """A row that belongs to one co-op: a time-ordered id and the co-op's id, set at birth."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    coop_id = models.UUIDField(editable=False, db_index=False)

    class Meta:
        abstract = True


class AuditedModel(CoopModel):
    """A row that is written once and stands in the public record as one leaf.

    `leaf_kind` names the leaf, in the words of the glossary: `payment.approved`.
    `table` is the name of the file of such rows in an export: `approvals`.
    """

    leaf_kind: ClassVar[str]
    table: ClassVar[str]

    at = models.DateTimeField()

    class Meta:
        abstract = True


class Leaf(CoopModel):
    """One public fact. Its id is the id of the row that it speaks of."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    body = models.TextField()
    leaf_hash = models.BinaryField(max_length=32)


class PendingLeaf(CoopModel):
    """A leaf that the sequencer has not given an index yet. Its id is the leaf's."""

    class Meta(CoopModel.Meta):
        indexes = (models.Index(fields=["coop_id", "id"], name="pending_by_coop"),)


class Sequenced(models.Model):
    """The place of a leaf in its co-op's log, counted from zero, given once by the sequencer."""

    append_only = True

    leaf_id = models.UUIDField(primary_key=True, editable=False)
    coop_id = models.UUIDField(editable=False, db_index=False)
    index = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["coop_id", "index"], name="sequenced_once"),)


class Tile(CoopModel):
    """A full tile of the tree: 256 hashes side by side, and the root over them. Never changes."""

    append_only = True

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    data = models.BinaryField(max_length=8_192)
    root = models.BinaryField(max_length=32)

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["coop_id", "level", "index"], name="tile_once"),
        )


class Checkpoint(CoopModel):
    """A signed head of the log: its size, the root over that many leaves, and the note."""

    append_only = True

    size = models.BigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    vkey = models.TextField()
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = (models.UniqueConstraint(fields=["coop_id", "size"], name="checkpoint_once"),)


class LogState(models.Model):
    """The right edge of a co-op's tree, and the row at which sequencers queue."""

    coop_id = models.UUIDField(primary_key=True, editable=False)
    size = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")


class AuditRow(CoopModel):
    """Who did what, for every write. Private: members' coordinators and auditors read it."""

    actor_id = models.UUIDField(null=True)
    service = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta(CoopModel.Meta):
        indexes = (models.Index(fields=["coop_id", "subject_id", "at"], name="audit_by_subject"),)


class Lock(CoopModel):
    """A row to queue at: services lock what becomes scarcer before they look at it.

    Append-only tables cannot be locked FOR UPDATE by a role that may not update them, so each
    subject that is fought over (a decision, a mandate, a request, a fund) has a row here.
    """


class ErasableKey(models.Model):
    """The secret under which a person's private facts stand in the record; gone when erased.

    Not a co-op's row: a person has one key for all of their co-ops.
    """

    owner_id = models.UUIDField(primary_key=True)
    key = models.BinaryField(max_length=32)


class Answer(CoopModel):
    """Where a form led when it was first sent: the same form sent again leads there too.

    The key belongs to one actor and one address; `body_hash` tells a repeat from a changed form.
    Swept after a day; nothing of what was typed is kept. For a program `status` and `body` are
    what it was answered, without secrets.
    """

    actor_id = models.UUIDField()
    route = models.CharField(max_length=300)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    location = models.CharField(max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(default=302)
    body = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta(CoopModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["coop_id", "actor_id", "route", "key"], name="answer_once"
            ),
        )
        indexes = (models.Index(fields=["at"], name="answer_by_age"),)


class Count(models.Model):
    """How often somebody asked within one minute. Not a co-op's row, and not logged: see limits."""

    key = models.CharField(primary_key=True, max_length=100)
    minute = models.BigIntegerField()
    count = models.IntegerField()
