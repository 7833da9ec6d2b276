"""Who belongs to the co-op, what each may do, and leaving."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonpurse.errors import Invalid, NotFound, NotPossible
from commonpurse.groups.selectors import invitation_list_open, member_by_id, member_list
from commonpurse.groups.services import member_leave, member_remove, role_end, role_grant
from commonpurse.treasury.selectors import trustee_set_current
from commonpurse.web.forms import PurseForm
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import ROLES

SHOWN_AT_ONCE = 100


@page(Who.MEMBER)
def member_list_page(visit: Visit) -> HttpResponse:
    """All members with their roles; for coordinators, the open invitations too."""
    people = member_list(coop_id=visit.coop.coop_id)
    trustees = trustees_of(visit.coop.coop_id)
    wanted = visit.request.GET.get("q", "").strip()
    shown = [each for each in people if wanted.casefold() in each.name.casefold()]
    open_invitations = (
        invitation_list_open(coop_id=visit.coop.coop_id, at=visit.at)
        if visit.member.may_coordinate
        else ()
    )
    return visit.show(
        "coops/members.html",
        {
            "here": "members",
            "people": shown,
            "count": len(people),
            "trustees": trustees,
            "wanted": wanted,
            "invitations": open_invitations,
            "roles": ROLES,
        },
    )


class RoleForm(PurseForm):
    """A role to give."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(key, ROLES[key]) for key in ROLES if key not in ("member", "trustee")],
        error_messages={"required": gettext_lazy("Choose a role")},
    )


@page(Who.MEMBER)
def member_page(visit: Visit, member_id: UUID) -> HttpResponse:
    """One member: their roles, and for coordinators the way to change them."""
    return show_member(visit, member_id, RoleForm())


@page(Who.COORDINATOR, "POST")
def role_give(visit: Visit, member_id: UUID) -> HttpResponse:
    """Give a role."""
    form = RoleForm.of(visit)
    if form.is_valid():
        try:
            changed = role_grant(
                coop_id=visit.coop.coop_id,
                member_id=member_id,
                role=form.cleaned_data["role"],
                actor=visit.member,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            said = _("%(name)s has the role now.") % {"name": changed.name}
            return visit.go_here("member", member_id, said=said)
    return show_member(visit, member_id, form)


@page(Who.COORDINATOR, "POST")
def role_take(visit: Visit, member_id: UUID) -> HttpResponse:
    """Take a role back, or end the membership (`role` is `member`)."""
    role = visit.request.POST.get("role", "")
    if role == "member":
        gone = member_remove(
            coop_id=visit.coop.coop_id, member_id=member_id, actor=visit.member, at=visit.at
        )
        said = _("%(name)s is no member any more.") % {"name": gone.name}
        return visit.go_here("member_list", said=said)
    changed = role_end(
        coop_id=visit.coop.coop_id,
        member_id=member_id,
        role=role,
        actor=visit.member,
        at=visit.at,
    )
    said = _("%(name)s no longer has the role.") % {"name": changed.name}
    return visit.go_here("member", member_id, said=said)


def show_member(visit: Visit, member_id: UUID, form: RoleForm) -> HttpResponse:
    """The page of a member. Raises NotFound for who is none of this co-op."""
    shown = member_by_id(coop_id=visit.coop.coop_id, member_id=member_id)
    if shown is None:
        raise NotFound("no_member", "There is no such member in this co-op.")
    held = [key for key in ROLES if key in shown.roles and key != "member"]
    return visit.show_form(
        "coops/member.html",
        form,
        {
            "here": "members",
            "shown": shown,
            "held": [(key, ROLES[key]) for key in held],
            "is_trustee": member_id in trustees_of(visit.coop.coop_id),
        },
    )


class LeaveForm(PurseForm):
    """Nothing to fill in: pressing the button is the answer."""


@page(Who.MEMBER, "GET", "POST")
def coop_leave(visit: Visit) -> HttpResponse:
    """Leave the co-op."""
    form = LeaveForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            member_leave(member=visit.member, at=visit.at)
        except NotPossible as refusal:
            form.refuse(refusal)
        else:
            return visit.go(
                "landing", said=_("You have left %(coop)s.") % {"coop": visit.coop.name}
            )
    return visit.show_form("coops/leave.html", form, {"here": "members"})


def trustees_of(coop_id: UUID) -> frozenset[UUID]:
    """The member ids of the present trustees."""
    found = trustee_set_current(coop_id)
    return frozenset(found.member_ids) if found else frozenset()
