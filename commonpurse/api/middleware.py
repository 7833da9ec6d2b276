"""Habits of every answer of the API: limits, entity tags, no caching by others."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from commonpurse.api.problems import problem
from commonpurse.record.limits import count_ask
from commonpurse.record.selectors import database_now
from commonpurse.say import say

PREFIX = "/api/"


class ApiMiddleware:
    """Counts calls by token or address, and lets who has seen an answer skip its body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse whoever asks too often."""
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        limit, count, left = asked(request)
        response = (
            problem(
                429,
                "too_many",
                say(
                    "At most %(limit)s calls a minute. Wait %(left)s seconds.",
                    limit=limit,
                    left=left,
                ),
            )
            if count > limit
            else told(self.get_response(request))
        )
        response["RateLimit-Limit"] = str(limit)
        response["RateLimit-Remaining"] = str(max(0, limit - count))
        response["RateLimit-Reset"] = str(left)
        if count > limit:
            response["Retry-After"] = str(left)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization"
        answer = tagged(request, response)
        if is_head and not answer.streaming:
            answer.content = b""
        return answer


def told(response: HttpResponse) -> HttpResponse:
    """The answer; a method that an address does not take is a problem that names the others."""
    allowed = response.headers.get("Allow")
    if response.status_code != 405 or allowed is None:  # noqa: PLR2004
        return response
    refused = problem(405, "method_wrong", say("This address takes %(methods)s.", methods=allowed))
    refused["Allow"] = allowed
    return refused


def asked(request: HttpRequest) -> tuple[int, int, int]:
    """The limit for this caller, their questions this minute, and how many seconds it lasts."""
    at = database_now()
    left = 60 - int(at.timestamp()) % 60
    given = request.headers.get("Authorization", "")
    if given:
        who, limit = hashlib.sha256(given.encode()).hexdigest(), settings.PURSE_API_PER_MINUTE
    else:
        who, limit = request.META.get("REMOTE_ADDR", ""), settings.PURSE_API_ANONYMOUS_PER_MINUTE
    return limit, count_ask(f"api:{who}", at=at), left


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its entity tag; 304 for who has it already."""
    is_read = request.method in ("GET", "HEAD") and response.status_code == 200  # noqa: PLR2004
    if not is_read or response.streaming:
        return response
    etag = '"' + hashlib.sha256(response.content).hexdigest()[:32] + '"'
    response["ETag"] = etag
    kept = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(kept, HttpResponse)
    return kept
