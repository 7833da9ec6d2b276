"""From nothing to a payment that a stranger can follow, in a real browser.

Five people, each with a browser of their own (Bo's is a phone), go the whole way by the pages:
sign in by a code, found, vote, invite, join, talk, propose, vote, ask, approve, export, import.
Two things the worker does in an installation are called here: putting a passed vote into force,
and giving the leaves their places in the record. Votes close because everybody has voted.
"""

import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect

from commonpurse.config.demo.statements import BankMove, statement_xml
from commonpurse.config.enactments import enact
from commonpurse.decisions.selectors import decision_by_number
from commonpurse.groups.selectors import coop_by_slug
from commonpurse.notices.selectors import mail_latest, mail_latest_code
from commonpurse.proof.verify import verify
from commonpurse.record.selectors import database_now
from tests.record.loop import exported
from tests.web.conftest import Site

SLUG = "salt-cellar"
HOME = f"/c/{SLUG}/"
FUND_IBAN = "DE89370400440532013000"
SUPPLIER_IBAN = "BE68539007547034"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser of their own."""

    name: str
    site: Site
    page: Page

    @property
    def email(self) -> str:
        return f"{self.name.lower()}@example.org"

    def go(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def fill(self, **typed: str) -> None:
        """Type into the fields of these names."""
        for name, text in typed.items():
            self.page.locator(f"[name={name}]").fill(text)

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str | re.Pattern[str]) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def reads(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def type_code(self) -> None:
        """The code that came by mail, typed into the page that asks for it."""
        self.reads("Which code is in the mail?")
        code = mail_latest_code(email=self.email, at=database_now())
        assert code is not None
        self.fill(code=code)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/code/"))

    def sign_in(self) -> None:
        self.go("/sign-in/")
        self.fill(email=self.email)
        self.press("Send me a code")
        self.type_code()

    def sign_up(self) -> None:
        self.fill(name=self.name, email=self.email)
        self.press("Make an account")
        self.type_code()

    def sign_up_at_join(self) -> None:
        """Follow the invitation to found, make an account, and join."""
        way = re.search(r"/found/join/[^/]+/", mail_latest(email=self.email)[0].body)
        assert way is not None
        self.go(way[0])
        self.follow("Make an account")
        self.sign_up()
        self.press("Become a founder")
        self.reads("You are a founder.")

    def agree(self, number: int) -> None:
        self.go(f"{HOME}decisions/{number}/")
        self.page.locator("label.choice--agree").click()
        self.press("Cast my vote")
        self.reads("Your vote counts: agree.")

    def approve(self, code: str) -> None:
        """Read, compare and sign what is to be paid: €71.60."""
        self.go(f"{HOME}requests/")
        self.follow("Pay Brine Backup €71.60?")
        expect(self.page.locator(".code-slip__code")).to_have_text(code)
        self.page.get_by_label("I compared the payload code").check()
        self.press("Approve €71.60")

    def import_statement(self, number: int, opening_minor: int, move: BankMove) -> None:
        self.go(f"{HOME}statements/")
        data = statement_xml(
            number=number,
            iban=FUND_IBAN,
            from_on=move.booked_on,
            until_on=move.booked_on,
            opening_minor=opening_minor,
            moves=(move,),
        )
        self.page.locator("[name=file]").set_input_files(
            {"name": f"{number}.xml", "mimeType": "application/xml", "buffer": data}
        )
        self.press("Import this statement")
        self.reads("1 line is booked.")


@dataclass(frozen=True)
class People:
    """Ann, Bo and Eve found it; Cy and Di come by an invitation; Sal is nobody's member."""

    ann: Visitor
    bo: Visitor
    eve: Visitor
    cy: Visitor
    di: Visitor
    sal: Visitor

    @property
    def members(self) -> tuple[Visitor, ...]:
        return (self.ann, self.bo, self.eve, self.cy, self.di)


def people_of(site: Site, browser: Browser) -> People:
    def visitor(name: str) -> Visitor:
        size = PHONE if name == "Bo" else DESK
        context = browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, locale="en-GB"
        )
        return Visitor(name, site, context.new_page())

    return People(*(visitor(name) for name in ("Ann", "Bo", "Eve", "Cy", "Di", "Sal")))


def put_into_force(number: int) -> None:
    """What the worker does with a vote that passed."""
    coop_id = coop_by_slug(SLUG).coop_id
    result = decision_by_number(coop_id=coop_id, number=number).result
    assert result is not None
    assert result.verdict == "passed"
    enact(coop_id=coop_id, result_id=result.id, at=database_now())


def found_and_join(people: People) -> None:
    """Three found it and agree on the manual; two more follow a link."""
    ann = people.ann
    ann.go("/sign-up/")
    ann.sign_up()
    ann.go("/found/")
    ann.press("Begin")
    ann.fill(name="The Salt Cellar", slug=SLUG)
    ann.press("Keep and go on")
    ann.page.get_by_label("An organisation").check()
    ann.fill(sponsor="Harbour Commons")
    for _ in ("money", "dues", "manual"):
        ann.press("Keep and go on")
    for founder in (people.bo, people.eve):
        ann.follow("Invite founders")
        ann.fill(email=founder.email)
        ann.press("Send the invitation")
        ann.follow("Founders")
        founder.sign_up_at_join()
    ann.press("Keep and go on")
    ann.press("Open the founding vote")
    ann.reads("The vote is open: you can cast yours now.")
    for founder in (people.bo, people.eve):
        mail = mail_latest(email=founder.email)[0]
        assert f"{HOME}decisions/1/" in mail.body
    for founder in (ann, people.bo, people.eve):
        founder.agree(1)
    put_into_force(1)
    ann.go(f"{HOME}members/")
    ann.follow("Eve")
    ann.choose("Role", "Treasurer")
    ann.press("Give this role")
    ann.reads("Eve has the role now.")
    ann.go(f"{HOME}members/invite/")
    ann.page.get_by_label("Several, by a link that you pass on").check()
    ann.press("Make the invitation")
    link = ann.page.locator("#link").inner_text()
    for newcomer in (people.cy, people.di):
        newcomer.go(link.removeprefix(ann.site.url))
        newcomer.follow("Make an account")
        newcomer.sign_up()
        newcomer.press("Join The Salt Cellar")
        newcomer.reads("You are a member of The Salt Cellar now.")


def talk_and_decide(people: People) -> None:
    """A thread, a comment from a phone, a proposal to pay; everybody votes, so it closes."""
    cy, bo = people.cy, people.bo
    cy.go(f"{HOME}threads/new/")
    cy.fill(title="Who keeps our backups?", body="Nobody does, so far.")
    cy.press("Start this thread")
    cy.reads("Nobody does, so far.")
    bo.go(cy.page.url.removeprefix(cy.site.url))
    bo.fill(body="Brine did well for us.")
    bo.press("Comment")
    bo.reads("Brine did well for us.")
    assert bo.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    cy.page.reload()
    cy.reads("Brine did well for us.")
    cy.follow("Start a vote")
    cy.follow("Spending")
    cy.fill(question="Pay Brine for backups?", amount="80", purpose="Backups in autumn")
    cy.choose("Who is paid?", "Somebody new, named below")
    cy.page.get_by_text("Name somebody new").click()
    cy.fill(payee_name="Brine Backup", iban=SUPPLIER_IBAN)
    cy.press("Start this vote")
    cy.reads("If this passes")
    for member in people.members:
        member.agree(2)
    put_into_force(2)
    bo.page.reload()
    bo.reads("Passed: 5 of 5 cast agreed, 5 of 5 voted")
    bo.reads("This created mandate")


def pay(people: People) -> None:
    """Money comes in; Cy asks, two trustees sign, the bank pays, its statement settles."""
    ann, bo, eve, cy = people.ann, people.bo, people.eve, people.cy
    today = database_now().date()
    eve.go(f"{HOME}fund/account/")
    eve.fill(iban=FUND_IBAN, holder="Harbour Commons")
    eve.press("Enter this account")
    eve.reads("The fund’s account is entered.")
    eve.import_statement(1, 0, BankMove(today - timedelta(days=1), 50_000, "A city"))
    eve.follow(re.compile("from A city"))
    eve.choose("What is it?", "A grant")
    eve.press("Book this line")
    eve.reads("The line is booked.")
    cy.go(f"{HOME}decisions/2/")
    cy.follow(re.compile("Follow the money"))
    cy.follow("Ask for a payment")
    cy.fill(amount="71.60", purpose="Backups, October")
    cy.press("Ask for this payment")
    cy.reads("The trustees are asked to approve it.")
    cy.reads("0 of 2 approvals")
    code = cy.page.locator("dt:text-is('Payload code') + dd").inner_text()
    ann.approve(code)
    ann.reads("You approved it: 1 of 2.")
    bo.approve(code)
    bo.reads("You approved it: 2 of 2.")
    eve.go(f"{HOME}orders/")
    eve.press("Export 1 order")
    eve.reads("1 order is in the file.")
    with eve.page.expect_download() as waiting:
        eve.page.get_by_role("link", name=re.compile("^Payment file")).click()
    order = waiting.value.path().read_text()
    assert code in order
    assert SUPPLIER_IBAN in order
    debit = BankMove(
        today, -7_160, "Brine Backup", iban=SUPPLIER_IBAN, remittance=f"{code} Backups, October"
    )
    eve.import_statement(2, 50_000, debit)


def follow_the_money(sal: Visitor) -> None:
    """Without an account: from the fund to the payment, to its vote and to its leaf."""
    sal.go(f"{HOME}fund/")
    sal.follow(re.compile("Brine Backup.*Backups, October"))
    sal.reads("Why this was paid")
    sal.reads("In the signed log")
    sal.follow("Pay Brine for backups?")
    sal.reads("Passed: 5 of 5 cast agreed, 5 of 5 voted")
    sal.page.go_back()
    sal.follow("See the leaf")
    sal.reads("payment.settled")
    assert SUPPLIER_IBAN not in sal.page.content()


@pytest.mark.browser
@override_settings(EMAIL_BACKEND="commonpurse.notices.backend.OutboxBackend")
def test_a_coop_is_founded_and_pays_and_a_stranger_verifies_it(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    cache.clear()  # nobody has asked for a code too often
    expect.set_options(timeout=30_000)  # a machine may be busy
    people = people_of(site, browser)
    found_and_join(people)
    talk_and_decide(people)
    pay(people)
    made = exported(coop_by_slug(SLUG).coop_id, SLUG, tmp_path / "out", database_now())
    follow_the_money(people.sal)
    assert made.pending == 0
    report = verify(made.directory, vkeys=[made.vkey])
    assert report.is_key_given
    assert (report.counts["decisions"], report.counts["settlements"]) == (2, 1)
    alone = subprocess.run(
        [sys.executable, "-I", "verify.py", "--key", made.vkey],
        cwd=made.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr
