"""The API, put together: routers, refusals, and what every operation may answer with."""

import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.types import DictStrAny

import commonpurse
from commonpurse.api.caller import TokenAuth
from commonpurse.api.problems import MEDIA, problem, refusal_problem
from commonpurse.api.routes import ROUTERS
from commonpurse.errors import PurseError
from commonpurse.say import say

MEGABYTE = 1024 * 1024
LOG = logging.getLogger(__name__)

DESCRIPTION = """Everything that a person can read or do here, for programs.

Sign in with a token: `Authorization: Bearer purse_…`. What is public needs none. Amounts are whole
minor units. Lists come in pages: pass `next` as `after`. Every write takes an `Idempotency-Key`:
the same call again gives the same answer and does nothing twice. Refusals are problem+json
(RFC 9457) with a `code` for programs and a sentence for people."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "examples": [
        {
            "type": "urn:commonpurse:problem:closed",
            "title": "This cannot be done now",
            "status": 409,
            "code": "closed",
            "detail": "This vote is closed.",
        }
    ],
}

KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 64 printable characters: the same call with it is done once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
}


class JsonParser(Parser):
    """Reads JSON bodies; what is no JSON is said to be none."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        """The body as an object. HttpError 400 for what cannot be read."""
        try:
            body: DictStrAny = orjson.loads(request.body)
        except orjson.JSONDecodeError as error:
            raise HttpError(400, f"The body is not JSON: {error}") from error
        return body


class JsonRenderer(BaseRenderer):
    """Writes answers."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        del request, response_status
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class PurseAPI(NinjaAPI):
    """The API with its problems and its keys written into the document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The operation's own name: what a generated client calls it."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: DictStrAny | None = None
    ) -> OpenAPISchema:
        """The document: OpenAPI 3.1, each operation with its problems, each write with its key."""
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        made.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        refused = {
            "description": "Refused",
            "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for methods in made["paths"].values():
            for method, operation in methods.items():
                operation["responses"]["default"] = refused
                for slot in operation.get("parameters", []):
                    # A list of examples belongs to the schema; beside it stands a map of names.
                    if isinstance(slot.get("examples"), list):
                        slot["schema"]["examples"] = slot.pop("examples")
                if method != "get":
                    operation.setdefault("parameters", []).append(KEY_PARAMETER)
        return made


def api_make() -> PurseAPI:
    """The API of version 1."""
    made = PurseAPI(
        title="Commonpurse",
        version=commonpurse.__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        auth=TokenAuth(),
        docs_url=None,
        openapi_url="openapi.json",
        parser=JsonParser(),
        renderer=JsonRenderer(),
    )
    made.add_exception_handler(PurseError, refused)
    made.add_exception_handler(ValidationError, invalid)
    made.add_exception_handler(HttpError, unread)
    made.add_exception_handler(Http404, missing)
    made.add_exception_handler(RequestDataTooBig, too_large)
    made.add_exception_handler(SuspiciousOperation, suspicious)
    made.add_exception_handler(MultiPartParserError, suspicious)
    made.add_exception_handler(Exception, broken)
    for router in ROUTERS:
        for view in router.path_operations.values():
            for operation in view.operations:
                scope = getattr(operation.view_func, "scope", "")
                if scope:
                    operation.auth_param = TokenAuth(scope)
                    operation.auth_callbacks = [operation.auth_param]
        made.add_router("", router)
    return made


def broken(request: HttpRequest, fault: Any) -> HttpResponse:
    """A fault of ours: written down, and told as a problem without a word of what it was."""
    LOG.error("%s %s", request.method, request.path, exc_info=fault)
    return problem(500, "broken", say("Nothing was changed. We wrote it down; try again later."))


def refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    """A refusal of ours."""
    return refusal_problem(request, refusal)


def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """What was sent does not have the form that the document gives."""
    del request
    found = [
        {"field": ".".join(str(part) for part in each["loc"][1:]), "detail": str(each["msg"])}
        for each in error.errors
    ]
    first = found[0] if found else {"field": "", "detail": "What was sent has another form."}
    detail = f"{first['field']}: {first['detail']}" if first["field"] else first["detail"]
    return problem(422, "form_wrong", detail, field=first["field"], errors=found)


def unread(request: HttpRequest, error: Any) -> HttpResponse:
    """What was sent cannot be read at all."""
    del request
    return problem(error.status_code, "unreadable", str(error))


def too_large(request: HttpRequest, error: Any) -> HttpResponse:
    """More than a call may send."""
    del request, error
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE
    return problem(
        413, "too_large", say("A call may send %(most)s MB at most. Send less.", most=most)
    )


def suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    """What no client of ours sends: a form of a thousand fields, a name with a path in it."""
    LOG.warning("%s %s: %s", request.method, request.path, error)
    return problem(400, "unreadable", say("What was sent cannot be read."))


def missing(request: HttpRequest, error: Any) -> HttpResponse:
    """No such address."""
    del request, error
    return problem(404, "no_address", say("There is no such address in this API."))


api = api_make()
