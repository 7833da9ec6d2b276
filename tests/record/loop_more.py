"""The second chapter of the loop: what goes another way than it was meant to.

Requests that nobody pays, an order that the bank refuses, one that the sponsor types in by hand
and whose money comes back, dues that a member's bank takes back; then a role ends and the books
are closed. With `tests.record.loop` every audited table has a row.
"""

from datetime import date, datetime, timedelta
from functools import partial

from commonpurse.groups.services import role_end
from commonpurse.ledger.services import period_close
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import mandate_list, member_reference, request_view
from commonpurse.treasury.services import (
    order_fail,
    order_send_by_hand,
    payment_refuse,
    payment_request,
    payment_withdraw,
    requests_expire_due,
)
from commonpurse.treasury.values import MandateView, RequestView
from tests.decisions.founding_world import DAY, HOUR
from tests.formats.statements import camt, detail, entry, statement
from tests.record.loop import SUPPLIER_IBAN, Loop, approved, granted, imported, loop, voted
from tests.world import NOON

CLOSED_THROUGH = date(2026, 4, 30)


def loop_whole(at: datetime = NOON) -> Loop:
    """Both chapters, one after the other."""
    made = loop(at)
    at = made.at
    granted(made.here, made.payment.payee, 9_000, "Backups in May", at=at, absent=(made.here.cy,))
    (mandate,) = [
        item
        for item in mandate_list(made.coop_id, at=at + 3 * DAY)
        if item.payee_id == made.payment.payee.id and item.purpose == "Backups in May"
    ]
    at += 3 * DAY
    ended(made, mandate, at=at)
    failed(made, mandate, at=at + DAY)
    came_back(made, mandate, at=at + 2 * DAY)
    taken_back(made, at=at + 6 * DAY)
    reseated(made, at=at + 7 * DAY)
    at = settled_down(made, at=at + 40 * DAY)
    return Loop(made.here, made.fund, made.payment, at)


def wished(made: Loop, mandate: MandateView, amount_minor: int, *, at: datetime) -> RequestView:
    """Eve, who may not sign it then, asks for a payment to the supplier."""
    return payment_request(
        mandate_id=mandate.id,
        payee_id=made.payment.payee.id,
        account_id=None,
        amount_minor=amount_minor,
        purpose="Backups, May",
        key=f"{amount_minor} at {at}",
        actor=made.here.eve,
        at=at,
    )


def ended(made: Loop, mandate: MandateView, *, at: datetime) -> None:
    """One request is taken back, one is refused, and one waits until its time is over."""
    back = wished(made, mandate, 1_100, at=at)
    payment_withdraw(request_id=back.id, actor=made.here.eve, at=at + HOUR)
    no = wished(made, mandate, 1_200, at=at + HOUR)
    payment_refuse(request_id=no.id, reason="Too dear", actor=made.here.ann, at=at + 2 * HOUR)
    wished(made, mandate, 1_300, at=at + 2 * HOUR)


def ordered(made: Loop, mandate: MandateView, amount_minor: int, *, at: datetime) -> RequestView:
    """Ask and sign: an order waits to be sent."""
    request = wished(made, mandate, amount_minor, at=at)
    request = approved(made.here, request, at=at + HOUR)
    assert request.order_id is not None
    return request


def failed(made: Loop, mandate: MandateView, *, at: datetime) -> None:
    """The bank does not carry an order out."""
    order_id = ordered(made, mandate, 2_000, at=at).order_id
    assert order_id is not None
    order_fail(order_id=order_id, reason="AC04", actor=made.here.eve.actor, at=at + 2 * HOUR)


def came_back(made: Loop, mandate: MandateView, *, at: datetime) -> None:
    """The sponsor types an order into the bank; two days after the money left, it is back."""
    request = ordered(made, mandate, 3_000, at=at)
    assert request.order_id is not None
    order_send_by_hand(
        order_id=request.order_id, proof="TAN 1234", actor=made.here.eve, at=at + 2 * HOUR
    )
    about = partial(detail, name="Brine Backup", iban=SUPPLIER_IBAN)
    moved = camt(
        statement(
            entry(
                "30.00",
                way="DBIT",
                day=(at + DAY).date().isoformat(),
                details=about(role="Cdtr", text=f"{request.code} Backups, May"),
            ),
            entry(
                "30.00",
                day=(at + 3 * DAY).date().isoformat(),
                details=about(end_to_end_id=request.end_to_end_id, reason="AC04"),
            ),
            opening="449.40",
            closing="449.40",
            ref="S-3",
        )
    )
    imported(made.here, made.fund, moved, at=at + 3 * DAY)
    assert request_view(request.id, at=at + 3 * DAY).status == "reversed"


def taken_back(made: Loop, *, at: datetime) -> None:
    """Ann's bank takes her dues back: she owes them again."""
    reference = member_reference(made.coop_id, made.here.ann.member_id)
    returned = entry(
        "15.00",
        way="DBIT",
        day=at.date().isoformat(),
        details=detail(name="Ann", reference=reference, reason="MD06"),
    )
    data = camt(statement(returned, opening="449.40", closing="434.40", ref="S-4"))
    imported(made.here, made.fund, data, at=at + HOUR)


def reseated(made: Loop, *, at: datetime) -> None:
    """The members decide who releases money from now on: the same three again."""
    here = made.here
    seats = [str(member.member_id) for member in (here.ann, here.bo, here.eve)]
    effect: dict[str, object] = {"kind": "trustees", "member_ids": seats}
    decision = voted(here, "trustees", effect, at=at, absent=(here.cy,))
    assert decision.enactment is not None


def settled_down(made: Loop, *, at: datetime) -> datetime:
    """What waited too long expires, April's books are closed, and Eve is treasurer no more."""
    assert requests_expire_due(at=at) == 1
    period_close(
        coop_id=made.coop_id,
        book_id=made.fund.book_id,
        through=CLOSED_THROUGH,
        actor=SYSTEM,
        at=at + HOUR,
    )
    role_end(
        coop_id=made.coop_id,
        member_id=made.here.eve.member_id,
        role="treasurer",
        actor=made.here.ann,
        at=at + timedelta(hours=2),
    )
    return at + DAY
