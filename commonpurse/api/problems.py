"""Refusals as problem+json (RFC 9457): a code for programs, a sentence for people."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from commonpurse.errors import PurseError

MEDIA = "application/problem+json"

TITLES = {
    400: "This cannot be read",
    401: "Sign in with a token",
    403: "This is not open to you",
    404: "There is nothing here",
    405: "This address does not take that method",
    409: "This cannot be done now",
    413: "This is too large",
    422: "Something in this cannot be right",
    429: "Too many calls",
}


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
        "title": TITLES.get(status, "Something broke on our side"),
        "status": status,
        "code": code,
        "detail": detail,
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
