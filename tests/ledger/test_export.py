import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from commonpurse.ledger import services
from commonpurse.ledger.values import Line
from commonpurse.proof.notes import Signer
from commonpurse.record.export import REGISTERED, ExportCut, file_writers
from commonpurse.record.ids import random_id
from commonpurse.record.sequencer import record_sequence
from commonpurse.rules.money import amount_text
from tests.ledger.chart import ANN, NOON, Chart

pytestmark = pytest.mark.django_db


def cut_of(chart: Chart) -> ExportCut:
    signer = Signer(Ed25519PrivateKey.generate())
    (head,) = record_sequence(coop_id=chart.coop_id, at=NOON, signer=signer)
    return ExportCut(chart.coop_id, "demo", head.size)


@pytest.fixture
def full(chart: Chart) -> Chart:
    """Entries out of the order of their days, two currencies, a reversal, awkward memos."""
    chart.dues_come_in(120_00)
    chart.post(chart.entry(chart.bank, chart.dues, 5, booked_on=date(2025, 12, 31)))
    memo = 'Bill; "March" \\ | (2nd) = 5 EUR @ #tag ^link Größe 東京'
    entry = chart.post(chart.entry(chart.spending, chart.bank, 5_01, memo=memo))
    services.entry_reverse(
        coop_id=chart.coop_id,
        entry_id=entry.id,
        key="back",
        booked_on=date(2026, 4, 1),
        memo="; not ours",
        actor=ANN,
        at=NOON,
    )
    lines = (Line(chart.dollars, 7), Line(chart.dollar_income, -7))
    chart.post(replace(chart.entry(chart.bank, chart.dues, 1), lines=lines))
    book = services.book_open(
        coop_id=chart.coop_id, owner_id=random_id(), name="Main fund", actor=ANN, at=NOON
    )
    for code, kind in (("1000", "asset"), ("3000", "equity")):
        services.account_open(
            coop_id=chart.coop_id,
            book_id=book.id,
            code=code,
            name="円",
            kind=kind,
            currency="JPY",
            actor=ANN,
            at=NOON,
        )
    return chart


def test_amounts_have_the_decimals_of_their_currency():
    assert amount_text(-5, "EUR") == "-0.05 EUR"
    assert amount_text(12345, "JPY") == "12345 JPY"
    assert amount_text(1, "KWD") == "0.001 KWD"
    assert amount_text(2**63 - 1, "EUR") == "92233720368547758.07 EUR"


def test_each_line_of_the_entries_is_its_leaf(full: Chart):
    cut = cut_of(full)
    lines = [line for line in REGISTERED["entries.jsonl"].write(cut) if isinstance(line, dict)]
    assert len(lines) == 5
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.body FROM record_leaf l JOIN record_sequenced s ON s.leaf_id = l.id"
            " WHERE l.coop_id = %s AND l.kind = 'entry.posted' ORDER BY s.index",
            [full.coop_id],
        )
        bodies = [json.loads(body) for (body,) in cursor.fetchall()]
    assert lines == [{"id": body["id"], "at": body["at"]} | body["fields"] for body in bodies]


def test_balances_are_stated_at_the_cut_and_not_later(full: Chart):
    cut = cut_of(full)
    full.dues_come_in(1_000_00)
    lines = [line for line in REGISTERED["balances.jsonl"].write(cut) if isinstance(line, dict)]
    stated = {line["account_id"]: (line["version"], line["balance_minor"]) for line in lines}
    assert stated[str(full.bank)] == ("4", "12005")
    assert stated[str(full.receivable)] == ("0", "0")


def test_accounts_and_books_go_out_by_themselves():
    names = {writer.name for writer in file_writers()}
    assert {"accounts.jsonl", "books.jsonl", "holds.jsonl", "period_closes.jsonl"} <= names


def written(name: str, cut: ExportCut, directory: Path) -> Path:
    path = directory / name
    path.write_text("".join(str(piece) for piece in REGISTERED[name].write(cut)))
    return path


def test_beancount_accepts_the_books_and_would_catch_a_cent(full: Chart, tmp_path: Path):
    path = written("ledger.beancount", cut_of(full), tmp_path)
    check = [str(Path(sys.executable).parent / "bean-check"), str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "balance Assets:Main-fund:1000-Bank  120.05 ~ 0 EUR" in path.read_text()
    assert "open Assets:Main-fund-2:1000 JPY" in path.read_text()
    path.write_text(path.read_text().replace("120.05 ~", "120.06 ~"))
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1


def test_hledger_accepts_the_books_and_would_catch_a_cent(full: Chart, tmp_path: Path):
    path = written("ledger.journal", cut_of(full), tmp_path)
    check = ["hledger", "-f", str(path), "check", "--strict"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    path.write_text(path.read_text().replace("= 120.05 EUR", "= 120.06 EUR"))
    assert subprocess.run(check, capture_output=True, check=False).returncode == 1


def test_books_without_entries_are_accepted_too(chart: Chart, tmp_path: Path):
    cut = cut_of(chart)
    bean = str(Path(sys.executable).parent / "bean-check")
    subprocess.run([bean, str(written("ledger.beancount", cut, tmp_path))], check=True)
    journal = written("ledger.journal", cut, tmp_path)
    subprocess.run(["hledger", "-f", str(journal), "check", "--strict"], check=True)
