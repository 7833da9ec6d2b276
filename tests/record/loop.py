"""The whole loop through services: founding, dues, a statement, votes, a payment, its return.

Three founders and Cy, as in `tests.decisions.founding_world`. What a stranger needs to check is
then in the record; `exported` writes it out.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import DecisionView, decision_by_id
from commonpurse.decisions.services import (
    ballot_cast,
    ballot_withdraw,
    decision_close,
    decision_open,
    outcome_write,
)
from commonpurse.groups.selectors import Member, member_by_id
from commonpurse.groups.services import member_leave
from commonpurse.proof.notes import Signer
from commonpurse.record.export import ExportMade, record_export
from commonpurse.record.sequencer import record_sequence
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    fund_of,
    line_view,
    lines_to_review,
    mandate_list,
    member_reference,
    request_view,
    suspense_list,
)
from commonpurse.treasury.services import (
    dues_charge,
    fund_account_enter,
    line_assign,
    orders_export,
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_edit,
    payment_request,
    statement_import,
)
from commonpurse.treasury.values import FundView, PayeeView, RequestView
from tests.decisions.founding_world import DAY, HOUR, FoundedWorld, founded
from tests.formats.statements import IBAN, camt, detail, entry, statement
from tests.world import NOON

SIGNER = Signer(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SUPPLIER_IBAN = "BE68539007547034"
LONG = "Why we need this, at length. " * 200


@dataclass(frozen=True)
class Loop:
    """A co-op after its first loop."""

    here: FoundedWorld
    fund: FundView
    payment: RequestView
    at: datetime

    @property
    def coop_id(self) -> UUID:
        return self.here.coop_id


def voted(
    here: FoundedWorld,
    kind: str,
    effect: dict[str, object],
    *,
    at: datetime,
    against: tuple[Member, ...] = (),
    absent: tuple[Member, ...] = (),
) -> DecisionView:
    """Put a question, vote on it, close it, and enact what passed."""
    decision = decision_open(
        actor=here.ann,
        kind=kind,
        question="Shall we?",
        details=LONG,
        effect=effect,
        closes_at=at + 2 * DAY,
        at=at,
    )
    ballot_cast(decision_id=decision.id, choice="abstain", actor=here.bo, at=at + HOUR)
    ballot_withdraw(decision_id=decision.id, actor=here.bo, at=at + HOUR)
    for member in here.members:
        if member not in absent:
            ballot_cast(
                decision_id=decision.id,
                choice="disagree" if member in against else "agree",
                reason="So I think",
                actor=member,
                at=at + 2 * HOUR,
            )
    result = decision_close(decision_id=decision.id, actor=SYSTEM, at=at + 2 * DAY)
    if result.verdict == "passed" and kind != "statement":
        enact(coop_id=here.coop_id, result_id=result.id, at=at + 2 * DAY)
    outcome_write(
        decision_id=decision.id, statement="So be it.", actor=here.ann, at=at + 2 * DAY + HOUR
    )
    return decision_by_id(decision.id)


def loop(at: datetime = NOON) -> Loop:
    """Everything once: dues paid and not understood, votes, a payment, a fee, a mystery."""
    here = founded(at)
    eve = member_by_id(coop_id=here.coop_id, member_id=here.eve.member_id)
    assert eve is not None
    here = replace(here, eve=eve)
    fund = fund_of(here.coop_id)
    assert fund is not None
    at += 2 * DAY
    fund_account_enter(fund_id=fund.id, iban=IBAN, holder="Harbour", actor=here.eve, at=at)
    month = at + timedelta(days=30)
    filled(here, fund, at=month)
    covered(here, fund, at=month + 2 * DAY)
    decided(here, at=month + 5 * DAY)
    payment = paid(here, fund, at=month + 11 * DAY)
    member_leave(member=here.cy, at=month + 20 * DAY)
    return Loop(here, fund, payment, month + 21 * DAY)


def filled(here: FoundedWorld, fund: FundView, *, at: datetime) -> None:
    """A month's dues; the first statement brings two of them, a grant, and a debit unexplained."""
    dues_charge(coop_id=here.coop_id, actor=SYSTEM, at=at)
    first = camt(
        statement(
            *(
                entry(
                    "15.00",
                    details=detail(
                        name=member.name, reference=member_reference(here.coop_id, member.member_id)
                    ),
                    day="2026-04-02",
                )
                for member in (here.ann, here.bo)
            ),
            entry("500.00", day="2026-04-02", details=detail(name="A city", text="a grant")),
            entry("9.00", way="DBIT", day="2026-04-02", details=detail(role="Cdtr", text="??")),
            opening="0",
            closing="521.00",
        )
    )
    imported(here, fund, first, at=at + DAY)
    (waiting,) = lines_to_review(fund.id)
    line_assign(line_id=waiting.id, kind="grant", member_id=None, actor=here.eve, at=at + DAY)


def covered(here: FoundedWorld, fund: FundView, *, at: datetime) -> None:
    """The members cover the debit that nothing explained."""
    (mystery,) = suspense_list(fund.id)
    voted(
        here,
        "cover",
        {
            "kind": "cover",
            "bank_line_id": str(mystery.id),
            "amount_minor": 900,
            "currency": "EUR",
            "purpose": "A fee that nobody announced",
        },
        at=at,
    )
    assert line_view(mystery.id).id == mystery.id


def decided(here: FoundedWorld, *, at: datetime) -> None:
    """A question to which too few answer, and an amendment of the manual."""
    voted(
        here,
        "statement",
        {"kind": "none"},
        at=at,
        absent=(here.eve, here.cy, here.ann),
    )
    voted(
        here,
        "amendment",
        {
            "kind": "amend",
            "parameters": {"quorum": "1/4", "dues_minor": 1600},
            "clauses": [{"key": "extra", "title": "Extra", "text": LONG}],
        },
        at=at + 3 * DAY,
    )


def imported(here: FoundedWorld, fund: FundView, data: bytes, *, at: datetime) -> None:
    statement_import(fund_id=fund.id, data=data, filename="s.xml", actor=here.eve, at=at)


def paid(here: FoundedWorld, fund: FundView, *, at: datetime) -> RequestView:
    """Vote to pay a supplier; ask, edit, sign twice, send to the bank, and read that it went."""
    payee = supplier(here, at=at)
    granted(here, payee, 7_160, "Backups in April", at=at, against=(here.bo,))
    at += 3 * DAY
    request = signed(here, asked(here, payee, at=at), at=at + HOUR)
    orders_export(
        fund_id=fund.id,
        order_ids=None,
        execute_on=(at + DAY).date(),
        actor=here.eve,
        at=at + 4 * HOUR,
    )
    ordered = request_view(request.id, at=at + 4 * HOUR)
    went = camt(
        statement(
            entry(
                "71.60",
                way="DBIT",
                day=(at + DAY).date().isoformat(),
                details=detail(
                    role="Cdtr",
                    name="Brine Backup",
                    iban=SUPPLIER_IBAN,
                    text=f"{ordered.code} Backups, April",
                ),
            ),
            opening="521.00",
            closing="449.40",
            ref="S-2",
        )
    )
    imported(here, fund, went, at=at + 2 * DAY)
    settled = request_view(request.id, at=at + 2 * DAY)
    assert settled.status == "settled"
    return settled


def supplier(here: FoundedWorld, *, at: datetime) -> PayeeView:
    """Cy knows a supplier, and where it is paid."""
    payee = payee_add(
        coop_id=here.coop_id,
        kind="organisation",
        name="Brine Backup",
        beneficial_owner_member_id=None,
        actor=here.cy,
        at=at,
    )
    payee_account_enter(
        payee_id=payee.id, iban=SUPPLIER_IBAN, holder="Brine Backup", actor=here.cy, at=at
    )
    return payee


def granted(
    here: FoundedWorld,
    payee: PayeeView,
    amount_minor: int,
    purpose: str,
    *,
    at: datetime,
    against: tuple[Member, ...] = (),
    absent: tuple[Member, ...] = (),
) -> None:
    """The members vote that a supplier may be paid."""
    voted(
        here,
        "spend",
        {
            "kind": "spend",
            "payee_id": str(payee.id),
            "amount_minor": amount_minor,
            "currency": "EUR",
            "purpose": purpose,
            "valid_until": "2026-12-31",
        },
        at=at,
        against=against,
        absent=absent,
    )


def asked(here: FoundedWorld, payee: PayeeView, *, at: datetime) -> RequestView:
    """Cy asks for a little less than the members granted."""
    chain = [item for item in mandate_list(here.coop_id, at=at) if item.payee_id == payee.id]
    return payment_request(
        mandate_id=chain[0].id,
        payee_id=payee.id,
        account_id=None,
        amount_minor=7_000,
        purpose="Backups",
        key="once",
        actor=here.cy,
        at=at,
    )


def signed(here: FoundedWorld, request: RequestView, *, at: datetime) -> RequestView:
    """Ann signs, Cy changes the payload, so Ann signs again, and Bo with her."""
    payment_approve(request_id=request.id, payload_hash=request.payload_hash, actor=here.ann, at=at)
    request = payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_160,
        purpose="Backups, April",
        actor=here.cy,
        at=at + HOUR,
    )
    return approved(here, request, at=at + 2 * HOUR)


def approved(here: FoundedWorld, request: RequestView, *, at: datetime) -> RequestView:
    """Ann and Bo sign: enough for an order."""
    for member in (here.ann, here.bo):
        request = payment_approve(
            request_id=request.id, payload_hash=request.payload_hash, actor=member, at=at
        )
    return request


def sequenced(coop_id: UUID, at: datetime = NOON) -> None:
    record_sequence(coop_id=coop_id, at=at, signer=SIGNER)


def exported(coop_id: UUID, slug: str, directory: Path, at: datetime = NOON) -> ExportMade:
    """Sequence what waits and write the export."""
    sequenced(coop_id, at)
    return record_export(coop_id=coop_id, slug=slug, directory=directory, signer=SIGNER, at=at)
