"""What the selectors and services of bank statements answer with. Money in is positive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ImportView:
    """What an import did. A repeat did nothing: the same file was imported before.

    `booked` counts the new lines by how they were booked; `needs_review` is how many of them a
    treasurer still has to look at: receipts without a known reference and unexplained debits.
    """

    statement_ids: tuple[UUID, ...]
    is_repeat: bool
    new_lines: int
    repeated_lines: int
    booked: Mapping[str, int]
    needs_review: int


@dataclass(frozen=True, slots=True)
class StatementView:
    """A statement as it was imported. `reason` is why it was taken although it did not fit."""

    id: UUID
    fund_id: UUID
    format: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    is_balanced: bool | None
    entries_count: int
    lines_count: int
    from_on: date | None
    until_on: date | None
    imported_at: datetime
    imported_by_member_id: UUID
    statement_ref: str
    filename: str
    reason: str
    has_reason: bool


@dataclass(frozen=True, slots=True)
class LineView:
    """One movement and how it stands in the books.

    `kind` is what it was booked as, `assigned` what it turned out to be later (empty while it
    did not). Texts are private, and empty once erased.
    """

    id: UUID
    coop_id: UUID
    fund_id: UUID
    statement_id: UUID
    booked_on: date
    amount_minor: int
    currency: str
    reference: str
    return_reason: str
    method: str
    clears_on: date
    kind: str
    assigned: str
    member_id: UUID | None
    mandate_id: UUID | None
    order_id: UUID | None
    entry_id: UUID
    counterparty: str
    iban: str
    remittance: str

    @property
    def needs_review(self) -> bool:
        """Whether nobody knows yet what it is."""
        return self.kind in ("unallocated", "suspense") and not self.assigned
