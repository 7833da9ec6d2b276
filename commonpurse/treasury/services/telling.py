"""Telling people what became of their payments, and what they owe."""

from datetime import date, datetime
from uuid import UUID

from commonpurse.groups.selectors import coop_view, electorate_persons, member_persons
from commonpurse.notices.services import notice_add
from commonpurse.record.services import SYSTEM, Actor
from commonpurse.say import Amount, Day, Said, say
from commonpurse.treasury.selectors.funds import trustee_set_current
from commonpurse.treasury.selectors.requests import request_view
from commonpurse.treasury.values import RequestView

ENDS = {
    "refused": say("%(number)s was refused: %(amount)s to %(payee)s"),
    "expired": say("%(number)s was not approved in time: %(amount)s to %(payee)s"),
}


def settled_tell(request_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Tell the requester and the trustees that the money left."""
    view = request_view(request_id, at=at)
    trustees = trustee_set_current(view.coop_id)
    told = {view.requester_member_id, *(trustees.member_ids if trustees else ())}
    amount = Amount(view.amount_minor, view.currency)
    notice_add(
        coop_id=view.coop_id,
        person_ids=list(member_persons(coop_id=view.coop_id, member_ids=told).values()),
        kind="payment_settled",
        subject=say(
            "%(number)s is paid: %(amount)s to %(payee)s",
            number=view.payment_number,
            amount=amount,
            payee=view.payee.name,
        ),
        text=say(
            "For: %(purpose)s\nUnder mandate: %(mandate)s",
            purpose=view.purpose,
            mandate=view.mandate.code,
        ),
        path=f"/c/{coop_view(view.coop_id).slug}/fund/payments/{view.number}/",
        key=f"settled:{view.settlement_id}",
        actor=actor,
        at=at,
    )


def ended_tell(view: RequestView, *, how: str, actor: Actor, at: datetime) -> None:
    """Tell the requester that their request ended without a payment, and why."""
    amount = Amount(view.amount_minor, view.currency)
    notice_add(
        coop_id=view.coop_id,
        person_ids=list(
            member_persons(coop_id=view.coop_id, member_ids=[view.requester_member_id]).values()
        ),
        kind="payment_refused",
        subject=Said(
            ENDS[how].pattern,
            {"number": view.code_number, "amount": amount, "payee": view.payee.name},
        ),
        text=view.end_reason,
        path=f"/c/{coop_view(view.coop_id).slug}/requests/{view.number}/",
        key=f"ended:{view.id}",
        actor=actor,
        at=at,
    )


def charged_tell(
    *,
    coop_id: UUID,
    period: str,
    due_on: date,
    instant: datetime,
    amount_minor: int,
    currency: str,
    at: datetime,
) -> int:
    """Tell everybody who was charged for this period; how many were told now."""
    amount = Amount(amount_minor, currency)
    return notice_add(
        coop_id=coop_id,
        person_ids=electorate_persons(coop_id=coop_id, at=instant).values(),
        kind="dues_charged",
        subject=say("Your dues for %(period)s: %(amount)s", period=period, amount=amount),
        text=say("They are due on %(day)s. The page says how to pay.", day=Day(due_on)),
        path=f"/c/{coop_view(coop_id).slug}/dues/",
        key=f"dues:{period}",
        actor=SYSTEM,
        at=at,
    )
