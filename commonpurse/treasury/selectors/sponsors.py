"""What a sponsor's people see: the funds that it holds, and nothing else of their co-ops."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum
from django.db.models.functions import Abs

from commonpurse.errors import NotFound
from commonpurse.groups.selectors import coops_by_id
from commonpurse.treasury.models import (
    BankLine,
    BankStatement,
    BookingKind,
    Fund,
    LineBooking,
    Mandate,
    OrderByHand,
    OrderInFile,
    PaymentOrder,
    SponsorStaff,
    StandingKind,
)
from commonpurse.treasury.selectors.funds import fund_frozen, fund_positions
from commonpurse.treasury.selectors.mandates import with_used
from commonpurse.treasury.selectors.orders import order_views, orders_sendable
from commonpurse.treasury.selectors.payees import account_views
from commonpurse.treasury.sponsor_values import (
    Heap,
    Instruction,
    SponsorFund,
    SponsorPerson,
    StaffView,
)
from commonpurse.treasury.values import FundView, SponsorView


@dataclass(frozen=True, slots=True)
class Newest:
    """Where a fund's statements end."""

    closing_minor: int | None
    until_on: date | None


NONE_YET = Newest(closing_minor=None, until_on=None)


def access_sponsor(*, sponsor_id: UUID, person_id: UUID | None) -> SponsorPerson:
    """The person who acts for this sponsor. Raises NotFound for everybody else."""
    rows = SponsorStaff.objects.filter(sponsor_id=sponsor_id).select_related("sponsor", "person")
    row = rows.filter(person_id=person_id).first() if person_id is not None else None
    if row is None:
        raise NotFound("no_sponsor", "There is no such sponsor, or you do not act for it.")
    return SponsorPerson(
        sponsor_id=row.sponsor_id,
        sponsor_name=row.sponsor.name,
        person_id=row.person_id,
        name=row.person.get_full_name(),
    )


def access_sponsor_fund(*, fund_id: UUID, actor: SponsorPerson) -> FundView:
    """A fund that this person's sponsor holds. Raises NotFound for another's."""
    row = Fund.objects.filter(id=fund_id, sponsor_id=actor.sponsor_id).select_related("sponsor")
    found = row.first()
    if found is None:
        raise NotFound("no_fund", "There is no such fund here.")
    return fund_frozen(found)


def sponsors_of_person(person_id: UUID) -> tuple[SponsorView, ...]:
    """The sponsors for whom this person acts, by name."""
    rows = SponsorStaff.objects.filter(person_id=person_id).select_related("sponsor")
    found = [SponsorView(id=row.sponsor_id, name=row.sponsor.name) for row in rows]
    return tuple(sorted(found, key=lambda view: (view.name.casefold(), view.id)))


def sponsor_staff_list(sponsor_id: UUID) -> tuple[StaffView, ...]:
    """Who acts for the sponsor, the longest first."""
    rows = SponsorStaff.objects.filter(sponsor_id=sponsor_id).select_related("person")
    return tuple(
        StaffView(
            staff_id=row.id,
            person_id=row.person_id,
            email=row.person.email or "",
            since=row.since,
        )
        for row in rows.order_by("since", "id")
    )


def sponsor_funds(
    sponsor_id: UUID, *, at: datetime, fund_id: UUID | None = None
) -> tuple[SponsorFund, ...]:
    """All funds that the sponsor holds, or one of them, by the names of their co-ops.

    In a fixed number of queries, whatever the number of funds.
    """
    rows = Fund.objects.filter(sponsor_id=sponsor_id).select_related("sponsor")
    if fund_id is not None:
        rows = rows.filter(id=fund_id)
    funds = [fund_frozen(row) for row in rows]
    ids = [fund.id for fund in funds]
    coops = coops_by_id({fund.coop_id for fund in funds})
    positions = fund_positions(funds, at=at)
    statements = statements_newest(ids)
    ready, sent = orders_heaped(ids)
    suspense = suspense_heaped(ids)
    fees = fees_of_month(ids, at=at)
    found = [
        SponsorFund(
            fund=fund,
            coop_slug=coops[fund.coop_id].slug,
            coop_name=coops[fund.coop_id].name,
            is_secret=coops[fund.coop_id].visibility == "secret",
            position=positions[fund.id],
            bank_minor=statements.get(fund.id, NONE_YET).closing_minor,
            bank_on=statements.get(fund.id, NONE_YET).until_on,
            ready=ready[fund.id],
            sent=sent[fund.id],
            suspense=suspense[fund.id],
            fee_max_minor=fees[fund.id][0],
            fee_used_minor=fees[fund.id][1],
            today=at.date(),
        )
        for fund in funds
    ]
    return tuple(sorted(found, key=lambda each: (each.coop_name.casefold(), each.fund.id)))


def instructions_waiting(fund_id: UUID) -> tuple[Instruction, ...]:
    """The orders of a fund that went out neither in a file nor by hand, oldest first. Private."""
    rows = orders_sendable(fund_id)
    accounts = {row.id: view for row, view in account_views(o.version.payee_account for o in rows)}
    views = {view.id: view for view in order_views(rows)}
    return tuple(
        Instruction(
            order=views[row.id],
            holder=accounts[row.version.payee_account_id].holder,
            iban=accounts[row.version.payee_account_id].iban,
            bic=accounts[row.version.payee_account_id].bic,
        )
        for row in rows
    )


def statements_newest(fund_ids: Collection[UUID]) -> dict[UUID, Newest]:
    """What the newest statement of each fund closes with, and the day that all of them reach.

    Each statement goes on from the one before it, so the last one that came in has the balance.
    """
    rows = BankStatement.objects.filter(fund_id__in=fund_ids)
    last = rows.order_by("fund_id", "-at", "-ordinal", "-id").distinct("fund_id")
    closings = dict(last.values_list("fund_id", "closing_minor"))
    lines = BankLine.objects.filter(statement__fund_id__in=fund_ids)
    days: dict[UUID, date] = {}
    for fund_id, day in (
        *rows.values_list("fund_id").annotate(Max("until_on")),
        *lines.values_list("statement__fund_id").annotate(Max("booked_on")),
    ):
        if day is not None:
            days[fund_id] = max(days.get(fund_id, day), day)
    return {
        fund_id: Newest(closing_minor=minor, until_on=days.get(fund_id))
        for fund_id, minor in closings.items()
    }


def orders_heaped(
    fund_ids: Collection[UUID],
) -> tuple[defaultdict[UUID, Heap], defaultdict[UUID, Heap]]:
    """By fund: the orders that wait for the bank, and those that are there already."""
    rows = PaymentOrder.objects.filter(
        fund_id__in=fund_ids, failures__isnull=True, settlements__isnull=True
    ).annotate(
        is_sent=Q(Exists(OrderInFile.objects.filter(order=OuterRef("pk"))))
        | Q(Exists(OrderByHand.objects.filter(order=OuterRef("pk"))))
    )
    ready: defaultdict[UUID, Heap] = defaultdict(Heap)
    sent: defaultdict[UUID, Heap] = defaultdict(Heap)
    for row in rows.values("fund_id", "is_sent").annotate(n=Count("id"), sum=Sum("amount_minor")):
        (sent if row["is_sent"] else ready)[row["fund_id"]] = Heap(row["n"], row["sum"])
    return ready, sent


def suspense_heaped(fund_ids: Collection[UUID]) -> defaultdict[UUID, Heap]:
    """By fund: the debits that nothing explains yet."""
    found: defaultdict[UUID, Heap] = defaultdict(Heap)
    rows = LineBooking.objects.filter(
        line__statement__fund_id__in=fund_ids, kind=BookingKind.SUSPENSE, covers__isnull=True
    ).values(fund_id=F("line__statement__fund_id"))
    for row in rows.annotate(n=Count("id"), sum=Sum(Abs("line__amount_minor"))):
        found[row["fund_id"]] = Heap(row["n"], row["sum"])
    return found


def fees_of_month(
    fund_ids: Collection[UUID], *, at: datetime
) -> defaultdict[UUID, tuple[int, int]]:
    """By fund: what the sponsor's standing mandate allows this month, and what was used of it."""
    rows = Mandate.objects.filter(
        fund_id__in=fund_ids, standing_kind=StandingKind.SPONSOR_FEE, valid_from__lte=at
    ).exclude(ends__at__lte=at)
    found: defaultdict[UUID, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in with_used(rows, at=at):
        found[row.fund_id] = (row.max_minor, row.used_minor)
    return found
