"""Slips that cost money or lead nowhere: another language's comma, a day that is past, a change."""

import logging
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from commonpurse.api.routes import talk
from commonpurse.decisions.selectors import decision_list
from commonpurse.record.selectors import database_now
from commonpurse.treasury.services import payment_edit
from commonpurse.web.forms.base import MoneyField
from tests.api.programs import program
from tests.web.scene import Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Scene:
    return scene()


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        *(("de", "15.00"), ("de", "71.60"), ("de", "7.1.6"), ("de", "1,000.00")),
        *(("en", "15,00"), ("en", "1,2,3"), ("en", "1.000,00"), ("ar", "15,00")),
    ],
)
def test_another_languages_marks_are_no_amount(language: str, typed: str) -> None:
    with override(language), pytest.raises(ValidationError) as refusal:
        MoneyField().clean(typed)
    assert refusal.value.code in ("shape", "places")


@pytest.mark.parametrize(
    ("language", "typed", "minor"),
    [
        *(("de", "71,60", 7_160), ("de", "1.000,00", 100_000), ("de", "12", 1_200)),
        *(("ar", "15.50", 1_550), ("ar", "١٥٫٥٠", 1_550), ("en", "٥", 500)),
    ],
)
def test_ones_own_marks_and_figures_are(language: str, typed: str, minor: int) -> None:
    with override(language):
        assert MoneyField().clean(typed) == minor


def test_a_trustee_reads_a_changed_payment_and_can_approve_it_from_the_same_page(made: Scene):
    request, trustee = made.request, made.client("trustee")
    at = f"/c/{made.slug}/requests/{request.number}/"
    old = shown_hash(trustee.get(at).content)
    payment_edit(
        request_id=request.id,
        account_id=None,
        amount_minor=7_100,
        purpose="October backups",
        actor=made.world.cy,
        at=database_now(),
    )
    for typed in ({"same": "on"}, {}):
        refused = trustee.post(f"{at}approve/", {"payload_hash": old} | typed)
        html = unescape(refused.content.decode())
        assert refused.status_code == 422
        assert "This payment was changed after you opened it" in html
        assert shown_hash(refused.content) != old
        assert not re.search(r'name="same"[^>]*checked', html), "it is read anew"
    sent = {"payload_hash": shown_hash(refused.content), "same": "on"}
    assert trustee.post(f"{at}approve/", sent).status_code == 302


def shown_hash(content: bytes) -> str:
    found = re.search(r'name="payload_hash" value="([0-9a-f]{64})"', content.decode())
    assert found is not None
    return found[1]


def spend(made: Scene, **more: object) -> dict[str, object]:
    return {
        "kind": "spend",
        "question": "Pay for backups once more?",
        "closes_at": (database_now() + timedelta(days=8)).isoformat(),
        "effect": {
            "kind": "spend",
            "payee_id": str(made.payee_id),
            "amount_minor": 100,
            "purpose": "Backups",
            **more,
        },
    }


@pytest.mark.parametrize(
    "more",
    [
        {"valid_until": "2020-01-01"},
        {"valid_until": "0001-01-01"},
        {"valid_until": "9999-12-31"},
        {"valid_until": "soon"},
        {"currency": "USD"},
        {"payee_name": "Somebody Else"},
        {"amount_minor": 10**18},
        {"amount_minor": 10**16},
        {"amount_minor": True},
    ],
)
def test_nobody_votes_on_a_payment_that_could_not_be_made_as_it_was_put(
    made: Scene, more: dict[str, object]
) -> None:
    before = len(decision_list(coop_id=made.world.coop_id))
    answer = program(made, "member").post(f"/coops/{made.slug}/decisions", spend(made, **more))
    assert answer.status == 422, answer.body
    assert len(decision_list(coop_id=made.world.coop_id)) == before


def test_a_payment_may_be_made_until_a_day_after_the_vote(made: Scene) -> None:
    until = (database_now() + timedelta(days=60)).date().isoformat()
    answer = program(made, "member").post(
        f"/coops/{made.slug}/decisions", spend(made, valid_until=until, currency="EUR")
    )
    assert answer.status == 201, answer.body


def test_a_time_without_a_zone_is_refused(made: Scene) -> None:
    wish = spend(made) | {"closes_at": "2026-12-10T10:00:00"}
    answer = program(made, "member").post(f"/coops/{made.slug}/decisions", wish)
    assert (answer.status, answer.body["status"]) == (422, 422)


def test_a_fault_of_ours_is_a_problem_too_and_is_written_down(
    made: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_rest: object) -> None:
        raise RuntimeError("the shelf fell down")

    monkeypatch.setattr(talk, "thread_list", broken)
    with caplog.at_level(logging.ERROR):
        answer = program(made, "member").get(f"/coops/{made.slug}/threads")
    assert (answer.status, answer.body["code"]) == (500, "broken")
    assert "shelf" not in str(answer.body)
    assert "the shelf fell down" in caplog.text
