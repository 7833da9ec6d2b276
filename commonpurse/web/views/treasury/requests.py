"""Asking for a payment, and the page on which trustees read exactly what they sign."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.errors import PurseError
from commonpurse.treasury.selectors import (
    mandate_by_number,
    mandate_list,
    payee_list,
    request_by_number,
    request_dossier,
    request_edit_refusal,
    request_list,
    request_withdraw_refusal,
    requests_waiting_for,
)
from commonpurse.treasury.services import (
    payload_changed,
    payment_approve,
    payment_edit,
    payment_refuse,
    payment_request,
    payment_withdraw,
)
from commonpurse.web.forms.base import amount_typed
from commonpurse.web.forms.treasury import ApproveForm, EditForm, RefuseForm, RequestForm
from commonpurse.web.once import FIELD
from commonpurse.web.visit import Visit, Who, page

PAGE = 30


@page(Who.MEMBER)
def requests(visit: Visit) -> HttpResponse:
    """What waits for me first, then every request, newest first."""
    text = visit.request.GET.get("before", "")
    before = int(text[:9]) if text.isascii() and text.isdigit() else None
    found = request_list(visit.coop.coop_id, at=visit.at, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    mandates = [
        item
        for item in mandate_list(visit.coop.coop_id, at=visit.at)
        if item.is_valid and item.is_requestable and item.remaining_minor
    ]
    return visit.show(
        "treasury/requests.html",
        {
            "here": "requests",
            "mine": requests_waiting_for(visit.member, at=visit.at),
            "requests": shown,
            "older": shown[-1].number if len(found) > PAGE else None,
            "mandates": mandates,
        },
    )


@page(Who.MEMBER, "GET", "POST")
def request_new(visit: Visit, mandate_number: int) -> HttpResponse:
    """Ask for a payment under one mandate."""
    mandate = mandate_by_number(visit.coop.coop_id, mandate_number, at=visit.at)
    payees = payee_list(visit.coop.coop_id)
    form = RequestForm.of(visit, payees=payees, mandate=mandate)
    if visit.is_post and form.is_valid():
        try:
            made = payment_request(
                mandate_id=mandate.id,
                payee_id=UUID(form.cleaned_data["payee"]),
                account_id=None,
                amount_minor=form.cleaned_data["amount"],
                purpose=form.cleaned_data["purpose"],
                key=visit.request.POST.get(FIELD, ""),
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("The trustees are asked to approve it.")
            return visit.go_here("request", made.number, said=said)
    has_payees = bool(form.fields["payee"].choices)  # type: ignore[attr-defined]
    return visit.show_form(
        "treasury/request_new.html",
        form,
        {"here": "requests", "mandate": mandate, "has_payees": has_payees},
    )


def page_of(
    visit: Visit,
    number: int,
    *,
    approve: ApproveForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    """The page of a request, with the forms as they stand."""
    dossier = request_dossier(visit.coop.coop_id, number, visit.member, at=visit.at)
    found = dossier.request
    if approve is None:
        approve = ApproveForm(initial={"payload_hash": found.payload_hash})
    else:
        approve.read_again(found.payload_hash)
    refuse = refuse or RefuseForm()
    wrong = next((form for form in (approve, refuse) if form.is_bound and form.errors), None)
    read_before = visit.request.GET.get("payload", found.payload_hash)
    return visit.show(
        "treasury/request.html",
        {
            "here": "requests",
            "request_view": found,
            "payload": json.dumps(json.loads(found.payload_json), indent=1, ensure_ascii=False),
            "standings": dossier.standings,
            "versions": dossier.versions,
            "may_not": dossier.may_not,
            "approve": approve,
            "refuse": refuse,
            "wrong": wrong,
            "may_edit": dossier.may_edit,
            "is_mine": found.requester_member_id == visit.member.member_id,
            "new_account": len(found.payee.accounts) > 1,
            "is_other_payload": read_before != found.payload_hash,
        },
        status=422 if wrong else 200,
    )


@page(Who.MEMBER)
def request(visit: Visit, number: int) -> HttpResponse:
    """One request: what is signed, who may sign it, what happens next."""
    return page_of(visit, number)


@page(Who.MEMBER, "POST", proof=("POST",), back="request")
def request_approve(visit: Visit, number: int) -> HttpResponse:
    """Sign exactly this payload."""
    found = request_by_number(visit.coop.coop_id, number, at=visit.at)
    form = ApproveForm.of(visit)
    if form.is_valid():
        try:
            after = payment_approve(
                request_id=found.id,
                payload_hash=form.cleaned_data["payload_hash"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("You approved it: %(have)s of %(need)s.") % {
                "have": len(after.approvals),
                "need": after.approvals_needed,
            }
            return visit.go_here("request", number, said=said)
    elif form.data.get("payload_hash") != found.payload_hash:
        form.refuse(payload_changed())
    return page_of(visit, number, approve=form)


@page(Who.MEMBER, "POST")
def request_refuse(visit: Visit, number: int) -> HttpResponse:
    """End a request for good, with a reason."""
    found = request_by_number(visit.coop.coop_id, number, at=visit.at)
    form = RefuseForm.of(visit)
    if form.is_valid():
        try:
            payment_refuse(
                request_id=found.id,
                reason=form.cleaned_data["reason"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("request", number, said=_("You refused it."))
    return page_of(visit, number, refuse=form)


@page(Who.MEMBER, "GET", "POST")
def request_withdraw(visit: Visit, number: int) -> HttpResponse:
    """Take one's own request back, after one more question."""
    found = request_by_number(visit.coop.coop_id, number, at=visit.at)
    if refusal := request_withdraw_refusal(found.id, visit.member, at=visit.at):
        raise refusal
    if visit.is_post:
        payment_withdraw(request_id=found.id, actor=visit.member, at=visit.at)
        return visit.go_here("request", number, said=_("The request is withdrawn."))
    return visit.show("treasury/request_withdraw.html", {"here": "requests", "request_view": found})


@page(Who.MEMBER, "GET", "POST")
def request_edit(visit: Visit, number: int) -> HttpResponse:
    """Change a request: every approval is void and asked for again."""
    found = request_by_number(visit.coop.coop_id, number, at=visit.at)
    if refusal := request_edit_refusal(found.id, visit.member, at=visit.at):
        raise refusal
    form = EditForm.of(
        visit,
        currency=found.currency,
        initial={
            "amount": amount_typed(found.amount_minor, found.currency),
            "purpose": found.purpose,
        },
    )
    if visit.is_post and form.is_valid():
        try:
            payment_edit(
                request_id=found.id,
                account_id=None,
                amount_minor=form.cleaned_data["amount"],
                purpose=form.cleaned_data["purpose"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("Changed. Every approval is asked for again.")
            return visit.go_here("request", number, said=said)
    return visit.show_form(
        "treasury/request_edit.html", form, {"here": "requests", "request_view": found}
    )
