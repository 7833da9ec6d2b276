"""Refusals as problem+json (RFC 9457): a code for programs, a sentence for people."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from commonpurse.errors import PurseError
from commonpurse.say import say
from commonpurse.wording import in_words

MEDIA = "application/problem+json"

TITLES = {
    400: say("This cannot be read"),
    401: say("Sign in with a token"),
    403: say("This is not open to you"),
    404: say("There is nothing here"),
    405: say("This address does not take that method"),
    409: say("This cannot be done now"),
    413: say("This is too large"),
    422: say("Something in this cannot be right"),
    429: say("Too many calls"),
}
BROKEN = say("Something broke on our side")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str = "",
    errors: Sequence[dict[str, Any]] = (),
) -> HttpResponse:
    """The answer to a call that could not be followed."""
    body: dict[str, Any] = {
        "type": f"urn:commonpurse:problem:{code}",
        "title": in_words(TITLES.get(status, BROKEN)),
        "status": status,
        "code": code,
        "detail": in_words(detail),
    }
    if field:
        body["field"] = field
    if errors:
        body["errors"] = list(errors)
    answer = HttpResponse(orjson.dumps(body), content_type=MEDIA, status=status)
    if status == 401:  # noqa: PLR2004
        answer["WWW-Authenticate"] = 'Bearer realm="commonpurse"'
    return answer


def refusal_problem(request: HttpRequest, refusal: PurseError) -> HttpResponse:
    """A refusal of ours as a problem."""
    del request
    return problem(refusal.status, refusal.code, refusal.message, field=refusal.field)
