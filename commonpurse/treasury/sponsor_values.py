"""What the selectors and services of a sponsor's console answer with. Amounts in minor units."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commonpurse.record.services import Actor
from commonpurse.treasury.values import FundPosition, FundView, OrderView

STATEMENT_DAYS = 35
"""A month and some days: a fund whose last statement is older waits for the next one."""


@dataclass(frozen=True, slots=True)
class SponsorPerson:
    """Somebody who acts for a sponsor, as services take them."""

    sponsor_id: UUID
    sponsor_name: str
    person_id: UUID
    name: str

    @property
    def actor(self) -> Actor:
        """The person as the one who acts."""
        return Actor(person_id=self.person_id, name=self.name)


@dataclass(frozen=True, slots=True)
class StaffView:
    """A line of the list of a sponsor's people: the address by which they were appointed."""

    staff_id: UUID
    person_id: UUID
    email: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Instruction:
    """An order that waits for the bank, with the account that it pays into."""

    order: OrderView
    holder: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Heap:
    """How many there are, and how much together."""

    count: int = 0
    minor: int = 0


@dataclass(frozen=True, slots=True)
class SponsorFund:
    """A fund as its sponsor sees it: whose it is, where it stands, what waits at the bank.

    `bank_minor` and `bank_on` are the closing balance and the last day of the newest statement;
    nothing while none came in. `fee_max_minor` is what the co-op's manual allows the sponsor in
    the month, `fee_used_minor` what was ordered of it.
    """

    fund: FundView
    coop_slug: str
    coop_name: str
    is_secret: bool
    position: FundPosition
    bank_minor: int | None
    bank_on: date | None
    ready: Heap
    sent: Heap
    suspense: Heap
    fee_max_minor: int
    fee_used_minor: int
    today: date

    @property
    def difference_minor(self) -> int:
        """How much more the newest statement shows than the books: nothing, if all is well."""
        return 0 if self.bank_minor is None else self.bank_minor - self.position.balance_minor

    @property
    def is_statement_late(self) -> bool:
        """Whether a statement should have come in by now."""
        since = self.bank_on or self.fund.opened_at.date()
        return (self.today - since).days > STATEMENT_DAYS

    @property
    def fee_left_minor(self) -> int:
        """What the sponsor may still be paid this month without a new vote."""
        return max(0, self.fee_max_minor - self.fee_used_minor)

    @property
    def waits(self) -> int:
        """How many things wait for the sponsor here."""
        return (
            self.ready.count
            + self.suspense.count
            + int(self.is_statement_late)
            + int(self.difference_minor != 0)
        )
