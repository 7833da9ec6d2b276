"""The treasurer's desk: orders out, statements in, dues."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commonpurse.errors import PurseError
from commonpurse.groups.selectors import member_list, member_names
from commonpurse.rules.schedules import banking_day_after
from commonpurse.treasury.selectors import (
    ImportView,
    OrderFileView,
    access_line,
    access_order,
    access_order_file,
    dues_account,
    dues_behind,
    dues_overview,
    dues_plan_current,
    fund_account,
    lines_to_review,
    order_file_list,
    order_list,
    statement_list,
    suspense_list,
)
from commonpurse.treasury.services import (
    fund_account_enter,
    line_assign,
    order_send_by_hand,
    order_settle,
    orders_export,
    statement_import,
)
from commonpurse.web.forms.treasury import (
    AccountForm,
    AssignForm,
    ExportForm,
    PaidForm,
    StatementForm,
)
from commonpurse.web.templatetags.charts import Part
from commonpurse.web.views.treasury.fund import fund_here
from commonpurse.web.visit import Visit, Who, page

STATEMENT_BYTES_MAX = 200 * 2**20


@page(Who.TREASURER, "GET", "POST")
def orders(visit: Visit) -> HttpResponse:
    """Orders that wait for the bank; exporting puts them into one payment file."""
    fund = fund_here(visit)
    soon = banking_day_after(timezone.localdate(visit.at))
    form = ExportForm.of(visit, initial={"execute_on": soon})
    if visit.is_post and form.is_valid():
        try:
            made = orders_export(
                fund_id=fund.id,
                order_ids=None,
                execute_on=form.cleaned_data["execute_on"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("order_list", said=export_text(made))
    found = order_list(fund.id)
    return visit.show_form(
        "treasury/orders.html",
        form,
        {
            "here": "orders",
            "fund": fund,
            "account": fund_account(fund.id),
            "ready": [order for order in found if order.status == "ordered"],
            "sent": [order for order in found if order.status == "exported"],
            "done": [order for order in found if order.status not in ("ordered", "exported")],
            "files": order_file_list(fund.id),
        },
    )


def export_text(made: OrderFileView) -> str:
    """What an export did, in one sentence."""
    count = len(made.order_ids)
    return ngettext(
        "%(n)s order is in the file. Give it to the bank.",
        "%(n)s orders are in the file. Give it to the bank.",
        count,
    ) % {"n": count}


@page(Who.TREASURER)
def order_download(visit: Visit, file_id: UUID) -> HttpResponse:
    """A payment file for the bank, the same bytes each time."""
    return file_answer(access_order_file(file_id=file_id, fund_id=fund_here(visit).id))


def file_answer(file: OrderFileView) -> HttpResponse:
    """A payment file, to be kept under its own name."""
    response = HttpResponse(file.body, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{file.message_id}.xml"'
    return response


@page(Who.TREASURER, "GET", "POST")
def order_paid(visit: Visit, order_id: UUID) -> HttpResponse:
    """Say that an order was paid by hand, with proof."""
    order = access_order(order_id=order_id, fund_id=fund_here(visit).id)
    form = PaidForm.of(visit, initial={"booked_on": timezone.localdate(visit.at)})
    if visit.is_post and form.is_valid():
        try:
            if order.status == "ordered":
                order_send_by_hand(
                    order_id=order.id,
                    proof=form.cleaned_data["proof"],
                    actor=visit.member,
                    at=visit.at,
                )
            order_settle(
                order_id=order.id,
                bank_line_id=None,
                proof=form.cleaned_data["proof"],
                booked_on=form.cleaned_data["booked_on"],
                actor=visit.member.actor,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("payment", order.number, said=_("The payment is booked."))
    return visit.show_form("treasury/order_paid.html", form, {"here": "orders", "order": order})


@page(Who.TREASURER, "GET", "POST")
def statements(visit: Visit) -> HttpResponse:
    """Bank statements: import one, see what it booked, settle what nobody could match."""
    fund = fund_here(visit)
    form = StatementForm.of(visit)
    if visit.is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = statement_import(
                fund_id=fund.id,
                data=file.read(STATEMENT_BYTES_MAX),
                filename=file.name,
                actor=visit.member,
                reason=form.cleaned_data["reason"] or None,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("statement_list", said=import_text(made))
    return visit.show_form(
        "treasury/statements.html",
        form,
        {
            "here": "statements",
            "fund": fund,
            "account": fund_account(fund.id),
            "statements": statement_list(fund.id),
            "review": lines_to_review(fund.id),
            "suspense": suspense_list(fund.id),
        },
    )


def import_text(made: ImportView) -> str:
    """What an import did, in one sentence."""
    if made.is_repeat:
        return _("This file was imported before. Nothing was booked again.")
    new, review = made.new_lines, made.needs_review
    said = ngettext("%(n)s line is booked.", "%(n)s lines are booked.", new) % {"n": new}
    if review:
        said += " " + ngettext("%(n)s waits for you.", "%(n)s wait for you.", review) % {
            "n": review
        }
    return said


@page(Who.TREASURER, "GET", "POST", proof=("GET", "POST"))
def fund_account_page(visit: Visit) -> HttpResponse:
    """Enter the bank account under which the sponsor holds the fund."""
    fund = fund_here(visit)
    form = AccountForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            fund_account_enter(
                fund_id=fund.id,
                iban=form.cleaned_data["iban"],
                holder=form.cleaned_data["holder"],
                bic=form.cleaned_data["bic"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("statement_list", said=_("The fund’s account is entered."))
    return visit.show_form("treasury/fund_account.html", form, {"here": "statements", "fund": fund})


@page(Who.TREASURER, "GET", "POST")
def line_book(visit: Visit, line_id: UUID) -> HttpResponse:
    """Say what an unexplained credit is."""
    found = access_line(line_id=line_id, fund_id=fund_here(visit).id)
    form = AssignForm.of(visit, members=member_list(coop_id=visit.coop.coop_id))
    if visit.is_post and form.is_valid():
        member = form.cleaned_data["member"]
        try:
            line_assign(
                line_id=found.id,
                kind=form.cleaned_data["kind"],
                member_id=UUID(member) if member else None,
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("statement_list", said=_("The line is booked."))
    return visit.show_form("treasury/line.html", form, {"here": "statements", "line": found})


@page(Who.MEMBER)
def dues(visit: Visit) -> HttpResponse:
    """My dues; for treasurers everybody's."""
    today = timezone.localdate(visit.at)
    coop_id = visit.coop.coop_id
    plan = dues_plan_current(coop_id, today)
    context: dict[str, object] = {
        "here": "dues",
        "plan": plan,
        "account": dues_account(coop_id, visit.member.member_id, today),
        "fund_account": fund_account(fund_here(visit).id),
    }
    if visit.member.has_role("treasurer"):
        names = member_names(coop_id=coop_id)
        overview = dues_overview(coop_id, today)
        paid_up = overview.members_count - overview.behind_count
        context["overview"] = overview
        context["standing"] = (
            Part("cleared", _("Paid up"), paid_up),
            Part("risk", _("Behind"), overview.behind_count),
        )
        context["behind"] = [
            (names.get(item.member_id, ""), item) for item in dues_behind(coop_id, today)
        ]
    return visit.show("treasury/dues.html", context)
