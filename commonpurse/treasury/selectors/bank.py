"""Bank statements and their lines, as treasurers and (without the private texts) all read them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from commonpurse.errors import NotFound
from commonpurse.record.beside import beside, beside_read
from commonpurse.treasury.bank_values import LineView, StatementView
from commonpurse.treasury.models import (
    BankLine,
    BankLineText,
    BankStatement,
    BankStatementText,
    BookingKind,
    LineBooking,
)

PAGE = 200
WORD: "CharField[str, str]" = CharField()


def statement_list(fund_id: UUID, *, limit: int = PAGE) -> tuple[StatementView, ...]:
    """A fund's statements, newest first."""
    rows = BankStatement.objects.filter(fund_id=fund_id).order_by("-at", "-ordinal", "-id")
    return _statement_views(rows[:limit])


def statement_view(statement_id: UUID) -> StatementView:
    """One statement. Raises NotFound `no_statement`."""
    found = _statement_views(BankStatement.objects.filter(id=statement_id))
    if not found:
        raise NotFound("no_statement", "There is no such statement.")
    return found[0]


def statement_lines(statement_id: UUID) -> tuple[LineView, ...]:
    """The lines that a statement brought, in the bank's order."""
    return line_views(BankLine.objects.filter(statement_id=statement_id).order_by("ordinal"))


def line_view(line_id: UUID) -> LineView:
    """One line. Raises NotFound `no_line`."""
    found = line_views(BankLine.objects.filter(id=line_id))
    if not found:
        raise NotFound("no_line", "There is no such line on a statement.")
    return found[0]


def access_line(*, line_id: UUID, fund_id: UUID) -> LineView:
    """A line of this fund's statements. Raises NotFound `no_line` for another's."""
    found = line_view(line_id)
    if found.fund_id != fund_id:
        raise NotFound("no_line", "There is no such line here.")
    return found


def lines_to_review(fund_id: UUID) -> tuple[LineView, ...]:
    """Money that came in and that no reference explains, oldest first."""
    rows = BankLine.objects.filter(
        statement__fund_id=fund_id,
        bookings__kind=BookingKind.UNALLOCATED,
        bookings__assignments__isnull=True,
    )
    return line_views(rows.order_by("booked_on", "id"))


def suspense_list(fund_id: UUID) -> tuple[LineView, ...]:
    """Money that left and that nothing explains, oldest first; for everybody, so without texts.

    Each visit of the fund's page asks this, so it reads no more than such lines can have.
    """
    rows = LineBooking.objects.filter(
        kind=BookingKind.SUSPENSE, line__statement__fund_id=fund_id, covers__isnull=True
    )
    found = rows.select_related("line__statement").order_by("line__booked_on", "line_id")
    return tuple(line_frozen(booking.line, booking) for booking in found)


def line_views(rows: QuerySet[BankLine]) -> tuple[LineView, ...]:
    """Frozen values of lines, in one query whatever their number."""
    text_of = BankLineText.objects.filter(id=OuterRef("id")).values(row=beside(BankLineText))
    found: QuerySet[Any] = rows.select_related("statement").annotate(
        booking_row=beside(LineBooking, "bookings__"),
        text_row=Subquery(text_of),
        assigned=Coalesce(
            "bookings__covers__kind", "bookings__assignments__kind", Value(""), output_field=WORD
        ),
        member_of=Coalesce("returns__payment__member_id", "payments__member_id"),
    )
    views = []
    for line in found:
        text = beside_read(BankLineText, line.text_row)
        booking = beside_read(LineBooking, line.booking_row)
        assert booking is not None, "a line is booked in the transaction that imports it"
        view = line_frozen(line, booking)
        view = replace(view, assigned=line.assigned, member_id=line.member_of)
        if text is not None:
            view = replace(
                view, counterparty=text.counterparty, iban=text.iban, remittance=text.remittance
            )
        views.append(view)
    return tuple(views)


def line_frozen(line: BankLine, booking: LineBooking) -> LineView:
    """The frozen value of a line as its bank wrote it and the books took it, without texts."""
    return LineView(
        id=line.id,
        coop_id=line.coop_id,
        fund_id=line.statement.fund_id,
        statement_id=line.statement_id,
        booked_on=line.booked_on,
        amount_minor=line.amount_minor,
        currency=line.statement.currency,
        reference=line.reference or "",
        return_reason=line.return_reason or "",
        method=line.method,
        clears_on=line.clears_on,
        kind=booking.kind,
        assigned="",
        member_id=None,
        mandate_id=booking.mandate_id,
        order_id=booking.order_id,
        entry_id=booking.entry_id,
        counterparty="",
        iban="",
        remittance="",
    )


def _statement_views(rows: Iterable[BankStatement]) -> tuple[StatementView, ...]:
    statements = list(rows)
    ids = [row.id for row in statements]
    texts = BankStatementText.objects.in_bulk(ids)
    counted = BankLine.objects.filter(statement_id__in=ids).values("statement_id")
    counts = dict(counted.annotate(n=Count("id")).values_list("statement_id", "n"))
    views = []
    for row in statements:
        text = texts.get(row.id)
        views.append(
            StatementView(
                id=row.id,
                fund_id=row.fund_id,
                format=row.format,
                currency=row.currency,
                opening_minor=row.opening_minor,
                closing_minor=row.closing_minor,
                is_balanced=row.balanced,
                entries_count=row.entries_count,
                lines_count=counts.get(row.id, 0),
                from_on=row.from_on,
                until_on=row.until_on,
                imported_at=row.at,
                imported_by_member_id=row.imported_by_member_id,
                statement_ref=text.statement_ref if text else "",
                filename=text.filename if text else "",
                reason=text.reason if text else "",
                has_reason=row.reason_mac is not None,
            )
        )
    return tuple(views)
