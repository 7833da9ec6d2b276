"""The scene grown: more of everything that a page lists, so that what is asked twice shows."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from commonpurse.discussion.models import Reaction
from commonpurse.discussion.services import comment_add, comment_react, thread_open, thread_read
from commonpurse.groups.selectors import Member
from commonpurse.groups.services import group_make, member_add, member_leave
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import RequestView, fund_of, mandate_of_result
from commonpurse.treasury.services import (
    dues_charge,
    fund_account_enter,
    orders_export,
    payee_account_enter,
    payee_add,
    payment_approve,
    payment_request,
    statement_import,
)
from tests.decisions.founding_world import DAY, HOUR, asked, voted
from tests.formats.statements import IBAN, camt, detail, entry, statement
from tests.web.scene import Scene
from tests.world import person

IBANS = ("BE68539007547034", "FR1420041010050500013M02606", "AT611904300234573201")
VISIBILITIES = ("open", "closed", "secret")


def grown(made: Scene) -> Scene:
    """The same co-op with groups, members, threads, votes, payees, requests and payments added."""
    votes_add(made)
    money_add(made)
    members_add(made)
    groups = groups_add(made)
    for number, group_id in enumerate((made.world.coop_id, *groups, made.world.coop_id)):
        talk_add(made, group_id, number)
    replies_add(made)
    return made


def members_add(made: Scene) -> None:
    """Three more members, one of whom left again."""
    world = made.world
    for name in ("Finn", "Gus", "Hal"):
        known = person(name, world.at)
        added = member_add(
            coop_id=world.coop_id, person_id=known.person_id, actor=world.ann, at=made.at
        )
    member_leave(member=added, at=made.at)


def groups_add(made: Scene) -> list[UUID]:
    """A group of each visibility, and one below each."""
    world, made_ids = made.world, []
    for visibility in VISIBILITIES:
        parent_id: UUID | None = None
        for slug in (visibility, f"{visibility}-below"):
            group = group_make(
                member=world.ann,
                name=slug,
                slug=slug,
                visibility=visibility,
                parent_id=parent_id,
                at=made.at,
            )
            parent_id = group.group_id
            made_ids.append(parent_id)
    return made_ids


def talk_add(made: Scene, group_id: UUID, number: int) -> None:
    """A thread with two comments in a group; each second one is read by Ann."""
    ann, at = made.world.ann, made.at - timedelta(hours=20 - number)
    thread = thread_open(
        group_id=group_id, title=f"Question {number}", body="Well?", actor=ann, at=at
    )
    for minute in (1, 2):
        comment_add(thread_id=thread.id, body="So.", actor=ann, at=at + timedelta(minutes=minute))
    if number % 2:
        thread_read(thread_id=thread.id, actor=ann, at=at + HOUR)


def replies_add(made: Scene) -> None:
    """Ten comments in the scene's thread, each with an answer and signs at it."""
    world = made.world
    for number in range(10):
        at = made.at - timedelta(minutes=50 - 2 * number)
        head = comment_add(thread_id=made.thread_id, body=f"**{number}**", actor=world.bo, at=at)
        comment_add(
            thread_id=made.thread_id, parent_id=head.id, body="Yes.", actor=world.eve, at=at + HOUR
        )
        for kind in (Reaction.Kind.THANKS, Reaction.Kind.WORRY):
            comment_react(comment_id=head.id, kind=kind, is_on=True, actor=world.cy, at=at + HOUR)


def votes_add(made: Scene) -> None:
    """Five open votes and three closed ones of the scene's thread."""
    world = made.world
    for number in range(8):
        is_open = number < 5
        at = made.at - (2 * HOUR if is_open else 20 * DAY)
        opened = asked(world, at=at, question=f"Shall we {number}?", thread_id=made.thread_id)
        ballots: tuple[tuple[Member, str], ...] = ((world.ann, "agree"),)
        if not is_open:
            ballots = tuple((member, "agree") for member in (world.ann, world.bo, world.eve))
        voted(opened, *ballots, at=at + HOUR, close=not is_open)


def money_add(made: Scene) -> None:
    """Dues charged; three payees with mandates, each with a request that waits and a payment."""
    world, at = made.world, made.at - 30 * DAY
    fund = fund_of(world.coop_id)
    assert fund is not None
    dues_charge(coop_id=world.coop_id, actor=SYSTEM, at=made.at - DAY)
    fund_account_enter(fund_id=fund.id, iban=IBAN, holder="Harbour", actor=world.eve, at=at)
    for number, iban in enumerate(IBANS):
        payee = payee_add(
            coop_id=world.coop_id,
            kind="organisation",
            name=f"Supplier {number}",
            beneficial_owner_member_id=None,
            actor=world.cy,
            at=at,
        )
        payee_account_enter(payee_id=payee.id, iban=iban, holder=payee.name, actor=world.cy, at=at)
        settled(made, wanted(made, payee.id, number, paid=True), fund.id)
        wanted(made, payee.id, number, paid=False)
    mysteries(made, fund.id)


def wanted(made: Scene, payee_id: UUID, number: int, *, paid: bool) -> RequestView:
    """A mandate by vote and a request under it."""
    world, at = made.world, made.at - 25 * DAY
    effect = {
        "kind": "spend",
        "payee_id": str(payee_id),
        "amount_minor": 1_000 + number,
        "purpose": "Something",
        "valid_until": "2027-12-31",
    }
    opened = asked(world, at=at, kind="spend", question=f"Pay {number}?", effect=effect)
    ballots = tuple((member, "agree") for member in (world.ann, world.bo, world.eve))
    passed = voted(opened, *ballots, at=at + HOUR)
    assert passed.result is not None
    mandate = mandate_of_result(passed.result.id, at=made.at)
    assert mandate is not None
    return payment_request(
        mandate_id=mandate.id,
        payee_id=payee_id,
        account_id=None,
        amount_minor=500,
        purpose="Part of it",
        key=f"{number}-{paid}",
        actor=world.cy,
        at=made.at - 5 * DAY,
    )


def settled(made: Scene, request: RequestView, fund_id: UUID) -> None:
    """Two trustees sign, the order leaves, and the bank's line says that it was paid."""
    world, at = made.world, made.at - 4 * DAY
    for member in (world.ann, world.bo):
        request = payment_approve(
            request_id=request.id, payload_hash=request.payload_hash, actor=member, at=at
        )
    orders_export(
        fund_id=fund_id,
        order_ids=None,
        execute_on=(at + DAY).date(),
        actor=replace(world.eve, roles=frozenset({"member", "treasurer"})),
        at=at + HOUR,
    )
    line = entry(
        "5.00",
        way="DBIT",
        day=(at + DAY).date().isoformat(),
        details=detail(role="Cdtr", name="S", text=f"{request.code} Part of it"),
    )
    imported(made, fund_id, line, ref=request.code)


def mysteries(made: Scene, fund_id: UUID) -> None:
    """Three debits that nothing explains."""
    day = (made.at - 2 * DAY).date().isoformat()
    for number in range(3):
        line = entry(f"{number + 1}.00", way="DBIT", day=day, details=detail(role="Cdtr", text="?"))
        imported(made, fund_id, line, ref=f"M-{number}")


def imported(made: Scene, fund_id: UUID, line: str, *, ref: str) -> None:
    """A statement of one line."""
    statement_import(
        fund_id=fund_id,
        data=camt(statement(line, ref=ref, opening=None, closing=None)),
        filename="s.xml",
        actor=replace(made.world.eve, roles=frozenset({"member", "treasurer"})),
        at=made.at - 2 * DAY,
        reason="A piece of a statement",
    )
