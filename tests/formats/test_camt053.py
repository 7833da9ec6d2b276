"""Reading bank statements: the arithmetic first, then every way in which banks differ."""

from datetime import date

import pytest

from commonpurse.errors import Invalid
from commonpurse.formats.camt053 import Statement, read
from tests.formats.statements import IBAN, PAYER, balance, camt, detail, entry, statement

RF = "RF18539007547034"
VERSIONS = [f"{version:02d}" for version in range(2, 14)]


def only(data: bytes) -> Statement:
    (found,) = read(data).statements
    return found


def test_a_statement_adds_up() -> None:
    """100.00 + 12.50 − 0.40 = 112.10."""
    found = only(
        camt(
            statement(
                entry("12.50", details=detail(name="Cy Member", reference=RF)),
                entry("0.40", way="DBIT"),
                closing="112.10",
            )
        )
    )
    assert (found.opening_minor, found.closing_minor) == (10_000, 11_210)
    assert found.balanced is True
    assert found.difference_minor == 0
    first, fee = found.entries
    assert (first.booked_on, first.amount_minor) == (date(2026, 3, 2), 1_250)
    assert (first.reference, first.counterparty, first.iban) == (RF, "Cy Member", PAYER)
    assert fee.amount_minor == -40


def test_what_does_not_add_up_says_by_how_much() -> None:
    found = only(camt(statement(entry("12.50"), closing="112.51")))
    assert found.balanced is False
    assert found.difference_minor == 1


@pytest.mark.parametrize(("opening", "closing"), [(None, "112.50"), ("100.00", None), (None, None)])
def test_a_missing_balance_is_neither_right_nor_wrong(
    opening: str | None, closing: str | None
) -> None:
    found = only(camt(statement(entry(), opening=opening, closing=closing)))
    assert found.balanced is None
    assert found.difference_minor is None


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads(version: str) -> None:
    is_new = int(version) >= 4
    status = "<Sts><Cd>BOOK</Cd></Sts>" if is_new else "<Sts>BOOK</Sts>"
    data = camt(
        statement(entry(status=status, details=detail(text=RF, is_new=is_new))), version=version
    )
    found = read(data)
    assert found.format == f"camt.053.001.{version}"
    assert found.statements[0].entries[0].counterparty == "Cy Member"
    assert found.statements[0].balanced


def test_a_version_before_the_second_is_refused() -> None:
    with pytest.raises(Invalid, match="older"):
        read(camt(statement(entry()), version="01"))


def test_several_statements_stand_in_one_file() -> None:
    other = "NL91ABNA0417164300"
    found = read(camt(statement(entry()), statement(entry(), iban=other, closing="1.00")))
    assert [one.account for one in found.statements] == [IBAN, other]
    assert [one.balanced for one in found.statements] == [True, False]


def test_an_account_without_iban_stands_by_its_other_number() -> None:
    data = camt(statement(entry())).replace(
        f"<IBAN>{IBAN}</IBAN></Id><Ccy>".encode(), b"<Othr><Id>12 34</Id></Othr></Id><Ccy>"
    )
    assert only(data).account == "1234"


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("form", ["<Sts>{}</Sts>", "<Sts><Cd>{}</Cd></Sts>"])
def test_only_booked_entries_count(status: str, form: str) -> None:
    found = only(camt(statement(entry(), entry("99", status=form.format(status)))))
    assert len(found.entries) == 1
    assert found.balanced


def test_a_batch_is_split_and_adds_up() -> None:
    details = detail(amount="12.50", reference=RF) + detail(amount="50.00", name="Bo")
    found = only(camt(statement(entry("62.50", details=details), closing="162.50")))
    assert [(one.amount_minor, one.counterparty) for one in found.entries] == [
        (1_250, "Cy Member"),
        (5_000, "Bo"),
    ]
    assert found.balanced


def test_a_batch_that_does_not_add_up_does_not_reconcile() -> None:
    details = detail(amount="12.50") + detail(amount="40.00")
    found = only(camt(statement(entry("62.50", details=details), closing="162.50")))
    assert found.balanced is False
    assert found.difference_minor == 1_000


def test_two_wrong_batches_do_not_make_a_right_one() -> None:
    low = detail(amount="1") + detail(amount="1")
    high = detail(amount="1") + detail(amount="3")
    found = only(
        camt(statement(entry("3", details=low), entry("3", details=high), closing="106.00"))
    )
    assert found.balanced is False


def test_a_batch_whose_details_have_no_amounts_stays_whole() -> None:
    found = only(camt(statement(entry(details=detail() + detail()))))
    assert [one.amount_minor for one in found.entries] == [1_250]


def test_the_reason_of_a_return_is_kept() -> None:
    returned = detail(name="Bo", reason="AC04", reference=RF)
    found = only(
        camt(
            statement(
                entry("12.50", way="DBIT", details=returned, extra="<RvslInd>true</RvslInd>"),
                closing="87.50",
            )
        )
    )
    (one,) = found.entries
    assert (one.amount_minor, one.return_reason, one.reference) == (-1_250, "AC04", RF)
    assert one.is_reversal
    assert one.counterparty == "Bo"


def test_money_out_names_the_creditor_and_never_ourselves() -> None:
    out = detail(name="The Co-op", iban=IBAN, role="Dbtr").removesuffix("</TxDtls>")
    both = out.replace(
        "</RltdPties>",
        f"<Cdtr><Nm>Hosting Ltd</Nm></Cdtr><CdtrAcct><Id><IBAN>{PAYER}</IBAN></Id></CdtrAcct>"
        "</RltdPties>",
    )
    found = only(
        camt(statement(entry("5", way="DBIT", details=both + "</TxDtls>"), closing="95.00"))
    )
    assert (found.entries[0].counterparty, found.entries[0].iban) == ("Hosting Ltd", PAYER)


def test_an_opening_balance_wins_over_the_previous_closing() -> None:
    both = balance("PRCD", "90.00") + balance("OPBD", "100.00") + balance("CLBD", "112.50")
    assert only(camt(statement(entry(), balances=both))).opening_minor == 10_000
    previous = balance("PRCD", "100.00") + balance("CLBD", "112.50")
    assert only(camt(statement(entry(), balances=previous))).balanced


def test_a_page_in_the_middle_has_interim_balances() -> None:
    pages = [
        balance("OPBD", "100.00") + balance("ITBD", "112.50"),
        balance("ITBD", "112.50") + balance("ITBD", "125.00"),
        balance("ITBD", "125.00") + balance("CLBD", "137.50"),
    ]
    found = read(camt(*(statement(entry(), balances=page) for page in pages)))
    assert [(one.opening_minor, one.closing_minor) for one in found.statements] == [
        (10_000, 11_250),
        (11_250, 12_500),
        (12_500, 13_750),
    ]
    assert all(one.balanced for one in found.statements)


def test_an_overdrawn_balance_is_negative() -> None:
    found = only(camt(statement(entry("20.00"), opening="-15.00", closing="5.00")))
    assert found.opening_minor == -1_500
    assert found.balanced


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.5", "EUR", 1_250),
        ("12.5000", "EUR", 1_250),
        ("12", "EUR", 1_200),
        ("1200", "JPY", 1_200),
        ("1200.00", "JPY", 1_200),
        ("1.234", "KWD", 1_234),
    ],
)
def test_amounts_are_whole_minor_units(amount: str, currency: str, minor: int) -> None:
    found = only(
        camt(
            statement(
                entry(amount, currency=currency), opening="0", closing=amount, currency=currency
            )
        )
    )
    assert found.entries[0].amount_minor == minor
    assert found.balanced


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.505", "EUR"),
        ("12.5", "JPY"),
        ("1.2345", "KWD"),
        ("1e3", "EUR"),
        ("-5", "EUR"),
        ("12,50", "EUR"),
        ("", "EUR"),
        (".", "EUR"),
        ("9" * 18, "EUR"),
        ("NaN", "EUR"),
    ],
)
def test_an_amount_that_is_not_exact_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(Invalid):
        read(camt(statement(entry(amount, currency=currency), currency=currency)))


def test_a_date_with_an_hour_is_a_date() -> None:
    data = camt(statement(entry())).replace(
        b"<BookgDt><Dt>2026-03-02</Dt>", b"<BookgDt><DtTm>2026-03-02T09:00:00+01:00</DtTm>"
    )
    assert only(data).entries[0].booked_on == date(2026, 3, 2)


@pytest.mark.parametrize("text", [f"dues {RF} thanks", "dues rf18 5390 0754 7034", f"RF/{RF}"])
def test_a_reference_is_found_in_free_text(text: str) -> None:
    assert only(camt(statement(entry(details=detail(text=text))))).entries[0].reference == RF


def test_a_wrong_reference_is_none() -> None:
    data = camt(statement(entry(details=detail(text="RF19539007547034", reference="RF00X"))))
    assert only(data).entries[0].reference == ""


def test_an_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(Invalid, match="USD"):
        read(camt(statement(entry(currency="USD"))))


SWISS = "210000000003139471430009017"


def test_a_structured_reference_of_another_kind_is_given_as_it_stands() -> None:
    assert only(camt(statement(entry(details=detail(reference=SWISS))))).entries[0].reference == (
        SWISS
    )
    both = detail(reference=SWISS, text=f"dues {RF}")
    assert only(camt(statement(entry(details=both)))).entries[0].reference == RF


def test_a_statement_that_does_not_say_how_far_it_reaches_ends_with_its_closing_balance():
    (found,) = read(camt(statement(entry()))).statements
    assert (found.from_on, found.until_on) == (None, date(2026, 3, 31))
