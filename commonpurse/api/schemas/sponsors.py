"""What a sponsor's people read and send. Amounts in minor units."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from commonpurse.api.schemas.base import In, Line
from commonpurse.api.schemas.money import Position


class Sponsor(Schema):
    """An organisation that holds funds, and for which you act."""

    id: UUID
    name: str


class Heap(Schema):
    """How many there are, and how much together."""

    count: int
    minor: int


class SponsorFund(Schema):
    """A fund that the sponsor holds, and what waits for it there."""

    id: UUID
    coop_name: str
    currency: str
    position: Position
    bank_minor: int | None
    bank_on: date | None
    difference_minor: int
    is_statement_late: bool
    ready: Heap
    sent: Heap
    suspense: Heap
    fee_left_minor: int
    waits: int


class Instruction(Schema):
    """An order that waits for the bank, with the account that it pays into."""

    id: UUID
    number: int
    holder: str
    iban: str
    bic: str
    amount_minor: int
    currency: str
    purpose: str
    code: str
    end_to_end_id: str


class Staff(Schema):
    """Somebody who acts for the sponsor."""

    staff_id: UUID
    person_id: UUID
    email: str
    since: datetime


class StaffIn(In):
    """A colleague to be appointed; the name is for who has no account yet."""

    email: Annotated[str, Field(min_length=3, max_length=254, examples=["sol@example.org"])]
    name: Line


class ProofIn(In):
    """The bank's reference of a transfer that was typed by hand."""

    proof: Annotated[str, Field(min_length=1, max_length=200, examples=["Transfer 2026-114"])]


class WhyIn(In):
    """Why the bank refused an order."""

    reason: Annotated[str, Field(min_length=1, max_length=1_000, examples=["Account closed"])]
