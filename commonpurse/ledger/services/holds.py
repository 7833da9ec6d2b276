"""Holds: money set aside on an account, then settled by an entry, released, or expired."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid, NotPossible
from commonpurse.ledger.door import INT64_MAX, door_post, refusals
from commonpurse.ledger.models import Hold, HoldEnd, HoldEndKind
from commonpurse.ledger.selectors import (
    account_by_id,
    entry_by_key,
    hold_by_id,
    hold_by_key,
    holds_due,
)
from commonpurse.ledger.values import EntryView, HoldView, NewEntry
from commonpurse.record.ids import new_id
from commonpurse.record.services import SYSTEM, Actor, audit_add, row_add


@transaction.atomic
def hold_reserve(
    *,
    coop_id: UUID,
    account_id: UUID,
    key: str,
    amount_minor: int,
    actor: Actor,
    at: datetime,
    expires_at: datetime | None = None,
) -> HoldView:
    """Set money of an account aside. The amount is positive, on the side where it grows.

    The same key with the same body gives the same hold. Raises NotPossible (short) when less is
    free, NotFound (no_account), Invalid (key_reused, zero_line, expires_at, too_large).
    """
    if abs(amount_minor) > INT64_MAX:
        raise Invalid("too_large", "The amount is larger than any book can hold.")
    known = hold_by_key(coop_id=coop_id, account_id=account_id, key=key)
    if known is not None:
        if (known.amount_minor, known.expires_at) != (amount_minor, expires_at):
            raise Invalid("key_reused", "This key was used for another hold. Use a new key.")
        return known
    hold = Hold(
        id=new_id(),
        coop_id=coop_id,
        at=at,
        account_id=account_id,
        key=key,
        amount_minor=amount_minor,
        expires_at=expires_at,
    )
    with refusals():
        row_add(hold)
    audit_add(actor, "hold_reserve", coop_id=coop_id, subject_id=hold.id, at=at)
    return HoldView(
        id=hold.id,
        coop_id=coop_id,
        account_id=account_id,
        key=key,
        amount_minor=amount_minor,
        expires_at=expires_at,
    )


@transaction.atomic
def hold_release(*, coop_id: UUID, hold_id: UUID, actor: Actor, at: datetime) -> HoldView:
    """Give back what a hold set aside. Raises NotFound (no_hold), NotPossible (hold_ended)."""
    _end_add(coop_id=coop_id, hold_id=hold_id, kind=HoldEndKind.RELEASED, at=at)
    audit_add(actor, "hold_release", coop_id=coop_id, subject_id=hold_id, at=at)
    return hold_by_id(coop_id=coop_id, hold_id=hold_id)


@transaction.atomic
def hold_expire(*, coop_id: UUID, hold_id: UUID, actor: Actor, at: datetime) -> HoldView:
    """End a hold whose hour has come. Raises NotPossible (not_expired, hold_ended)."""
    _end_add(coop_id=coop_id, hold_id=hold_id, kind=HoldEndKind.EXPIRED, at=at)
    audit_add(actor, "hold_expire", coop_id=coop_id, subject_id=hold_id, at=at)
    return hold_by_id(coop_id=coop_id, hold_id=hold_id)


@transaction.atomic
def hold_settle(
    *, coop_id: UUID, hold_id: UUID, entry: NewEntry, actor: Actor, at: datetime
) -> EntryView:
    """End a hold by the entry for which it was made; both or neither.

    The entry takes from the hold's account; its amount may differ from what was held. The same
    again gives the same entry. Raises as `entry_post`, NotFound (no_hold), NotPossible
    (hold_ended) and Invalid (hold_astray) for an entry that leaves the account alone.
    """
    hold = hold_by_id(coop_id=coop_id, hold_id=hold_id)
    account = account_by_id(coop_id=coop_id, account_id=hold.account_id)
    if all(line.account_id != hold.account_id for line in entry.lines):
        raise Invalid("hold_astray", "The entry must take from the account on which money is held.")
    known = entry_by_key(coop_id=coop_id, book_id=account.book_id, key=entry.key)
    is_again = known is not None and hold.entry_id == known.id
    if hold.end is not None and not is_again:
        raise NotPossible("hold_ended", "This hold was %(end)s already.", end=hold.end)
    if known is not None and not is_again:
        raise Invalid("key_reused", "This key was used for another entry. Use a new key.")
    entry_id = hold.entry_id or new_id()
    if not is_again:
        _end_add(
            coop_id=coop_id, hold_id=hold_id, kind=HoldEndKind.SETTLED, at=at, entry_id=entry_id
        )
    (view,) = door_post(
        service="hold_settle",
        subject_id=hold_id,
        entry_id=entry_id,
        coop_id=coop_id,
        book_id=account.book_id,
        entries=[entry],
        actor=actor,
        at=at,
    )
    return view


def holds_expire_due(*, at: datetime, actor: Actor = SYSTEM) -> int:
    """End every hold of every co-op whose hour has come, each for itself. How many ended."""
    ended = 0
    for coop_id, hold_id in holds_due(at=at):
        try:
            hold_expire(coop_id=coop_id, hold_id=hold_id, actor=actor, at=at)
        except NotPossible:
            continue  # Somebody settled or released it a moment ago.
        ended += 1
    return ended


def _end_add(
    *, coop_id: UUID, hold_id: UUID, kind: HoldEndKind, at: datetime, entry_id: UUID | None = None
) -> None:
    end = HoldEnd(
        id=new_id(), coop_id=coop_id, at=at, hold_id=hold_id, kind=kind.value, entry_id=entry_id
    )
    with refusals():
        row_add(end)
