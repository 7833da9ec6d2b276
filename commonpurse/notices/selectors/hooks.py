"""Reads of webhooks and of what was delivered to them."""

from uuid import UUID

from commonpurse.errors import NotFound
from commonpurse.notices.models import Delivery, Webhook
from commonpurse.notices.values import DeliveryView, WebhookView


def webhook_list(*, coop_id: UUID) -> tuple[WebhookView, ...]:
    """The co-op's webhooks, the oldest first."""
    rows = Webhook.objects.filter(coop_id=coop_id, ended_at=None)
    return tuple(webhook_value(row) for row in rows.order_by("made_at", "id"))


def webhook_by_id(*, coop_id: UUID, webhook_id: UUID) -> WebhookView:
    """One webhook. Raises NotFound `no_webhook`."""
    row = Webhook.objects.filter(coop_id=coop_id, id=webhook_id, ended_at=None).first()
    if row is None:
        raise no_webhook()
    return webhook_value(row)


def delivery_list(
    *, webhook_id: UUID, before: int | None = None, limit: int = 50
) -> tuple[DeliveryView, ...]:
    """What was sent to a webhook or waits to be, newest fact first, below the index `before`."""
    rows = Delivery.objects.filter(webhook_id=webhook_id)
    if before is not None:
        rows = rows.filter(leaf_index__lt=before)
    return tuple(delivery_value(row) for row in rows.order_by("-leaf_index")[:limit])


def no_webhook() -> NotFound:
    """The refusal for a webhook that is not there."""
    return NotFound("no_webhook", "There is no such webhook.")


def webhook_value(row: Webhook) -> WebhookView:
    """A row as a page may show it: without the secret."""
    return WebhookView(
        webhook_id=row.id,
        coop_id=row.coop_id,
        name=row.name,
        url=row.url,
        kinds=tuple(row.kinds),
        made_by_member_id=row.made_by_member_id,
        made_at=row.made_at,
        former_until=row.former_until,
        stopped_at=row.stopped_at,
    )


def delivery_value(row: Delivery) -> DeliveryView:
    """A row as a page may show it."""
    return DeliveryView(
        delivery_id=row.id,
        webhook_id=row.webhook_id,
        leaf_index=row.leaf_index,
        kind=row.kind,
        body=row.body,
        state=row.state,
        tries=row.tries,
        at=row.at,
        next_at=row.next_at,
        tried_at=row.tried_at,
        answer=row.answer,
    )
