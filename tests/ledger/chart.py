"""A small fund's chart of accounts, and short words to post on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

from commonpurse.ledger import services
from commonpurse.ledger.values import EntryView, Line, NewEntry
from commonpurse.record.ids import random_id
from commonpurse.record.services import Actor

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
ANN = Actor(person_id=UUID("00000000-0000-4000-8000-000000000001"), name="Ann")

_numbers = count(1)


@dataclass(frozen=True)
class Chart:
    """Accounts of one book by name; the bank cannot be overdrawn."""

    coop_id: UUID
    book_id: UUID
    bank: UUID
    receivable: UUID
    dues: UUID
    spending: UUID
    dollars: UUID
    dollar_income: UUID

    def entry(
        self,
        debit: UUID,
        credit: UUID,
        amount_minor: int,
        *,
        key: str = "",
        kind: str = "transfer",
        booked_on: date = MARCH,
        memo: str = "Dues of March",
    ) -> NewEntry:
        return NewEntry(
            key=key or f"key-{next(_numbers)}",
            booked_on=booked_on,
            kind=kind,
            memo=memo,
            lines=(Line(debit, amount_minor), Line(credit, -amount_minor)),
        )

    def post(self, entry: NewEntry) -> EntryView:
        return services.entry_post(
            coop_id=self.coop_id,
            book_id=self.book_id,
            key=entry.key,
            booked_on=entry.booked_on,
            kind=entry.kind,
            lines=entry.lines,
            memo=entry.memo,
            reverses_id=entry.reverses_id,
            actor=ANN,
            at=NOON,
        )

    def dues_come_in(self, amount_minor: int) -> EntryView:
        return self.post(self.entry(self.bank, self.dues, amount_minor))

    def spend(self, amount_minor: int, kind: str = "transfer") -> EntryView:
        return self.post(self.entry(self.spending, self.bank, amount_minor, kind=kind))


def chart_make(coop_id: UUID | None = None) -> Chart:
    """A new co-op's book, committed or not as the caller's transaction goes."""
    coop_id, at = coop_id or random_id(), NOON
    book = services.book_open(
        coop_id=coop_id, owner_id=random_id(), name="Main fund", actor=ANN, at=at
    )

    def account(code: str, name: str, kind: str, currency: str, floor: int | None) -> UUID:
        opened = services.account_open(
            coop_id=coop_id,
            book_id=book.id,
            code=code,
            name=name,
            kind=kind,
            currency=currency,
            floor_minor=floor,
            actor=ANN,
            at=at,
        )
        return opened.id

    return Chart(
        coop_id=coop_id,
        book_id=book.id,
        bank=account("1000", "Bank", "asset", "EUR", 0),
        receivable=account("1100", "Dues receivable", "asset", "EUR", None),
        dues=account("4000", "Dues", "income", "EUR", None),
        spending=account("5000", "Spending", "expense", "EUR", None),
        dollars=account("1010", "Dollars", "asset", "USD", 0),
        dollar_income=account("4010", "Dollar gifts", "income", "USD", None),
    )
