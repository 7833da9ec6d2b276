"""What reaches people by mail, and programs: preferences, webhooks, keys of feeds."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import In
from commonpurse.notices.values import KINDS

Post = Literal["now", "digest", "none"]
NoticeKind = Literal[
    "decision_opened",
    "decision_closing",
    "decision_closed",
    "outcome",
    "approval_wanted",
    "payment_settled",
    "payment_refused",
    "dues_charged",
    "comment",
    "webhook_stopped",
]
FactKind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)}, max_length=60)]


class Preference(Schema):
    """How one kind of notice reaches you by mail."""

    kind: str
    post: Post


class Preferences(Schema):
    """How each kind of notice of a co-op reaches you by mail."""

    items: list[Preference]


class PreferencesIn(In):
    """What you choose; kinds that you leave out stay as they are."""

    posts: Annotated[
        dict[NoticeKind, Post],
        Field(min_length=1, max_length=10, examples=[{"comment": "now"}]),
    ]


class Webhook(Schema):
    """An address that hears of public facts, without its secret."""

    webhook_id: UUID
    name: str
    url: str
    kinds: list[str]
    made_by_member_id: UUID
    made_at: datetime
    former_until: datetime | None
    stopped_at: datetime | None


class WebhookIn(In):
    """A webhook to make. `kinds` are kinds of leaves of the public record."""

    name: Annotated[str, Field(min_length=1, max_length=80, examples=["Our web site"])]
    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=500,
            pattern=r"^https?://[A-Za-z0-9.\[\]:-]+(/[!\"$-~]*)?$",
            examples=["https://example.org/purse"],
        ),
    ]
    kinds: Annotated[
        list[FactKind], Field(min_length=1, max_length=len(KINDS), examples=[["decision.opened"]])
    ]


class WebhookOut(Webhook):
    """A webhook with its new secret, which is shown this once and never replayed."""

    secret: str | None = None


class Delivery(Schema):
    """One fact for one webhook, and how far it came."""

    delivery_id: UUID
    leaf_index: int
    kind: str
    body: str
    state: Literal["waiting", "taken", "failed"]
    tries: int
    at: datetime
    next_at: datetime
    tried_at: datetime | None
    answer: str


class FeedKey(Schema):
    """A key of your private feeds, without its secret."""

    token_id: UUID
    made_at: datetime


class FeedKeyOut(FeedKey):
    """A new key. `secret` is a part of the feeds' addresses, shown this once, never replayed."""

    secret: str | None = None
