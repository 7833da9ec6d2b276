"""What happens again and again in the demo's year: joining, voting, paying, a month at the bank."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from commonpurse.config.demo.people import (
    APPROVALS_NEEDED,
    BOOKKEEPER,
    FOUNDERS,
    STRANGER,
    TRUSTEES,
    email_of,
)
from commonpurse.config.demo.statements import BankMove, statement_xml
from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import DecisionView, decision_by_id
from commonpurse.decisions.services import (
    ballot_cast,
    coop_found,
    decision_close,
    decision_open,
    outcome_write,
)
from commonpurse.discussion.services import comment_add, thread_open
from commonpurse.groups.selectors import Member, member_by_id
from commonpurse.groups.services import member_add, person_ensure, role_grant
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    FundView,
    MandateView,
    PayeeView,
    RequestView,
    fund_of,
    lines_to_review,
    mandate_of_result,
    member_reference,
    order_view,
    payee_view,
)
from commonpurse.treasury.services import (
    dues_charge,
    fund_account_enter,
    line_assign,
    orders_export,
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_request,
    reference_ensure,
    sponsor_staff_appoint,
    statement_import,
)

FUND_IBAN = "DE89370400440532013000"
SPONSOR = "Harbour Commons Foundation"
DUES_MINOR = 1500
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SETTLED = timedelta(days=6)
"""How old a month is before the story goes on into it: its last statement has come by then."""


def month_start(now: datetime, back: int) -> datetime:
    """Midnight (UTC) of the first of the month that many months before the present one."""
    months = now.year * 12 + now.month - 1 - back
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


@dataclass
class Year:
    """The co-op as its year goes on, and the bank's side of it."""

    slug: str
    now: datetime
    members: dict[str, Member] = field(default_factory=dict)
    moves: list[BankMove] = field(default_factory=list)
    statement_number: int = 0
    balance_minor: int = 0
    coop_id: UUID = field(init=False)
    fund: FundView = field(init=False)

    def month(self, number: int) -> datetime:
        """When month 0 to 12 of the story begins; 12 is the present one, once it is a week old."""
        return month_start(self.now - SETTLED, 12 - number)

    def found(self, at: datetime, changes: dict[str, Any]) -> DecisionView:
        """The founders agree, one after another, and the first manual is in force."""
        people = [self.person(name, at) for name in FOUNDERS]
        foundation = coop_found(
            slug=self.slug,
            name="The Shared Bill",
            template="software-users",
            changes=changes,
            founders=people,
            trustees=[people[FOUNDERS.index(name)] for name in TRUSTEES],
            sponsor_name=SPONSOR,
            actor=SYSTEM,
            at=at,
        )
        self.coop_id = foundation.coop.coop_id
        self.members = dict(zip(FOUNDERS, foundation.members, strict=True))
        for step, member in enumerate(foundation.members, start=1):
            ballot_cast(
                decision_id=foundation.decision.id,
                choice="agree",
                reason="Let us begin." if step == 1 else "",
                actor=member,
                at=at + step * HOUR,
            )
        decision = decision_by_id(foundation.decision.id)
        self.enact(decision, at + 8 * HOUR)
        found = fund_of(self.coop_id)
        assert found is not None, "founding opens the fund"
        self.fund = found
        self.give_roles(at + 9 * HOUR)
        return decision

    def give_roles(self, at: datetime) -> None:
        """A treasurer, a facilitator, and the fund's account."""
        for name, role in (("Ilario", "treasurer"), ("Sunniva", "facilitator")):
            role_grant(
                coop_id=self.coop_id,
                member_id=self.members[name].member_id,
                role=role,
                actor=self.members["Halvard"],
                at=at,
            )
        self.refresh("Ilario", "Sunniva")
        fund_account_enter(
            fund_id=self.fund.id,
            iban=FUND_IBAN,
            holder=SPONSOR,
            bic="",
            actor=self.members["Ilario"],
            at=at + MINUTE,
        )
        person_ensure(email=email_of(STRANGER), name=STRANGER, at=at)
        sponsor_staff_appoint(
            sponsor_id=self.fund.sponsor_id,
            email=email_of(BOOKKEEPER),
            name=BOOKKEEPER,
            actor=SYSTEM,
            at=at,
        )

    def refresh(self, *names: str) -> None:
        """Members as they stand after their roles changed."""
        for name in names:
            member = member_by_id(coop_id=self.coop_id, member_id=self.members[name].member_id)
            assert member is not None, "a member of the demo left"
            self.members[name] = member

    @staticmethod
    def person(name: str, at: datetime) -> UUID:
        """Somebody with an account."""
        return person_ensure(email=email_of(name), name=name, at=at).person_id

    def join(self, names: Sequence[str], at: datetime) -> None:
        """These people become members, a few minutes apart."""
        for step, name in enumerate(names):
            moment = at + step * 7 * MINUTE
            self.members[name] = member_add(
                coop_id=self.coop_id,
                person_id=self.person(name, moment),
                actor=self.members["Halvard"],
                at=moment,
            )

    def talk(
        self, title: str, body: str, author: str, at: datetime, *replies: tuple[str, str]
    ) -> UUID:
        """A thread with its comments, some hours apart; the thread's id."""
        thread = thread_open(
            group_id=self.coop_id, title=title, body=body, actor=self.members[author], at=at
        )
        for step, (name, text) in enumerate(replies, start=1):
            comment_add(
                thread_id=thread.id,
                parent_id=None,
                body=text,
                actor=self.members[name],
                at=at + step * 5 * HOUR,
            )
        return thread.id

    def ask(
        self,
        question: str,
        at: datetime,
        *,
        by: str,
        details: str = "",
        kind: str = "statement",
        effect: dict[str, Any] | None = None,
        thread_id: UUID | None = None,
        days: int = 7,
    ) -> DecisionView:
        """Open a decision."""
        return decision_open(
            actor=self.members[by],
            kind=kind,
            question=question,
            details=details,
            effect=effect or {"kind": "none"},
            closes_at=at + days * DAY,
            thread_id=thread_id,
            at=at,
        )

    def vote(
        self,
        decision: DecisionView,
        *,
        agree: int = 0,
        abstain: int = 0,
        disagree: int = 0,
        block: str = "",
        without: Sequence[str] = (),
    ) -> None:
        """So many members vote so, in the order in which they joined, over three days."""
        voters = [name for name in self.members if name not in without]
        choices = ["agree"] * agree + ["disagree"] * disagree + ["abstain"] * abstain
        if block:
            self.ballot(decision, voters.pop(), "block", block, decision.opens_at + 30 * HOUR)
        step = (3 * DAY) / max(len(choices), 1)
        for place, (name, choice) in enumerate(zip(voters, choices, strict=False), start=1):
            reason = REASONS.get(choice, "") if place % 6 == 1 else ""
            self.ballot(decision, name, choice, reason, decision.opens_at + place * step)

    def ballot(
        self, decision: DecisionView, name: str, choice: str, reason: str, at: datetime
    ) -> None:
        """One member votes."""
        ballot_cast(
            decision_id=decision.id,
            choice=choice,
            reason=reason,
            actor=self.members[name],
            at=min(at, self.now - HOUR),
        )

    def close(self, decision: DecisionView, outcome: str, *, by: str) -> MandateView | None:
        """The vote closes, what passed is enacted, and somebody writes what it means."""
        at = decision.closes_at + 15 * MINUTE
        decision_close(decision_id=decision.id, actor=SYSTEM, at=at)
        closed = decision_by_id(decision.id)
        self.enact(closed, at + MINUTE)
        outcome_write(
            decision_id=decision.id, statement=outcome, actor=self.members[by], at=at + 3 * HOUR
        )
        assert closed.result is not None, "just closed"
        return mandate_of_result(closed.result.id, at=at + MINUTE)

    def enact(self, decision: DecisionView, at: datetime) -> None:
        """Put a passed result into force."""
        assert decision.result is not None, "only a closed decision is enacted"
        if decision.result.verdict == "passed" and decision.effect["kind"] != "none":
            enact(coop_id=self.coop_id, result_id=decision.result.id, at=at)

    def payee(self, name: str, iban: str, at: datetime, *, owner: str = "") -> PayeeView:
        """Somebody to pay, with an account."""
        member = self.members[owner].member_id if owner else None
        made = payee_add(
            coop_id=self.coop_id,
            kind="member" if owner else "organisation",
            name="" if owner else name,
            beneficial_owner_member_id=member,
            actor=self.members["Ilario"],
            at=at,
        )
        payee_account_enter(
            payee_id=made.id, iban=iban, holder=name, actor=self.members["Ilario"], at=at + MINUTE
        )
        return payee_view(made.id)

    def request(
        self, mandate: MandateView, payee: PayeeView, minor: int, purpose: str, at: datetime
    ) -> RequestView:
        """The treasurer asks for a payment."""
        return payment_request(
            mandate_id=mandate.id,
            payee_id=payee.id,
            account_id=None,
            amount_minor=minor,
            purpose=purpose,
            key=f"{mandate.id}:{purpose}",
            actor=self.members["Ilario"],
            at=at,
        )

    def approve(self, request: RequestView, at: datetime, *names: str) -> RequestView:
        """These trustees sign, some hours apart."""
        for step, name in enumerate(names):
            request = payment_approve(
                request_id=request.id,
                payload_hash=request.payload_hash,
                actor=self.members[name],
                at=at + step * 4 * HOUR,
            )
        return request

    def pay(
        self, mandate: MandateView, payee: PayeeView, minor: int, purpose: str, at: datetime
    ) -> BankMove:
        """A whole payment: asked, approved, exported; the bank debits it two days later."""
        request = self.request(mandate, payee, minor, purpose, at)
        return self.finish(request, payee.accounts[0].holder, payee.accounts[0].iban, at)

    def finish(self, request: RequestView, holder: str, iban: str, at: datetime) -> BankMove:
        """A request approved, exported, and debited by the bank two days after it was made."""
        after = self.approve(request, at + 3 * HOUR, *TRUSTEES[:APPROVALS_NEEDED])
        assert after.order_id is not None, after.waiting_text
        orders_export(
            fund_id=self.fund.id,
            order_ids=None,
            execute_on=(at + 2 * DAY).date(),
            actor=self.members["Ilario"],
            at=at + DAY,
        )
        move = BankMove(
            booked_on=(at + 2 * DAY).date(),
            amount_minor=-request.amount_minor,
            counterparty=holder,
            iban=iban,
            remittance=f"{request.purpose} {after.code}",
            end_to_end_id=order_view(after.order_id).end_to_end_id,
            code=("ICDT", "ESCT"),
        )
        self.moves.append(move)
        return move

    def charge(self, at: datetime) -> None:
        """The dues of the month."""
        dues_charge(coop_id=self.coop_id, actor=SYSTEM, at=at)

    def dues_paid(self, month: datetime, *, late: Sequence[str] = (), debit: int = 0) -> None:
        """Members pay their dues in the days after the charge; `debit` of them by direct debit."""
        for place, name in enumerate(self.members):
            if name in late:
                continue
            reference = member_reference(self.coop_id, self.members[name].member_id)
            reference = reference or reference_ensure(
                coop_id=self.coop_id,
                member_id=self.members[name].member_id,
                actor=SYSTEM,
                at=month + 5 * DAY,
            )
            by_debit = place % 4 == 0 and place // 4 < debit
            self.moves.append(
                BankMove(
                    booked_on=(month + (5 + place % 11) * DAY).date(),
                    amount_minor=DUES_MINOR,
                    counterparty=name,
                    reference=reference,
                    code=("IDDT", "ESDD") if by_debit else ("RCDT", "ESCT"),
                )
            )

    def statement(self, from_on: date, until_on: date, at: datetime) -> None:
        """The bank sends the month's statement and the treasurer imports it."""
        moves = sorted(
            (move for move in self.moves if move.booked_on <= until_on),
            key=lambda move: move.booked_on,
        )
        self.moves = [move for move in self.moves if move.booked_on > until_on]
        self.statement_number += 1
        statement_import(
            fund_id=self.fund.id,
            data=statement_xml(
                number=self.statement_number,
                iban=FUND_IBAN,
                from_on=from_on,
                until_on=until_on,
                opening_minor=self.balance_minor,
                moves=moves,
            ),
            filename=f"SB-{self.statement_number:04d}.xml",
            actor=self.members["Ilario"],
            at=at,
        )
        self.balance_minor += sum(move.amount_minor for move in moves)

    def assign_grant(self, at: datetime) -> None:
        """The treasurer says that the credit under review is a grant."""
        for line in lines_to_review(self.fund.id):
            if line.amount_minor > 0:
                line_assign(
                    line_id=line.id,
                    kind="grant",
                    member_id=None,
                    actor=self.members["Ilario"],
                    at=at,
                )


REASONS = {
    "agree": "We use it every week; one bill is simpler than forty.",
    "disagree": "I would rather wait until we have two offers.",
    "abstain": "I know too little about it.",
}
