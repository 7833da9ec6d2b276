"""What pages read of mails and notices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail in the outbox, as the demo's banner shows it."""

    mail_id: UUID
    to: str
    subject: str
    body: str
    code: str
    at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A line in somebody's inbox."""

    notice_id: UUID
    coop_id: UUID
    kind: str
    subject: str
    path: str
    at: datetime
    read_at: datetime | None
