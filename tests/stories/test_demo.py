"""The Shared Bill lives through its year, and a stranger verifies all of it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from commonpurse.cli.looks import LOOKS, Finding, looked
from commonpurse.config.demo.people import BOOKKEEPER, email_of
from commonpurse.config.demo.story import SLUG, build
from commonpurse.decisions.selectors import decision_list
from commonpurse.groups.selectors import coop_by_slug, member_count, person_by_email
from commonpurse.ledger.selectors import trial_balance
from commonpurse.proof.verify import verify
from commonpurse.record.selectors import database_now
from commonpurse.treasury.selectors import (
    fund_of,
    fund_position,
    months_of,
    payment_list,
    sponsor_funds,
    sponsors_of_person,
    statement_list,
    suspense_list,
)
from tests.record.loop import exported

pytestmark = pytest.mark.django_db


def test_forty_members_live_through_a_year_of_dues_votes_and_payments() -> None:
    at = database_now()
    build(at=at)
    coop = coop_by_slug(SLUG)
    assert member_count(coop_id=coop.coop_id) == 40
    verdicts = [
        decision.result.verdict
        for decision in decision_list(coop_id=coop.coop_id, limit=100)
        if decision.result is not None
    ]
    assert {"passed", "no_quorum", "blocked"} <= set(verdicts)
    fund = fund_of(coop.coop_id)
    assert fund is not None
    assert len(statement_list(fund.id)) == 13
    payments = payment_list(coop.coop_id)
    assert [payment.is_reversed for payment in payments].count(True) == 1
    assert suspense_list(fund.id) == ()
    position = fund_position(fund.id, at=at)
    assert position.spendable_minor > 0
    assert position.promised_minor == 64_000 + 25_000 + 7_160
    balance = trial_balance(coop_id=coop.coop_id, book_id=fund.book_id)
    debit, credit = balance.totals["EUR"]
    assert debit == credit


def test_the_sponsor_s_bookkeeper_has_something_to_do_in_one_of_two_funds() -> None:
    at = database_now()
    build(at=at)
    person = person_by_email(email_of(BOOKKEEPER))
    assert person is not None
    (sponsor,) = sponsors_of_person(person.person_id)
    shelf, shared = sponsor_funds(sponsor.id, at=at)
    assert (shelf.coop_name, shelf.ready.count, shelf.suspense.count) == ("The Repair Shelf", 1, 1)
    assert shelf.is_statement_late
    assert (shared.coop_name, shared.waits) == ("The Shared Bill", 0)
    assert [each.difference_minor for each in (shelf, shared)] == [0, 0]
    closed = [month for month, is_closed in months_of(shared.fund.id, at=at) if is_closed]
    assert len(closed) == 3, "the month of the founding, and two with dues"


def deep_findings() -> list[Finding]:
    """What `purse doctor --deep` finds in the database."""
    connection.ensure_connection()
    return [looked(connection.connection, look) for look in LOOKS]


def test_a_stranger_verifies_the_demo_with_nothing_but_the_export(tmp_path: Path) -> None:
    at = database_now()
    build(at=at)
    coop = coop_by_slug(SLUG)
    made = exported(coop.coop_id, SLUG, tmp_path / "out", at)
    assert made.pending == 0
    assert [found.sentence for found in deep_findings() if not found.is_well] == []
    report = verify(made.directory, vkeys=[made.vkey])
    assert report.is_key_given
    assert report.counts["decisions"] == 14
    alone = subprocess.run(
        [sys.executable, "-I", "verify.py", "--key", made.vkey],
        cwd=made.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert alone.returncode == 0, alone.stdout + alone.stderr
    books = subprocess.run(
        [Path(sys.executable).with_name("bean-check"), "ledger.beancount"],
        cwd=made.directory,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (books.returncode, books.stdout + books.stderr) == (0, "")
    hledger = shutil.which("hledger")
    assert hledger or os.environ.get("CI") != "true", "hledger is required in CI"
    if hledger:
        checked = subprocess.run(
            [hledger, "check", "-f", "ledger.journal"],
            cwd=made.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr
