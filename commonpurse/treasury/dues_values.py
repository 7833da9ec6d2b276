"""What the selectors and services of dues answer with. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DuesPlanView:
    """What every member owes from a day on."""

    id: UUID
    coop_id: UUID
    fund_id: UUID
    name: str
    amount_minor: int
    currency: str
    period_months: int
    day: int
    from_date: date
    manual_version_id: UUID


@dataclass(frozen=True, slots=True)
class ChargeRun:
    """What one run charged; all zero when everything was charged already."""

    charged_count: int
    total_minor: int
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChargeView:
    """One period's claim on one member; `paid_minor` by the oldest claim first."""

    id: UUID
    period: str
    due_on: date
    amount_minor: int
    paid_minor: int

    @property
    def left_minor(self) -> int:
        """What is still to pay of it."""
        return max(self.amount_minor - self.paid_minor, 0)

    @property
    def is_paid(self) -> bool:
        """Whether nothing of it is left to pay."""
        return self.paid_minor >= self.amount_minor


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Money that a member paid, and whether their bank took it back."""

    id: UUID
    received_on: date
    amount_minor: int
    method: str
    clears_on: date
    returned_on: date | None
    return_reason: str


@dataclass(frozen=True, slots=True)
class DuesAccount:
    """Where one member stands. `balance_minor` above zero is owed, below zero is their credit.

    `is_behind` means that something due before `on` is not paid; `paid_until` is the last day
    before the first period that is not paid in full, None before anything was charged.
    """

    member_id: UUID
    reference: str
    on: date
    charged_minor: int
    paid_minor: int
    returned_minor: int
    balance_minor: int
    behind_minor: int
    charges: tuple[ChargeView, ...]
    receipts: tuple[ReceiptView, ...]

    @property
    def is_behind(self) -> bool:
        """Whether something that was due is not paid."""
        return self.behind_minor > 0


@dataclass(frozen=True, slots=True)
class PeriodView:
    """One period's charges."""

    period: str
    due_on: date
    count: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class DuesOverview:
    """Where all members stand together. `owed_minor` and `credit_minor` are both positive."""

    on: date
    charged_minor: int
    paid_minor: int
    owed_minor: int
    credit_minor: int
    members_count: int
    behind_count: int
    behind_minor: int
    periods: tuple[PeriodView, ...]


@dataclass(frozen=True, slots=True)
class BehindView:
    """A member who owes what was due, and since when."""

    member_id: UUID
    owed_minor: int
    oldest_due_on: date
