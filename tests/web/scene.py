"""A co-op with something on every page: threads, votes of each kind, a mandate, a request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.test import Client

from commonpurse.decisions.selectors import DecisionView
from commonpurse.decisions.services import decision_tell
from commonpurse.discussion.services import comment_add, thread_open
from commonpurse.groups.selectors import Member, PersonView
from commonpurse.groups.services import (
    invitation_make,
    passkey_add,
    second_factor_start,
    token_make,
)
from commonpurse.ledger.selectors import account_by_code
from commonpurse.ledger.services import entry_post
from commonpurse.ledger.values import Line
from commonpurse.notices.leave import leave_write
from commonpurse.notices.models import Delivery
from commonpurse.notices.selectors import notice_list
from commonpurse.notices.services import feed_token_make, webhook_add
from commonpurse.notices.values import Leave
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    FundView,
    MandateView,
    RequestView,
    fund_of,
    mandate_of_result,
)
from commonpurse.treasury.services import (
    payee_account_enter,
    payee_add,
    payment_request,
    sponsor_staff_appoint,
)
from commonpurse.web.proving import PROOF
from tests.decisions.founding_world import DAY, FoundedWorld, asked, founded, voted
from tests.groups.app import SECRET, app_code
from tests.web.drafted import Drafted, drafted
from tests.world import NOON, person

IBAN = "NL91ABNA0417164300"


@dataclass(frozen=True)
class Scene:
    """What there is to see, and the ids that addresses need."""

    world: FoundedWorld
    di: PersonView
    thread_id: UUID
    comment_id: UUID
    payee_id: UUID
    vote: DecisionView
    spend: DecisionView
    mandate: MandateView
    request: RequestView
    invitation_id: UUID
    token: str
    passkey_id: int
    leave: str
    webhook_id: UUID
    delivery_id: UUID
    feed_token_id: UUID
    notice_id: UUID
    sol: PersonView
    fund: FundView
    staff_id: UUID
    drafted: Drafted
    at: datetime

    @property
    def slug(self) -> str:
        return self.world.coop.slug

    @property
    def people(self) -> dict[str, Member | PersonView | None]:
        """Who comes: nobody known, a stranger, a member, and so on."""
        return {
            "anonymous": None,
            "stranger": self.di,
            "member": self.world.cy,
            "trustee": self.world.bo,
            "coordinator": self.world.ann,
            "treasurer": self.world.eve,
            "sponsor": self.sol,
        }

    def client(self, who: str) -> Client:
        """A browser in which this person has signed in, a moment ago."""
        found = self.people[who]
        client = Client()
        if found is not None:
            from django.contrib.auth import get_user_model

            row = get_user_model().objects.get(pk=found.person_id)
            client.force_login(row)
            proved(client, found.person_id, at=database_now())
        return client


def proved(client: Client, person_id: UUID, *, at: datetime) -> None:
    """Let this browser's person have proved who they are at that instant."""
    session = client.session
    session[PROOF] = {"at": at.timestamp(), "person": str(person_id)}
    session.save()


def scene(at: datetime = NOON) -> Scene:
    world = founded(at)
    later = at + 2 * DAY
    now = database_now()
    thread = thread_open(
        group_id=world.coop_id,
        title="Where do our documents live next year?",
        body="Our agreement ends in December.\n\nPlease **read** the comparison first.",
        actor=world.cy,
        at=later,
    )
    comment = comment_add(
        thread_id=thread.id, body="I counted 2,318 documents.", actor=world.ann, at=later + DAY
    )
    comment_add(
        thread_id=thread.id,
        parent_id=comment.id,
        body="Then a ceiling matters more.",
        actor=world.cy,
        at=later + DAY,
    )
    payee_id = brine(world, at=later)
    spend = spent(world, payee_id, thread.id, at=later)
    mandate = mandate_of_result(spend.result.id, at=now) if spend.result else None
    assert mandate is not None
    grant(world, 50_000, at=later)
    amendment(world, at=later)
    asked(world, at=later, question="Shall we meet on Mondays?")
    ago = now - timedelta(hours=1)
    vote = asked(world, at=ago, question="Shall we meet on Tuesdays?", thread_id=thread.id)
    voted(vote, (world.ann, "agree"), (world.bo, "block"), at=ago, close=False)
    request = backups_asked(world, mandate, payee_id)
    invited = invitation_make(coordinator=world.ann, email=None, uses_max=5, at=now)
    decision_tell(decision_id=vote.id, fact="opened", at=ago)
    return Scene(
        world=world,
        di=person("Di", at),
        thread_id=thread.id,
        comment_id=comment.id,
        payee_id=payee_id,
        vote=vote,
        spend=spend,
        mandate=mandate,
        request=request,
        invitation_id=invited.invitation.invitation_id,
        token=invited.token,
        passkey_id=furnished(world),
        leave=leave_path(world),
        **programs_of(world, at=now),
        **sponsored(world, at=later),
        drafted=drafted(world.ann, world.cy, at=now),
        at=now,
    )


class Sponsored(TypedDict):
    """The fund's sponsor, and who acts for it."""

    sol: PersonView
    fund: FundView
    staff_id: UUID


def sponsored(world: FoundedWorld, *, at: datetime) -> Sponsored:
    """Sol keeps the books of the sponsor, and is no member of the co-op."""
    fund = fund_of(world.coop_id)
    assert fund is not None
    sol = person("Sol", at)
    made = sponsor_staff_appoint(
        sponsor_id=fund.sponsor_id, email=sol.email or "", name="Sol", actor=SYSTEM, at=at
    )
    return {"sol": sol, "fund": fund, "staff_id": made.staff_id}


def backups_asked(world: FoundedWorld, mandate: MandateView, payee_id: UUID) -> RequestView:
    """Cy asks for what the mandate allows."""
    return payment_request(
        mandate_id=mandate.id,
        payee_id=payee_id,
        account_id=None,
        amount_minor=7_160,
        purpose="October backups",
        key="one",
        actor=world.cy,
        at=database_now(),
    )


def furnished(world: FoundedWorld) -> int:
    """Ann has a passkey and a token; Eve the second factor. The passkey's id."""
    now = database_now()
    ann, eve = world.ann, world.eve
    made = passkey_add(
        person_id=ann.person_id, name="My phone", credential={}, actor=ann.actor, at=now
    )
    token_make(
        person_id=ann.person_id, name="Bookkeeping", scopes=["read"], actor=ann.actor, at=now
    )
    second_factor_start(
        person_id=eve.person_id,
        secret=SECRET,
        code=app_code(SECRET, now),
        actor=eve.actor,
        at=now,
    )
    return made.passkey_id


def leave_path(world: FoundedWorld) -> str:
    """Where Cy stops mails about answers."""
    leave = leave_write(Leave(world.cy.person_id, world.coop_id, "comment"))
    return leave.removeprefix(settings.PURSE_URL)


def hook_of(world: FoundedWorld, *, at: datetime) -> UUID:
    """A webhook that Ann made."""
    made = webhook_add(
        name="Our site",
        url="https://example.org/purse",
        kinds=["decision.opened", "payment.settled"],
        actor=world.ann,
        at=at,
    )
    return made.webhook.webhook_id


def programs_of(world: FoundedWorld, *, at: datetime) -> dict[str, UUID]:
    """What programs have a hand in."""
    webhook_id = hook_of(world, at=at)
    return {
        "webhook_id": webhook_id,
        "delivery_id": delivered(world, webhook_id, at=at),
        "feed_token_id": feed_token_make(actor=world.ann, at=at).token.token_id,
        "notice_id": notice_list(person_id=world.cy.person_id)[0].notice_id,
    }


def delivered(world: FoundedWorld, webhook_id: UUID, *, at: datetime) -> UUID:
    """Two facts for the webhook: one was taken, one waits for its next try."""
    rows = [
        Delivery(
            coop_id=world.coop_id,
            webhook_id=webhook_id,
            leaf_index=index,
            kind="decision.opened",
            body="{}",
            state=state,
            tries=1,
            at=at,
            tried_at=at,
            next_at=at + DAY,
            answer=answer,
        )
        for index, (state, answer) in enumerate(
            (("taken", "204 No Content"), ("waiting", "500 Internal Server Error"))
        )
    ]
    Delivery.objects.bulk_create(rows)
    return rows[-1].id


def brine(world: FoundedWorld, *, at: datetime) -> UUID:
    payee = payee_add(
        coop_id=world.coop_id,
        kind="organisation",
        name="Brine Backup",
        beneficial_owner_member_id=None,
        actor=world.cy,
        at=at,
    )
    payee_account_enter(payee_id=payee.id, iban=IBAN, holder="Brine Backup", actor=world.cy, at=at)
    return payee.id


def spent(world: FoundedWorld, payee_id: UUID, thread_id: UUID, *, at: datetime) -> DecisionView:
    opened = asked(
        world,
        at=at,
        kind="spend",
        question="Pay Brine Backup for a year?",
        thread_id=thread_id,
        effect={
            "kind": "spend",
            "payee_id": str(payee_id),
            "amount_minor": 20_000,
            "purpose": "Backups for a year",
            "valid_until": "2027-12-31",
        },
    )
    everybody = ((world.ann, "agree"), (world.bo, "agree"), (world.cy, "disagree"))
    return voted(opened, *everybody, (world.eve, "agree"), at=at + timedelta(hours=1))


def amendment(world: FoundedWorld, *, at: datetime) -> DecisionView:
    opened = asked(
        world,
        at=at,
        kind="amendment",
        question="Lower the dues?",
        effect={"kind": "amend", "parameters": {"dues_minor": 1200}, "clauses": []},
    )
    everybody = tuple((member, "agree") for member in world.members)
    return voted(opened, *everybody, at=at + timedelta(hours=1))


def grant(world: FoundedWorld, amount_minor: int, *, at: datetime) -> None:
    fund = fund_of(world.coop_id)
    assert fund is not None
    bank, income = (
        account_by_code(coop_id=world.coop_id, book_id=fund.book_id, code=code).id
        for code in ("1000", "4100")
    )
    entry_post(
        coop_id=world.coop_id,
        book_id=fund.book_id,
        key="grant",
        booked_on=at.date(),
        kind="grant",
        lines=(Line(bank, amount_minor), Line(income, -amount_minor)),
        memo="A grant",
        actor=SYSTEM,
        at=at,
    )
