"""From a refusal to a page that says who, why and what now; and small habits of every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from commonpurse.errors import PurseError
from commonpurse.web.views.errors import refusal_page


class RefusalMiddleware:
    """Turns a PurseError that no form took up into its page, with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and forget the time zone of the co-op that was shown."""
        timezone.deactivate()
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal becomes a page; anything else is a fault and crashes."""
        if isinstance(exception, PurseError):
            return refusal_page(request, exception)
        return None
