"""A form sent twice is done once: the same answer for the same key, whatever the finger did.

A form that does something carries a one-time key. The answer (where it led) is kept in the same
transaction as what was done; failures are not kept.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from commonpurse.record.answers import answer_keep, answer_of
from commonpurse.record.ids import PLATFORM_ID

FIELD = "once"
KEY_MAX = 64
STATUS_REFUSED = 400


def key_new() -> str:
    """A fresh key for a form."""
    return uuid4().hex


def body_hash(request: HttpRequest) -> str:
    """A digest of what was sent, files by their bytes, without the tokens of the form itself."""
    digest = hashlib.sha256()
    for name in sorted(request.POST):
        if name in (FIELD, "csrfmiddlewaretoken"):
            continue
        for value in request.POST.getlist(name):
            digest.update(f"{len(name)}:{name}={len(value)}:{value};".encode())
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            assert not isinstance(file, str)
            digest.update(f"{name}/{file.name}/{file.size};".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()


def answered_once(
    request: HttpRequest,
    *,
    coop_id: UUID | None,
    at: datetime,
    view: Callable[[], HttpResponse],
) -> HttpResponse:
    """Answer a POST in one transaction; a refused one leaves nothing behind.

    Raises NotPossible while the same form is still being answered, and Invalid when the key comes
    back with another body.
    """
    # No browser sends a zero byte here, and no column could hold it.
    key = request.POST.get(FIELD, "").replace("\0", "")[:KEY_MAX]
    with transaction.atomic():
        if not key or not request.user.is_authenticated:
            return settled(view())
        scope: dict[str, Any] = {
            "coop_id": coop_id or PLATFORM_ID,
            "actor_id": request.user.pk,
            "route": request.path,
            "key": key,
            "body_hash": body_hash(request),
        }
        earlier = answer_of(**scope)
        if earlier is not None:
            return redirect(earlier.location)
        response = settled(view())
        if response.status_code in (301, 302, 303):
            answer_keep(location=response["Location"], at=at, **scope)
        return response


def settled(response: HttpResponse) -> HttpResponse:
    """The answer as it is; what was done for a refusal is undone."""
    if response.status_code >= STATUS_REFUSED:
        transaction.set_rollback(True)
    return response
