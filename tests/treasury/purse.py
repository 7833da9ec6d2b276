"""A co-op with a fund, four trustees and a payee: what tests of payments start from.

Ann, Bo, Cy and Eve are the trustees and two of them release a payment; Finn is a plain member.
A passed decision is written as its two rows, because what it takes to pass one is tested elsewhere.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from commonpurse.decisions.models import Decision, Result
from commonpurse.groups.services import member_add
from commonpurse.groups.values import Member
from commonpurse.ledger.selectors import account_by_code
from commonpurse.ledger.services import entry_post
from commonpurse.ledger.values import Line
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.rules import rules_for
from commonpurse.manual.selectors import manual_current
from commonpurse.manual.services import manual_adopt
from commonpurse.manual.templates import template
from commonpurse.record.ids import new_id
from commonpurse.record.services import SYSTEM, lock_make, row_add
from commonpurse.treasury.services import (
    fund_open,
    mandate_enact,
    mandates_standing_enact,
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_request,
    sponsor_add,
    trustee_set_adopt,
)
from commonpurse.treasury.values import FundView, MandateView, PayeeView, RequestView
from tests.world import NOON, World, person, world

FUND_IBAN = "DE89370400440532013000"
BRINE_IBAN = "NL91ABNA0417164300"
OTHER_IBAN = "BE68539007547034"
THIRD_IBAN = "FR1420041010050500013M02606"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Purse:
    """The small world with a fund of 500.00 and a payee, Brine Backup."""

    world: World
    fund: FundView
    brine: PayeeView
    ann: Member
    bo: Member
    cy: Member
    eve: Member
    finn: Member
    at: datetime

    @property
    def coop_id(self) -> UUID:
        return self.fund.coop_id

    @property
    def trustees(self) -> tuple[Member, ...]:
        return (self.ann, self.bo, self.cy, self.eve)


def purse(at: datetime = NOON, *, cleared_minor: int = 50_000, **changes: object) -> Purse:
    """Found the co-op by decision 1, open its fund, put money in and know one payee.

    `changes` are parameters of the manual that differ from the template.
    """
    small = world(at)
    coop_id = small.coop_id
    finn = member_add(
        coop_id=coop_id, person_id=person("Finn", at).person_id, actor=small.ann, at=at
    )
    founding = decision(coop_id, {"kind": "found"}, proposer=small.ann, at=at, kind="founding")
    manual_write(coop_id, founding.id, at=at, **changes)
    sponsor = sponsor_add(name="Harbour Commons Foundation", actor=SYSTEM, at=at)
    fund = fund_open(
        coop_id=coop_id,
        sponsor_id=sponsor.id,
        name="The Shared Bill",
        currency="EUR",
        iban=FUND_IBAN,
        holder="Harbour Commons Foundation",
        actor=SYSTEM,
        at=at,
    )
    trustees = [small.ann, small.bo, small.cy, small.eve]
    trustee_set_adopt(
        coop_id=coop_id,
        member_ids=[member.member_id for member in trustees],
        approvals_needed=2,
        decision_id=founding.id,
        actor=SYSTEM,
        at=at,
    )
    version_id = manual_current(coop_id).version_id
    mandates_standing_enact(coop_id=coop_id, manual_version_id=version_id, actor=SYSTEM, at=at)
    brine = payee_of(finn, "Brine Backup", BRINE_IBAN, at=at)
    made = Purse(
        world=small,
        fund=fund,
        brine=brine,
        ann=small.ann,
        bo=small.bo,
        cy=small.cy,
        eve=small.eve,
        finn=finn,
        at=at,
    )
    if cleared_minor:
        money_in(made, cleared_minor, key="opening")
    return made


def manual_write(coop_id: UUID, decision_id: UUID, *, at: datetime, **changes: object) -> UUID:
    """Adopt a manual with these parameters, by this decision."""
    found = template("software-users")
    parameters: Parameters = replace(found.parameters, **changes)  # type: ignore[arg-type]
    return manual_adopt(
        coop_id=coop_id,
        parameters=parameters,
        clauses=found.clauses,
        template="software-users",
        decision_id=decision_id,
        actor=SYSTEM,
        at=at,
    ).version_id


@transaction.atomic
def decision(
    coop_id: UUID, effect: dict[str, Any], *, proposer: Member, at: datetime, kind: str = "spend"
) -> Decision:
    """A decision that opened a day before `at`."""
    manual = None if kind == "founding" else manual_current(coop_id)
    parameters = manual.parameters if manual else template("software-users").parameters
    row = Decision(
        id=new_id(),
        coop_id=coop_id,
        at=at - DAY,
        number=Decision.objects.filter(coop_id=coop_id).count() + 1,
        kind=kind,
        question="Pay Brine Backup for October?",
        details="",
        effect=effect,
        rules=rules_for(kind, parameters),
        manual_version_id=manual.version_id if manual else None,
        proposer_member_id=proposer.member_id,
        opens_at=at - DAY,
        closes_at=at,
        electorate_count=4,
        electorate_root="0" * 64,
    )
    lock_make(coop_id=coop_id, subject_id=row.id)
    return row_add(row)


@transaction.atomic
def result(of: Decision, *, at: datetime, verdict: str = "passed") -> Result:
    """The verdict of a decision."""
    return row_add(
        Result(
            coop_id=of.coop_id,
            at=at,
            decision_id=of.id,
            verdict=verdict,
            counts={"agree": 4, "abstain": 0, "disagree": 0, "block": 0},
            electorate_count=4,
            ballots_root="0" * 64,
        )
    )


def mandate_voted(
    made: Purse,
    amount_minor: int = 7_160,
    *,
    payee: PayeeView | None = None,
    at: datetime | None = None,
    valid_until: str | None = None,
    verdict: str = "passed",
) -> MandateView:
    """Members vote to pay Brine Backup (or another), and the result is enacted."""
    when, whom = at or made.at, payee or made.brine
    effect = {
        "kind": "spend",
        "payee_id": str(whom.id),
        "payee_name": whom.name,
        "amount_minor": amount_minor,
        "currency": "EUR",
        "purpose": "Backups for 40 members in October",
        "valid_until": valid_until,
    }
    voted = decision(made.coop_id, effect, proposer=made.finn, at=when)
    passed = result(voted, at=when, verdict=verdict)
    return mandate_enact(result_id=passed.id, actor=SYSTEM, at=when)


def payee_of(
    actor: Member,
    name: str,
    iban: str | None,
    *,
    at: datetime,
    owner: Member | None = None,
) -> PayeeView:
    """An organisation that may be paid, with its first account."""
    payee = payee_add(
        coop_id=actor.coop_id,
        kind="organisation",
        name=name,
        beneficial_owner_member_id=owner.member_id if owner else None,
        actor=actor,
        at=at,
    )
    if iban:
        payee_account_enter(payee_id=payee.id, iban=iban, holder=name, actor=actor, at=at)
    return payee


def money_in(made: Purse, amount_minor: int, *, key: str) -> None:
    """A grant arrives at the bank."""
    accounts = {
        code: account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code=code).id
        for code in ("1000", "4100")
    }
    entry_post(
        coop_id=made.coop_id,
        book_id=made.fund.book_id,
        key=key,
        booked_on=made.at.date(),
        kind="grant",
        lines=(Line(accounts["1000"], amount_minor), Line(accounts["4100"], -amount_minor)),
        memo="A grant",
        actor=SYSTEM,
        at=made.at,
    )


def asked(
    made: Purse,
    mandate: MandateView,
    amount_minor: int = 7_160,
    *,
    by: Member | None = None,
    payee: PayeeView | None = None,
    at: datetime | None = None,
    key: str | None = None,
) -> RequestView:
    """Finn (or another member) asks for a payment under a mandate."""
    return payment_request(
        mandate_id=mandate.id,
        payee_id=(payee or made.brine).id,
        account_id=None,
        amount_minor=amount_minor,
        purpose="October backups",
        key=key or str(new_id()),
        actor=by or made.finn,
        at=at or made.at,
    )


def approved(request: RequestView, *trustees: Member, at: datetime) -> RequestView:
    """These trustees sign what they were shown, one after the other."""
    view = request
    for trustee in trustees:
        view = payment_approve(
            request_id=request.id, payload_hash=request.payload_hash, actor=trustee, at=at
        )
    return view
