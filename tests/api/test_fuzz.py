"""Whatever a program sends, the API answers as its document says, and never breaks.

Every operation gets a hundred generated calls (a thousand in `make soak`), on a co-op that has
something of everything; each call comes from one of its people or from nobody.
"""

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from commonpurse.api.api import api
from tests.api.programs import program
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.django_db

PEOPLE = ("coordinator", "treasurer", "trustee", "member", "stranger", "anonymous")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = api.get_openapi_schema(path_prefix="/api/v1/")
TAGS = sorted(
    {tag for path in DOCUMENT["paths"].values() for each in path.values() for tag in each["tags"]}
)
EXAMPLES = 100
EXAMPLES_SOAK = 1_000


def operations(tag: str) -> Iterator[APIOperation[Any, Any, Any, Any]]:
    """The operations of one room."""
    schema = schemathesis.openapi.from_dict(dict(DOCUMENT))
    schema.app = get_wsgi_application()
    for found in schema.get_all_operations():
        operation = found.ok()
        if tag in operation.definition.raw["tags"]:
            yield operation


def real(made: Scene, name: str) -> list[object]:
    """Values of a path's parameter that lead somewhere."""
    return {
        "slug": [made.slug],
        "number": [made.vote.number, made.spend.number, made.mandate.number, made.request.number],
        "thread_id": [made.thread_id],
        "comment_id": [made.comment_id],
        "payee_id": [made.payee_id],
        "member_id": [made.world.cy.member_id, made.world.bo.member_id],
        "invitation_id": [made.invitation_id],
        "group_id": [made.world.coop_id],
        "leaf_id": [made.vote.id],
        "webhook_id": [made.webhook_id],
        "delivery_id": [made.delivery_id],
        "token_id": [made.feed_token_id],
        "notice_id": [made.notice_id],
    }.get(name, [UUID(int=1)])


def fuzz(operation: APIOperation[Any, Any, Any, Any], made: Scene, examples: int) -> int:
    """Send so many generated calls to one operation; how many it followed."""
    followed = 0
    secrets = [program(made, who).headers.get("Authorization", "") for who in PEOPLE]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def send(case: Case, data: st.DataObject) -> None:
        nonlocal followed
        for name in case.path_parameters:
            kept = case.path_parameters[name]
            wanted = real(made, name)
            choice = data.draw(st.sampled_from([*wanted, kept] if name != "slug" else wanted))
            case.path_parameters[name] = str(choice)
        secret = data.draw(st.sampled_from(secrets))
        headers = {"Authorization": secret} if secret else {}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        followed += answer.status_code < 300

    send()
    return followed


def fuzz_all(tag: str, examples: int) -> None:
    made = scene()
    quiet = {
        f"{operation.method} {operation.path}"
        for operation in operations(tag)
        if fuzz(operation, made, examples) == 0
    }
    assert quiet <= QUIET, "a positive control: generated calls get through"


QUIET: set[str] = set()
"""Operations that no generated call can be right for, each because of what it needs."""


@pytest.fixture(autouse=True)
def one_connection(settings: Any) -> Iterator[None]:
    """No limit of calls, and one connection to the database, which the test takes back."""
    settings.PURSE_API_PER_MINUTE = settings.PURSE_API_ANONYMOUS_PER_MINUTE = 10**9
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("tag", TAGS)
def test_generated_calls_are_answered_as_the_document_says(tag: str) -> None:
    fuzz_all(tag, int(os.environ.get("FUZZ_EXAMPLES", EXAMPLES)))


@pytest.mark.soak
@pytest.mark.parametrize("tag", TAGS)
def test_a_thousand_generated_calls_of_each_kind_too(tag: str) -> None:
    fuzz_all(tag, EXAMPLES_SOAK)
