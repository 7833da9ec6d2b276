"""Payment orders: what leaves for the bank is exact, and what a bank would refuse never leaves."""

from dataclasses import replace
from datetime import UTC, date, datetime

import defusedxml.ElementTree
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonpurse.errors import Invalid
from commonpurse.formats.pain001 import (
    ALLOWED,
    AMOUNT_MAX_MINOR,
    SPACE,
    Account,
    Transfer,
    sepa_text,
    write,
)

TODAY = date(2026, 3, 2)
CREATED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PAYER = Account(name="Shared Bill at Hearth Trust", iban="DE89 3704 0044 0532 0130 00")
ONE = Transfer(
    end_to_end_id="01a2b3c4d5e67890a1b2c3d4e5f60718",
    payee_name="Hosting Größe & Söhne",
    iban="NL91 ABNA 0417 1643 00",
    bic="",
    amount_minor=7_160,
    currency="EUR",
    remittance="Invoice 12, M-0016 K7QX-4MWD",
)


def written(*transfers: Transfer, payer: Account = PAYER, execute_on: date = TODAY) -> bytes:
    return write(
        payer=payer,
        transfers=transfers or [ONE],
        message_id="CP-20260302-1",
        execute_on=execute_on,
        today=TODAY,
        created_at=CREATED,
    )


def test_one_order_stands_in_the_file_with_its_code() -> None:
    root = defusedxml.ElementTree.fromstring(written())

    def said(path: str) -> str | None:
        return root.findtext("/".join(f"{SPACE}{name}" for name in path.split("/")))

    transfer = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    assert said("CstmrCdtTrfInitn/GrpHdr/MsgId") == "CP-20260302-1"
    assert said("CstmrCdtTrfInitn/GrpHdr/CtrlSum") == "71.60"
    assert said("CstmrCdtTrfInitn/PmtInf/BtchBookg") == "false"
    assert said("CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt") == "2026-03-02"
    assert said(f"{transfer}/PmtId/EndToEndId") == ONE.end_to_end_id
    assert said(f"{transfer}/Amt/InstdAmt") == "71.60"
    assert said(f"{transfer}/Cdtr/Nm") == "Hosting Grosse + Sohne"
    assert said(f"{transfer}/CdtrAcct/Id/IBAN") == "NL91ABNA0417164300"
    assert said(f"{transfer}/RmtInf/Ustrd") == "Invoice 12, M-0016 K7QX-4MWD"


def test_the_same_orders_give_the_same_bytes() -> None:
    assert written() == written()


def test_many_orders_are_summed_and_booked_one_by_one() -> None:
    second = replace(ONE, end_to_end_id="b", amount_minor=1, bic="ABNANL2A")
    root = defusedxml.ElementTree.fromstring(written(ONE, second))
    assert len(root[0].findall(f"{SPACE}PmtInf")) == 2
    assert root[0].findtext(f"{SPACE}GrpHdr/{SPACE}CtrlSum") == "71.61"
    assert root[0].findtext(f"{SPACE}GrpHdr/{SPACE}NbOfTxs") == "2"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iban": "NL92 ABNA 0417 1643 00"}, "iban"),
        ({"iban": ""}, "iban"),
        ({"bic": "NOBANK"}, "bic"),
        ({"currency": "USD"}, "currency"),
        ({"amount_minor": 0}, "amount"),
        ({"amount_minor": -5}, "amount"),
        ({"amount_minor": AMOUNT_MAX_MINOR + 1}, "amount"),
        ({"payee_name": ""}, "empty_text"),
        ({"payee_name": "株式会社"}, "letters"),
        ({"payee_name": "Ann \U0001f600"}, "letters"),
        ({"payee_name": "x" * 71}, "text_long"),
        ({"remittance": "y" * 141}, "text_long"),
        ({"end_to_end_id": "x" * 36}, "id"),
        ({"end_to_end_id": "/x"}, "id"),
        ({"end_to_end_id": ""}, "id"),
    ],
)
def test_what_a_bank_would_refuse_is_refused_here(change: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        written(replace(ONE, **change))  # type: ignore[arg-type]
    assert refusal.value.code == code


@pytest.mark.parametrize(("day", "code"), [(date(2026, 3, 1), "past"), (date(2027, 3, 3), "far")])
def test_a_day_in_the_past_or_far_ahead_is_refused(day: date, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        written(execute_on=day)
    assert refusal.value.code == code


def test_no_order_and_the_same_order_twice_are_refused() -> None:
    with pytest.raises(Invalid, match="1 to"):
        write(
            payer=PAYER,
            transfers=[],
            message_id="M",
            execute_on=TODAY,
            today=TODAY,
            created_at=CREATED,
        )
    with pytest.raises(Invalid, match="twice"):
        written(ONE, ONE)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Łucja Größe", "Lucja Grosse"),
        ("Αθήνα", "Athena"),
        ("Иван", "Ivan"),
        ("Ann & Bo_2 “x”", "Ann + Bo-2 'x'"),
        ("e\u0301toile", "etoile"),
    ],
)
def test_other_letters_are_written_in_those_of_sepa(text: str, plain: str) -> None:
    assert sepa_text(text, 70) == plain


@given(st.text(max_size=80))
def test_any_text_is_written_in_the_letters_of_sepa_or_refused(text: str) -> None:
    try:
        plain = sepa_text(text, 140)
    except Invalid:
        return
    assert ALLOWED.fullmatch(plain)
    assert plain == sepa_text(plain, 140)
