"""Who founds: inviting, following an invitation, leaving, throwing a draft away."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commonpurse.decisions.selectors import (
    access_draft,
    access_draft_led,
    draft_invitations,
    draft_invited,
)
from commonpurse.decisions.services import (
    draft_again,
    draft_discard,
    draft_founder_remove,
    draft_invitation_revoke,
    draft_invite,
    draft_join,
    draft_leave,
)
from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.web.drawing import qr_path
from commonpurse.web.views.founding.forms import InviteForm, NothingForm
from commonpurse.web.visit import Visit, Who, page

LINK_USES = 12


@page(Who.SIGNED_IN, "GET", "POST")
def draft_invite_page(visit: Visit, draft_id: UUID) -> HttpResponse:
    """Invite founders, by mail or by a link that is shown once, with a code to hold up."""
    access = access_draft(draft_id=draft_id, person_id=visit.signed_in.person_id)
    form = InviteForm.of(visit)
    if visit.is_post and form.is_valid():
        email = form.cleaned_data["email"] or None
        if email is None and "link" not in visit.request.POST:
            form.add_error("email", _("Enter an address, or make a link below"))
        else:
            try:
                made = draft_invite(
                    draft_id=draft_id,
                    email=email if "link" not in visit.request.POST else None,
                    uses_max=LINK_USES if "link" in visit.request.POST else 1,
                    actor=visit.actor,
                    at=visit.at,
                )
            except (Invalid, NotPossible) as refusal:
                form.refuse(refusal)
            else:
                if made.invitation.email is not None:
                    said = _("We sent an invitation to %(email)s.") % {"email": email}
                    return visit.go("draft_invite", draft_id, said=said)
                path = reverse("draft_join", args=[made.token])
                link = visit.request.build_absolute_uri(path)
                width, code = qr_path(link)
                return visit.show(
                    "founding/invited.html",
                    {"access": access, "draft": access.draft, "link": link}
                    | {"qr_width": width, "qr": code, "uses": LINK_USES},
                )
    context = {
        "access": access,
        "draft": access.draft,
        "invitations": draft_invitations(draft_id, at=visit.at),
    }
    return visit.show_form("founding/invite.html", form, context)


@page(Who.SIGNED_IN, "POST")
def draft_invitation_take_back(visit: Visit, draft_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    draft_invitation_revoke(
        draft_id=draft_id, invitation_id=invitation_id, actor=visit.actor, at=visit.at
    )
    return visit.go("draft_invite", draft_id, said=_("The invitation is taken back."))


@page(Who.SIGNED_IN, "POST")
def draft_founder_drop(visit: Visit, draft_id: UUID, founder_id: UUID) -> HttpResponse:
    """Let somebody found it no more."""
    draft_founder_remove(draft_id=draft_id, founder_id=founder_id, actor=visit.actor, at=visit.at)
    return visit.go("draft_step", draft_id, "founders", said=_("They found it no more."))


@page(Who.SIGNED_IN, "GET", "POST")
def draft_leave_page(visit: Visit, draft_id: UUID) -> HttpResponse:
    """Found it with the others no more, after a word."""
    access = access_draft(draft_id=draft_id, person_id=visit.signed_in.person_id)
    form = NothingForm.of(visit)
    if visit.is_post:
        draft_leave(draft_id=draft_id, actor=visit.actor, at=visit.at)
        return visit.go("found", said=_("You do not found it any more."))
    return visit.show_form("founding/leave.html", form, {"access": access, "draft": access.draft})


@page(Who.SIGNED_IN, "GET", "POST")
def draft_discard_page(visit: Visit, draft_id: UUID) -> HttpResponse:
    """Throw the draft away, after a word."""
    access = access_draft_led(draft_id=draft_id, person_id=visit.signed_in.person_id)
    form = NothingForm.of(visit)
    if visit.is_post:
        draft_discard(draft_id=draft_id, actor=visit.actor, at=visit.at)
        return visit.go("found", said=_("The draft is thrown away."))
    return visit.show_form("founding/discard.html", form, {"access": access, "draft": access.draft})


@page(Who.SIGNED_IN, "POST")
def draft_once_more(visit: Visit, draft_id: UUID) -> HttpResponse:
    """Draft once more what was not agreed to."""
    made = draft_again(draft_id=draft_id, actor=visit.actor, at=visit.at)
    said = _("Here it is again, led by you. Change what stood in the way.")
    return visit.go("draft", made.draft_id, said=said)


@page(Who.ANYONE, "GET", "POST")
def draft_join_page(visit: Visit, token: str) -> HttpResponse:
    """What an invitation to found leads to, and joining."""
    found = draft_invited(token=token, at=visit.at)
    if found is None:
        raise NotFound(
            "no_invitation",
            "This invitation is over, or its link is not whole. Ask for a new one.",
        )
    form = NothingForm.of(visit)
    if visit.is_post and visit.person is not None:
        try:
            draft = draft_join(token=token, actor=visit.actor, at=visit.at)
        except (NotAllowed, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            said = _("You are a founder. Read the manual, and suggest what you would change.")
            return visit.go("draft", draft.draft_id, said=said)
    is_founder = visit.person is not None and visit.person.person_id in found.founder_ids
    return visit.show_form("founding/join.html", form, {"invited": found, "is_founder": is_founder})
