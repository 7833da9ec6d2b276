"""Telling trustees that a payment waits for them, with the code to compare."""

from datetime import datetime

from commonpurse.groups.selectors import coop_view, member_by_id
from commonpurse.groups.values import Member
from commonpurse.notices.services import notice_add
from commonpurse.say import Amount, Said, say
from commonpurse.treasury.selectors.facts import facts_of
from commonpurse.treasury.selectors.funds import trustee_set_current
from commonpurse.treasury.selectors.readiness import approval_refusal
from commonpurse.treasury.values import RequestView

WANTED = say(
    "%(requester)s asks the trustees of %(coop)s to pay %(amount)s to %(payee)s.\n\n"
    "For: %(purpose)s\n"
    "Under mandate: %(mandate)s\n"
    "Payload code: %(code)s\n\n"
    "The page must show the same code. If one character differs, do not approve.\n"
    "Nothing is paid before %(needed)s trustees have approved exactly this."
)


def approvals_want(view: RequestView, *, actor: Member, at: datetime) -> RequestView:
    """Tell each trustee who may approve, with the payload code: their mail says it too."""
    trustees = trustee_set_current(view.coop_id)
    assert trustees is not None, "a payload names the trustees in force"
    facts = facts_of(view.id)
    coop = coop_view(view.coop_id)
    amount = Amount(view.amount_minor, view.currency)
    subject = say(
        "%(number)s: approve %(amount)s to %(payee)s? Code %(code)s",
        number=view.code_number,
        amount=amount,
        payee=view.payee.name,
        code=view.code,
    )
    wanted = [
        member
        for member_id in trustees.member_ids
        if (member := member_by_id(coop_id=view.coop_id, member_id=member_id)) is not None
        and approval_refusal(facts, member_id, at=at) is None
    ]
    notice_add(
        coop_id=view.coop_id,
        person_ids=[member.person_id for member in wanted],
        kind="approval_wanted",
        subject=subject,
        text=Said(
            WANTED.pattern,
            {
                "requester": actor.name,
                "coop": coop.name,
                "amount": amount,
                "payee": view.payee.name,
                "purpose": view.purpose,
                "mandate": view.mandate.code,
                "code": view.code,
                "needed": view.approvals_needed,
            },
        ),
        path=f"/c/{coop.slug}/requests/{view.number}/",
        key=f"approve:{view.version_id}",
        actor=actor.actor,
        at=at,
    )
    return view
