"""The fund, mandates, payees, requests, orders, dues, bank statements. Amounts in minor units."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import AmountIn, In, Words


class Position(Schema):
    """What a fund holds and what of it may still be spent."""

    currency: str
    balance_minor: int
    at_risk_minor: int
    cleared_minor: int
    held_minor: int
    promised_minor: int
    spendable_minor: int
    is_frozen: bool


class Fund(Schema):
    """A co-op's money at a sponsor."""

    id: UUID
    name: str
    currency: str
    sponsor_name: str
    opened_at: datetime
    position: Position


class KindTotal(Schema):
    """A kind of money in or out, and how much."""

    kind: str
    amount_minor: int
    count: int


class DayBalance(Schema):
    """What the fund held at the end of a day."""

    on: date
    balance_minor: int


class Summary(Schema):
    """What came in, what is here and where the rest went, over a stretch of days."""

    from_date: date
    to_date: date
    opening_minor: int
    closing_minor: int
    money_in: list[KindTotal]
    money_out: list[KindTotal]
    series: list[DayBalance]


class Account(Schema):
    """An account of the fund's books; the balance is debit positive."""

    id: UUID
    code: str
    name: str
    kind: str
    currency: str
    balance_minor: int
    held_minor: int
    version: int


class Posting(Schema):
    """One account's part in an entry."""

    account_id: UUID
    amount_minor: int
    account_version: int
    balance_after: int


class Entry(Schema):
    """One event of the books."""

    id: UUID
    booked_on: date
    kind: str
    memo: str
    reverses_id: UUID | None
    at: datetime
    postings: list[Posting]


class Mandate(Schema):
    """An authority to spend; of a standing one, amounts are of this calendar month."""

    id: UUID
    number: int
    code: str
    kind: str
    standing_kind: str | None
    decision_id: UUID | None
    manual_version_id: UUID | None
    payee_id: UUID | None
    payee_name: str
    max_minor: int
    used_minor: int
    remaining_minor: int
    currency: str
    purpose: str
    valid_from: datetime
    valid_until: datetime | None
    ended_at: datetime | None
    is_valid: bool


class Payment(Schema):
    """A payment that left the fund."""

    number: int
    code_number: Annotated[str, Field(validation_alias="payment_number")]
    payee_name: str
    purpose: str
    amount_minor: int
    currency: str
    booked_on: date
    mandate_number: int
    code: str
    is_reversed: bool


class Step(Schema):
    """One knot of the chain of authority; `leaf_id` finds it in the public record."""

    kind: str
    leaf_id: UUID
    at: datetime
    title: Words
    facts: list[tuple[str, str]]


class Chain(Schema):
    """Why a payment was made."""

    number: int
    decision_id: UUID | None
    manual_version_id: UUID
    steps: list[Step]


class PayeeAccount(Schema):
    """A bank account of a payee."""

    id: UUID
    iban: str
    holder: str
    bic: str
    entered_by_member_id: UUID
    entered_at: datetime
    usable_from: datetime


class Payee(Schema):
    """Somebody whom the co-op may pay; accounts newest first."""

    id: UUID
    kind: str
    name: str
    beneficial_owner_member_id: UUID | None
    added_by_member_id: UUID
    added_at: datetime
    accounts: list[PayeeAccount]


class PayeeIn(In):
    """Somebody to add."""

    kind: Annotated[Literal["organisation", "member"], Field(examples=["organisation"])]
    name: Annotated[str, Field(min_length=1, max_length=70, examples=["Brine Backup"])]
    beneficial_owner_member_id: UUID | None = None


class AccountIn(In):
    """A bank account; its IBAN is checked, and a changed one cools down before it is used."""

    iban: Annotated[str, Field(min_length=5, max_length=42, examples=["BE68539007547034"])]
    holder: Annotated[str, Field(min_length=1, max_length=70, examples=["Brine Backup"])]
    bic: Annotated[str, Field(max_length=11)] = ""


class RequestIn(In):
    """A payment to ask for, under a mandate."""

    mandate_number: Annotated[int, Field(ge=1, le=2_000_000_000)]
    payee_id: UUID
    amount_minor: AmountIn
    purpose: Annotated[str, Field(min_length=1, max_length=100, examples=["Backups, April"])]
    account_id: UUID | None = None


class RequestEdit(In):
    """What a request shall say. Every approval is void afterwards."""

    amount_minor: AmountIn
    purpose: Annotated[str, Field(min_length=1, max_length=100)]
    account_id: UUID | None = None


class ApproveIn(In):
    """The hash of the payload that the trustee has read."""

    payload_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$", examples=["0" * 64])]


class ReasonIn(In):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=1_000)]


class Approval(Schema):
    """One trustee's signature."""

    id: UUID
    trustee_member_id: UUID
    trustee_name: str
    at: datetime


class Request(Schema):
    """A payment request with everything that a trustee reads before signing."""

    id: UUID
    number: int
    code_number: str
    status: str
    waiting_code: str
    waiting_text: Words
    requester_member_id: UUID
    requester_name: str
    requested_at: datetime
    version: int
    payload_json: str
    payload_hash: str
    code: str
    amount_minor: int
    currency: str
    purpose: str
    expires_at: datetime
    payee: Payee
    account: PayeeAccount
    mandate: Mandate
    approvals: list[Approval]
    approvals_needed: int
    settled_on: date | None
    ended_at: datetime | None
    end_reason: str


class Charge(Schema):
    """One period's claim."""

    period: str
    due_on: date
    amount_minor: int
    paid_minor: int
    is_paid: bool


class Receipt(Schema):
    """Money that a member paid."""

    received_on: date
    amount_minor: int
    method: str
    clears_on: date
    returned_on: date | None
    return_reason: str


class Dues(Schema):
    """Where a member stands; a balance above zero is owed."""

    member_id: UUID
    reference: str
    on: date
    charged_minor: int
    paid_minor: int
    returned_minor: int
    balance_minor: int
    behind_minor: int
    charges: list[Charge]
    receipts: list[Receipt]


class DuesOverview(Schema):
    """Where all members stand together."""

    on: date
    charged_minor: int
    paid_minor: int
    owed_minor: int
    credit_minor: int
    members_count: int
    behind_count: int
    behind_minor: int


class Order(Schema):
    """An instruction to the sponsor."""

    id: UUID
    number: int
    payee_name: str
    amount_minor: int
    currency: str
    purpose: str
    code: str
    end_to_end_id: str
    prepared_at: datetime
    status: str
    file_id: UUID | None


class OrderFileIn(In):
    """The day on which the bank shall pay."""

    execute_on: date


class OrderFile(Schema):
    """A payment file; its bytes are at `/files/{file_id}`."""

    id: UUID
    message_id: str
    made_at: datetime
    sha256: str
    order_ids: list[UUID]


class PaidIn(In):
    """Proof that an order was paid by hand, and the day on which it left."""

    proof: Annotated[str, Field(min_length=1, max_length=200, examples=["Transfer 2026-114"])]
    booked_on: date


class Statement(Schema):
    """A bank statement as it was imported."""

    id: UUID
    format: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    is_balanced: bool | None
    lines_count: int
    from_on: date | None
    until_on: date | None
    imported_at: datetime
    statement_ref: str
    filename: str
    reason: str


class WhyForm(In):
    """Why a statement that does not add up is taken all the same; empty where it does."""

    reason: Annotated[str, Field(max_length=1_000)] = ""


class Import(Schema):
    """What an import did. A repeat did nothing."""

    statement_ids: list[UUID]
    is_repeat: bool
    new_lines: int
    repeated_lines: int
    booked: dict[str, int]
    needs_review: int


class BankLine(Schema):
    """One movement, and how it stands in the books."""

    id: UUID
    statement_id: UUID
    booked_on: date
    amount_minor: int
    currency: str
    reference: str
    return_reason: str
    method: str
    kind: str
    assigned: str
    member_id: UUID | None
    mandate_id: UUID | None
    order_id: UUID | None
    entry_id: UUID
    counterparty: str
    iban: str
    remittance: str
    needs_review: bool


class AssignIn(In):
    """What a movement that nobody could match turned out to be."""

    kind: Annotated[Literal["dues", "grant", "refund"], Field(examples=["grant"])]
    member_id: UUID | None = None
