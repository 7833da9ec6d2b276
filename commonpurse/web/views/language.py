"""The switch of languages: for whoever reads, signed in or not."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from commonpurse.errors import Invalid
from commonpurse.groups.services import person_speak
from commonpurse.web.language import language_remember
from commonpurse.web.visit import Visit, Who, page


@page(Who.ANYONE, "POST")
def language_choose(visit: Visit) -> HttpResponse:
    """Speak another language, and go back to the page. Who signed in gets mails in it too."""
    language = visit.request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language_unknown", "Choose one of the languages shown.", field="language")
    if visit.person is not None:
        person_speak(
            person_id=visit.person.person_id, language=language, actor=visit.actor, at=visit.at
        )
    response = HttpResponseRedirect(way_back(visit))
    language_remember(response, language)
    return response


def way_back(visit: Visit) -> str:
    """The page on which the switch was pressed, if it is one of ours; else the first one."""
    back = visit.request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("landing")
