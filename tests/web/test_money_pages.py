"""The first page, and what the pages of money say on their first days."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from commonpurse.treasury.selectors import fund_of
from commonpurse.treasury.services import fund_account_enter
from commonpurse.web import visit
from commonpurse.web.forms.treasury import ExportForm
from commonpurse.web.pictures import lines
from tests.decisions.founding_world import founded
from tests.formats.statements import IBAN, camt, entry, statement
from tests.record.loop import loop
from tests.web.scene import scene
from tests.world import NOON, world

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    return unescape(client.get(path).content.decode())


def test_the_first_page_leads_to_what_is_open_and_names_nothing_that_is_not():
    world(slug="open")
    world(slug="hidden", visibility="secret")
    world(slug="shut", visibility="closed")
    html = page(Client(), "/")
    assert '<a href="/c/open/">' in html
    assert "/c/hidden/" not in html
    assert "/c/shut/" not in html


def test_personas_are_one_click_away_on_the_first_page_and_folded_away_elsewhere(settings):
    from commonpurse.config.demo.people import Persona

    made = scene()
    settings.PURSE_DEMO = True
    settings.PURSE_PERSONAS = (Persona("member", "Cy", "Member", "Votes."),)
    folded = '<details class="disclose demo__who">'
    assert "Be Cy, Member" in page(Client(), "/")
    assert folded not in page(Client(), "/")
    assert folded in page(Client(), f"/c/{made.slug}/fund/")
    assert folded in page(made.client("member"), "/")


def test_a_fund_that_was_opened_today_begins_today_and_draws_no_balance(monkeypatch):
    made = founded(NOON)
    monkeypatch.setattr(visit, "database_now", lambda: NOON + timedelta(hours=8))
    html = page(Client(), f"/c/{made.coop.slug}/fund/")
    assert str(NOON.year - 1) not in html
    assert "Balance over time" not in html


def test_a_balance_is_drawn_with_its_days_and_its_amounts():
    made = scene()
    html = page(Client(), f"/c/{made.slug}/fund/")
    drawing = html.split('aria-labelledby="bal-t"')[1].split("</svg>")[0]
    today = timezone.localdate(made.at)
    assert f"{today.day} {today:%b %Y}" in drawing
    assert "€0.00" in drawing
    assert "€500.00" in drawing
    assert drawing.count("<time") == 0, "HTML in a drawing is not shown"


def test_both_drawings_of_a_balance_hold_it_and_its_extremes():
    drawn = lines([(10, 500), (11, -100), (20, 300)])
    assert (drawn.high_minor, drawn.low_minor) == (500, -100)
    for one in (drawn.wide, drawn.narrow):
        assert one.path.startswith(f"M{one.left:g} {one.top:g}H")
        assert one.low_y == one.top + one.height
        assert one.top < one.zero_y < one.low_y
        assert one.right < one.drawing_width


def test_a_reason_is_asked_for_only_when_one_is_needed():
    made = scene()
    client = made.client("treasurer")
    path = f"/c/{made.slug}/statements/"
    fund = fund_of(made.world.coop_id)
    assert fund is not None
    fund_account_enter(
        fund_id=fund.id, iban=IBAN, holder="H", bic="", actor=made.world.eve, at=made.at
    )
    first = page(client, path)
    assert "No statement is imported yet" in first
    assert "Every line of the bank is booked" not in first
    assert '<details class="disclose"><summary>Give a reason' in first
    wrong = camt(statement(entry("12.50"), closing="112.51"))
    answer = client.post(path, {"file": SimpleUploadedFile("one.xml", wrong), "reason": ""})
    assert answer.status_code == 422
    assert '<details class="disclose" open><summary>Give a reason' in answer.content.decode()


def test_orders_are_to_be_paid_on_the_next_banking_day(monkeypatch):
    made = scene()
    asked: list[object] = []
    of = ExportForm.of

    def seen(came, **given: dict[str, object]):
        asked.append(given["initial"]["execute_on"])
        return of(came, **given)

    monkeypatch.setattr(ExportForm, "of", seen)
    monkeypatch.setattr(timezone, "localdate", lambda _at: date(2026, 12, 24))
    made.client("treasurer").get(f"/c/{made.slug}/orders/")
    assert asked == [date(2026, 12, 28)]


def test_only_who_asked_and_treasurers_are_given_the_form_that_changes_a_request():
    made = scene()
    path = f"/c/{made.slug}/requests/{made.request.number}/"
    for who, edits, withdraws in (
        ("member", 200, 200),
        ("treasurer", 200, 403),
        ("trustee", 403, 403),
    ):
        client = made.client(who)
        assert client.get(f"{path}edit/").status_code == edits
        assert client.get(f"{path}withdraw/").status_code == withdraws
        assert ("Change it" in page(client, path)) is (edits == 200)
    client = made.client("member")
    assert client.post(f"{path}withdraw/").status_code == 302
    assert client.get(f"{path}edit/").status_code == 409


def test_each_charge_says_whether_it_is_paid():
    made = loop().here
    for member, state in ((made.ann, "Paid"), (made.eve, "Owed")):
        client = Client()
        client.force_login(get_user_model().objects.get(pk=member.person_id))
        html = page(client, f"/c/{made.coop.slug}/dues/")
        rows = re.findall(r"<tr><th scope=\"row\">\d{4}-\d{2}</th>.*?</tr>", html)
        assert len(rows) == 1
        assert f"{state}</span>" in rows[0]
