"""What a payment still waits for, and who may sign it.

One place says it, so that the page shows the same reason that the service acts on.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, Sum

from commonpurse.errors import NotAllowed, NotPossible, PurseError
from commonpurse.groups.selectors import coop_view
from commonpurse.groups.values import Member
from commonpurse.manual.parameters import Parameters
from commonpurse.manual.selectors import manual_current
from commonpurse.say import Amount, Hour, Said, say, say_count
from commonpurse.treasury.models import Mandate, MandateKind, Payee, PaymentOrder
from commonpurse.treasury.selectors.facts import RequestFacts
from commonpurse.treasury.selectors.funds import fund_position, trustee_set_current
from commonpurse.treasury.selectors.mandates import mandate_view, mandate_views
from commonpurse.treasury.values import STATUSES, FundPosition, MandateView, TrusteeSetView


@dataclass(frozen=True, slots=True)
class Wait:
    """Why no order is prepared yet: a code for programs, a sentence for people."""

    code: str
    text: Said


class Ground:
    """What requests are judged by at one instant, each read when it is first asked for.

    One for each judgement under locks, or for each page: what it has read may be out of date
    after a change.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._trustees: dict[UUID, TrusteeSetView | None] = {}
        self._mandates: dict[UUID, MandateView] = {}
        self._rules: dict[UUID, Parameters] = {}
        self._ordered: dict[tuple[UUID, datetime], int] = {}
        self._positions: dict[UUID, FundPosition] = {}

    def trustees(self, coop_id: UUID) -> TrusteeSetView | None:
        """The set of trustees in force."""
        if coop_id not in self._trustees:
            self._trustees[coop_id] = trustee_set_current(coop_id)
        return self._trustees[coop_id]

    def mandates_read(self, mandate_ids: Collection[UUID]) -> None:
        """Read these mandates together, so that none is asked for alone."""
        rows = Mandate.objects.filter(id__in=mandate_ids)
        self._mandates |= {view.id: view for view in mandate_views(rows, at=self.at)}

    def mandate(self, mandate_id: UUID) -> MandateView:
        """A mandate with what is left of it."""
        if mandate_id not in self._mandates:
            self._mandates[mandate_id] = mandate_view(mandate_id, at=self.at)
        return self._mandates[mandate_id]

    def rules(self, coop_id: UUID) -> Parameters:
        """The manual in force."""
        if coop_id not in self._rules:
            self._rules[coop_id] = manual_current(coop_id).parameters
        return self._rules[coop_id]

    def position(self, fund_id: UUID) -> FundPosition:
        """What a fund holds and what of it may be spent."""
        if fund_id not in self._positions:
            self._positions[fund_id] = fund_position(fund_id, at=self.at)
        return self._positions[fund_id]

    def ordered_read(self, payees: Collection[Payee]) -> None:
        """Read what was ordered to these payees of one co-op together."""
        if not payees:
            return
        since = self.since(next(iter(payees)).coop_id)
        self._ordered |= {
            (payee_id, since): total for payee_id, total in ordered_to(payees, since=since).items()
        }

    def ordered(self, payee: Payee) -> int:
        """What was ordered to a payee within the days of the manual's limit."""
        key = (payee.id, self.since(payee.coop_id))
        if key not in self._ordered:
            self.ordered_read([payee])
        return self._ordered[key]

    def since(self, coop_id: UUID) -> datetime:
        """Where the days of the manual's limit for one payee begin."""
        return self.at - timedelta(days=self.rules(coop_id).payment_limit_days)


def order_wait(facts: RequestFacts, *, at: datetime, ground: Ground | None = None) -> Wait | None:
    """What keeps a request from becoming an order at this instant; None when nothing does.

    Called by services under the locks of fund, mandate and request.
    """
    ground = ground or Ground(at)
    checks: tuple[Callable[..., Wait | None], ...] = (
        wait_for_trustees,
        wait_for_approvals,
        wait_for_time,
        wait_for_mandate,
        wait_for_limit,
        wait_for_money,
    )
    return next((wait for check in checks if (wait := check(facts, ground))), None)


def wait_for_trustees(facts: RequestFacts, ground: Ground) -> Wait | None:
    """Approvals count against the set that the payload names, while it is in force."""
    current = ground.trustees(facts.request.coop_id)
    if current is not None and current.id == facts.version.trustee_set_id:
        return None
    return Wait(
        "trustees",
        say(
            "The trustees changed after this was asked. Edit the request, so that the new trustees "
            "can sign it."
        ),
    )


def wait_for_approvals(facts: RequestFacts, ground: Ground) -> Wait | None:
    """As many trustees must sign as the set says."""
    del ground
    missing = facts.approvals_needed - len(facts.approvals)
    if missing <= 0:
        return None
    return Wait(
        "approvals",
        say_count("Waits for one more approval.", "Waits for %(number)s more approvals.", missing),
    )


def wait_for_time(facts: RequestFacts, ground: Ground) -> Wait | None:
    """A payload expires, and a changed account waits out its cooling period."""
    if ground.at >= facts.version.expires_at:
        return Wait("expired", say("The time to pay this is over. Ask again."))
    usable_from = facts.version.payee_account.usable_from
    if ground.at < usable_from:
        zone = ZoneInfo(coop_view(facts.request.coop_id).timezone)
        return Wait(
            "cooling",
            say(
                "Waits until %(hour)s: the payee’s bank details changed.",
                hour=Hour(usable_from.astimezone(zone)),
            ),
        )
    return None


def wait_for_mandate(facts: RequestFacts, ground: Ground) -> Wait | None:
    """The mandate must be in force and have enough left."""
    mandate = ground.mandate(facts.request.mandate_id)
    if not mandate.is_valid:
        return Wait(
            "mandate_over",
            say("Mandate %(which)s is over. A new vote can renew it.", which=mandate.code),
        )
    if mandate.remaining_minor < facts.version.amount_minor:
        left = Amount(mandate.remaining_minor, mandate.currency)
        return Wait(
            "mandate_short",
            say("Only %(left)s is left under mandate %(which)s.", left=left, which=mandate.code),
        )
    return None


def wait_for_limit(facts: RequestFacts, ground: Ground) -> Wait | None:
    """One payee, under whatever names its owner goes, gets no more than the manual allows."""
    amount_minor, payee = facts.version.amount_minor, facts.version.payee
    excess = limit_excess(payee, ground, amount_minor=amount_minor)
    if excess is None:
        return None
    return Wait("limit", say("Waits: %(excess)s", excess=excess))


def limit_excess(
    payee: Payee, ground: Ground, *, amount_minor: int, also_minor: int = 0
) -> Said | None:
    """Why paying this now would pass the manual's limit for one payee; None when it would not.

    `also_minor` is what was asked for and not ordered yet. A limit of 0 means there is none.
    """
    rules = ground.rules(payee.coop_id)
    if rules.payment_limit_minor == 0:
        return None
    paid = ground.ordered(payee)
    if paid + also_minor + amount_minor <= rules.payment_limit_minor:
        return None
    limit = Amount(rules.payment_limit_minor, rules.currency)
    so_far = Amount(paid + also_minor, rules.currency)
    return say(
        "one payee gets at most %(limit)s within %(days)s days, and %(so_far)s was asked for or "
        "paid already.",
        limit=limit,
        days=rules.payment_limit_days,
        so_far=so_far,
    )


def ordered_to(payees: Collection[Payee], *, since: datetime) -> dict[UUID, int]:
    """By payee of one co-op: what was ordered after `since` to it and to others of its owner."""
    owners = {payee.beneficial_owner_member_id for payee in payees} - {None}
    live = PaymentOrder.objects.filter(
        Q(version__payee__in=payees) | Q(version__payee__beneficial_owner_member_id__in=owners),
        coop_id=next(iter(payees)).coop_id,
        at__gt=since,
        failures__isnull=True,
        settlements__reversals__isnull=True,
    )
    owner = "version__payee__beneficial_owner_member_id"
    paid = list(
        live.values_list("version__payee_id", owner).order_by().annotate(sum=Sum("amount_minor"))
    )
    totals: dict[UUID, int] = {}
    for payee in payees:
        whose = {payee.id}
        if payee.beneficial_owner_member_id:
            whose.add(payee.beneficial_owner_member_id)
        totals[payee.id] = sum(
            total for payee_id, owner_id, total in paid if {payee_id, owner_id} & whose
        )
    return totals


def wait_for_money(facts: RequestFacts, ground: Ground) -> Wait | None:
    """After the order, what is spendable may not be below zero.

    What a vote promised for this very mandate turns from promised into held, so paying it leaves
    the spendable amount as it is; under a standing mandate it shrinks by the payment.
    """
    position = ground.position(facts.request.mandate.fund_id)
    spendable = position.spendable_minor
    if facts.request.mandate.kind == MandateKind.STANDING:
        spendable -= facts.version.amount_minor
    if spendable >= 0:
        return None
    short = Amount(-spendable, position.currency)
    return Wait(
        "money",
        say(
            "Waits for money: %(short)s is missing after all that is held or promised.", short=short
        ),
    )


def approval_refusal(
    facts: RequestFacts, member_id: UUID, *, at: datetime, ground: Ground | None = None
) -> PurseError | None:
    """Why this member may not approve this payload now; None when they may.

    Requester, approver and whoever is paid are different people, and neither the editor of the
    payload nor whoever entered the account signs it (treasury.md §6).
    """
    version = facts.version
    number = f"R-{facts.request.number:04d}"
    status = facts.status(at)
    if status == "expired":
        return NotPossible(
            "expired", "The time to approve %(number)s is over. Ask for it again.", number=number
        )
    if status not in ("open", "waiting"):
        return NotPossible(
            "not_open", "%(number)s is already %(status)s.", number=number, status=STATUSES[status]
        )
    ground = ground or Ground(at)
    trustees = wait_for_trustees(facts, ground)
    if trustees:
        return NotPossible("trustees_changed", trustees.text)
    if str(member_id) not in version.trustee_set.member_ids:
        return NotAllowed("not_trustee", "Only a trustee may approve %(number)s.", number=number)
    mandate = ground.mandate(facts.request.mandate_id)
    if not mandate.is_valid:
        return NotPossible(
            "mandate_over", "Mandate %(which)s is over: a new vote is needed.", which=mandate.code
        )
    return separation_refusal(facts, member_id)


def open_refusal(facts: RequestFacts, *, at: datetime) -> PurseError | None:
    """What is over or ordered is not touched any more."""
    status = facts.status(at)
    if status in ("open", "waiting"):
        return None
    return NotPossible(
        "not_open",
        "%(number)s is already %(status)s.",
        number=f"R-{facts.request.number:04d}",
        status=STATUSES[status],
    )


def edit_refusal(facts: RequestFacts, member: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not change the request now; None when they may."""
    is_theirs = member.member_id == facts.request.requester_member_id
    if not is_theirs and not member.has_role("treasurer"):
        return NotAllowed("not_yours", "Only the member who asked or a treasurer may edit this.")
    return open_refusal(facts, at=at)


def withdraw_refusal(facts: RequestFacts, member: Member, *, at: datetime) -> PurseError | None:
    """Why this member may not take the request back now; None when they may."""
    if member.member_id != facts.request.requester_member_id:
        return NotAllowed("not_yours", "Only the member who asked may take this back.")
    return open_refusal(facts, at=at)


def separation_refusal(facts: RequestFacts, member_id: UUID) -> PurseError | None:
    """Why this trustee is too close to the payment to approve it."""
    version = facts.version
    if member_id == facts.request.requester_member_id:
        return NotAllowed(
            "own_request", "You asked for this payment, so other trustees must approve it."
        )
    if member_id == version.edited_by_member_id:
        return NotAllowed(
            "own_edit", "You edited this payment last, so other trustees must approve it."
        )
    if member_id == version.payee.beneficial_owner_member_id:
        return NotAllowed(
            "own_benefit", "You gain from this payment, so other trustees must approve it."
        )
    if member_id == version.payee_account.entered_by_member_id:
        return NotAllowed(
            "own_account",
            "You entered the payee’s bank details, so other trustees must approve this payment.",
        )
    return None
