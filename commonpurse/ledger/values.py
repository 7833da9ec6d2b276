"""What the ledger takes and gives: frozen values, amounts in signed minor units, debit positive."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Line:
    """One account's part in an entry that is to be posted."""

    account_id: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry that is to be posted. `key` is permanent: the same again gives the same entry."""

    key: str
    booked_on: date
    kind: str
    memo: str
    lines: tuple[Line, ...]
    reverses_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PostingView:
    """One account's part in an entry: its place in the account's chain and the balance after."""

    account_id: UUID
    amount_minor: int
    account_version: int
    balance_after: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its postings, by account id. `is_new` is False when it was posted before."""

    id: UUID
    coop_id: UUID
    book_id: UUID
    booked_on: date
    kind: str
    memo: str
    reverses_id: UUID | None
    at: datetime
    postings: tuple[PostingView, ...]
    is_new: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """An entry, and the one that took it back if there is one."""

    entry: EntryView
    reversed_by_id: UUID | None


@dataclass(frozen=True, slots=True)
class BookView:
    """The books of one owner: a fund."""

    id: UUID
    coop_id: UUID
    owner_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account and where it stands."""

    id: UUID
    coop_id: UUID
    book_id: UUID
    code: str
    name: str
    kind: str
    currency: str
    floor_minor: int | None
    balance_minor: int
    held_minor: int
    version: int

    @property
    def natural_minor(self) -> int:
        """The balance on the side on which this kind of account grows."""
        return self.balance_minor * natural_sign(self.kind)

    @property
    def free_minor(self) -> int:
        """What may still be taken: the natural balance without holds and floor."""
        return self.natural_minor - self.held_minor - (self.floor_minor or 0)


@dataclass(frozen=True, slots=True)
class HoldView:
    """Money set aside; `end` says how the hold ended, None while it stands."""

    id: UUID
    coop_id: UUID
    account_id: UUID
    key: str
    amount_minor: int
    expires_at: datetime | None
    end: str | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PeriodView:
    """The books are closed through this day."""

    id: UUID
    coop_id: UUID
    book_id: UUID
    through: date
    at: datetime


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account's balance, on the side where it falls."""

    account_id: UUID
    code: str
    name: str
    kind: str
    currency: str
    debit_minor: int
    credit_minor: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """All accounts of a book by code; debits equal credits in every currency."""

    rows: tuple[TrialRow, ...]

    @property
    def totals(self) -> dict[str, tuple[int, int]]:
        """By currency: all debits, all credits."""
        sums: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            debit, credit = sums.get(row.currency, (0, 0))
            sums[row.currency] = (debit + row.debit_minor, credit + row.credit_minor)
        return sums


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting as an account's holder reads it."""

    entry_id: UUID
    booked_on: date
    kind: str
    memo: str
    amount_minor: int
    account_version: int
    balance_after: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Lines of an account, newest first. `older` and `newer` open the neighbouring pages."""

    account: AccountView
    lines: tuple[StatementLine, ...]
    older: int | None
    newer: int | None


def natural_sign(kind: str) -> int:
    """1 for accounts that grow by debits (assets, expenses), -1 for the others."""
    return 1 if kind in {"asset", "expense"} else -1
