"""Webhooks of a co-op: made, given another secret, let go on, ended. For coordinators."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotAllowed, NotPossible
from commonpurse.groups.names import name_checked
from commonpurse.groups.selectors import Member, member_by_id
from commonpurse.notices.models import Webhook
from commonpurse.notices.selectors.hooks import no_webhook, webhook_value
from commonpurse.notices.signing import secret_new, secret_sealed
from commonpurse.notices.values import KINDS, WebhookMade, WebhookView
from commonpurse.notices.wire import url_checked
from commonpurse.record.ids import new_id
from commonpurse.record.selectors import log_size
from commonpurse.record.services import audit_add, lock_take

WEBHOOKS_MAX = 20
FORMER_HOLDS = timedelta(hours=24)
"""How long the former secret still signs beside the new one."""


@transaction.atomic
def webhook_add(
    *, name: str, url: str, kinds: Collection[str], actor: Member, at: datetime
) -> WebhookMade:
    """Send facts of these kinds to an address, from the next one in the log on.

    Raises NotAllowed `not_coordinator`, Invalid `url_wrong`, `url_private`, `kinds_wrong` or what
    is wrong with the name, NotPossible `webhooks_many`.
    """
    lock_take(actor.coop_id)
    check_coordinator(actor)
    wanted = [kind for kind in KINDS if kind in set(kinds)]
    if not wanted or set(kinds) - set(KINDS):
        raise Invalid("kinds_wrong", "Choose at least one kind of fact.", field="kinds")
    if Webhook.objects.filter(coop_id=actor.coop_id, ended_at=None).count() >= WEBHOOKS_MAX:
        raise NotPossible(
            "webhooks_many",
            "There are %(webhooks_max)s webhooks. End one first.",
            webhooks_max=WEBHOOKS_MAX,
        )
    secret = secret_new()
    row = Webhook.objects.create(
        id=new_id(),
        coop_id=actor.coop_id,
        name=name_checked(name),
        url=url_checked(url),
        kinds=wanted,
        secret=secret_sealed(secret),
        cursor=log_size(actor.coop_id),
        made_by_member_id=actor.member_id,
        made_at=at,
    )
    audit_add(actor.actor, "webhook_add", coop_id=row.coop_id, subject_id=row.id, at=at)
    return WebhookMade(webhook=webhook_value(row), secret=secret)


@transaction.atomic
def webhook_renew(*, webhook_id: UUID, actor: Member, at: datetime) -> WebhookMade:
    """Give a webhook another secret; for a day the former one signs beside it."""
    row = webhook_locked(webhook_id, actor)
    row.secret_former, row.former_until = row.secret, at + FORMER_HOLDS
    secret = secret_new()
    row.secret = secret_sealed(secret)
    row.save(update_fields=["secret", "secret_former", "former_until"])
    audit_add(actor.actor, "webhook_renew", coop_id=row.coop_id, subject_id=row.id, at=at)
    return WebhookMade(webhook=webhook_value(row), secret=secret)


@transaction.atomic
def webhook_resume(*, webhook_id: UUID, actor: Member, at: datetime) -> WebhookView:
    """Let a stopped webhook go on where it stopped: it misses nothing."""
    row = webhook_locked(webhook_id, actor)
    row.stopped_at = None
    row.save(update_fields=["stopped_at"])
    audit_add(actor.actor, "webhook_resume", coop_id=row.coop_id, subject_id=row.id, at=at)
    return webhook_value(row)


@transaction.atomic
def webhook_end(*, webhook_id: UUID, actor: Member, at: datetime) -> None:
    """End a webhook for good: nothing is sent there any more, and its secrets go."""
    row = webhook_locked(webhook_id, actor)
    row.ended_at = at
    row.secret = row.secret_former = ""
    row.save(update_fields=["ended_at", "secret", "secret_former"])
    audit_add(actor.actor, "webhook_end", coop_id=row.coop_id, subject_id=row.id, at=at)


def webhook_locked(webhook_id: UUID, actor: Member) -> Webhook:
    """A webhook of the actor's co-op, ours until the transaction ends. Raises NotFound."""
    check_coordinator(actor)
    rows = Webhook.objects.select_for_update()
    row = rows.filter(coop_id=actor.coop_id, id=webhook_id, ended_at=None).first()
    if row is None:
        raise no_webhook()
    return row


def check_coordinator(actor: Member) -> None:
    """Refuse whoever does not coordinate this co-op now."""
    present = member_by_id(coop_id=actor.coop_id, member_id=actor.member_id)
    if present is None or not present.may_coordinate:
        raise NotAllowed("not_coordinator", "Only coordinators may do this. Ask one of them.")
