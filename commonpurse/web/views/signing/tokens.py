"""Keys for programs that act for one: made, listed, revoked. The secret is shown once."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from commonpurse.errors import Invalid, NotPossible
from commonpurse.groups.selectors import token_list
from commonpurse.groups.services import token_make, token_revoke
from commonpurse.web.forms.second import SCOPE_WORDS, TokenForm
from commonpurse.web.notify import notify
from commonpurse.web.visit import Visit, Who, page


@page(Who.SIGNED_IN, "GET", "POST", proof=("POST",))
def tokens(visit: Visit) -> HttpResponse:
    """One's tokens, and a form for a new one; the page that follows shows the secret, once."""
    person_id = visit.signed_in.person_id
    form = TokenForm.of(visit)
    if visit.is_post and form.is_valid():
        try:
            made = token_make(
                person_id=person_id,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                days=form.cleaned_data["days"],
                actor=visit.actor,
                at=visit.at,
            )
        except (Invalid, NotPossible) as refusal:
            form.refuse(refusal)
        else:
            notify(visit, "token_made")
            return visit.show("people/token_made.html", {"made": made, "words": SCOPE_WORDS})
    held = [(token, token.is_valid(visit.at)) for token in token_list(person_id=person_id)]
    return visit.show_form("people/tokens.html", form, {"tokens": held, "words": SCOPE_WORDS})


@page(Who.SIGNED_IN, "POST")
def token_drop(visit: Visit, token_id: UUID) -> HttpResponse:
    """Take a token back, at once."""
    token_revoke(
        token_id=token_id, person_id=visit.signed_in.person_id, actor=visit.actor, at=visit.at
    )
    return visit.go("me_tokens", said=_("The token is revoked. Nothing comes in with it now."))
