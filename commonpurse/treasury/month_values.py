"""What a month of a fund looks like before and after it is closed. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from commonpurse.ledger.values import PeriodView, TrialBalance
from commonpurse.say import Said, say
from commonpurse.treasury.values import FundSummary, FundView

MISSING: dict[str, Said] = {
    "over": say("the month is not over"),
    "statements": say("the bank’s statements do not reach its last day"),
    "balance": say("the newest statement shows another balance than the books"),
    "suspense": say("a debit stands in suspense"),
    "unallocated": say("a receipt is not assigned"),
    "dues": say("dues that were due are not charged"),
    "held": say("what is held differs from the orders on their way"),
}
"""What keeps a month from being closed, by the key of its check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list: whether it is well, whether the month waits for it, how much it is."""

    key: str
    is_done: bool
    is_needed: bool
    count: int = 0
    minor: int = 0


@dataclass(frozen=True, slots=True)
class MonthView:
    """A civil month of a fund. `closed` is the closing that covers its last day, if there is one.

    `closed_by` is the person who closed it, where a person did.
    """

    fund: FundView
    first: date
    last: date
    checks: tuple[Check, ...]
    summary: FundSummary
    trial: TrialBalance
    statement_until: date | None
    uncharged: tuple[str, ...]
    closed: PeriodView | None
    closed_by: UUID | None
    closed_through: date | None

    @property
    def missing(self) -> tuple[Check, ...]:
        """What must be done before the month can be closed."""
        return tuple(check for check in self.checks if check.is_needed and not check.is_done)

    @property
    def is_ready(self) -> bool:
        """Whether it may be closed now."""
        return self.closed is None and not self.missing
