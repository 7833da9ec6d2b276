"""A client generated from the API's document reads, votes and is refused, over real HTTP."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from commonpurse.api.document import document
from commonpurse.decisions.selectors import my_ballot
from tests.api.programs import program
from tests.web.conftest import Site
from tests.web.scene import scene


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package that `make client` writes."""
    (tmp_path / "openapi.json").write_bytes(document())
    subprocess.run(
        [
            Path(sys.executable).with_name("openapi-python-client"),
            "generate",
            "--path=openapi.json",
            "--output-path=purse_client",
            "--meta=none",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return importlib.import_module("purse_client")


def operation(client: ModuleType, room: str, name: str) -> Any:
    return importlib.import_module(f"{client.__name__}.api.{room}.{name}")


def test_a_generated_client_reads_votes_and_is_refused(
    client: ModuleType, site: Site, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        made = scene()
        secret = program(made, "member").headers["Authorization"].removeprefix("Bearer ")
    models = importlib.import_module(f"{client.__name__}.models")
    place = {"slug": made.slug, "number": made.vote.number}
    with client.AuthenticatedClient(base_url=site.url, token=secret) as signed_in:
        shown = operation(client, "decisions", "decision").sync(client=signed_in, **place)
        assert shown.question == "Shall we meet on Tuesdays?"
        ballot = operation(client, "decisions", "ballot_put").sync(
            client=signed_in,
            body=models.BallotIn(choice=models.BallotInChoice.AGREE),
            idempotency_key="once",
            **place,
        )
        assert ballot.choice == "agree"
        refused = operation(client, "payments", "request_approve").sync_detailed(
            client=signed_in,
            slug=made.slug,
            number=made.request.number,
            body=models.ApproveIn(payload_hash="0" * 64),
        )
        assert refused.status_code == 409
    with django_db_blocker.unblock():
        counted = my_ballot(decision_id=made.vote.id, member_id=made.world.cy.member_id)
    assert counted is not None
    assert counted.choice == "agree"
