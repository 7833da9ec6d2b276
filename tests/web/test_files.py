"""Feeds, calendars and tables: who may have which, and that no cell becomes a formula."""

import csv
import io
import zipfile
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from icalendar import Calendar

from commonpurse.errors import NotFound
from commonpurse.groups.services import member_leave
from commonpurse.notices.services import feed_token_make, feed_token_revoke
from commonpurse.record.selectors import database_now
from commonpurse.web.atom import readable
from commonpurse.web.sheets import Table, csv_write, sheet, text_safe, xlsx_write
from commonpurse.web.views.tables import TABLES
from tests.web.scene import Scene, scene
from tests.world import world

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
PEOPLE = ("anonymous", "stranger", "member", "trustee", "coordinator", "treasurer")


@pytest.fixture
def made() -> Scene:
    return scene()


def titles(content: bytes) -> list[str | None]:
    root = ET.fromstring(content)  # noqa: S314  (reads what we wrote ourselves)
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


def test_decisions_and_payments_are_public_feeds_and_threads_are_for_members(made):
    shown = Client().get(f"/c/{made.slug}/feeds/decisions.atom")
    assert shown["Content-Type"].startswith("application/atom+xml")
    assert "Shall we meet on Tuesdays?" in titles(shown.content)
    assert "Passed: Pay Brine Backup for a year?" in titles(shown.content)
    assert Client().get(f"/c/{made.slug}/feeds/payments.atom").status_code == 200
    answers = {
        who: made.client(who).get(f"/c/{made.slug}/feeds/threads.atom").status_code
        for who in PEOPLE
    }
    assert answers == dict.fromkeys(PEOPLE, 200) | {"anonymous": 404, "stranger": 404}
    assert Client().get(f"/c/{made.slug}/feeds/secrets.atom").status_code == 404


def test_a_key_opens_what_its_person_may_read_until_it_is_taken_back(made):
    cy = made.world.cy
    key = feed_token_make(actor=cy, at=database_now())
    path = f"/c/{made.slug}/feeds/{key.secret}"
    read = Client().get(f"{path}/threads.atom")
    assert titles(read.content) == ["Where do our documents live next year?"]
    assert Client().get(f"{path}/deadlines.ics").status_code == 200
    assert Client().get(f"/c/{made.slug}/feeds/{key.secret}x/threads.atom").status_code == 404
    with pytest.raises(NotFound):
        feed_token_revoke(token_id=key.token.token_id, actor=made.world.ann, at=database_now())
    feed_token_revoke(token_id=key.token.token_id, actor=cy, at=database_now())
    assert Client().get(f"{path}/threads.atom").status_code == 404


def test_a_key_ends_with_the_membership_and_opens_no_other_co_op(made):
    other = world(slug="other")
    key = feed_token_make(actor=made.world.cy, at=database_now())
    assert Client().get(f"/c/{other.coop.slug}/feeds/{key.secret}/threads.atom").status_code == 404
    member_leave(member=made.world.cy, at=database_now())
    for feed in ("threads.atom", "decisions.atom", "deadlines.ics"):
        assert Client().get(f"/c/{made.slug}/feeds/{key.secret}/{feed}").status_code == 404


def test_a_secret_co_op_has_feeds_by_key_alone():
    hidden = world(slug="hidden", visibility="secret")
    key = feed_token_make(actor=hidden.cy, at=database_now())
    assert Client().get("/c/hidden/feeds/decisions.atom").status_code == 404
    assert Client().get(f"/c/hidden/feeds/{key.secret}/decisions.atom").status_code == 200


def test_a_calendar_has_votes_for_all_and_one_s_own_deadlines_by_key(made):
    public = Calendar.from_ical(Client().get(f"/c/{made.slug}/feeds/deadlines.ics").content)
    summaries = [str(each["summary"]) for each in public.walk("VEVENT")]
    assert summaries == ["Vote closes: Shall we meet on Tuesdays?"]
    (event,) = public.walk("VEVENT")
    assert event.decoded("dtstart") == made.vote.closes_at.replace(microsecond=0)
    key = feed_token_make(actor=made.world.bo, at=database_now())
    private = Client().get(f"/c/{made.slug}/feeds/{key.secret}/deadlines.ics")
    own = [str(each["summary"]) for each in Calendar.from_ical(private.content).walk("VEVENT")]
    assert any(each.startswith("Approve or refuse: R-") for each in own)


def test_signs_that_xml_cannot_carry_are_left_out():
    assert readable("a\x00b\x0bc\nd\u2028e") == "abc\nd\u2028e"


@pytest.mark.parametrize("who", PEOPLE)
def test_each_table_is_open_to_whom_its_page_is_open(made, who):
    client = made.client(who)
    pages = {
        "members": "members/",
        "decisions": "decisions/",
        "payments": "fund/",
        "mandates": "mandates/",
        "requests": "requests/",
        "entries": "fund/",
        "payees": "payees/",
    }
    for name in TABLES:
        for form in ("csv", "xlsx"):
            got = client.get(f"/c/{made.slug}/tables/{name}.{form}").status_code
            if name == "dues":
                wanted = {"treasurer": 200, "anonymous": 302}.get(who, 403)
            else:
                wanted = client.get(f"/c/{made.slug}/{pages[name]}").status_code
            assert (name, got) == (name, wanted)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_table_says_what_its_page_says(made):
    client = made.client("member")
    head, *rows = rows_of(client.get(f"/c/{made.slug}/tables/decisions.csv").content)
    assert head[:3] == ["Decision", "Kind", "Question"]
    assert [row[0] for row in rows] == [f"D-{number:04d}" for number in range(len(rows), 0, -1)]
    _, *payees = rows_of(client.get(f"/c/{made.slug}/tables/payees.csv").content)
    assert payees[0][:3] == ["Brine Backup", "organisation", "NL91ABNA0417164300"]
    _, *ballots = rows_of(
        client.get(f"/c/{made.slug}/decisions/{made.vote.number}/ballots.csv").content
    )
    assert sorted(row[2] for row in ballots) == ["agree", "block"]
    assert made.world.ann.name not in str(ballots)
    _, *entries = rows_of(client.get(f"/c/{made.slug}/tables/entries.csv").content)
    assert sum(Decimal(row[6]) for row in entries) == 0
    assert client.get(f"/c/{made.slug}/tables/nothing.csv").status_code == 404
    assert client.get(f"/c/{made.slug}/tables/members.pdf").status_code == 404


EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1", "＝1", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_table_is_run(text):
    assert text_safe(text) == f"'{text}"
    table = Table("t", ("A", text), [(text, -15, Decimal("-1.50"))])
    head, row = rows_of(csv_write(table))
    assert head[1].startswith("'")
    assert row[0].startswith("'")
    assert row[1:] == ["-15", "-1.50"]
    with zipfile.ZipFile(io.BytesIO(xlsx_write(table))) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in page
    assert "'" in texts


def test_what_is_harmless_stays_as_it_is_and_what_is_too_long_is_cut():
    assert text_safe("Brine & Salt - a shop") == "Brine & Salt - a shop"
    assert text_safe("") == ""
    assert len(text_safe("a" * 100_000)) == 32_000


def test_a_table_comes_as_an_attachment():
    answer = sheet(Table("members", ("A",), [("b",)]), "csv")
    assert answer["Content-Disposition"] == 'attachment; filename="members.csv"'
