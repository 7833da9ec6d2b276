"""Casting a ballot, changing one's mind, taking it back."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.decisions.selectors import decision_by_number, my_ballot
from commonpurse.decisions.services import ballot_cast, ballot_withdraw
from commonpurse.errors import Invalid, NotPossible
from commonpurse.web.forms.proposals import VoteForm
from commonpurse.web.views.decisions import show_decision
from commonpurse.web.visit import Visit, Who, page
from commonpurse.web.words import CHOICES


@page(Who.MEMBER, "POST")
def vote(visit: Visit, number: int) -> HttpResponse:
    """Cast or change a ballot."""
    shown = decision_by_number(coop_id=visit.coop.coop_id, number=number)
    form = VoteForm.of(visit)
    if form.is_valid():
        try:
            ballot_cast(
                decision_id=shown.id,
                choice=form.cleaned_data["choice"],
                reason=form.cleaned_data["reason"],
                actor=visit.member,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            said = _("Your vote counts: %(choice)s.") % {
                "choice": str(CHOICES[form.cleaned_data["choice"]]).lower()
            }
            return visit.go_here("decision", number, said=said)
    return show_decision(visit, shown, form=form)


@page(Who.MEMBER, "GET", "POST")
def take_back(visit: Visit, number: int) -> HttpResponse:
    """Take one's vote back, after asking."""
    shown = decision_by_number(coop_id=visit.coop.coop_id, number=number)
    if visit.is_post:
        ballot_withdraw(decision_id=shown.id, actor=visit.member, at=visit.at)
        said = _("Your vote is taken back. You can vote again until the vote closes.")
        return visit.go_here("decision", number, said=said)
    if my_ballot(decision_id=shown.id, member_id=visit.member.member_id) is None:
        raise NotPossible("no_ballot", "You have no vote to take back.")
    return visit.show("decisions/take_back.html", {"here": "decisions", "decision": shown})
