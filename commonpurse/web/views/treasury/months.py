"""The month-close: everything that a treasurer looks at before a month is closed, on one page."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commonpurse.errors import NotFound, NotPossible
from commonpurse.groups.selectors import member_names, person_view
from commonpurse.ledger.selectors import account_list, entry_list
from commonpurse.ledger.values import EntryView
from commonpurse.record.selectors import receipt
from commonpurse.treasury.selectors import (
    Check,
    FundView,
    MonthView,
    dues_behind,
    mandates_promising,
    month_view,
    months_of,
)
from commonpurse.treasury.services import month_close
from commonpurse.web.drawing import Piece, pieces
from commonpurse.web.forms import PurseForm
from commonpurse.web.sheets import Table, sheet
from commonpurse.web.views.tables import AT_ONCE, amount
from commonpurse.web.views.treasury.fund import fund_here, label_of
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import MONTH_CHECKS

BEHIND_SHOWN = 20
YEAR_MIN, YEAR_MAX, MONTHS = 1900, 9998, 12


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: its words, how it stands, and where its work is done."""

    check: Check
    words: str
    url: str
    act: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The month as two bars of one length: what was there and came, what went and remained."""

    came: tuple[Piece, ...]
    went: tuple[Piece, ...]
    money_in: tuple[tuple[str, int], ...]
    money_out: tuple[tuple[str, int], ...]
    whole: int


def first_of(year: int, number: int) -> date:
    """The first day of the month that an address names. Raises NotFound for none."""
    if not (YEAR_MIN <= year <= YEAR_MAX and 1 <= number <= MONTHS):
        raise NotFound("no_month", "There is no such month here.")
    return date(year, number, 1)


def month_here(visit: Visit, year: int, number: int) -> MonthView:
    """The month of this co-op's fund. Raises NotFound before the fund was opened, or ahead."""
    fund = fund_here(visit)
    first = first_of(year, number)
    if first not in {month for month, _closed in months_of(fund.id, at=visit.at)}:
        raise NotFound("no_month", "The fund has no such month.")
    return month_view(fund.id, first, at=visit.at)


@page(Who.TREASURER)
def months(visit: Visit) -> HttpResponse:
    """Every month since the fund was opened, and whether it is closed."""
    fund = fund_here(visit)
    return visit.show(
        "treasury/months.html",
        {"here": "months", "fund": fund, "months": months_of(fund.id, at=visit.at)},
    )


@page(Who.TREASURER)
def month(visit: Visit, year: int, number: int) -> HttpResponse:
    """A month on one page: what is done, what is missing, what moved, the books."""
    shown = month_here(visit, year, number)
    names = member_names(coop_id=visit.coop.coop_id)
    behind = dues_behind(visit.coop.coop_id, shown.last, limit=BEHIND_SHOWN)
    closed = shown.closed
    return visit.show(
        "treasury/month.html",
        {
            "here": "months",
            "shown": shown,
            "fund": shown.fund,
            "lines": [line_of(visit, shown, check) for check in shown.checks],
            "picture": picture_of(shown),
            "totals": shown.trial.totals[shown.fund.currency],
            "behind": [(names.get(each.member_id, ""), each) for each in behind],
            "promised": mandates_promising(visit.coop.coop_id, at=visit.at),
            "leaf": receipt(visit.coop.coop_id, closed.id) if closed else None,
            "closed_by": name_of(shown.closed_by),
        },
    )


def name_of(person_id: UUID | None) -> str:
    """The name of who closed the month; empty for the system and for whoever was erased."""
    return person_view(person_id).name if person_id else ""


def line_of(visit: Visit, shown: MonthView, check: Check) -> Line:
    """A check with the place where it is done."""
    name, act = {
        "statements": ("statement_list", _("Import a statement")),
        "balance": ("statement_list", _("Look at the statements")),
        "suspense": ("fund", _("Look at the debits")),
        "unallocated": ("statement_list", _("Assign the receipts")),
        "dues": ("dues", _("Look at the dues")),
        "behind": ("dues", _("Look at the dues")),
        "orders": ("order_list", _("Look at the orders")),
        "held": ("order_list", _("Look at the orders")),
        "promised": ("mandate_list", _("Look at the mandates")),
        "fees": ("mandate_list", _("Look at the mandates")),
    }.get(check.key, ("", ""))
    url = reverse(name, args=[visit.coop.slug]) if name else ""
    if check.key == "suspense" and check.count:
        url, act = reverse("propose", args=[visit.coop.slug]) + "?kind=cover", _("Cover it by vote")
    is_behind = check.key == "over" and shown.closed is None and not check.is_done
    words = MONTH_CHECKS[check.key]
    return Line(check, str(_("The month is still running") if is_behind else words), url, act)


def picture_of(shown: MonthView) -> Picture:
    """Draw a month; the table has the same figures in the same order."""
    summary = shown.summary
    money_in = [(label_of(item.kind), item.amount_minor) for item in summary.money_in]
    money_out = [(label_of(item.kind), item.amount_minor) for item in summary.money_out]
    money_in.insert(0, (_("Held at the beginning"), summary.opening_minor))
    came, gone = sum(minor for _l, minor in money_in), sum(minor for _l, minor in money_out)
    # What no bank's line explains, such as an opening balance or a grant that was booked by hand.
    rest = summary.closing_minor - (came - gone)
    if rest:
        (money_in if rest > 0 else money_out).append((_("Booked otherwise"), abs(rest)))
    money_out.append((_("Held at the end"), summary.closing_minor))
    keys = ["cleared", *["in"] * (len(money_in) - 1)]
    kept = [*["out"] * (len(money_out) - 1), "cleared"]
    whole = sum(max(0, minor) for _l, minor in money_in)
    return Picture(
        came=pieces(zip(keys, (minor for _l, minor in money_in), strict=True), whole),
        went=pieces(zip(kept, (minor for _l, minor in money_out), strict=True), whole),
        money_in=tuple(money_in),
        money_out=tuple(money_out),
        whole=sum(minor for _l, minor in money_in),
    )


@page(Who.TREASURER, "GET", "POST")
def close(visit: Visit, year: int, number: int) -> HttpResponse:
    """Close a month for good, after asking. Closed already, it stays as it is."""
    shown = month_here(visit, year, number)
    form = PurseForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            month_close(fund_id=shown.fund.id, first=shown.first, actor=visit.member, at=visit.at)
        except NotPossible as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("month", year, number, said=_("The month is closed."))
    missing = () if shown.closed else shown.missing
    context = {
        "here": "months",
        "shown": shown,
        "fund": shown.fund,
        "missing": [line_of(visit, shown, check) for check in missing],
    }
    return visit.show_form("treasury/month_close.html", form, context)


@page(Who.TREASURER)
def month_table(visit: Visit, year: int, number: int, name: str, form: str) -> HttpResponse:
    """The trial balance, or the entries, of a month as CSV or XLSX."""
    shown = month_here(visit, year, number)
    made = {"trial-balance": trial_table, "entries": entries_table}
    if name not in made:
        raise NotFound("no_table", "There is no such table.")
    return sheet(made[name](shown), form)


def trial_table(shown: MonthView) -> Table:
    """Where every account stood at the end of the month."""
    return Table(
        f"trial-balance-{shown.first:%Y-%m}",
        ("Account", "Name", "Kind", "Debit", "Credit", "Currency"),
        [
            (
                row.code,
                row.name,
                row.kind,
                amount(row.debit_minor, row.currency),
                amount(row.credit_minor, row.currency),
                row.currency,
            )
            for row in shown.trial.rows
        ],
    )


def entries_table(shown: MonthView) -> Table:
    """Every posting of the month, the newest entry first."""
    fund = shown.fund
    accounts = {each.id: each for each in account_list(coop_id=fund.coop_id, book_id=fund.book_id)}
    return Table(
        f"entries-{shown.first:%Y-%m}",
        ("Entry", "Booked", "Kind", "Memo", "Account", "Name", "Amount", "Currency"),
        [
            (
                str(entry.id),
                entry.booked_on,
                entry.kind,
                entry.memo,
                accounts[each.account_id].code,
                accounts[each.account_id].name,
                amount(each.amount_minor, fund.currency),
                fund.currency,
            )
            for entry in entries_of(fund, shown.first, shown.last)
            for each in entry.postings
        ],
    )


def entries_of(fund: FundView, first: date, last: date) -> list[EntryView]:
    """The entries that are booked on these days."""
    rows: list[EntryView] = []
    # What is booked later is not walked through: the list goes on from the day after.
    before = (last + timedelta(days=1), UUID(int=0))
    while found := entry_list(
        coop_id=fund.coop_id, book_id=fund.book_id, before=before, limit=AT_ONCE
    ):
        rows += [entry for entry in found if entry.booked_on >= first]
        before = (found[-1].booked_on, found[-1].id)
        if found[-1].booked_on < first:
            break
    return rows
