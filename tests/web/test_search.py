"""Search: what is found by whom, and above all what is not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client

from commonpurse.decisions.selectors import search as decisions
from commonpurse.decisions.services import outcome_write
from commonpurse.discussion import search as talk
from commonpurse.discussion.services import comment_add, comment_discard, thread_open
from commonpurse.groups.selectors import search as groups
from commonpurse.groups.selectors import search_scope
from commonpurse.groups.services import group_make, member_leave, person_erase
from commonpurse.manual import search as manual
from commonpurse.rules.search import KINDS
from commonpurse.search.finding import search
from commonpurse.treasury.selectors import search as treasury
from commonpurse.web.views.search import url_of
from tests.api.programs import program
from tests.decisions.founding_world import founded
from tests.web.scene import Scene, scene
from tests.world import NOON, world

pytestmark = pytest.mark.django_db

OFTEN = 429


@pytest.fixture
def made() -> Scene:
    return scene()


def kinds_found(made: Scene, who: str, typed: str, coop: str = "") -> list[str]:
    """Kinds of what this caller's program finds, in order."""
    answer = program(made, who).get(f"/search?limit=100&q={typed}&coop={coop}")
    assert answer.status == 200, answer.body
    return [each["kind"] for each in answer.body["items"]]


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_each_kind_is_found_by_a_member(made):
    assert set(kinds_found(made, "member", "documents")) == {"thread", "comment"}
    assert kinds_found(made, "member", "tuesdays") == ["decision"]
    assert set(kinds_found(made, "member", "brine")) >= {"coop", "payee", "request", "decision"}
    assert "clause" in kinds_found(made, "member", "members")
    assert kinds_found(made, "member", "ann") == ["member"]
    assert kinds_found(made, "member", "october") == ["request"]
    outcome_write(
        decision_id=made.spend.id,
        statement="We signed the agreement in **Trondheim**.",
        actor=made.world.ann,
        at=made.at,
    )
    assert kinds_found(made, "member", "trondheim") == ["outcome"]


def test_the_last_word_may_be_unfinished_and_phrases_and_exclusions_hold(made):
    assert kinds_found(made, "member", "octob") == ["request"]
    assert kinds_found(made, "member", "%22October backups%22") == ["request"]
    assert kinds_found(made, "member", "%22backups October%22") == []
    assert kinds_found(made, "member", "october -backups") == []
    assert kinds_found(made, "member", "-backups") == []
    assert kinds_found(made, "member", "") == []


def test_an_amount_a_code_and_a_number_lead_to_the_payment(made):
    for typed in ("71.60", "71,60", made.request.code, "R-0001", "p1"):
        assert kinds_found(made, "member", typed) == ["request"], typed
    assert kinds_found(made, "member", "71.61") == []
    assert kinds_found(made, "anonymous", f"D-{made.vote.number:04d}") == ["decision"]


def test_visitors_and_strangers_find_what_is_public_and_no_word_of_what_is_not(made):
    for who in ("anonymous", "stranger", "sponsor"):
        assert kinds_found(made, who, "tuesdays") == ["decision"]
        assert set(kinds_found(made, who, "brine")) <= {"coop", "decision", "clause"}
        for typed in ("documents", "2,318", "ann", "october", "71.60", made.request.code, "R-0001"):
            assert kinds_found(made, who, typed) == [], (who, typed)
            assert kinds_found(made, who, typed, made.slug) == [], (who, typed)
    html = page(made.client("stranger"), f"/c/{made.slug}/search/?q=documents&kind=thread")
    assert "Nothing found" in html
    assert "Where do our documents" not in html


def test_what_is_said_in_another_co_op_stays_there(made):
    other = founded(slug="other")
    thread_open(
        group_id=other.coop_id,
        title="Zanzibar documents",
        body="Ours alone.",
        actor=other.ann,
        at=NOON + timedelta(days=1),
    )
    in_both, in_none = made.client("coordinator"), made.client("stranger")
    assert "documents" in page(in_both, "/search/?q=zanzibar")
    assert "Nothing found" in page(in_both, f"/c/{made.slug}/search/?q=zanzibar")
    assert "Nothing found" in page(in_none, "/search/?q=zanzibar")
    assert "Nothing found" in page(in_none, f"/c/{other.coop.slug}/search/?q=zanzibar")
    assert kinds_found(made, "coordinator", "zanzibar") == ["thread"]
    assert kinds_found(made, "stranger", "zanzibar") == []


def test_a_secret_co_op_and_a_secret_group_do_not_exist_for_others(made):
    hidden = world(slug="hidden", visibility="secret")
    thread_open(group_id=hidden.coop_id, title="Quetzal", body="", actor=hidden.ann, at=NOON)
    ring = group_make(
        member=made.world.ann, name="Ring", slug="ring", visibility="secret", at=made.at
    )
    thread_open(group_id=ring.group_id, title="Platypus", body="", actor=made.world.ann, at=made.at)
    assert kinds_found(made, "stranger", "quetzal") == []
    assert kinds_found(made, "anonymous", "shared") == []
    assert program(made, "anonymous").get("/search?q=shared&coop=hidden").status == 404
    assert kinds_found(made, "coordinator", "platypus") == ["thread"]
    assert kinds_found(made, "trustee", "platypus") == []
    assert Client().get("/c/hidden/search/?q=quetzal").status_code == 404
    assert program(made, "anonymous").get("/search?q=x&coop=a%00b").status == 422


def test_discarded_comments_former_members_and_erased_people_are_gone(made):
    assert "comment" in kinds_found(made, "member", "2,318")
    comment_discard(comment_id=made.comment_id, actor=made.world.ann, at=made.at)
    assert kinds_found(made, "member", "2,318") == []
    assert kinds_found(made, "coordinator", "%22cy%22") == ["member"]
    member_leave(member=made.world.cy, at=made.at)
    assert kinds_found(made, "coordinator", "%22cy%22") == []
    bo = made.world.bo
    assert kinds_found(made, "coordinator", "%22bo%22") == ["member"]
    person_erase(person_id=bo.person_id, actor=bo.actor, at=made.at)
    assert kinds_found(made, "coordinator", "%22bo%22") == []
    assert "member" not in kinds_found(made, "coordinator", "%22former%22")


def test_who_left_finds_no_more_than_a_stranger(made):
    assert kinds_found(made, "member", "documents") != []
    member_leave(member=made.world.cy, at=made.at)
    assert kinds_found(made, "member", "documents") == []


def test_what_people_wrote_is_shown_as_text_with_its_words_marked(made):
    thread_open(
        group_id=made.world.coop_id,
        title="<script>alert(1)</script> flamingo",
        body="<b>flamingo</b> & <mark>x</mark>",
        actor=made.world.cy,
        at=made.at,
    )
    raw = made.client("member").get("/search/?q=flamingo").content.decode()
    assert "<script>alert" not in raw
    assert "<b>" not in raw
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>flamingo</mark>" in raw
    assert "&lt;mark&gt;x&lt;/mark&gt;" in raw
    typed = made.client("member").get("/search/?q=%22%3E%3Cscript%3E").content.decode()
    assert "<script>" not in typed


SIGNS = ("'", "'' | 'x", "\\", "%", "%%", "(", ":*", "!", "& |", "<->", "\x00", "é" * 300)


@pytest.mark.parametrize("typed", SIGNS)
def test_no_sign_is_a_command(made, typed):
    assert search(typed, scope=search_scope(made.world.cy.person_id)).hits == ()
    answer = made.client("member").get("/search/", {"q": typed})
    assert answer.status_code == 200


def test_pages_follow_one_another_without_gap_or_repeat_and_kinds_can_be_chosen(made):
    for number in range(45):
        comment_add(
            thread_id=made.thread_id,
            body=f"narwhal {number}",
            actor=made.world.ann,
            at=made.at + timedelta(seconds=number),
        )
    caller = program(made, "member")
    seen: list[str] = []
    after = ""
    for _ in range(5):
        body = caller.get(f"/search?q=narwhal&limit=20&after={after}").body
        seen += [each["id"] for each in body["items"]]
        after = body["next"] or ""
        if not after:
            break
    assert (len(seen), len(set(seen))) == (45, 45)
    assert caller.get("/search?q=narwhal&after=nonsense").status == 422
    assert caller.get("/search?q=narwhal&kind=thread").body["items"] == []
    html = page(made.client("member"), "/search/?q=narwhal&kind=comment")
    assert html.count("<mark>narwhal</mark>") == 20
    assert "kind=comment&after=" in html
    assert "Nothing found" in page(made.client("member"), "/search/?q=narwhal&kind=thread")


def test_every_hit_leads_to_a_page_that_opens(made):
    client = made.client("member")
    found = [
        hit
        for typed in ("documents", "brine", "tuesdays", "ann", "october", "members")
        for hit in search(typed, scope=search_scope(made.world.cy.person_id), limit=100).hits
    ]
    assert {hit.kind for hit in found} >= set(KINDS) - {"payment", "outcome"}
    for hit in found:
        path, _sep, anchor = url_of(hit, made.slug).partition("#")
        answer = client.get(path)
        assert answer.status_code == 200, hit
        assert not anchor or f'id="{anchor}"' in answer.content.decode(), hit


def test_searching_too_often_is_told_so(made, settings):
    settings.PURSE_SEARCHES_PER_MINUTE = 2
    client = made.client("member")
    answers = [client.get("/search/?q=x").status_code for _ in range(6)]
    assert OFTEN in answers
    assert answers[:2] == [200, 200]
    assert client.get("/search/").status_code == 200


ASKED = {
    "thread_search": talk.THREADS,
    "comment_search": talk.COMMENTS,
    "decision_search": decisions.DECISIONS,
    "outcome_search": decisions.OUTCOMES,
    "manual_search": manual.CLAUSES,
    "coop_search": groups.COOPS,
    "person_search": groups.MEMBERS,
    "payee_search": treasury.PAYEES,
    "request_search": treasury.VERSIONS,
}


VECTOR = re.compile(r"FROM (\w+ \w+).*?WHERE (.+?)\s+@@", re.DOTALL)


@pytest.mark.parametrize(("index", "select"), ASKED.items(), ids=ASKED)
def test_each_search_is_answered_by_its_index(index, select):
    """The condition of a search is the very expression of its index, or none serves it."""
    found = VECTOR.search(select)
    assert found is not None
    table, vector = found.groups()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT 1 FROM {table} WHERE {vector} @@ 'backup'::tsquery")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Bitmap Index Scan on {index}" in plan, plan
