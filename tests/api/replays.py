"""For every operation that writes: a call that is right, and another one under the same key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from commonpurse.config.demo.statements import BankMove, statement_xml
from commonpurse.decisions.draft_values import DraftView
from commonpurse.decisions.services import DraftWish, draft_begin
from commonpurse.groups.selectors import member_by_id
from commonpurse.groups.services import group_make, role_grant, token_make
from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM, Actor
from commonpurse.rules.schedules import banking_day_after
from commonpurse.treasury.selectors import fund_of, lines_to_review, order_list
from commonpurse.treasury.services import (
    fund_account_enter,
    payment_approve,
    payment_request,
    sponsor_staff_appoint,
    statement_import,
)
from tests.api.fuzzing import DOCUMENT, real
from tests.api.programs import Answer, Program, program
from tests.web.scene import Scene, scene

FUND_IBAN = "DE89370400440532013000"
WHO = ("stranger", "member", "trustee", "coordinator", "treasurer", "sponsor")


@dataclass(frozen=True)
class Ground:
    """The scene with an order, a bank line that nobody knows, a group and a role more."""

    made: Scene
    order_id: UUID
    line_id: UUID
    group_id: UUID
    token_id: UUID
    staff_id: UUID
    draft: DraftView
    secrets: dict[str, str]


@dataclass(frozen=True)
class Right:
    """Who calls, with what; what else would be right in its place; where, if not as usual."""

    who: str
    body: object = None
    other: object = None
    slots: Mapping[str, object] = field(default_factory=dict)


def ground(*, is_imported: bool = True) -> Ground:
    """The scene with more; without any bank statement unless they are imported here."""
    made, at = scene(), database_now()
    world, today = made.world, at.date()
    fund = fund_of(world.coop_id)
    assert fund is not None
    asked = payment_request(
        mandate_id=made.mandate.id,
        payee_id=made.payee_id,
        account_id=None,
        amount_minor=5_000,
        purpose="September backups",
        key="two",
        actor=world.cy,
        at=at,
    )
    for trustee in (world.ann, world.bo):
        payment_approve(request_id=asked.id, payload_hash=asked.payload_hash, actor=trustee, at=at)
    eve = member_by_id(coop_id=world.coop_id, member_id=world.eve.member_id)
    assert eve is not None
    fund_account_enter(fund_id=fund.id, iban=FUND_IBAN, holder="Harbour", actor=eve, at=at)
    if is_imported:
        statement_import(
            fund_id=fund.id, data=statement(1, 0, today), filename="1.xml", actor=eve, at=at
        )
    role_grant(
        coop_id=world.coop_id,
        member_id=world.bo.member_id,
        role="facilitator",
        actor=world.ann,
        at=at,
    )
    group = group_make(member=world.ann, name="Shed", slug="shed", visibility="open", at=at)
    token = token_make(
        person_id=world.cy.person_id, name="Old", scopes=["read"], actor=world.cy.actor, at=at
    )
    sam = sponsor_staff_appoint(
        sponsor_id=fund.sponsor_id, email="sam@example.org", name="Sam", actor=SYSTEM, at=at
    )
    di = Actor(person_id=made.di.person_id, name="Di")
    draft = draft_begin(wish=DraftWish(name="Tool Shed Two"), actor=di, at=at)
    secrets = {
        who: program(made, who).headers["Authorization"].removeprefix("Bearer ") for who in WHO
    }
    return Ground(
        made=made,
        order_id=order_list(fund.id)[0].id,
        line_id=lines_to_review(fund.id)[0].id if is_imported else fund.id,
        group_id=group.group_id,
        token_id=token.token.token_id,
        staff_id=sam.staff_id,
        draft=draft,
        secrets=secrets,
    )


def statement(number: int, opening_minor: int, on: date, *, minor: int = 50_000) -> bytes:
    """A statement with one grant that nobody announced, or below zero one debit."""
    return statement_xml(
        number=number,
        iban=FUND_IBAN,
        from_on=on - timedelta(days=1),
        until_on=on - timedelta(days=1),
        opening_minor=opening_minor,
        moves=(BankMove(on - timedelta(days=1), minor, "A city"),),
    )


def rights(here: Ground) -> dict[str, Right]:
    """The call of every operation that writes."""
    rooms = (personal, coop, talk, paying, bank, founding, sponsoring)
    return {name: right for room in rooms for name, right in room(here).items()}


def personal(here: Ground) -> dict[str, Right]:
    """What one does with what is one's own."""
    more = {"name": "More", "scopes": ["read"]}
    return {
        "me_change": Right("member", {"name": "Cyrus"}, {"name": "Cyd"}),
        "token_new": Right("member", {"name": "Books", "scopes": ["read"]}, more),
        "token_drop": Right("member", slots={"token_id": here.token_id}),
        "notices_read": Right("member"),
        "notice_seen": Right("member"),
        "preferences_choose": Right(
            "member", {"posts": {"comment": "none"}}, {"posts": {"comment": "now"}}
        ),
        "feed_key_new": Right("member"),
        "feed_key_drop": Right("coordinator", slots={"token_id": here.made.feed_token_id}),
    }


def coop(here: Ground) -> dict[str, Right]:
    """What one does about a co-op, its people and its programs."""
    bo = here.made.world.bo.member_id
    hook = {"name": "Our site", "url": "https://example.org/x", "kinds": ["decision.opened"]}
    garden = {"name": "Garden", "slug": "garden"}
    return {
        "webhook_new": Right("coordinator", hook, hook | {"name": "Another"}),
        "webhook_secret": Right("coordinator"),
        "webhook_go_on": Right("coordinator"),
        "webhook_drop": Right("coordinator"),
        "delivery_again": Right("coordinator"),
        "coop_join": Right("stranger", {"secret": here.made.token}, {"secret": "x"}),
        "coop_leave": Right("member"),
        "member_drop": Right("coordinator"),
        "role_give": Right("coordinator", {"role": "auditor"}, {"role": "treasurer"}),
        "role_take": Right(
            "coordinator", {"role": "facilitator"}, {"role": "auditor"}, {"member_id": bo}
        ),
        "invitation_new": Right("coordinator", {"email": "robin@example.org"}, {"days": 3}),
        "invitation_drop": Right("coordinator"),
        "group_new": Right("coordinator", garden, garden | {"name": "Vineyard"}),
        "group_enter": Right("member", slots={"group_id": here.group_id}),
        "group_exit": Right("coordinator", slots={"group_id": here.group_id}),
    }


def talk(here: Ground) -> dict[str, Right]:
    """What one says and how one votes."""
    thread, on, off = {"title": "Lunch?", "body": "On Monday."}, {"is_on": True}, {"is_on": False}
    question = {
        "kind": "statement",
        "question": "Shall we meet in May?",
        "effect": {"kind": "none"},
        "closes_at": (here.made.at + timedelta(days=7)).isoformat(),
    }
    closed = {"number": here.made.spend.number}
    vote = {"number": here.made.vote.number}
    return {
        "thread_new": Right("member", thread, thread | {"title": "Supper?"}),
        "thread_change": Right("member", thread, thread | {"title": "Supper?"}),
        "thread_end": Right("coordinator", on, off),
        "thread_top": Right("coordinator", on, off),
        "thread_seen": Right("treasurer"),
        "comment_new": Right("member", {"body": "Yes."}, {"body": "No."}),
        "comment_change": Right("coordinator", {"body": "Yes."}, {"body": "No."}),
        "comment_drop": Right("coordinator"),
        "comment_sign": Right("member", {"kind": "thanks"}, {"kind": "worry"}),
        "decision_new": Right("member", question, question | {"question": "Or in June?"}),
        "ballot_put": Right("member", {"choice": "agree"}, {"choice": "abstain"}, vote),
        "ballot_drop": Right("coordinator", slots=vote),
        "outcome": Right("member", {"statement": "Done."}, {"statement": "Undone."}, closed),
    }


def paying(here: Ground) -> dict[str, Right]:
    """What one asks to be paid, and what trustees say."""
    made = here.made
    wish = {
        "mandate_number": made.mandate.number,
        "payee_id": str(made.payee_id),
        "amount_minor": 700,
        "purpose": "November backups",
    }
    change = {"amount_minor": 7_000, "purpose": "October backups"}
    iban = {"iban": "BE68539007547034", "holder": "Brine Backup"}
    payee = {"kind": "organisation", "name": "Salt Storage"}
    signed = {"payload_hash": made.request.payload_hash}
    return {
        "payee_new": Right("member", payee, payee | {"name": "Sugar"}),
        "account_new": Right("coordinator", iban, iban | {"holder": "Brine"}),
        "request_new": Right("member", wish, wish | {"amount_minor": 701}),
        "request_change": Right("member", change, change | {"amount_minor": 7_001}),
        "request_approve": Right("trustee", signed, {"payload_hash": "0" * 64}),
        "request_refuse": Right("trustee", {"reason": "Too much"}, {"reason": "Too little"}),
        "request_withdraw": Right("member"),
    }


def bank(here: Ground) -> dict[str, Right]:
    """What treasurers do."""
    today = here.made.at.date()
    soon = banking_day_after(today)
    day, next_day = ({"execute_on": each.isoformat()} for each in (soon, banking_day_after(soon)))
    proof = {"proof": "Transfer 114", "booked_on": today.isoformat()}
    return {
        "file_new": Right("treasurer", day, next_day),
        "order_paid": Right(
            "treasurer", proof, proof | {"proof": "Transfer 115"}, {"order_id": here.order_id}
        ),
        "statement_new": Right(
            "treasurer", statement(2, 50_000, today), statement(3, 100_000, today)
        ),
        "line_is": Right(
            "treasurer", {"kind": "grant"}, {"kind": "refund"}, {"line_id": here.line_id}
        ),
    }


def founding(here: Ground) -> dict[str, Right]:
    """What founders do: Ann leads the draft, Cy founds with her, Di has a draft of their own."""
    drafted = here.made.drafted
    words, others = ({"title": "Noise", "text": text} for text in ("Not after ten.", "Never."))
    version, mine = here.draft.version, {"draft_id": here.draft.draft_id}
    return {
        "coop_new": Right("stranger", {"name": "Seed Library"}, {"name": "Tool Library"}),
        "draft_new": Right("stranger", {"name": "Seeds"}, {"name": "Tools"}),
        "draft_enter": Right("stranger", {"secret": drafted.token}, {"secret": "x"}),
        "draft_alter": Right("coordinator", {"name": "Shed"}, {"name": "Barn"}),
        "draft_drop": Right("coordinator"),
        "draft_begin_vote": Right("stranger", {"version": version}, {"version": 99}, mine),
        "draft_exit": Right("member"),
        "founder_drop": Right("coordinator"),
        "founder_invite": Right("coordinator", {"uses_max": 2}, {"uses_max": 3}),
        "founder_invitation_drop": Right(
            "coordinator", slots={"invitation_id": drafted.invitation_id}
        ),
        "clause_new": Right("coordinator", words, others),
        "clause_put": Right("coordinator", words, others),
        "suggestion_new": Right("member", words, others),
        "suggestion_take": Right("coordinator", {}, {"seen": "another"}),
        "suggestion_refuse": Right("coordinator"),
        "suggestion_drop": Right("member"),
        "suggestion_say": Right("member", {"text": "Yes."}, {"text": "No."}),
    }


def sponsoring(here: Ground) -> dict[str, Right]:
    """What the sponsor's people do."""
    soon = banking_day_after(here.made.at.date())
    day, next_day = ({"execute_on": each.isoformat()} for each in (soon, banking_day_after(soon)))
    order = {"order_id": here.order_id}
    uma = {"email": "uma@example.org", "name": "Uma"}
    return {
        "sponsor_file_new": Right("sponsor", day, next_day),
        "sponsor_order_sent": Right("sponsor", {"proof": "No 1"}, {"proof": "No 2"}, order),
        "sponsor_order_refused": Right("sponsor", {"reason": "Shut"}, {"reason": "Lost"}, order),
        "sponsor_person_new": Right("sponsor", uma, uma | {"name": "Ute"}),
        "sponsor_person_drop": Right("sponsor", slots={"staff_id": here.staff_id}),
        "month_close": Right("treasurer"),
    }


BEYOND = {"draft_renew": "needs a founding vote that failed; tests/api/test_drafts.py has one"}
"""Operations whose ground no scene has, each with its reason."""


@dataclass(frozen=True)
class Call:
    """An operation, ready to be called again and again under one key."""

    method: str
    path: str
    right: Right
    secret: str

    def send(self, body: object = None) -> Answer:
        """Call it by a program of its own, with the right body or with this one."""
        sent = self.right.body if body is None else body
        return Program(self.secret).call(self.method, self.path, sent, Idempotency_Key="a-key")

    def send_other(self) -> Answer:
        """Another call under the same key."""
        return self.send({"other": 1} if self.right.other is None else self.right.other)


def call_of(here: Ground, name: str) -> Call:
    """The call of this operation."""
    right = rights(here)[name]
    path, method = next(
        (path, method)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] == name
    )
    for slot in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        value = right.slots.get(slot) or real(here.made, slot, path)[0]
        path = path.replace(f"{{{slot}}}", str(value))
    return Call(method.upper(), path.removeprefix("/api/v1"), right, here.secrets[right.who])
