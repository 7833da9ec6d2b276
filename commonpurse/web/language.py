"""Which language a page speaks: as the person chose, as the browser remembers, as it asks for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

PROGRAMS = "/api/"
YEAR_SECONDS = 365 * 24 * 3600


class LanguageMiddleware(LocaleMiddleware):
    """As Django's, but what people chose for their account comes first.

    Programs are answered as their `Accept-Language` asks, in English unless said. Who chose
    nothing is read by the cookie of the switch, then by what the browser asks for. Answers vary by
    both: by `Cookie` as the session is looked at, by `Accept-Language` as Django's own does.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Speak the language of whoever asks."""
        super().process_request(request)
        if request.path.startswith(PROGRAMS):
            return
        chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()


def language_remember(response: HttpResponse, language: str) -> None:
    """Let this browser ask for the language from now on; it says nothing about the person."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
