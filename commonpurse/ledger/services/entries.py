"""Posting and taking back: the only writes of entries and postings."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from commonpurse.errors import Invalid
from commonpurse.ledger.door import door_post
from commonpurse.ledger.selectors import entry_by_id
from commonpurse.ledger.values import EntryView, Line, NewEntry
from commonpurse.record.services import Actor


@transaction.atomic
def entry_post(
    *,
    coop_id: UUID,
    book_id: UUID,
    key: str,
    booked_on: date,
    kind: str,
    lines: Sequence[Line],
    memo: str,
    actor: Actor,
    at: datetime,
    reverses_id: UUID | None = None,
) -> EntryView:
    """Post one entry: two lines or more that sum to zero in each currency, debit positive.

    The key is permanent: the same key with the same body gives the entry that stands already
    (`is_new` is False), with another body it is refused. Kind `bank_fact` books what a bank has
    done and may pass floors and holds; nothing else may. The memo is public.

    Raises Invalid (unbalanced, too_few, too_many, zero_line, account_twice, key_reused, memo,
    kind, too_large), NotFound (no_account) and NotPossible (short, period_closed,
    already_reversed, key_in_flight).
    """
    entry = NewEntry(
        key=key,
        booked_on=booked_on,
        kind=kind,
        memo=memo,
        lines=tuple(lines),
        reverses_id=reverses_id,
    )
    (view,) = door_post(
        service="entry_post",
        subject_id=None,
        coop_id=coop_id,
        book_id=book_id,
        entries=[entry],
        actor=actor,
        at=at,
    )
    return view


@transaction.atomic
def entries_post(
    *,
    coop_id: UUID,
    book_id: UUID,
    entries: Sequence[NewEntry],
    actor: Actor,
    at: datetime,
) -> tuple[EntryView, ...]:
    """Post many entries at once, all or none: for accounts that everybody's money passes through.

    Each account is locked and updated once however many entries touch it. Entries stand in the
    order given. Raises as `entry_post`, and Invalid (key_reused) for a key given twice.
    """
    if not entries:
        raise Invalid("too_few", "There is nothing to post. Give at least one entry.")
    if len({entry.key for entry in entries}) < len(entries):
        raise Invalid("key_reused", "Two of these entries have the same key. Give each its own.")
    return door_post(
        service="entries_post",
        subject_id=book_id,
        coop_id=coop_id,
        book_id=book_id,
        entries=entries,
        actor=actor,
        at=at,
    )


@transaction.atomic
def entry_reverse(
    *,
    coop_id: UUID,
    entry_id: UUID,
    key: str,
    booked_on: date,
    memo: str,
    actor: Actor,
    at: datetime,
    kind: str = "reversal",
) -> EntryView:
    """Take an entry back by its exact opposite, linked to it. An entry is taken back at most once.

    Floors hold: what was spent meanwhile cannot be taken back. Raises as `entry_post`, NotFound
    (no_entry) and NotPossible (already_reversed).
    """
    original = entry_by_id(coop_id=coop_id, entry_id=entry_id).entry
    opposite = NewEntry(
        key=key,
        booked_on=booked_on,
        kind=kind,
        memo=memo,
        lines=tuple(
            Line(account_id=posting.account_id, amount_minor=-posting.amount_minor)
            for posting in original.postings
        ),
        reverses_id=entry_id,
    )
    (view,) = door_post(
        service="entry_reverse",
        subject_id=None,
        coop_id=coop_id,
        book_id=original.book_id,
        entries=[opposite],
        actor=actor,
        at=at,
    )
    return view
