"""Reads of the outbox of mails."""

from datetime import datetime, timedelta

from commonpurse.notices.models import Mail
from commonpurse.notices.values import MailView

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
        html=row.html,
        unsubscribe=row.unsubscribe,
    )
