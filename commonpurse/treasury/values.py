"""What the treasury's selectors and services answer with: frozen values, amounts in minor units."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commonpurse.say import say

STATUSES = {
    "open": say("open"),
    "waiting": say("approved"),
    "ordered": say("ordered"),
    "exported": say("at the bank"),
    "settled": say("paid"),
    "reversed": say("paid back"),
    "failed": say("not carried out by the bank"),
    "withdrawn": say("taken back"),
    "refused": say("refused"),
    "expired": say("over"),
}
"""Where a payment request stands, in a sentence: “R-0007 is already paid.”"""


@dataclass(frozen=True, slots=True)
class SponsorView:
    """An organisation that holds money for co-ops."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FundView:
    """A co-op's money at a sponsor."""

    id: UUID
    coop_id: UUID
    sponsor_id: UUID
    sponsor_name: str
    name: str
    currency: str
    book_id: UUID
    opened_at: datetime
    has_account: bool


@dataclass(frozen=True, slots=True)
class FundAccountView:
    """The sponsor's bank account. Private."""

    iban: str
    holder: str
    bic: str


@dataclass(frozen=True, slots=True)
class FundPosition:
    """What a fund holds and what of it may still be spent (design §2)."""

    currency: str
    balance_minor: int
    at_risk_minor: int
    cleared_minor: int
    held_minor: int
    promised_minor: int
    spendable_minor: int

    @property
    def is_frozen(self) -> bool:
        """No order leaves while more is held and promised than has cleared."""
        return self.spendable_minor < 0


@dataclass(frozen=True, slots=True)
class KindTotal:
    """One row of the public summary: a kind of money in or out, and how much."""

    kind: str
    amount_minor: int
    count: int


@dataclass(frozen=True, slots=True)
class DayBalance:
    """What the fund held at the end of a day."""

    on: date
    balance_minor: int


@dataclass(frozen=True, slots=True)
class FundSummary:
    """What came in, what is here and where the rest went, over a stretch of days."""

    from_date: date
    to_date: date
    position: FundPosition
    money_in: tuple[KindTotal, ...]
    money_out: tuple[KindTotal, ...]
    opening_minor: int
    closing_minor: int
    series: tuple[DayBalance, ...]


@dataclass(frozen=True, slots=True)
class TrusteeSetView:
    """One version of who may release money."""

    id: UUID
    number: int
    member_ids: tuple[UUID, ...]
    approvals_needed: int
    decision_id: UUID
    adopted_at: datetime


@dataclass(frozen=True, slots=True)
class MandateView:
    """An authority to spend. Amounts of a standing mandate are of one calendar month (UTC)."""

    id: UUID
    coop_id: UUID
    number: int
    kind: str
    decision_id: UUID | None
    result_id: UUID | None
    manual_version_id: UUID | None
    fund_id: UUID
    payee_id: UUID | None
    payee_name: str
    covers_line_id: UUID | None
    standing_kind: str | None
    max_minor: int
    used_minor: int
    currency: str
    purpose: str
    valid_from: datetime
    valid_until: datetime | None
    ended_at: datetime | None
    is_valid: bool

    @property
    def remaining_minor(self) -> int:
        """What may still be spent under it; never below zero."""
        return max(0, self.max_minor - self.used_minor)

    @property
    def code(self) -> str:
        """How people name it: M-0016."""
        return f"M-{self.number:04d}"

    @property
    def is_requestable(self) -> bool:
        """Members may ask for payments under it: it is not for what the bank does by itself."""
        return self.covers_line_id is None and self.standing_kind not in (
            "bank_fee",
            "returned_debit",
        )


@dataclass(frozen=True, slots=True)
class PayeeAccountView:
    """One bank account of a payee. Private; number and holder are empty once erased."""

    id: UUID
    iban: str
    holder: str
    bic: str
    entered_by_member_id: UUID
    entered_at: datetime
    usable_from: datetime


@dataclass(frozen=True, slots=True)
class PayeeView:
    """Somebody whom the co-op may pay; `accounts` newest first."""

    id: UUID
    coop_id: UUID
    kind: str
    name: str
    beneficial_owner_member_id: UUID | None
    added_by_member_id: UUID
    added_at: datetime
    accounts: tuple[PayeeAccountView, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One trustee's signature over the payload."""

    id: UUID
    trustee_member_id: UUID
    trustee_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionView:
    """One exact payload that was put to the trustees."""

    id: UUID
    version: int
    payload_hash: str
    code: str
    edited_by_member_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RequestAsk:
    """A request that waits for a trustee, as a list of what needs them names it."""

    number: int
    payee_name: str
    amount_minor: int
    currency: str
    purpose: str
    approvals_count: int
    approvals_needed: int

    @property
    def code_number(self) -> str:
        """How people name it: R-0061."""
        return f"R-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class RequestView:
    """A payment request with everything that a trustee reads before signing."""

    id: UUID
    coop_id: UUID
    number: int
    status: str
    waiting_code: str
    waiting_text: str
    requester_member_id: UUID
    requester_name: str
    requested_at: datetime
    version_id: UUID
    version: int
    payload_json: str
    payload_hash: str
    code: str
    amount_minor: int
    currency: str
    purpose: str
    expires_at: datetime
    edited_by_member_id: UUID
    payee: PayeeView
    account: PayeeAccountView
    mandate: MandateView
    trustee_set_number: int
    approvals: tuple[ApprovalView, ...]
    approvals_needed: int
    order_id: UUID | None
    end_to_end_id: str
    settlement_id: UUID | None
    settled_on: date | None
    ended_at: datetime | None
    ended_by_member_id: UUID | None
    end_reason: str

    @property
    def code_number(self) -> str:
        """How people name it: R-0063."""
        return f"R-{self.number:04d}"

    @property
    def payment_number(self) -> str:
        """How the payment is named: P-0063, the request's own number."""
        return f"P-{self.number:04d}"

    @property
    def is_open(self) -> bool:
        """Nothing is settled about it yet: it may be edited, withdrawn, refused or approved."""
        return self.status in ("open", "waiting")


@dataclass(frozen=True, slots=True)
class TrusteeStanding:
    """Whether one trustee may approve a request, and if not, why."""

    member_id: UUID
    name: str
    has_approved: bool
    refusal: str


@dataclass(frozen=True, slots=True)
class RequestDossier:
    """A request as one member sees it: what they and the trustees may do, and each payload.

    `may_not` says why this member may not approve it; it is empty when they may.
    """

    request: RequestView
    may_not: str
    standings: tuple[TrusteeStanding, ...]
    versions: tuple[VersionView, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """An instruction to the sponsor."""

    id: UUID
    request_id: UUID
    number: int
    fund_id: UUID
    mandate_id: UUID
    payee_name: str
    amount_minor: int
    currency: str
    purpose: str
    code: str
    end_to_end_id: str
    prepared_at: datetime
    status: str
    file_id: UUID | None

    @property
    def payment_number(self) -> str:
        """How the payment is named: P-0063."""
        return f"P-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class OrderFileView:
    """A payment file, with its bytes."""

    id: UUID
    message_id: str
    made_at: datetime
    sha256: str
    body: bytes
    order_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SettlementView:
    """An order that left the fund, and the entry that books it."""

    id: UUID
    order_id: UUID
    mandate_id: UUID
    entry_id: UUID
    booked_on: date


@dataclass(frozen=True, slots=True)
class ReversalView:
    """A payment whose money came back, and the entry that reverses it."""

    id: UUID
    settlement_id: UUID
    mandate_id: UUID
    entry_id: UUID
    booked_on: date


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment on the public page."""

    settlement_id: UUID
    request_id: UUID
    number: int
    payee_name: str
    purpose: str
    amount_minor: int
    currency: str
    booked_on: date
    mandate_number: int
    decision_id: UUID | None
    code: str
    is_reversed: bool

    @property
    def payment_number(self) -> str:
        """How people name it: P-0063."""
        return f"P-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One knot of the chain of authority; `leaf_id` finds it in the public record."""

    kind: str
    leaf_id: UUID
    at: datetime
    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaymentChain:
    """Why a payment was made: from the money that left to the manual that allowed it."""

    request: RequestView
    decision_id: UUID | None
    manual_version_id: UUID
    steps: tuple[ChainStep, ...]
