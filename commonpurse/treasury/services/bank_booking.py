"""How the bank's lines are booked: what is understood at once, and what waits for a person.

    money in, with a member's reference     debit 1000 Bank, credit 1100 Dues receivable
    money in, a payment of ours came back   the payment's entry is reversed
    money in, anything else                 debit 1000 Bank, credit 2000 Unallocated receipts
    money out that pays an order            settles the order
    money out, a member's payment returned  debit 1100 Dues receivable, credit 1000 Bank
    money out, a bank's fee                 debit 5100 Fees, credit 1000 Bank
    money out, anything else                debit 1900 Suspense, credit 1000 Bank

Every debit names its mandate: the order's, or a standing one with room left in the month; without
one it stands in suspense for everybody to see until a decision covers it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from commonpurse.formats.camt053_entries import StatementEntry
from commonpurse.ledger.selectors import account_list, period_closed_through
from commonpurse.ledger.services import entries_post
from commonpurse.ledger.values import Line, NewEntry
from commonpurse.record.services import Actor, keys_of, rows_add
from commonpurse.treasury.models import (
    BankLine,
    BankLineText,
    BankStatement,
    BookingKind,
    Fund,
    LineBooking,
    PaymentReceived,
    PaymentReturned,
    Settlement,
)
from commonpurse.treasury.selectors.dues import members_by_reference
from commonpurse.treasury.selectors.orders import order_match
from commonpurse.treasury.services.mandates import mandate_standing_take
from commonpurse.treasury.services.settlements import order_settle, payment_reverse

BANK, RECEIVABLE, SUSPENSE, UNALLOCATED = "1000", "1100", "1900", "2000"
EQUITY, FEES = "3000", "5100"
FACT = "bank_fact"
BATCH_ROWS = 1_000

Arrived = tuple[BankLine, StatementEntry]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one import books: the fund, its accounts and secret, who acts, when."""

    fund: Fund
    actor: Actor
    at: datetime
    accounts: dict[str, UUID]
    key: bytes
    closed: date | None

    def day(self, booked_on: date) -> date:
        """The bank's day, or the first open one when the books of that day are closed."""
        return max(booked_on, self.closed + timedelta(days=1)) if self.closed else booked_on

    def entry(self, key: str, booked_on: date, memo: str, debit: str, credit: str, minor: int,
              kind: str = FACT) -> NewEntry:  # fmt: skip
        """An entry of two lines, between accounts named by their codes."""
        return NewEntry(
            key=key,
            booked_on=self.day(booked_on),
            kind=kind,
            memo=memo,
            lines=(Line(self.accounts[debit], minor), Line(self.accounts[credit], -minor)),
        )

    def post(self, entries: Sequence[NewEntry]) -> list[UUID]:
        """Post entries together; their ids in the same order."""
        if not entries:
            return []
        posted = entries_post(
            coop_id=self.fund.coop_id,
            book_id=self.fund.book_id,
            entries=entries,
            actor=self.actor,
            at=self.at,
        )
        return [entry.id for entry in posted]


def desk_of(fund: Fund, actor: Actor, at: datetime) -> Desk:
    """The desk of a fund whose lock is held."""
    accounts = account_list(coop_id=fund.coop_id, book_id=fund.book_id)
    return Desk(
        fund=fund,
        actor=actor,
        at=at,
        accounts={account.code: account.id for account in accounts},
        key=keys_of([fund.id])[fund.id],
        closed=period_closed_through(coop_id=fund.coop_id, book_id=fund.book_id),
    )


def opening_book(desk: Desk, statement: BankStatement, on: date) -> None:
    """Before a fund's first statement: what its account held already, beyond what is booked."""
    accounts = account_list(coop_id=desk.fund.coop_id, book_id=desk.fund.book_id)
    booked = next(one.balance_minor for one in accounts if one.code == BANK)
    gap = (statement.opening_minor or 0) - booked
    if statement.opening_minor is not None and gap:
        sides = (BANK, EQUITY) if gap > 0 else (EQUITY, BANK)
        desk.post(
            [desk.entry(f"opening:{statement.id}", on, "Balance before the first statement",
                        *sides, abs(gap))]
        )  # fmt: skip


def lines_book(desk: Desk, arrived: Sequence[Arrived]) -> Counter[str]:
    """Book new lines. How many by kind.

    Members' payments come first and what came back of our own payments last, so that a payment
    and its return may stand in one statement.
    """
    members = members_by_reference(
        desk.fund.coop_id, {line.reference for line, _ in arrived if line.reference}
    )
    dues, money_out, others = [], [], []
    for line, entry in arrived:
        if line.amount_minor < 0:
            money_out.append((line, entry))
        elif line.reference and not line.return_reason:
            dues.append(line)
        else:
            others.append((line, entry))
    bookings = _dues_book(desk, dues, members)
    rows_add(bookings)
    for line, entry in money_out:
        booking = _money_out_book(desk, line, entry, members)
        rows_add([booking])
        bookings.append(booking)
    unknown = []
    for line, entry in others:
        back = _reversal(desk, line, entry)
        if back is None:
            unknown.append(line)
        else:
            rows_add([back])
            bookings.append(back)
    waiting = _unallocated_book(desk, unknown)
    rows_add(waiting)
    return Counter(str(booking.kind) for booking in (*bookings, *waiting))


def _booking(
    desk: Desk,
    line: BankLine,
    kind: BookingKind,
    entry_id: UUID,
    *,
    mandate_id: UUID | None = None,
    order_id: UUID | None = None,
) -> LineBooking:
    return LineBooking(
        coop_id=desk.fund.coop_id,
        at=desk.at,
        line=line,
        kind=kind,
        entry_id=entry_id,
        mandate_id=mandate_id,
        order_id=order_id,
    )


def _dues_book(desk: Desk, lines: list[BankLine], members: dict[str, UUID]) -> list[LineBooking]:
    """Members' payments: one entry for each day and thousand of them, one row for each payment."""
    batches: list[list[BankLine]] = []
    ordered = sorted(lines, key=lambda line: line.booked_on)
    for _, of_day in groupby(ordered, key=lambda line: line.booked_on):
        day = list(of_day)
        batches += [day[at : at + BATCH_ROWS] for at in range(0, len(day), BATCH_ROWS)]
    entries = [
        desk.entry(
            f"dues-in:{batch[0].id}",
            batch[0].booked_on,
            f"Dues received, payments: {len(batch)}",
            BANK,
            RECEIVABLE,
            sum(line.amount_minor for line in batch),
        )
        for batch in batches
    ]
    bookings, payments = [], []
    for batch, entry_id in zip(batches, desk.post(entries), strict=True):
        for line in batch:
            bookings.append(_booking(desk, line, BookingKind.DUES, entry_id))
            assert line.reference
            payments.append(payment_row(desk, line, members[line.reference], entry_id))
    rows_add(payments)
    return bookings


def payment_row(desk: Desk, line: BankLine, member_id: UUID, entry_id: UUID) -> PaymentReceived:
    """A member's payment in memory, as its line says."""
    return PaymentReceived(
        coop_id=desk.fund.coop_id,
        at=desk.at,
        line=line,
        member_id=member_id,
        amount_minor=line.amount_minor,
        currency=desk.fund.currency,
        method=line.method,
        received_on=line.booked_on,
        clears_on=line.clears_on,
        entry_id=entry_id,
    )


def _unallocated_book(desk: Desk, lines: list[BankLine]) -> list[LineBooking]:
    """Money in that nobody has explained yet, an entry each."""
    entries = [
        desk.entry(
            f"line:{line.id}",
            line.booked_on,
            "Receipt, not allocated yet",
            BANK,
            UNALLOCATED,
            line.amount_minor,
        )
        for line in lines
    ]
    return [
        _booking(desk, line, BookingKind.UNALLOCATED, entry_id)
        for line, entry_id in zip(lines, desk.post(entries), strict=True)
    ]


def _reversal(desk: Desk, line: BankLine, entry: StatementEntry) -> LineBooking | None:
    """A payment of ours that came back whole, when the bank names it."""
    if not entry.end_to_end_id or not (entry.return_reason or entry.is_reversal):
        return None
    rows = Settlement.objects.filter(
        order__fund=desk.fund,
        order__end_to_end_id=entry.end_to_end_id,
        order__amount_minor=line.amount_minor,
        reversals__isnull=True,
    )
    for settlement in rows:
        left = LineBooking.objects.filter(
            line_id=settlement.bank_line_id, kind=BookingKind.SETTLEMENT
        )
        if left.exists():
            view = payment_reverse(
                settlement_id=settlement.id,
                bank_line_id=line.id,
                booked_on=desk.day(line.booked_on),
                actor=desk.actor,
                at=desk.at,
            )
            return _booking(
                desk,
                line,
                BookingKind.REVERSAL,
                view.entry_id,
                mandate_id=view.mandate_id,
                order_id=settlement.order_id,
            )
    return None


def _money_out_book(
    desk: Desk, line: BankLine, entry: StatementEntry, members: dict[str, UUID]
) -> LineBooking:
    """One debit: an order's, a return, a fee, or suspense."""
    order_id = order_match(
        fund_id=desk.fund.id,
        end_to_end_id=entry.end_to_end_id,
        remittance=entry.remittance,
        amount_minor=-line.amount_minor,
    )
    if order_id is not None:
        settled = order_settle(
            order_id=order_id,
            bank_line_id=line.id,
            booked_on=desk.day(line.booked_on),
            actor=desk.actor,
            at=desk.at,
        )
        return _booking(
            desk,
            line,
            BookingKind.SETTLEMENT,
            settled.entry_id,
            mandate_id=settled.mandate_id,
            order_id=order_id,
        )
    payment = _payment_returned(desk, line, entry, members)
    if payment is not None and (mandate_id := _standing(desk, line, "returned_debit")):
        return _return_book(desk, line, payment, mandate_id)
    if entry.is_fee and (mandate_id := _standing(desk, line, "bank_fee")):
        return _simple_book(desk, line, BookingKind.FEE, FEES, "Bank’s fee", mandate_id)
    memo = "Debit that nothing explains yet"
    return _simple_book(desk, line, BookingKind.SUSPENSE, SUSPENSE, memo, None)


def _standing(desk: Desk, line: BankLine, kind: str) -> UUID | None:
    return mandate_standing_take(
        fund_id=desk.fund.id,
        kind=kind,
        amount_minor=-line.amount_minor,
        booked_on=line.booked_on,
    )


def _simple_book(
    desk: Desk, line: BankLine, kind: BookingKind, debit: str, memo: str, mandate_id: UUID | None
) -> LineBooking:
    (entry_id,) = desk.post(
        [desk.entry(f"line:{line.id}", line.booked_on, memo, debit, BANK, -line.amount_minor)]
    )
    return _booking(desk, line, kind, entry_id, mandate_id=mandate_id)


def _payment_returned(
    desk: Desk, line: BankLine, entry: StatementEntry, members: dict[str, UUID]
) -> PaymentReceived | None:
    """The member's payment that a debit takes back: same amount, same payer, the latest."""
    if not (entry.return_reason or entry.is_reversal or line.reference):
        return None
    rows = PaymentReceived.objects.filter(
        coop_id=desk.fund.coop_id,
        line__statement__fund=desk.fund,
        amount_minor=-line.amount_minor,
        received_on__lte=line.booked_on,
        returns__isnull=True,
    ).order_by("-received_on", "-id")
    if line.reference:
        return rows.filter(member_id=members[line.reference]).first()
    texts = BankLineText.objects.filter(coop_id=desk.fund.coop_id)
    if entry.end_to_end_id:
        named = texts.filter(end_to_end_id=entry.end_to_end_id).values("id")
        if found := rows.filter(line_id__in=named).first():
            return found
    if entry.iban:
        return rows.filter(line_id__in=texts.filter(iban=entry.iban).values("id")).first()
    return None


def _return_book(
    desk: Desk, line: BankLine, payment: PaymentReceived, mandate_id: UUID
) -> LineBooking:
    """A member's bank took a payment back: the member owes it again."""
    booking = _simple_book(
        desk, line, BookingKind.RETURN, RECEIVABLE, "A member’s payment came back", mandate_id
    )
    rows_add(
        [
            PaymentReturned(
                coop_id=desk.fund.coop_id,
                at=desk.at,
                payment=payment,
                line=line,
                amount_minor=payment.amount_minor,
                returned_on=line.booked_on,
                mandate_id=mandate_id,
                entry_id=booking.entry_id,
            )
        ]
    )
    return booking
