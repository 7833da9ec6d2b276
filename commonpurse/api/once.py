"""A write that is sent twice is done once: `Idempotency-Key`, scoped by caller and route.

The answer is kept in the transaction of what was done, without secrets. Refusals are not kept, so
the same key may be tried again after one. The key is any text of 1 to 64 printable characters.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status

from commonpurse.api.caller import Caller, caller_of
from commonpurse.errors import Invalid
from commonpurse.record.answers import answer_keep, answer_of
from commonpurse.record.ids import PLATFORM_ID

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,64}")
SECRET = "secret"  # noqa: S105  (the name of a field)
"""A field of this name is shown once and never replayed."""

Rest = ParamSpec("Rest")
Made = TypeVar("Made")
Operation = Callable[Concatenate[HttpRequest, Rest], Made]


def writes(
    scope: str, *, status: int = 200
) -> Callable[[Operation[Rest, Made]], Callable[..., Any]]:
    """An operation that writes: needs `scope`, runs in one transaction, and obeys its key.

    The scope is asked for where the caller is found (`api.api_make`), before the body is read.
    """

    def decorate(operation: Operation[Rest, Made]) -> Callable[..., Any]:
        @functools.wraps(operation)
        def shell(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> Any:
            caller = caller_of(request)
            key = key_of(request)
            with transaction.atomic():
                scoped = scope_of(request, caller, key) if key else None
                earlier = answer_of(**scoped) if scoped else None
                if earlier is not None:
                    replay = HttpResponse(
                        earlier.body, content_type="application/json", status=earlier.status
                    )
                    replay["Idempotency-Replayed"] = "true"
                    return replay
                made = operation(request, *args, **kwargs)
                if scoped:
                    answer_keep(**scoped, at=caller.at, status=status, body=body_of(made))
                return Status(status, made)

        shell.scope = scope  # type: ignore[attr-defined]
        return shell

    return decorate


def key_of(request: HttpRequest) -> str:
    """The key that came with the call; empty without one. Raises Invalid `key_wrong`."""
    key = request.headers.get(HEADER)
    if key is None:
        return ""
    if not KEY.fullmatch(key):
        raise Invalid(
            "key_wrong", "%(header)s has 1 to 64 printable characters.", field=HEADER, header=HEADER
        )
    return key


def scope_of(request: HttpRequest, caller: Caller, key: str) -> dict[str, Any]:
    """What the key belongs to, and a digest of method, route and canonical body."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(canonical_body(request))
    return {
        "coop_id": PLATFORM_ID,
        "actor_id": caller.known.person_id,
        "route": f"{request.method} {request.path}"[:300],
        "key": key,
        "body_hash": digest.hexdigest(),
    }


def canonical_body(request: HttpRequest) -> bytes:
    """The body as the digest takes it: JSON without regard to order and blanks, else its bytes."""
    if request.FILES:
        return forms_digest(request)
    data = request.body
    try:
        return orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONDecodeError:
        return data


def forms_digest(request: HttpRequest) -> bytes:
    """A digest of a form with files: its fields, and the files by their bytes."""
    digest = hashlib.sha256()
    for name in sorted(request.POST):
        digest.update(orjson.dumps([name, request.POST.getlist(name)]))
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            assert isinstance(file, UploadedFile)
            digest.update(orjson.dumps([name, file.name, file.size]))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.digest()


def body_of(made: object) -> str:
    """What was answered, as JSON without its secrets."""
    if made is None:
        return ""
    assert isinstance(made, Schema), "an operation that writes answers with a schema"
    plain = made.model_dump()
    plain.pop(SECRET, None)
    return orjson.dumps(plain, option=orjson.OPT_UTC_Z).decode()
