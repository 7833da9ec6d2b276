"""Reads of the outbox and the inbox."""

from datetime import datetime, timedelta
from uuid import UUID

from commonpurse.notices.models import Mail, Notice
from commonpurse.notices.values import MailView, NoticeView

CODE_MINUTES = 15


def mail_latest(*, email: str, limit: int = 5) -> tuple[MailView, ...]:
    """The newest mails to an address, newest first. For the demo alone: it shows sign-in codes."""
    rows = Mail.objects.filter(to=email.strip().lower()).order_by("-at", "-id")[:limit]
    return tuple(mail_value(row) for row in rows)


def mail_latest_code(*, email: str, at: datetime) -> str | None:
    """The newest sign-in code sent to an address that may still be valid. For the demo alone."""
    rows = Mail.objects.filter(
        to=email.strip().lower(), at__gt=at - timedelta(minutes=CODE_MINUTES)
    ).exclude(code="")
    row = rows.order_by("-at", "-id").first()
    return row.code if row else None


def notice_list(
    *, person_id: UUID, coop_id: UUID | None = None, limit: int = 50
) -> tuple[NoticeView, ...]:
    """A person's notices, of one co-op or of all, newest first."""
    rows = Notice.objects.filter(person_id=person_id)
    if coop_id is not None:
        rows = rows.filter(coop_id=coop_id)
    return tuple(notice_value(row) for row in rows.order_by("-at", "-id")[:limit])


def notice_count_unread(*, person_id: UUID, coop_id: UUID | None = None) -> int:
    """How many notices this person has not read."""
    rows = Notice.objects.filter(person_id=person_id, read_at=None)
    if coop_id is not None:
        rows = rows.filter(coop_id=coop_id)
    return rows.count()


def mail_value(row: Mail) -> MailView:
    """A row as a page may show it."""
    return MailView(
        mail_id=row.id,
        to=row.to,
        subject=row.subject,
        body=row.body,
        code=row.code,
        at=row.at,
        sent_at=row.sent_at,
    )


def notice_value(row: Notice) -> NoticeView:
    """A row as a page may show it."""
    return NoticeView(
        notice_id=row.id,
        coop_id=row.coop_id,
        kind=row.kind,
        subject=row.subject,
        path=row.path,
        at=row.at,
        read_at=row.read_at,
    )
