"""The public fund: a picture first, numbers second, each payment with its chain of authority."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commonpurse.errors import NotFound
from commonpurse.record.selectors import receipt
from commonpurse.treasury.selectors import (
    FundStanding,
    FundSummary,
    FundView,
    PaymentChain,
    chain_of_payment,
    fund_of,
    fund_standing,
    fund_summary,
    mandates_promising,
    payment_list,
    request_by_number,
    suspense_list,
)
from commonpurse.web.drawing import Piece, pieces, qr_path
from commonpurse.web.pictures import Amount, Flow, Lines, flow, lines
from commonpurse.web.visit import Visit, Who, page

Found = TypeVar("Found", FundView, FundStanding)

DAYS_SHOWN = 365
PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table under the picture."""

    label: str
    minor: int
    key: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing of a fund and the table that says the same."""

    drawing: Flow
    came: tuple[Piece, ...]
    went: tuple[Piece, ...]
    lines: Lines | None
    money_in: tuple[Row, ...]
    held: tuple[Row, ...]
    money_out: tuple[Row, ...]
    in_minor: int
    held_minor: int
    out_minor: int


def label_of(kind: str) -> str:
    """The words for a kind of money in or out."""
    return {
        "dues": _("Dues"),
        "grant": _("Grants"),
        "refund": _("Refunds"),
        "unallocated": _("Not assigned yet"),
        "return": _("Returned debits"),
        "returned_debit": _("Returned debits"),
        "settlement": _("Payments"),
        "payment": _("Payments by decision"),
        "reversal": _("Payments that came back"),
        "fee": _("Bank and sponsor"),
        "bank_fee": _("Bank fees"),
        "sponsor_fee": _("Sponsor’s fees"),
        "suspense": _("Unexplained, in suspense"),
        "cover": _("Explained by a decision"),
        "opening": _("Held before"),
    }.get(kind, kind)


def fund_here(visit: Visit) -> FundView:
    """The co-op's fund. Raises NotFound while the founding vote is open."""
    return fund_found(fund_of(visit.coop.coop_id))


def fund_standing_here(visit: Visit) -> FundStanding:
    """The co-op's fund as it stands. Raises NotFound while the founding vote is open."""
    return fund_found(fund_standing(visit.coop.coop_id, at=visit.at))


def fund_found(fund: Found | None) -> Found:
    """The fund that was looked for. Raises NotFound where there is none."""
    if fund is None:
        raise NotFound(
            "no_fund", "This co-op has no fund yet. It opens when the founders have agreed."
        )
    return fund


def picture_of(summary: FundSummary) -> Picture:
    """Draw a summary; the table has the same figures in the same order."""
    position = summary.position
    money_in = [Row(label_of(item.kind), item.amount_minor, "in") for item in summary.money_in]
    if summary.opening_minor > 0:
        money_in.insert(0, Row(label_of("opening"), summary.opening_minor, "in"))
    in_orders = Row(_("Held for orders on their way"), position.held_minor, "promised")
    held = [
        Row(_("Cleared and free"), max(position.spendable_minor, 0), "cleared"),
        Row(_("At risk of reversal"), position.at_risk_minor, "risk"),
        in_orders,
        Row(_("Promised, not yet paid"), position.promised_minor, "promised"),
    ]
    money_out = [Row(label_of(item.kind), item.amount_minor, "out") for item in summary.money_out]
    amounts_in = [Amount(row.label, row.minor, "f-in") for row in money_in]
    amounts_held = [Amount(row.label, row.minor, f"f-{row.key}") for row in held]
    amounts_out = [Amount(row.label, row.minor, "f-out") for row in money_out]
    points = [(day.on.toordinal(), day.balance_minor) for day in summary.series]
    return Picture(
        drawing=flow(sources=amounts_in, held=amounts_held, out=amounts_out),
        came=pieces(("in", row.minor) for row in money_in),
        went=pieces((row.key, row.minor) for row in (*held, *money_out)),
        lines=lines(points) if len(points) > 1 else None,
        money_in=tuple(money_in),
        held=tuple(row for row in held if row.minor),
        money_out=tuple(money_out),
        in_minor=sum(row.minor for row in money_in),
        held_minor=position.balance_minor,
        out_minor=sum(row.minor for row in money_out),
    )


def before_of(visit: Visit) -> tuple[date, UUID] | None:
    """Where the last page of payments ended, as the address says it; None for nonsense."""
    day, _sep, settlement = visit.request.GET.get("before", "").partition("_")
    try:
        return date.fromisoformat(day), UUID(settlement)
    except ValueError:
        return None


@page(Who.ANYONE)
def fund(visit: Visit) -> HttpResponse:
    """What came in, what is still here, and where the rest went."""
    standing = fund_standing_here(visit)
    here = standing.fund
    today = timezone.localdate(visit.at)
    opened = timezone.localdate(here.opened_at)
    begin = min(today, max(opened, today - timedelta(days=DAYS_SHOWN)))
    summary = fund_summary(standing, from_date=begin, to_date=today)
    payments = payment_list(visit.coop.coop_id, before=before_of(visit), limit=PAGE + 1)
    shown = payments[:PAGE]
    older = f"{shown[-1].booked_on}_{shown[-1].settlement_id}" if len(payments) > PAGE else ""
    return visit.show(
        "treasury/fund.html",
        {
            "here": "fund",
            "fund": here,
            "summary": summary,
            "picture": picture_of(summary),
            "payments": shown,
            "older": older,
            "promised": mandates_promising(visit.coop.coop_id, at=visit.at),
            "suspense": suspense_list(here.id),
        },
    )


@page(Who.ANYONE)
def payment(visit: Visit, number: int) -> HttpResponse:
    """Why was this paid? From the money that left to the manual that allowed it."""
    request = request_by_number(visit.coop.coop_id, number, at=visit.at)
    chain = chain_of_payment(request.id, at=visit.at)
    decision_number = number_of_decision(chain)
    leaf = receipt(visit.coop.coop_id, chain.steps[0].leaf_id)
    address = visit.request.build_absolute_uri(reverse("payment", args=[visit.coop.slug, number]))
    return visit.show(
        "treasury/payment.html",
        {
            "here": "fund",
            "chain": chain,
            "request_view": chain.request,
            "decision_number": decision_number,
            "leaf": leaf,
            "address": address,
            "qr": qr_path(address),
        },
    )


def number_of_decision(chain: PaymentChain) -> str:
    """The number of the chain's decision, for its link; empty for a standing mandate."""
    for step in chain.steps:
        if step.kind == "decision":
            return dict(step.facts)["number"]
    return ""
