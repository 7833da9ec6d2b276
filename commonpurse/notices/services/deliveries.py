"""From the log to webhooks: each webhook reads the log on from where it stands.

Nothing is written where a fact is born. A cursor walks the sequenced leaves, so no fact is lost
and none is invented, and each becomes one delivery. A delivery is tried over three days; then it
has failed, and a webhook that took nothing in that time is stopped and its coordinators told.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db import transaction
from django.db.models import F

from commonpurse.errors import NotFound
from commonpurse.groups.selectors import Member, coop_view, members_with_role
from commonpurse.notices.models import Delivery, Webhook
from commonpurse.notices.selectors.hooks import delivery_value
from commonpurse.notices.services.hooks import webhook_locked
from commonpurse.notices.services.inbox import notice_add
from commonpurse.notices.services.mails import line
from commonpurse.notices.signing import headers_of, secret_opened
from commonpurse.notices.values import DeliveryView
from commonpurse.notices.wire import Answer, Unreachable, post
from commonpurse.record.ids import new_id
from commonpurse.record.selectors import leaves_between, log_size
from commonpurse.record.services import SYSTEM, audit_add
from commonpurse.record.values import LeafView
from commonpurse.say import say

LEAVES_AT_ONCE = 1_000
SENT_AT_ONCE = 40
LINES = 8
"""How many calls go on side by side: one slow receiver does not hold up the others."""

LEASE = timedelta(minutes=2)
"""How long a delivery belongs to the worker that took it; a killed one's is tried again then."""

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=21),
)
"""The waits between ten tries: three days together."""

GONE = 410
KEY_LOST = "The key that sealed the secret is lost. Give this webhook another secret."
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Call:
    """One try, with all that it needs: the calls go on outside of any transaction."""

    delivery_id: UUID
    url: str
    body: bytes
    headers: dict[str, str] | None
    """None when the key that sealed the secret is lost: nothing leaves without a signature."""


def webhooks_collect_due(*, at: datetime) -> int:
    """Turn the leaves that came since into deliveries, for every webhook; how many."""
    rows = Webhook.objects.filter(ended_at=None, stopped_at=None).order_by("coop_id", "id")
    sizes = {coop_id: log_size(coop_id) for coop_id in set(rows.values_list("coop_id", flat=True))}
    return sum(
        webhook_collect(webhook_id=row.id, size=sizes[row.coop_id], at=at)
        for row in rows
        if row.cursor < sizes[row.coop_id]
    )


@transaction.atomic
def webhook_collect(*, webhook_id: UUID, size: int, at: datetime) -> int:
    """Turn the next leaves into deliveries and move the cursor past them, both or neither."""
    rows = Webhook.objects.select_for_update(skip_locked=True)
    row = rows.filter(id=webhook_id, ended_at=None, stopped_at=None).first()
    if row is None:
        return 0
    end = min(size, row.cursor + LEAVES_AT_ONCE)
    leaves = [
        leaf for leaf in leaves_between(row.coop_id, row.cursor, end) if leaf.kind in row.kinds
    ]
    Delivery.objects.bulk_create(
        Delivery(
            id=new_id(),
            coop_id=row.coop_id,
            webhook_id=row.id,
            leaf_index=leaf.index,
            kind=leaf.kind,
            body=message(row.coop_id, leaf),
            next_at=at,
            at=at,
        )
        for leaf in leaves
    )
    row.cursor = end
    row.save(update_fields=["cursor"])
    return len(leaves)


def message(coop_id: UUID, leaf: LeafView) -> str:
    """What is sent of a fact: the leaf as the record has it, and its place in the log."""
    body = orjson.loads(leaf.body)
    return orjson.dumps(
        {
            "type": leaf.kind,
            "timestamp": body["at"],
            "data": {
                "coop_id": str(coop_id),
                "index": leaf.index,
                "id": str(leaf.id),
                "leaf_hash": leaf.leaf_hash.hex(),
                "fields": body["fields"],
            },
        }
    ).decode()


def deliveries_send_due(*, at: datetime) -> int:
    """Send what is due; how many were taken. Two workers never send the same one at once."""
    taken = 0
    while True:
        calls = deliveries_lease(at=at)
        with ThreadPoolExecutor(max_workers=LINES) as lines:
            answers = list(lines.map(called, calls))
        for call, answer in zip(calls, answers, strict=True):
            taken += delivery_settle(delivery_id=call.delivery_id, answer=answer, at=at)
        if len(calls) < SENT_AT_ONCE:
            return taken


@transaction.atomic
def deliveries_lease(*, at: datetime) -> Sequence[Call]:
    """Take what is due for a while, so that nothing is locked while strangers are called."""
    rows = list(
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            state=Delivery.State.WAITING,
            next_at__lte=at,
            webhook__ended_at=None,
            webhook__stopped_at=None,
        )
        .select_related("webhook")
        .order_by("next_at", "id")[:SENT_AT_ONCE]
    )
    ids = [row.id for row in rows]
    Delivery.objects.filter(id__in=ids).update(next_at=at + LEASE, tries=F("tries") + 1)
    return [call_of(row, at) for row in rows]


def call_of(row: Delivery, at: datetime) -> Call:
    """One try of a delivery, signed at this instant. The id stays the same in every try."""
    hook, body = row.webhook, row.body.encode()
    held = [hook.secret]
    if hook.secret_former and hook.former_until is not None and at < hook.former_until:
        held.append(hook.secret_former)
    opened = [secret for secret in map(secret_opened, held) if secret is not None]
    headers = headers_of(opened, message_id=str(row.id), at=at, body=body) if opened else None
    return Call(delivery_id=row.id, url=hook.url, body=body, headers=headers)


def called(call: Call) -> Answer | str:
    """The answer of the other side, or why there is none. Touches no database."""
    if call.headers is None:
        return KEY_LOST
    try:
        return post(call.url, call.body, call.headers)
    except Unreachable as fault:
        return str(fault)


@transaction.atomic
def delivery_settle(*, delivery_id: UUID, answer: Answer | str, at: datetime) -> int:
    """Write down what came of a try; 1 when it was taken."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("webhook")
    row = rows.filter(id=delivery_id, state=Delivery.State.WAITING).first()
    if row is None:
        return 0
    row.tried_at = at
    row.answer = line(answer if isinstance(answer, str) else f"{answer.status} {answer.reason}")
    if isinstance(answer, Answer) and answer.is_taken:
        row.state = Delivery.State.TAKEN
    elif isinstance(answer, Answer) and answer.status == GONE:
        row.state = Delivery.State.FAILED
        webhook_stop(row.webhook, at=at)
    elif row.tries <= len(WAITS):
        row.next_at = at + WAITS[row.tries - 1]
    else:
        row.state = Delivery.State.FAILED
        if not took_since(row):
            webhook_stop(row.webhook, at=at)
    row.save(update_fields=["tried_at", "answer", "state", "next_at"])
    return int(row.state == Delivery.State.TAKEN)


def took_since(row: Delivery) -> bool:
    """Whether the webhook took anything while this delivery was being tried."""
    taken = Delivery.objects.filter(webhook_id=row.webhook_id, state=Delivery.State.TAKEN)
    return taken.filter(tried_at__gte=row.at).exists()


def webhook_stop(row: Webhook, *, at: datetime) -> None:
    """Send nothing more to a webhook, and tell the coordinators once."""
    changed = Webhook.objects.filter(id=row.id, stopped_at=None).update(stopped_at=at)
    if not changed:
        return
    coordinators = members_with_role(coop_id=row.coop_id, role="coordinator")
    notice_add(
        coop_id=row.coop_id,
        person_ids=[member.person_id for member in coordinators],
        kind="webhook_stopped",
        subject=say("The webhook “%(name)s” is stopped", name=row.name),
        text=say(
            "%(url)s took nothing for three days, or said that it is gone. Nothing is lost: what "
            "happened since waits until you let it go on.",
            url=row.url,
        ),
        path=f"/c/{coop_view(row.coop_id).slug}/webhooks/{row.id}/",
        key=f"webhook:{row.id}:{int(at.timestamp())}",
        actor=SYSTEM,
        at=at,
    )


@transaction.atomic
def delivery_repeat(
    *, webhook_id: UUID, delivery_id: UUID, actor: Member, at: datetime
) -> DeliveryView:
    """Send a delivery again, from its first try on. Raises NotFound `no_delivery`."""
    hook = webhook_locked(webhook_id, actor)
    rows = Delivery.objects.select_for_update().filter(webhook_id=hook.id, id=delivery_id)
    row = rows.first()
    if row is None:
        raise NotFound("no_delivery", "There is no such delivery.")
    row.state, row.tries, row.next_at = Delivery.State.WAITING, 0, at
    row.save(update_fields=["state", "tries", "next_at"])
    audit_add(actor.actor, "delivery_repeat", coop_id=row.coop_id, subject_id=row.id, at=at)
    return delivery_value(row)


def deliveries_forget_due(*, at: datetime) -> int:
    """Forget deliveries that ended and are thirty days old; how many."""
    over = Delivery.objects.exclude(state=Delivery.State.WAITING).filter(at__lt=at - KEPT)
    count, _ = over.delete()
    return count
