"""The page of a month: it says what is missing, closes, and shows what was closed."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from commonpurse.record.sequencer import record_sequence
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.services import dues_charge
from commonpurse.web import visit
from tests.record.loop import SIGNER
from tests.treasury.dues_world import Purse, purse
from tests.treasury.test_months import IN_APRIL, april, paid
from tests.world import NOON

pytestmark = pytest.mark.django_db

IN_MAY = datetime(2026, 5, 4, tzinfo=UTC)
GONE, WRONG, REFUSED = 404, 422, 403


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Purse:
    """Dues of April are charged, the statement is not in, and it is the fourth of May."""
    made = purse(NOON)
    dues_charge(coop_id=made.coop_id, actor=SYSTEM, at=IN_APRIL)
    monkeypatch.setattr(visit, "database_now", lambda: IN_MAY)
    return made


def browser(here: Purse, name: str) -> Client:
    client = Client()
    person_id = getattr(here.people, name).person_id
    client.force_login(get_user_model().objects.get(pk=person_id))
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_a_month_is_looked_at_closed_and_shown_closed(here: Purse) -> None:
    base = f"/c/{here.people.coop.slug}/fund/months/"
    eve = browser(here, "eve")
    assert "May 2026" in page(eve, base)
    april(here, paid(here), closing="12.00", until="2026-04-20")
    html = page(eve, f"{base}2026/4/")
    assert "April 2026 needs 1 thing" in html
    assert "Missing" in html
    asking = page(eve, f"{base}2026/4/close/")
    assert "April 2026 needs 1 thing before it can be closed" in asking
    assert "The bank’s statements are in, up to the last day" in asking
    assert 'type="submit">' not in asking.split("<main")[1], "what is refused is not offered"
    refused = eve.post(f"{base}2026/4/close/")
    assert refused.status_code == WRONG
    assert "do not reach its last day" in unescape(refused.content.decode())
    april(here, paid(here), closing="12.00")
    html = page(eve, f"{base}2026/4/")
    assert "April 2026 is ready to be closed" in html
    assert "not opened again" in page(eve, f"{base}2026/4/close/")
    assert eve.post(f"{base}2026/4/close/").status_code == 302
    assert "Waits for its place" in page(eve, f"{base}2026/4/")
    record_sequence(coop_id=here.coop_id, signer=SIGNER, at=IN_MAY)
    html = page(eve, f"{base}2026/4/")
    assert "April 2026 is closed" in html
    assert "under a signed checkpoint" in html
    assert "<bdi>Eve</bdi>" in html
    assert eve.post(f"{base}2026/4/close/").status_code == 302
    assert "closed already" in page(eve, f"{base}2026/4/close/")


def test_the_picture_s_two_sides_and_the_trial_balance_add_up(here: Purse) -> None:
    april(here, paid(here), closing="12.00")
    html = page(browser(here, "eve"), f"/c/{here.people.coop.slug}/fund/months/2026/4/")
    picture = html.split('id="pic"')[1].split("</section>")[0]
    assert picture.count('value="12.00"') == 4  # dues, together; at the end, together
    trial = html.split('id="trial"')[1]
    assert trial.split("<tr")[-1].count('value="48.00"') == 2


def test_the_files_hold_the_month_and_no_other(here: Purse) -> None:
    april(here, paid(here), closing="12.00")
    eve = browser(here, "eve")
    base = f"/c/{here.people.coop.slug}/fund/months/2026/"
    text = eve.get(f"{base}4/trial-balance.csv").content.decode("utf-8-sig")
    assert "1000,Bank,asset,12.00,0.00,EUR" in text
    assert len(eve.get(f"{base}4/entries.csv").content.splitlines()) == 5
    assert len(eve.get(f"{base}3/entries.csv").content.splitlines()) == 1
    assert eve.get(f"{base}4/entries.xlsx").status_code == 200
    assert eve.get(f"{base}4/nothing.csv").status_code == GONE


def test_months_that_are_none_and_people_who_keep_no_books(here: Purse) -> None:
    base = f"/c/{here.people.coop.slug}/fund/months/"
    eve = browser(here, "eve")
    for path in ("2026/13/", "2026/0/", "2026/6/", "2020/1/", "0/1/", "99999/1/"):
        assert eve.get(base + path).status_code == GONE, path
    for name in ("ann", "cy"):
        client = browser(here, name)
        for path in ("", "2026/4/", "2026/4/close/", "2026/4/entries.csv"):
            assert client.get(base + path).status_code == REFUSED
        assert client.post(f"{base}2026/4/close/").status_code == REFUSED
