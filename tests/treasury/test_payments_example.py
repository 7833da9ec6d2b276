"""The worked example: a vote to pay 71.60 becomes a payment that anyone can follow back.

The fund holds 500.00. Members vote that Brine Backup may be paid up to 71.60. Finn asks, Ann and
Bo sign, an order over 71.60 is held, the sponsor pays it, and one entry books it.
"""

from datetime import date

import pytest
from django.conf import settings

from commonpurse.groups.selectors import person_view
from commonpurse.groups.values import Member
from commonpurse.ledger.selectors import account_by_code, entry_by_id
from commonpurse.notices.selectors import mail_latest
from commonpurse.notices.services import notices_post_due
from commonpurse.record.models import AuditRow, Leaf
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    chain_of_payment,
    fund_position,
    mandate_view,
    payment_list,
    request_view,
)
from commonpurse.treasury.services import order_settle
from tests.treasury.purse import HOUR, Purse, approved, asked, mandate_voted, purse

pytestmark = pytest.mark.django_db
BOOKED = date(2026, 3, 4)


def amounts(made: Purse) -> tuple[int, int, int, int]:
    position = fund_position(made.fund.id, at=made.at)
    return (
        position.cleared_minor,
        position.held_minor,
        position.promised_minor,
        position.spendable_minor,
    )


def balance(made: Purse, code: str) -> int:
    account = account_by_code(coop_id=made.coop_id, book_id=made.fund.book_id, code=code)
    return account.balance_minor


def address_of(member: Member) -> str:
    address = person_view(member.person_id).email
    assert address is not None
    return address


def test_a_vote_to_pay_becomes_one_entry_and_each_step_moves_the_position() -> None:
    made = purse()
    assert amounts(made) == (50_000, 0, 0, 50_000)

    mandate = mandate_voted(made, 7_160)
    assert (mandate.code, mandate.max_minor, mandate.remaining_minor) == ("M-0005", 7_160, 7_160)
    assert amounts(made) == (50_000, 0, 7_160, 42_840)

    request = asked(made, mandate, 7_160)
    assert (request.code_number, request.status) == ("R-0001", "open")
    assert request.waiting_text == "Waits for 2 more approvals."
    assert amounts(made) == (50_000, 0, 7_160, 42_840)

    request = approved(request, made.ann, at=made.at + HOUR)
    assert (request.status, len(request.approvals)) == ("open", 1)
    request = approved(request, made.bo, at=made.at + 2 * HOUR)
    assert (request.status, len(request.approvals)) == ("ordered", 2)
    assert amounts(made) == (50_000, 7_160, 0, 42_840)
    assert mandate_view(mandate.id, at=made.at).remaining_minor == 0

    assert request.order_id is not None
    settled = order_settle(
        order_id=request.order_id,
        bank_line_id=None,
        proof="Sponsor's transfer 2026-114",
        booked_on=BOOKED,
        actor=SYSTEM,
        at=made.at + 3 * HOUR,
    )
    assert amounts(made) == (42_840, 0, 0, 42_840)
    assert (balance(made, "1000"), balance(made, "5000")) == (42_840, 7_160)
    entry = entry_by_id(coop_id=made.coop_id, entry_id=settled.entry_id).entry
    assert sorted(line.amount_minor for line in entry.postings) == [-7_160, 7_160]
    assert request.code in entry.memo
    assert request_view(request.id, at=made.at).status == "settled"
    [payment] = payment_list(made.coop_id)
    assert (payment.payment_number, payment.amount_minor) == ("P-0001", 7_160)


def test_the_chain_leads_from_the_payment_to_the_manual_and_each_step_has_its_leaf() -> None:
    made = purse()
    request = approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)
    assert request.order_id is not None
    settled = order_settle(
        order_id=request.order_id,
        bank_line_id=None,
        proof="Sponsor's transfer 2026-114",
        booked_on=BOOKED,
        actor=SYSTEM,
        at=made.at + HOUR,
    )

    for start in (settled.id, request.order_id, request.id):
        chain = chain_of_payment(start, at=made.at)
        assert [step.kind for step in chain.steps] == [
            "payment",
            "order",
            "approval",
            "approval",
            "payload",
            "request",
            "mandate",
            "result",
            "decision",
            "manual",
        ]
        leaves = {step.leaf_id for step in chain.steps}
        assert Leaf.objects.filter(coop_id=made.coop_id, id__in=leaves).count() == len(leaves)


def test_every_step_says_who_did_it() -> None:
    made = purse()
    approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)

    rows = AuditRow.objects.filter(coop_id=made.coop_id).order_by("id")
    said = [(row.service, row.actor_id) for row in rows if row.service.startswith("payment")]
    assert said == [
        ("payment_request", made.finn.person_id),
        ("payment_approve", made.ann.person_id),
        ("payment_approve", made.bo.person_id),
    ]


def test_no_leaf_carries_an_account_number_or_a_holder() -> None:
    made = purse()
    approved(asked(made, mandate_voted(made)), made.ann, made.bo, at=made.at)

    bodies = " ".join(Leaf.objects.filter(coop_id=made.coop_id).values_list("body", flat=True))
    assert made.brine.name in bodies
    assert "NL91ABNA0417164300" not in bodies
    assert "DE89370400440532013000" not in bodies


def test_each_trustee_who_may_sign_is_mailed_the_code_and_the_page() -> None:
    made = purse()
    request = asked(made, mandate_voted(made, 7_160), 7_160)
    notices_post_due(at=made.at)
    trustees = {address_of(member) for member in made.trustees}
    mails = {address: mail_latest(email=address)[0] for address in trustees}
    for mail in mails.values():
        assert f"Code {request.code}" in mail.subject
        assert f"Payload code: {request.code}" in mail.body
        assert f"{settings.PURSE_URL}/c/{made.world.coop.slug}/requests/1/" in mail.body
        assert mail.code == ""  # A payload's code is not a way to sign in.
    assert mail_latest(email=address_of(made.finn)) == ()
