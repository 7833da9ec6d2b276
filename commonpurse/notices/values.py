"""What pages read of mails, notices, webhooks and feeds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

POST_BORN = {
    "decision_opened": "now",
    "decision_closing": "now",
    "decision_closed": "digest",
    "outcome": "digest",
    "approval_wanted": "now",
    "payment_settled": "digest",
    "payment_refused": "now",
    "dues_charged": "digest",
    "comment": "digest",
    "webhook_stopped": "now",
}
"""How each kind of notice reaches a person by mail until they choose otherwise.

An invitation is missing: its own mail carries the link, so its notice is never mailed.
"""

POSTS = ("now", "digest", "none")
"""At once, in the daily digest, or not by mail."""

KINDS = (
    "coop.founded",
    "member.joined",
    "member.left",
    "role.granted",
    "role.ended",
    "manual.adopted",
    "decision.opened",
    "ballot.cast",
    "decision.closed",
    "decision.outcome",
    "decision.enacted",
    "fund.opened",
    "trustees.adopted",
    "mandate.enacted",
    "mandate.ended",
    "payee.added",
    "payment.requested",
    "payment.payload",
    "payment.approved",
    "payment.ended",
    "payment.ordered",
    "orders.exported",
    "payment.failed",
    "payment.settled",
    "payment.reversed",
    "payment.received",
    "payment.returned",
    "dues.charged",
    "entry.posted",
)
"""The public facts that a webhook may ask for: kinds of leaves, as the record names them."""


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail in the outbox, as the demo shows it."""

    mail_id: UUID
    to: str
    subject: str
    body: str
    code: str
    at: datetime
    sent_at: datetime | None
    html: str = ""
    unsubscribe: str = ""


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
    text: str = ""


@dataclass(frozen=True, slots=True)
class PreferenceView:
    """How one kind of notice of one co-op reaches a person by mail."""

    kind: str
    post: str


@dataclass(frozen=True, slots=True)
class Leave:
    """What an unsubscribing link stops: one kind of one co-op, or every digest."""

    person_id: UUID
    coop_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class WebhookView:
    """An address that hears of public facts, without its secret."""

    webhook_id: UUID
    coop_id: UUID
    name: str
    url: str
    kinds: tuple[str, ...]
    made_by_member_id: UUID
    made_at: datetime
    former_until: datetime | None
    stopped_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is sent there until a coordinator lets it go on."""
        return self.stopped_at is not None


@dataclass(frozen=True, slots=True)
class WebhookMade:
    """A webhook and its secret: the only time that it can be read."""

    webhook: WebhookView
    secret: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One fact for one webhook, and how far it came."""

    delivery_id: UUID
    webhook_id: UUID
    leaf_index: int
    kind: str
    body: str
    state: str
    tries: int
    at: datetime
    next_at: datetime
    tried_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class FeedTokenView:
    """A private feed's key, without its secret."""

    token_id: UUID
    person_id: UUID
    coop_id: UUID
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FeedTokenMade:
    """A feed's key and its secret: the only time that it can be read."""

    token: FeedTokenView
    secret: str
