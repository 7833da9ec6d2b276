"""A second, small co-op at the same sponsor, so that its bookkeeper has more than one fund to see.

Three people share tools. Their last statement is weeks old, a debit in it is unexplained, and one
payment that two of them signed waits for the bank.
"""

from datetime import datetime, timedelta
from uuid import UUID

from commonpurse.config.demo.people import email_of
from commonpurse.config.demo.statements import BankMove, statement_xml
from commonpurse.config.demo.year import DAY, HOUR, MINUTE, SPONSOR
from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import decision_by_id
from commonpurse.decisions.services import ballot_cast, coop_found, decision_close, decision_open
from commonpurse.groups.selectors import Member, member_by_id
from commonpurse.groups.services import person_ensure, role_grant
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    FundView,
    MandateView,
    fund_of,
    lines_to_review,
    mandate_of_result,
    payee_view,
)
from commonpurse.treasury.services import (
    fund_account_enter,
    line_assign,
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_request,
    statement_import,
)

SLUG = "repair-shelf"
FOUNDERS = ("Ulla", "Viggo", "Wanda")
IBAN = "DE02120300000000202051"
SUPPLIER_IBAN = "FI2112345600000785"
AGE = timedelta(days=70)
STATEMENT_AGE = timedelta(days=43)
GRANT_MINOR, DEBIT_MINOR, PRICE_MINOR = 80_000, 1_250, 12_000
CHANGES = {
    "dues_minor": 1_000,
    "trustees_seats": 3,
    "approvals_needed": 2,
    "voting_days": 7,
    "is_early_close_allowed": False,
}


def found(*, now: datetime) -> None:
    """Found the co-op, bring its first statement, and leave one order for the bank."""
    at = now - AGE
    people = [person_ensure(email=email_of(name), name=name, at=at).person_id for name in FOUNDERS]
    made = coop_found(
        slug=SLUG,
        name="The Repair Shelf",
        template="software-users",
        changes=dict(CHANGES),
        founders=people,
        trustees=people,
        sponsor_name=SPONSOR,
        actor=SYSTEM,
        at=at,
    )
    voted(made.decision.id, made.members, at=at)
    ulla, viggo, wanda = made.members
    role_grant(
        coop_id=ulla.coop_id,
        member_id=ulla.member_id,
        role="treasurer",
        actor=viggo,
        at=at + 9 * HOUR,
    )
    treasurer = member_by_id(coop_id=ulla.coop_id, member_id=ulla.member_id)
    fund = fund_of(ulla.coop_id)
    assert treasurer is not None, "a founder"
    assert fund is not None, "founding opens the fund"
    bank(fund, treasurer, at=now - STATEMENT_AGE)
    order(treasurer, (viggo, wanda), at=now - 12 * DAY)


def voted(decision_id: UUID, members: tuple[Member, ...], *, at: datetime) -> None:
    """Everybody agrees, and what passed is put into force."""
    for step, member in enumerate(members, start=1):
        ballot_cast(decision_id=decision_id, choice="agree", actor=member, at=at + step * HOUR)
    decision = decision_by_id(decision_id)
    if decision.result is None:
        decision_close(decision_id=decision_id, actor=SYSTEM, at=decision.closes_at + MINUTE)
        decision = decision_by_id(decision_id)
    assert decision.result is not None, "just closed"
    enact(
        coop_id=decision.coop_id,
        result_id=decision.result.id,
        at=max(at + 8 * HOUR, decision.result.at + MINUTE),
    )


def bank(fund: FundView, treasurer: Member, *, at: datetime) -> None:
    """A statement with a grant, and with a debit that nobody can explain."""
    fund_account_enter(
        fund_id=fund.id, iban=IBAN, holder=SPONSOR, bic="", actor=treasurer, at=at - DAY
    )
    moves = [
        BankMove(
            booked_on=(at - 3 * DAY).date(),
            amount_minor=GRANT_MINOR,
            counterparty="City of Harbour",
            remittance="Neighbourhood grant",
        ),
        BankMove(
            booked_on=(at - 2 * DAY).date(),
            amount_minor=-DEBIT_MINOR,
            counterparty="Unknown",
            remittance="SEPA 4471",
        ),
    ]
    statement_import(
        fund_id=fund.id,
        data=statement_xml(
            number=1,
            iban=IBAN,
            from_on=(at - 10 * DAY).date(),
            until_on=(at - DAY).date(),
            opening_minor=0,
            moves=moves,
        ),
        filename="RS-0001.xml",
        actor=treasurer,
        at=at,
    )
    for line in lines_to_review(fund.id):
        line_assign(line_id=line.id, kind="grant", member_id=None, actor=treasurer, at=at + HOUR)


def order(treasurer: Member, trustees: tuple[Member, ...], *, at: datetime) -> None:
    """A vote, a request and two signatures: the order waits for the sponsor's bank."""
    added = payee_add(
        coop_id=treasurer.coop_id,
        kind="organisation",
        name="Nordic Bench Tools",
        beneficial_owner_member_id=None,
        actor=treasurer,
        at=at,
    )
    payee_account_enter(
        payee_id=added.id,
        iban=SUPPLIER_IBAN,
        holder="Nordic Bench Tools",
        actor=treasurer,
        at=at + MINUTE,
    )
    decision = decision_open(
        actor=treasurer,
        kind="spend",
        question="Buy a bench vice for the shelf?",
        details="€120.00, from Nordic Bench Tools. It stays in the workshop for everybody.",
        effect={
            "kind": "spend",
            "payee_id": str(added.id),
            "amount_minor": PRICE_MINOR,
            "purpose": "Bench vice",
            "valid_until": None,
        },
        closes_at=at + 7 * DAY,
        at=at + HOUR,
    )
    voted(decision.id, (treasurer, *trustees), at=at + 2 * HOUR)
    closed = decision_by_id(decision.id)
    assert closed.result is not None, "just closed"
    asked = closed.closes_at + DAY
    mandate: MandateView | None = mandate_of_result(closed.result.id, at=asked)
    assert mandate is not None, "enacted"
    request = payment_request(
        mandate_id=mandate.id,
        payee_id=added.id,
        account_id=payee_view(added.id).accounts[0].id,
        amount_minor=PRICE_MINOR,
        purpose="Bench vice",
        key="bench-vice",
        actor=treasurer,
        at=asked,
    )
    for step, trustee in enumerate(trustees, start=1):
        payment_approve(
            request_id=request.id,
            payload_hash=request.payload_hash,
            actor=trustee,
            at=asked + step * HOUR,
        )
