"""Who may be paid, and into which account."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.errors import NotFound, PurseError
from commonpurse.groups.selectors import member_list, member_names
from commonpurse.treasury.selectors import PayeeView, payee_list, payee_view
from commonpurse.treasury.services import payee_account_enter, payee_add
from commonpurse.web.forms.treasury import AccountForm, PayeeForm
from commonpurse.web.visit import Visit, Who, page


@page(Who.MEMBER)
def payees(visit: Visit) -> HttpResponse:
    """Everybody whom the co-op may pay."""
    coop_id = visit.coop.coop_id
    return visit.show(
        "treasury/payees.html",
        {"here": "payees", "payees": payee_list(coop_id), "names": member_names(coop_id=coop_id)},
    )


@page(Who.MEMBER, "GET", "POST")
def payee_new(visit: Visit) -> HttpResponse:
    """Add a supplier or a member to those who may be paid."""
    form = PayeeForm.of(visit, members=member_list(coop_id=visit.coop.coop_id))
    if visit.is_post and form.is_valid():
        owner = form.cleaned_data["owner"]
        try:
            made = payee_add(
                coop_id=visit.coop.coop_id,
                kind=form.cleaned_data["kind"],
                name=form.cleaned_data["name"],
                beneficial_owner_member_id=UUID(owner) if owner else None,
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            said = _("%(name)s may be paid once there is an account.") % {"name": made.name}
            return visit.go_here("payee", made.id, said=said)
    return visit.show_form("treasury/payee_new.html", form, {"here": "payees"})


def payee_here(visit: Visit, payee_id: UUID) -> PayeeView:
    """A payee of this co-op. Raises NotFound for another co-op's."""
    found = payee_view(payee_id)
    if found.coop_id != visit.coop.coop_id:
        raise NotFound("no_payee", "There is no such payee here.")
    return found


@page(Who.MEMBER, "GET", "POST", proof=("POST",))
def payee(visit: Visit, payee_id: UUID) -> HttpResponse:
    """One payee: accounts, newest first, and a form for a new one."""
    found = payee_here(visit, payee_id)
    form = AccountForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            payee_account_enter(
                payee_id=found.id,
                iban=form.cleaned_data["iban"],
                holder=form.cleaned_data["holder"],
                bic=form.cleaned_data["bic"],
                actor=visit.member,
                at=visit.at,
            )
        except PurseError as refusal:
            form.refuse(refusal)
        else:
            return visit.go_here("payee", found.id, said=_("The account is entered."))
    names = member_names(coop_id=visit.coop.coop_id)
    return visit.show_form(
        "treasury/payee.html", form, {"here": "payees", "payee": found, "names": names}
    )
