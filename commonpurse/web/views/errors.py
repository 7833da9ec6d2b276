"""Pages of refusal: what is so, why, and what to do now. Quiet, and with a way on."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from commonpurse.errors import PurseError
from commonpurse.wording import in_words


def title_of(status: int) -> str:
    """The heading of a page of refusal."""
    return {
        403: _("This is not open to you"),
        404: _("There is nothing at this address"),
        405: _("There is nothing to look at here"),
        409: _("This cannot be done now"),
        422: _("Something in this cannot be right"),
    }.get(status, _("Something broke on our side"))


def refusal_page(request: HttpRequest, refusal: PurseError) -> HttpResponse:
    """The page of a refusal that no form took up."""
    visit = getattr(request, "visit", None)
    context = {
        "title": title_of(refusal.status),
        "message": in_words(refusal.message),
        "status": refusal.status,
        "coop": visit.place if visit else None,
        "member": visit.standing if visit else None,
        "person": visit.person if visit else None,
        "visit": visit,
    }
    return render(request, "errors/refusal.html", context, status=refusal.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    del exception
    return _plain(request, 404, _("The address is mistyped, or what stood here has moved."))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused by the shell itself."""
    del exception
    return _plain(request, 403, _("You may not open this page."))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no form of ours sends."""
    del exception
    return _plain(request, 400, _("This is not a request that a page of ours sends."))


def wrong_method(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """An address that is looked at, and only takes a form; or a method that no page sends."""
    is_looked_at = request.method in ("GET", "HEAD")
    message = (
        _("This address only takes a form. Go back and send it from there.")
        if is_looked_at
        else _("This is not a request that a page of ours sends.")
    )
    answer = _plain(request, 405, message)
    answer["Allow"] = ", ".join(allowed)
    return answer


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: opened long ago, or sent from another site."""
    del reason
    return _plain(
        request,
        403,
        _("This form was opened too long ago, or in another window. Go back, reload, send again."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. Nothing of what was sent was kept."""
    return _plain(
        request, 500, _("Nothing was changed. We wrote down what happened; try again in a while.")
    )


def _plain(request: HttpRequest, status: int, message: str) -> HttpResponse:
    context = {"title": title_of(status), "message": message, "status": status}
    return render(request, "errors/plain.html", context, status=status)
