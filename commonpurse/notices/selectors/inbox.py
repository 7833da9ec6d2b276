"""Reads of the inbox, and of how a person wants to be told by mail."""

from uuid import UUID

from django.db.models import Q, QuerySet

from commonpurse.errors import NotFound
from commonpurse.notices.models import Notice, Preference
from commonpurse.notices.values import POST_BORN, NoticeView, PreferenceView
from commonpurse.say import unpacked


def notice_list(
    *,
    person_id: UUID,
    coop_id: UUID | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> tuple[NoticeView, ...]:
    """A person's notices, of one co-op or of all, newest first, below the notice `before`.

    Raises NotFound `no_notice` when `before` is none of theirs.
    """
    rows = theirs(person_id, coop_id)
    if before is not None:
        last = rows.filter(id=before).first()
        if last is None:
            raise NotFound("no_notice", "There is no such notice of yours.")
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    return tuple(notice_value(row) for row in rows.order_by("-at", "-id")[:limit])


def notice_by_id(*, person_id: UUID, notice_id: UUID) -> NoticeView:
    """One notice of this person. Raises NotFound `no_notice`."""
    row = Notice.objects.filter(person_id=person_id, id=notice_id).first()
    if row is None:
        raise NotFound("no_notice", "There is no such notice of yours.")
    return notice_value(row)


def notice_count_unread(*, person_id: UUID, coop_id: UUID | None = None) -> int:
    """How many notices this person has not read."""
    return theirs(person_id, coop_id).filter(read_at=None).count()


def is_told(*, coop_id: UUID, key: str) -> bool:
    """Whether anybody was told of this fact yet."""
    return Notice.objects.filter(coop_id=coop_id, key=key).exists()


def preference_list(*, person_id: UUID, coop_id: UUID) -> tuple[PreferenceView, ...]:
    """How each kind of notice reaches the person by mail: as chosen, else as it is born."""
    chosen = dict(
        Preference.objects.filter(coop_id=coop_id, person_id=person_id).values_list("kind", "post")
    )
    return tuple(PreferenceView(kind, chosen.get(kind, born)) for kind, born in POST_BORN.items())


def theirs(person_id: UUID, coop_id: UUID | None) -> QuerySet[Notice]:
    """The rows of one person's inbox."""
    rows = Notice.objects.filter(person_id=person_id)
    return rows if coop_id is None else rows.filter(coop_id=coop_id)


def notice_value(row: Notice) -> NoticeView:
    """A row as a page may show it: its words may be said in any language."""
    said = row.said or {"subject": row.subject, "text": row.text}
    return NoticeView(
        notice_id=row.id,
        coop_id=row.coop_id,
        kind=row.kind,
        subject=unpacked(said["subject"]),
        path=row.path,
        at=row.at,
        read_at=row.read_at,
        text=unpacked(said["text"]),
    )
