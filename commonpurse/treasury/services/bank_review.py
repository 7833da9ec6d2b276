"""What a treasurer, or a decision, finds out about lines that nothing explained when they came."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.groups.selectors import member_by_id
from commonpurse.groups.values import Member
from commonpurse.record.services import Actor, audit_add, lock_take, row_add
from commonpurse.treasury.bank_values import LineView
from commonpurse.treasury.models import (
    AssignmentKind,
    BankLineText,
    BookingKind,
    CoverKind,
    LineAssignment,
    LineBooking,
    SuspenseCover,
)
from commonpurse.treasury.selectors.bank import line_view
from commonpurse.treasury.selectors.dues import member_reference
from commonpurse.treasury.selectors.mandates import mandate_view
from commonpurse.treasury.selectors.orders import order_match
from commonpurse.treasury.services.bank_booking import (
    RECEIVABLE,
    SUSPENSE,
    UNALLOCATED,
    desk_of,
    payment_row,
)
from commonpurse.treasury.services.settlements import order_settle

CREDITS = {
    AssignmentKind.DUES: (RECEIVABLE, "A member’s dues"),
    AssignmentKind.GRANT: ("4100", "A grant"),
    AssignmentKind.REFUND: ("5000", "A supplier’s refund"),
}
SPENDING = "5000"


@transaction.atomic
def line_assign(
    *, line_id: UUID, kind: str, member_id: UUID | None, actor: Member, at: datetime
) -> LineView:
    """Say what an unallocated receipt is: a member's dues, a grant or a supplier's refund.

    Raises NotAllowed `not_treasurer`, NotFound `no_line`, `no_member`, Invalid `kind`,
    NotPossible `not_unallocated` and `assigned`.
    """
    if "treasurer" not in actor.roles:
        raise NotAllowed("not_treasurer", "Only a treasurer allocates receipts.")
    booking = _booking_lock(line_id, coop_id=actor.coop_id)
    if kind not in AssignmentKind.values:
        raise Invalid("kind", "Choose dues, grant or refund.", field="kind")
    chosen = AssignmentKind(kind)
    if (chosen == AssignmentKind.DUES) != (member_id is not None):
        raise Invalid("member", "Name the member whose dues these are.", field="member_id")
    if booking.kind != BookingKind.UNALLOCATED:
        raise NotPossible("not_unallocated", "This line is booked already.")
    if LineAssignment.objects.filter(booking=booking).exists():
        raise NotPossible("assigned", "This receipt is allocated already.")
    if member_id is not None and not _is_payer(booking.coop_id, member_id):
        raise NotFound("no_member", "There is no such member.")
    line = booking.line
    desk = desk_of(line.statement.fund, actor.actor, at)
    credit, memo = CREDITS[chosen]
    (entry_id,) = desk.post(
        [
            desk.entry(
                f"assign:{line.id}",
                line.booked_on,
                memo,
                UNALLOCATED,
                credit,
                line.amount_minor,
                kind="receipt_assigned",
            )
        ]
    )
    row_add(
        LineAssignment(
            coop_id=booking.coop_id,
            at=at,
            booking=booking,
            kind=chosen,
            member_id=member_id,
            entry_id=entry_id,
            assigned_by_member_id=actor.member_id,
        )
    )
    if member_id is not None:
        row_add(payment_row(desk, line, member_id, entry_id))
    audit_add(actor.actor, "line_assign", coop_id=line.coop_id, subject_id=line.id, at=at)
    return line_view(line.id)


@transaction.atomic
def suspense_cover(*, bank_line_id: UUID, mandate_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Take a debit out of suspense under the mandate of the decision that covers it.

    The same mandate again gives the same cover. Raises NotFound `no_line`, `no_mandate`,
    NotPossible `not_suspense`, `covered`, `other_mandate` and `over_mandate`.
    """
    booking = _booking_lock(bank_line_id)
    known = SuspenseCover.objects.filter(booking=booking).first()
    if known is not None:
        if known.mandate_id == mandate_id:
            return known.id
        raise NotPossible("covered", "This debit is covered already.")
    if booking.kind != BookingKind.SUSPENSE:
        raise NotPossible("not_suspense", "This line does not stand in suspense.")
    line = booking.line
    lock_take(mandate_id)
    mandate = mandate_view(mandate_id, at=at)
    if mandate.covers_line_id != line.id or mandate.fund_id != line.statement.fund_id:
        raise NotPossible("other_mandate", "This mandate covers another debit.")
    if mandate.remaining_minor < -line.amount_minor:
        raise NotPossible("over_mandate", "The decision allowed less than this debit took.")
    desk = desk_of(line.statement.fund, actor, at)
    (entry_id,) = desk.post(
        [
            desk.entry(
                f"cover:{line.id}",
                line.booked_on,
                f"Covered under {mandate.code}",
                SPENDING,
                SUSPENSE,
                -line.amount_minor,
                kind="suspense_covered",
            )
        ]
    )
    cover = row_add(
        SuspenseCover(
            coop_id=line.coop_id,
            at=at,
            booking=booking,
            kind=CoverKind.DECISION,
            mandate_id=mandate_id,
            entry_id=entry_id,
        )
    )
    audit_add(actor, "suspense_cover", coop_id=line.coop_id, subject_id=line.id, at=at)
    return cover.id


@transaction.atomic
def lines_match(*, fund_id: UUID, actor: Actor, at: datetime) -> Mapping[str, int]:
    """Look again at debits in suspense: one that pays an order sent later settles it."""
    lock_take(fund_id)
    waiting = LineBooking.objects.filter(
        line__statement__fund_id=fund_id, kind=BookingKind.SUSPENSE, covers__isnull=True
    ).select_related("line__statement__fund")
    texts = BankLineText.objects.in_bulk(list(waiting.values_list("line_id", flat=True)))
    done: Counter[str] = Counter()
    for booking in waiting.order_by("line__booked_on", "id"):
        line, text = booking.line, texts.get(booking.line_id)
        order_id = order_match(
            fund_id=fund_id,
            end_to_end_id=text.end_to_end_id if text else "",
            remittance=text.remittance if text else "",
            amount_minor=-line.amount_minor,
        )
        if order_id is None:
            continue
        desk = desk_of(line.statement.fund, actor, at)
        settled = order_settle(
            order_id=order_id,
            bank_line_id=line.id,
            booked_on=desk.day(line.booked_on),
            actor=actor,
            at=at,
            from_account="suspense",
        )
        row_add(
            SuspenseCover(
                coop_id=line.coop_id,
                at=at,
                booking=booking,
                kind=CoverKind.SETTLEMENT,
                mandate_id=settled.mandate_id,
                order_id=order_id,
                entry_id=settled.entry_id,
            )
        )
        done["settlement"] += 1
    if done:
        coop_id = desk.fund.coop_id
        audit_add(actor, "lines_match", coop_id=coop_id, subject_id=fund_id, at=at, **done)
    return dict(done)


@transaction.atomic
def bank_texts_erase(*, coop_id: UUID, member_id: UUID, actor: Actor, at: datetime) -> int:
    """Forget who paid and what they wrote, on all lines of a member. How many lines."""
    gone, _ = BankLineText.objects.filter(
        id__in=LineBooking.objects.filter(
            Q(line__payments__member_id=member_id) | Q(line__returns__payment__member_id=member_id),
            coop_id=coop_id,
        ).values("line_id")
    ).delete()
    audit_add(actor, "bank_texts_erase", coop_id=coop_id, subject_id=member_id, at=at, lines=gone)
    return gone


def _booking_lock(line_id: UUID, *, coop_id: UUID | None = None) -> LineBooking:
    """The booking of a line, with the fund's lock held."""
    rows = LineBooking.objects.filter(line_id=line_id).select_related("line__statement__fund")
    booking = (rows.filter(coop_id=coop_id) if coop_id else rows).first()
    if booking is None:
        raise NotFound("no_line", "There is no such line on a statement.")
    lock_take(booking.line.statement.fund_id)
    return booking


def _is_payer(coop_id: UUID, member_id: UUID) -> bool:
    """A member of today, or a former one who has owed dues."""
    return bool(member_reference(coop_id, member_id)) or (
        member_by_id(coop_id=coop_id, member_id=member_id) is not None
    )
