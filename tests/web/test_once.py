"""A form is answered once, whole or not at all; what is too large or private goes no further."""

from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from commonpurse.discussion.models import Thread
from commonpurse.errors import NotPossible
from commonpurse.record.answers import answer_of
from commonpurse.record.models import Lock
from commonpurse.rules.texts import TURNING
from commonpurse.web.once import answered_once, body_hash
from commonpurse.web.views.threads import CommentForm
from tests.conftest import OwnDatabase
from tests.web.scene import scene
from tests.world import NOON, world

TOO_MUCH = (400, 413)
FOUND = 302


def sent(**fields: object) -> HttpRequest:
    return RequestFactory().post("/somewhere/", fields)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "kept"), [(302, 1), (422, 0), (409, 0)])
def test_what_was_done_for_a_refused_form_is_undone(status: int, kept: int) -> None:
    done = uuid4()
    request = sent(once="a" * 32)
    request.user = type("Somebody", (), {"is_authenticated": True, "pk": uuid4()})()

    def view() -> HttpResponse:
        Lock.objects.create(id=done, coop_id=done)
        return HttpResponse(status=status, headers={"Location": "/there/"})

    assert answered_once(request, coop_id=None, at=NOON, view=view).status_code == status
    assert Lock.objects.filter(id=done).count() == kept


def test_a_form_that_is_being_answered_is_not_answered_twice(own_database: OwnDatabase) -> None:
    coop_id, actor_id = uuid4(), uuid4()
    with psycopg.connect(own_database.dsn("app")) as other:
        other.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{coop_id}/{actor_id}/somewhere/key"],
        )
        with pytest.raises(NotPossible, match="being answered already"), transaction.atomic():
            answer_of(
                coop_id=coop_id, actor_id=actor_id, route="somewhere", key="key", body_hash=""
            )


def test_another_file_of_the_same_name_and_size_is_another_body() -> None:
    one, other = (
        sent(file=SimpleUploadedFile("april.xml", data), once=uuid4().hex)
        for data in (b"12.00", b"13.00")
    )
    assert body_hash(one) != body_hash(other)
    again = sent(file=SimpleUploadedFile("april.xml", b"12.00"), once=uuid4().hex)
    assert body_hash(one) == body_hash(again)


@pytest.mark.django_db
@pytest.mark.parametrize("sign", sorted(TURNING))
def test_no_form_takes_signs_that_turn_writing_round(sign: str) -> None:
    form = CommentForm({"body": f"It costs {sign}00.17"})
    assert not form.is_valid()
    assert "turn the direction of writing" in form.errors["body"][0]
    assert CommentForm({"body": "نعم\u200f, it costs 17.00"}).is_valid()


@pytest.mark.django_db
def test_a_form_larger_than_any_form_of_ours_is_refused_unread() -> None:
    made = scene()
    answer = made.client("member").post(
        f"/c/{made.slug}/threads/new/", {"title": "Tea?", "body": "x" * 6 * 1024 * 1024}
    )
    assert answer.status_code in TOO_MUCH


@pytest.mark.django_db
def test_a_form_is_answered_once_whatever_its_key_holds() -> None:
    made = scene()
    for _ in range(2):
        answer = made.client("member").post(
            f"/c/{made.slug}/threads/new/",
            {"title": "Tea, or nothing?", "body": "x", "once": "a\0b" * 40},
        )
        assert answer.status_code == FOUND
    assert Thread.objects.filter(title="Tea, or nothing?").count() == 1


@pytest.mark.django_db
def test_what_a_member_sees_is_kept_nowhere_on_the_way(client) -> None:
    from django.contrib.auth import get_user_model

    here = world()
    client.force_login(get_user_model().objects.get(pk=here.cy.person_id))
    assert client.get(f"/c/{here.coop.slug}/")["Cache-Control"] == "private, no-store"
