"""Putting a question to the members: what kind, what it does, until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from commonpurse.decisions.selectors import DecisionView
from commonpurse.decisions.services import decision_open
from commonpurse.discussion.selectors import thread_view
from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.selectors import member_list
from commonpurse.manual.selectors import ManualView, manual_current
from commonpurse.treasury.selectors import (
    fund_of,
    payee_list,
    suspense_list,
)
from commonpurse.treasury.services import payee_account_enter, payee_add
from commonpurse.web.forms.proposals import (
    AmendmentForm,
    CoverForm,
    ProposalForm,
    SpendForm,
    StatementForm,
    TrusteesForm,
)
from commonpurse.web.forms.treasury import payee_choices
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import SECTIONS

KINDS = ("statement", "spend", "trustees", "amendment", "cover")
NEW_PAYEE = "new"
FIELDS_OF = {
    "amount_minor": "amount",
    "payee_id": "payee",
    "valid_until": "valid_until",
    "closes_at": "days",
    "name": "payee_name",
    "bank_line_id": "line",
    "bic": "iban",
}
"""Which field of the form a service's refusal belongs to."""


@page(Who.MEMBER, "GET", "POST")
def propose(visit: Visit) -> HttpResponse:
    """Choose a kind, then write the proposal of that kind."""
    kind = visit.request.GET.get("kind", "")
    manual = manual_current(visit.coop.coop_id)
    thread_id = thread_of(visit)
    has_fund = fund_of(visit.coop.coop_id) is not None
    if kind not in KINDS or (kind in ("spend", "cover") and not has_fund):
        context = {"here": "decisions", "has_fund": has_fund, "thread_id": thread_id}
        return visit.show("decisions/kinds.html", context)
    form, effect_from = form_of(visit, kind, manual)
    if visit.is_post and form.is_valid():
        try:
            made = open_it(visit, kind, form, effect_from(form.cleaned_data), thread_id)
        except (Invalid, NotPossible) as refusal:
            refusal.field = FIELDS_OF.get(refusal.field, refusal.field)
            form.refuse(refusal)
        else:
            return visit.go_here("decision", made.number)
    return visit.show_form(
        f"decisions/propose_{kind}.html",
        form,
        {"here": "decisions", "kind": kind, "manual": manual, "sections": SECTIONS},
    )


def open_it(
    visit: Visit, kind: str, form: ProposalForm, effect: dict[str, Any], thread_id: UUID | None
) -> DecisionView:
    """Open the vote."""
    return decision_open(
        actor=visit.member,
        kind=kind,
        question=form.cleaned_data["question"],
        details=form.cleaned_data["details"],
        effect=effect,
        closes_at=visit.at + timedelta(days=form.cleaned_data["days"]),
        thread_id=thread_id,
        at=visit.at,
    )


def thread_of(visit: Visit) -> UUID | None:
    """The thread that the proposal comes from, where the visitor may read it."""
    text = visit.request.GET.get("thread", "")
    if not text:
        return None
    try:
        thread_id = UUID(text)
    except ValueError:
        return None
    return thread_view(coop_id=visit.coop.coop_id, thread_id=thread_id, member=visit.member).id


def form_of(
    visit: Visit, kind: str, manual: ManualView
) -> tuple[ProposalForm, Callable[[dict[str, Any]], dict[str, Any]]]:
    """The form of a kind, and how what was typed becomes the effect."""
    initial = {"days": manual.parameters.voting_days}
    if kind == "spend":
        return (
            SpendForm.of(
                visit,
                initial=initial,
                currency=visit.coop.currency,
                payees=payee_choices(payee_list(visit.coop.coop_id)),
            ),
            lambda typed: spend_effect(visit, typed),
        )
    if kind == "trustees":
        people = member_list(coop_id=visit.coop.coop_id)
        return (
            TrusteesForm.of(
                visit,
                initial=initial,
                people=[(str(each.member_id), each.name) for each in people],
            ),
            lambda typed: {"kind": "trustees", "member_ids": typed["member_ids"]},
        )
    if kind == "amendment":
        return (
            AmendmentForm.of(visit, initial=initial, manual=manual),
            lambda typed: amend_effect(manual, typed),
        )
    if kind == "cover":
        return (
            CoverForm.of(
                visit,
                initial=initial | {"line": visit.request.GET.get("line", "")},
                lines=lines_of(visit),
            ),
            lambda typed: {
                "kind": "cover",
                "bank_line_id": typed["line"],
                "purpose": typed["purpose"],
            },
        )
    return StatementForm.of(visit, initial=initial), lambda _typed: {"kind": "none"}


def spend_effect(visit: Visit, typed: dict[str, Any]) -> dict[str, Any]:
    """A payment; a payee that is new is made known first, in the same transaction."""
    payee_id = typed["payee"]
    if payee_id == NEW_PAYEE:
        made = payee_add(
            coop_id=visit.coop.coop_id,
            kind="organisation",
            name=typed["payee_name"],
            beneficial_owner_member_id=None,
            actor=visit.member,
            at=visit.at,
        )
        if typed["iban"]:
            payee_account_enter(
                payee_id=made.id,
                iban=typed["iban"],
                holder=typed["payee_name"],
                actor=visit.member,
                at=visit.at,
            )
        payee_id = str(made.id)
    until = typed["valid_until"]
    return {
        "kind": "spend",
        "payee_id": payee_id,
        "amount_minor": typed["amount"],
        "purpose": typed["purpose"],
        "valid_until": until.isoformat() if until else None,
    }


def amend_effect(manual: ManualView, typed: dict[str, Any]) -> dict[str, Any]:
    """Everything as it stands in the form; the service keeps what differs."""
    return {
        "kind": "amend",
        "parameters": typed["parameters"],
        "clauses": [
            {
                "key": clause.key,
                "title": clause.title,
                "text": typed[f"clause-{clause.key}"].replace("\r\n", "\n"),
            }
            for clause in manual.clauses
        ],
    }


def lines_of(visit: Visit) -> list[Any]:
    """The debits that nothing explains."""
    fund = fund_of(visit.coop.coop_id)
    return list(suspense_list(fund.id)) if fund else []
