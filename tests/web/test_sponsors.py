"""The pages of a sponsor's console: what they say, what they do, and to whom."""

from html import unescape
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from commonpurse.record.selectors import database_now
from commonpurse.record.services import SYSTEM
from commonpurse.treasury.selectors import (
    FundView,
    instructions_waiting,
    order_file_list,
    order_view,
    sponsor_staff_list,
)
from commonpurse.treasury.services import fund_open, sponsor_add, sponsor_staff_appoint
from tests.treasury.purse import BRINE_IBAN, DAY, Purse, approved, asked, mandate_voted, purse
from tests.web.scene import proved
from tests.world import NOON, person, world

pytestmark = pytest.mark.django_db

GONE, WRONG = 404, 422


@pytest.fixture
def made() -> Purse:
    found = purse(database_now())
    approved(asked(found, mandate_voted(found)), found.ann, found.bo, at=found.at)
    return found


def signed_in(sponsor_id: object, name: str) -> Client:
    """A browser of somebody who acts for this sponsor."""
    someone = person(name)
    sponsor_staff_appoint(
        sponsor_id=sponsor_id,  # type: ignore[arg-type]
        email=someone.email or "",
        name=name,
        actor=SYSTEM,
        at=NOON,
    )
    client = Client()
    client.force_login(get_user_model().objects.get(pk=someone.person_id))
    proved(client, someone.person_id, at=database_now())
    return client


def elsewhere() -> tuple[FundView, Client]:
    """Another sponsor's fund, and somebody who acts for that sponsor."""
    small = world(slug="elsewhere")
    other = sponsor_add(name="Elsewhere Trust", actor=SYSTEM, at=NOON)
    fund = fund_open(
        coop_id=small.coop_id,
        sponsor_id=other.id,
        name="Elsewhere",
        currency="EUR",
        iban=None,
        actor=SYSTEM,
        at=NOON,
    )
    return fund, signed_in(other.id, "El")


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_the_console_says_what_waits_and_one_click_makes_the_file(made):
    sol = signed_in(made.fund.sponsor_id, "Sol")
    base = f"/sponsors/{made.fund.sponsor_id}/"
    html = page(sol, base)
    assert "1 fund needs you" in html
    assert "1 order, €71.60" in html
    here = f"{base}funds/{made.fund.id}/"
    assert BRINE_IBAN in page(sol, here).replace(" ", "").replace("\u00a0", "")
    assert BRINE_IBAN in sol.get(f"{here}orders.csv").content.decode()
    sent = sol.post(here, {"execute_on": f"{made.at + 7 * DAY:%Y-%m-%d}"})
    assert sent.status_code == 302
    (file,) = order_file_list(made.fund.id)
    body = sol.get(f"{here}files/{file.id}/")
    assert body["Content-Type"] == "application/xml"
    assert body.content == file.body
    assert "At the bank" in page(sol, here)
    assert "Nothing waits for you" in page(sol, base)


def test_a_table_of_the_funds_has_the_figures_of_the_page(made):
    sol = signed_in(made.fund.sponsor_id, "Sol")
    text = sol.get(f"/sponsors/{made.fund.sponsor_id}/funds.csv").content.decode("utf-8-sig")
    head, row = text.strip().split("\r\n")
    cells = dict(zip(head.split(","), row.split(","), strict=True))
    assert (cells["Balance"], cells["Held"], cells["Their amount"]) == ("500.00", "71.60", "71.60")


def test_typed_by_hand_and_refused_by_the_bank(made):
    sol = signed_in(made.fund.sponsor_id, "Sol")
    (one,) = instructions_waiting(made.fund.id)
    here = f"/sponsors/{made.fund.sponsor_id}/funds/{made.fund.id}/orders/{one.order.id}/"
    assert "P-0001" in page(sol, here)
    assert sol.post(here, {"proof": ""}).status_code == WRONG
    assert sol.post(here, {"proof": "T-114"}).status_code == 302
    assert order_view(one.order.id).status == "exported"
    assert "cannot be taken back" in page(sol, f"{here}refused/")
    assert sol.post(f"{here}refused/", {"reason": "Closed"}).status_code == 302
    assert order_view(one.order.id).status == "failed"


def test_another_sponsor_s_person_is_a_stranger_whichever_ids_they_swap(made):
    fund, el = elsewhere()
    (one,) = instructions_waiting(made.fund.id)
    theirs, ours = f"/sponsors/{fund.sponsor_id}/", f"/sponsors/{made.fund.sponsor_id}/"
    inside = [
        "",
        "funds.csv",
        "people/",
        f"people/{uuid4()}/end/",
        f"funds/{made.fund.id}/",
        f"funds/{made.fund.id}/orders.csv",
        f"funds/{made.fund.id}/files/{uuid4()}/",
        f"funds/{made.fund.id}/orders/{one.order.id}/",
        f"funds/{made.fund.id}/orders/{one.order.id}/refused/",
    ]
    assert [el.get(ours + path).status_code for path in inside] == [GONE] * len(inside)
    swapped = [path for path in inside if path.startswith("funds/")]
    assert [el.get(theirs + path).status_code for path in swapped] == [GONE] * len(swapped)
    mixed = [path.replace(str(made.fund.id), str(fund.id)) for path in swapped[2:]]
    assert [el.get(theirs + path).status_code for path in mixed] == [GONE] * len(mixed)
    for path in (swapped[0], swapped[3], swapped[4]):
        given = {"proof": "T", "reason": "R", "execute_on": "2030-01-01"}
        assert el.post(theirs + path, given).status_code == GONE
    assert order_view(one.order.id).status == "ordered"
    assert "The Shared Bill" not in el.get(ours).content.decode()


def test_a_payment_file_that_exists_is_found_in_its_own_fund_alone(made):
    fund, el = elsewhere()
    sol = signed_in(made.fund.sponsor_id, "Sol")
    here = f"/sponsors/{made.fund.sponsor_id}/funds/{made.fund.id}/"
    assert sol.post(here, {"execute_on": f"{made.at + 7 * DAY:%Y-%m-%d}"}).status_code == 302
    (file,) = order_file_list(made.fund.id)
    assert sol.get(f"{here}files/{file.id}/").status_code == 200
    theirs = f"/sponsors/{fund.sponsor_id}/funds/{fund.id}/files/{file.id}/"
    assert el.get(theirs).status_code == GONE


def test_people_are_appointed_and_ended_after_a_fresh_proof(made):
    sol = signed_in(made.fund.sponsor_id, "Sol")
    people = f"/sponsors/{made.fund.sponsor_id}/people/"
    given = {"email": "mia@example.org", "name": "Mia"}
    assert sol.post(people, given)["Location"] == people
    assert "mia@example.org" in page(sol, people)
    mia = sponsor_staff_list(made.fund.sponsor_id)[1]
    end = f"{people}{mia.staff_id}/end/"
    assert "mia@example.org" in page(sol, end)
    session = sol.session
    session.pop("purse_proof")
    session.save()
    assert sol.post(end)["Location"].startswith("/me/prove/")
    assert len(sponsor_staff_list(made.fund.sponsor_id)) == 2
    me = person("Sol")
    proved(sol, me.person_id, at=database_now())
    assert sol.post(end)["Location"] == people
    mine = sponsor_staff_list(made.fund.sponsor_id)[0]
    assert sol.post(f"{people}{mine.staff_id}/end/")["Location"] == "/"
    assert sol.get(people).status_code == GONE


def test_two_hundred_funds_have_pages_an_order_and_a_search(made):
    sol = signed_in(made.fund.sponsor_id, "Sol")
    for number in range(30):
        small = world(slug=f"many-{number}")
        fund_open(
            coop_id=small.coop_id,
            sponsor_id=made.fund.sponsor_id,
            name=f"Fund {number}",
            currency="EUR" if number else "SEK",
            iban=None,
            actor=SYSTEM,
            at=NOON,
        )
    base = f"/sponsors/{made.fund.sponsor_id}/"
    first, second = page(sol, base), page(sol, f"{base}?page=2")
    assert "Page 1 of 2" in first
    assert (first.count(f"{base}funds/"), second.count(f"{base}funds/")) == (25, 6)
    assert "SEK" in first
    assert "Page 2 of 2" in page(sol, f"{base}?page=99999")
    assert "Page 1 of 2" in page(sol, f"{base}?page=nonsense")
    assert "No co-op’s name holds “zz<”" in page(sol, f"{base}?q=zz<")
    assert "zz<" not in sol.get(f"{base}?q=zz<").content.decode()
    by_balance = page(sol, f"{base}?sort=balance")
    assert str(made.fund.id) in by_balance.split("<tbody>")[2].split("</tr>")[0]


def test_a_sponsor_without_funds_is_told_what_will_be_here(made):
    del made
    empty = sponsor_add(name="Young Trust", actor=SYSTEM, at=NOON)
    sol = signed_in(empty.id, "Sol")
    assert "You hold no fund yet" in page(sol, f"/sponsors/{empty.id}/")
    assert f'href="/sponsors/{empty.id}/"' in page(sol, "/")
