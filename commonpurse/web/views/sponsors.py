"""A sponsor's console: every fund that it holds, and what waits for it at the bank.

A sponsor's people see what is needed to carry out orders and to keep the account: balances, orders
with the accounts that they pay into, what nothing explains. Members, threads, votes and the texts
of bank lines stay with the co-op.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.errors import NotFound, PurseError
from commonpurse.rules.schedules import banking_day_after
from commonpurse.treasury.selectors import (
    OrderView,
    SponsorFund,
    access_order,
    access_order_file,
    access_sponsor_fund,
    instructions_waiting,
    order_file_list,
    order_list_open,
    sponsor_funds,
    sponsor_staff_list,
    suspense_list,
)
from commonpurse.treasury.services import (
    order_fail,
    order_send_by_hand,
    orders_export,
    sponsor_staff_appoint,
    sponsor_staff_end,
)
from commonpurse.web.forms import PurseForm
from commonpurse.web.forms.treasury import ExportForm, long_field
from commonpurse.web.sheets import Table, sheet
from commonpurse.web.views.tables import amount
from commonpurse.web.views.treasury.bank import export_text, file_answer
from commonpurse.web.visit import Visit, Who, page

PAGE = 25
NUMBER_DIGITS = 6
DAY_ONE = date.min
SORTS: dict[str, tuple[Any, Callable[[SponsorFund], Any]]] = {
    "waits": (gettext_lazy("What waits for you"), lambda each: -each.waits),
    "name": (gettext_lazy("Co-op"), lambda each: each.coop_name.casefold()),
    "balance": (gettext_lazy("Balance"), lambda each: -each.position.balance_minor),
    "spendable": (gettext_lazy("Spendable"), lambda each: -each.position.spendable_minor),
    "held": (gettext_lazy("Held"), lambda each: -each.position.held_minor),
    "risk": (gettext_lazy("At risk"), lambda each: -each.position.at_risk_minor),
    "bank": (gettext_lazy("Statements until"), lambda each: each.bank_on or DAY_ONE),
}
"""The orders of the list, each with its words. The first is the one to begin with."""


@dataclass(frozen=True, slots=True)
class Total:
    """All funds of one currency together."""

    currency: str
    funds: int
    balance_minor: int
    held_minor: int
    at_risk_minor: int
    spendable_minor: int


@page(Who.SPONSOR)
def console(visit: Visit) -> HttpResponse:
    """Every fund that the sponsor holds, what waits for it first."""
    funds = sponsor_funds(visit.sponsor.sponsor_id, at=visit.at)
    asked = visit.request.GET
    sort = asked.get("sort", "") if asked.get("sort") in SORTS else "waits"
    wanted = asked.get("q", "").strip()[:100]
    found = [each for each in funds if wanted.casefold() in each.coop_name.casefold()]
    found.sort(key=SORTS[sort][1])
    shown, number, pages = paged(found, asked.get("page", ""))
    return visit.show(
        "sponsors/console.html",
        {
            "funds": shown,
            "all": funds,
            "found": len(found),
            "totals": totals_of(funds),
            "waiting": [each for each in funds if each.waits],
            "sort": sort,
            "sorts": [(key, words) for key, (words, _key) in SORTS.items()],
            "wanted": wanted,
            "number": number,
            "pages": pages,
        },
    )


def paged(found: Sequence[SponsorFund], asked: str) -> tuple[Sequence[SponsorFund], int, int]:
    """The funds of the page that was asked for, its number, and how many pages there are."""
    pages = max(1, -(-len(found) // PAGE))
    is_number = asked.isascii() and asked.isdecimal() and len(asked) <= NUMBER_DIGITS
    number = min(max(1, int(asked)), pages) if is_number else 1
    return found[(number - 1) * PAGE : number * PAGE], number, pages


def totals_of(funds: Sequence[SponsorFund]) -> tuple[Total, ...]:
    """What all funds hold together, by currency."""
    sums: dict[str, Counter[str]] = {}
    for each in funds:
        known = sums.setdefault(each.fund.currency, Counter())
        known["funds"] += 1
        known["balance_minor"] += each.position.balance_minor
        known["held_minor"] += each.position.held_minor
        known["at_risk_minor"] += each.position.at_risk_minor
        known["spendable_minor"] += each.position.spendable_minor
    return tuple(Total(currency=currency, **dict(sums[currency])) for currency in sorted(sums))


@page(Who.SPONSOR)
def funds_table(visit: Visit, form: str) -> HttpResponse:
    """The funds that the sponsor holds, as CSV or XLSX."""
    head = ("Co-op", "Fund", "Currency", "Balance", "Held", "At risk", "Spendable", "At the bank")
    rest = ("Statements until", "Orders waiting", "Their amount", "In suspense", "Fee left")
    rows = [
        (
            each.coop_name,
            str(each.fund.id),
            each.fund.currency,
            amount(each.position.balance_minor, each.fund.currency),
            amount(each.position.held_minor, each.fund.currency),
            amount(each.position.at_risk_minor, each.fund.currency),
            amount(each.position.spendable_minor, each.fund.currency),
            None if each.bank_minor is None else amount(each.bank_minor, each.fund.currency),
            each.bank_on,
            each.ready.count,
            amount(each.ready.minor, each.fund.currency),
            amount(each.suspense.minor, each.fund.currency),
            amount(each.fee_left_minor, each.fund.currency),
        )
        for each in sponsor_funds(visit.sponsor.sponsor_id, at=visit.at)
    ]
    return sheet(Table("funds", head + rest, rows), form)


@page(Who.SPONSOR, "GET", "POST")
def fund(visit: Visit, fund_id: UUID) -> HttpResponse:
    """One fund: where it stands, and its orders; sending puts them into one payment file."""
    here = access_sponsor_fund(fund_id=fund_id, actor=visit.sponsor)
    soon = banking_day_after(timezone.localdate(visit.at))
    form = ExportForm.of(visit, initial={"execute_on": soon})
    if visit.is_post and form.is_valid():
        try:
            made = orders_export(
                fund_id=here.id,
                order_ids=None,
                execute_on=form.cleaned_data["execute_on"],
                actor=visit.sponsor,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = export_text(made)
            return visit.go("sponsor_fund", visit.sponsor.sponsor_id, here.id, said=said)
    (shown,) = sponsor_funds(visit.sponsor.sponsor_id, at=visit.at, fund_id=here.id)
    return visit.show_form(
        "sponsors/fund.html",
        form,
        {
            "shown": shown,
            "fund": here,
            "ready": instructions_waiting(here.id),
            "sent": [each for each in order_list_open(here.id) if each.status == "exported"],
            "files": order_file_list(here.id),
            "suspense": suspense_list(here.id),
        },
    )


@page(Who.SPONSOR)
def orders_table(visit: Visit, fund_id: UUID, form: str) -> HttpResponse:
    """The orders of a fund that wait for the bank, to be typed by hand, as CSV or XLSX."""
    here = access_sponsor_fund(fund_id=fund_id, actor=visit.sponsor)
    head = ("Payment", "To", "Account", "BIC", "Amount", "Currency", "Purpose", "End-to-end id")
    rows = [
        (
            each.order.payment_number,
            each.holder,
            each.iban,
            each.bic,
            amount(each.order.amount_minor, each.order.currency),
            each.order.currency,
            f"{each.order.code} {each.order.purpose}",
            each.order.end_to_end_id,
        )
        for each in instructions_waiting(here.id)
    ]
    return sheet(Table("orders", head, rows), form)


@page(Who.SPONSOR)
def file_download(visit: Visit, fund_id: UUID, file_id: UUID) -> HttpResponse:
    """A payment file of a fund that the sponsor holds, the same bytes each time."""
    here = access_sponsor_fund(fund_id=fund_id, actor=visit.sponsor)
    return file_answer(access_order_file(file_id=file_id, fund_id=here.id))


class DoneForm(PurseForm):
    """The bank's word that an order was carried out."""

    proof = long_field(
        gettext_lazy("The bank’s reference"),
        gettext_lazy("For example the number of its confirmation. The record keeps a seal of it."),
    )


class RefusedForm(PurseForm):
    """The bank's word that an order was not carried out."""

    reason = long_field(
        gettext_lazy("Why did the bank refuse it?"),
        gettext_lazy("The treasurer reads it. What was held is free again."),
    )


def order_here(visit: Visit, fund_id: UUID, order_id: UUID) -> OrderView:
    """An order of a fund that the sponsor holds. Raises NotFound for another's."""
    here = access_sponsor_fund(fund_id=fund_id, actor=visit.sponsor)
    return access_order(order_id=order_id, fund_id=here.id)


@page(Who.SPONSOR, "GET", "POST")
def order_done(visit: Visit, fund_id: UUID, order_id: UUID) -> HttpResponse:
    """Say that an order was typed into the bank; the next statement settles it."""
    order = order_here(visit, fund_id, order_id)
    form = DoneForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            order_send_by_hand(
                order_id=order.id,
                proof=form.cleaned_data["proof"],
                actor=visit.sponsor,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("Noted. The debit on the next statement settles it.")
            return visit.go("sponsor_fund", visit.sponsor.sponsor_id, fund_id, said=said)
    return visit.show_form("sponsors/order_done.html", form, {"order": order, "fund_id": fund_id})


@page(Who.SPONSOR, "GET", "POST")
def order_refused(visit: Visit, fund_id: UUID, order_id: UUID) -> HttpResponse:
    """Say that the bank did not carry out an order, with its reason."""
    order = order_here(visit, fund_id, order_id)
    form = RefusedForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            order_fail(
                order_id=order.id,
                reason=form.cleaned_data["reason"],
                actor=visit.sponsor.actor,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("Noted. What was held for it is free again.")
            return visit.go("sponsor_fund", visit.sponsor.sponsor_id, fund_id, said=said)
    return visit.show_form(
        "sponsors/order_refused.html", form, {"order": order, "fund_id": fund_id}
    )


class StaffForm(PurseForm):
    """A colleague who acts for the sponsor too."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("They sign in with it; an account is made if there is none."),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Enter your colleague’s address"),
            "invalid": gettext_lazy("Enter an address such as name@example.org"),
        },
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter your colleague’s name")},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


@page(Who.SPONSOR, "GET", "POST", proof=("POST",))
def staff(visit: Visit) -> HttpResponse:
    """Who acts for the sponsor, and appointing a colleague."""
    form = StaffForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            sponsor_staff_appoint(
                sponsor_id=visit.sponsor.sponsor_id,
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                actor=visit.sponsor,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("They act for %(sponsor)s from now on.") % {
                "sponsor": visit.sponsor.sponsor_name
            }
            return visit.go("sponsor_staff", visit.sponsor.sponsor_id, said=said)
    people = sponsor_staff_list(visit.sponsor.sponsor_id)
    return visit.show_form("sponsors/staff.html", form, {"people": people})


@page(Who.SPONSOR, "GET", "POST", proof=("POST",))
def staff_end(visit: Visit, staff_id: UUID) -> HttpResponse:
    """Let somebody act for the sponsor no more, after asking."""
    sponsor_id = visit.sponsor.sponsor_id
    known = {each.staff_id: each for each in sponsor_staff_list(sponsor_id)}
    if staff_id not in known:
        raise NotFound("no_staff", "There is no such person here.")
    is_me = known[staff_id].person_id == visit.sponsor.person_id
    if not visit.is_post:
        return visit.show("sponsors/staff_end.html", {"each": known[staff_id], "is_me": is_me})
    sponsor_staff_end(sponsor_id=sponsor_id, staff_id=staff_id, actor=visit.sponsor, at=visit.at)
    if is_me:
        return visit.go("landing", said=_("You act for this sponsor no more."))
    return visit.go("sponsor_staff", sponsor_id, said=_("They act for the sponsor no more."))
