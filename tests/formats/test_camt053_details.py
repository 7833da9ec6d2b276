"""What the details of an entry say: who the other side is, and where a difference went."""

import pytest

from commonpurse.formats.camt053 import Statement, read
from tests.formats.statements import IBAN, PAYER, balance, camt, entry, statement

OURS = b"</IBAN></Id><Ownr><Nm>OUR COOP</Nm></Ownr><Ccy>"
OWNER = f"<Id><IBAN>{IBAN}</IBAN></Id><Ownr><Nm>Our  COOP</Nm></Ownr>"


def only(data: bytes) -> Statement:
    (found,) = read(data).statements
    return found


def party(role: str, name: str, iban: str = "") -> str:
    account = f"<{role}Acct><Id><IBAN>{iban}</IBAN></Id></{role}Acct>" if iban else ""
    return f"<{role}><Nm>{name}</Nm></{role}>{account}"


def back(*parties: str) -> str:
    """A detail of a return between these parties."""
    return (
        f"<TxDtls><RltdPties>{''.join(parties)}</RltdPties>"
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls>"
    )


RETURNS = {
    "a debit, ours by name only": (
        "DBIT",
        (party("Dbtr", "Mia", PAYER), party("Cdtr", "Our Coop")),
    ),
    "a debit, ours by number": ("DBIT", (party("Dbtr", "Mia", PAYER), party("Cdtr", "X", IBAN))),
    "a debit, roles turned round": (
        "DBIT",
        (party("Dbtr", "Our Coop"), party("Cdtr", "Mia", PAYER)),
    ),
    "a debit, roles turned round by number": (
        "DBIT",
        (party("Dbtr", "X", IBAN), party("Cdtr", "Mia", PAYER)),
    ),
    "a transfer, ours by name only": (
        "CRDT",
        (party("Dbtr", "Our Coop"), party("Cdtr", "Mia", PAYER)),
    ),
    "a transfer, ours by number": ("CRDT", (party("Dbtr", "X", IBAN), party("Cdtr", "Mia", PAYER))),
}


@pytest.mark.parametrize("has_owner", [False, True])
@pytest.mark.parametrize("case", RETURNS)
def test_a_return_names_who_is_not_ourselves(case: str, has_owner: bool) -> None:
    way, parties = RETURNS[case]
    closing = "87.50" if way == "DBIT" else "112.50"
    data = camt(statement(entry(way=way, details=back(*parties)), closing=closing))
    if has_owner:
        data = data.replace(f"<Id><IBAN>{IBAN}</IBAN></Id><Ccy>".encode(), f"{OWNER}<Ccy>".encode())
    (one,) = only(data).entries
    assert (one.counterparty, one.iban, one.return_reason) == ("Mia", PAYER, "AC04")


def test_without_numbers_the_owner_of_the_account_is_not_the_other_side() -> None:
    for parties in (("Our Coop", "Mia"), ("Mia", "Our Coop")):
        sides = party("Dbtr", parties[0]) + party("Cdtr", parties[1])
        for way, closing in (("DBIT", "87.50"), ("CRDT", "112.50")):
            data = camt(statement(entry(way=way, details=back(sides)), closing=closing))
            data = data.replace(b"</IBAN></Id><Ccy>", OURS)
            assert only(data).entries[0].counterparty == "Mia"


def amounts(amount: str, *, more: str = "", kind: str = "TxAmt") -> str:
    """A detail with an amount, and perhaps charges or an exchange."""
    return (
        f'<TxDtls><AmtDtls><{kind}><Amt Ccy="EUR">{amount}</Amt>'
        f"{more if 'Xchg' in more else ''}</{kind}></AmtDtls>"
        f"{'' if 'Xchg' in more else more}</TxDtls>"
    )


FEE = '<Chrgs><Rcrd><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
FEE_OLD = '<Chrgs><Amt Ccy="EUR">1.00</Amt></Chrgs>'
EXCHANGE = "<CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><XchgRate>0.9</XchgRate></CcyXchg>"


@pytest.mark.parametrize(
    ("detail", "is_right"),
    [
        (amounts("12.50"), True),
        (amounts("9.00"), False),
        (amounts("9.00", more=FEE), False),
        (amounts("13.50", more=FEE), True),
        (amounts("13.50", more=FEE_OLD, kind="InstdAmt"), True),
        (amounts("11.50", more=FEE), False),
        (amounts("11.50", more=FEE.replace("DBIT", "CRDT")), True),
        (amounts("11.00", more=EXCHANGE, kind="InstdAmt"), True),
        (amounts("9.00").replace('"EUR"', '"USD"'), True),
    ],
)
def test_a_single_detail_is_its_entry_unless_it_says_why_not(detail: str, is_right: bool) -> None:
    found = only(camt(statement(entry(details=detail))))
    assert [one.amount_minor for one in found.entries] == [1_250]
    assert found.balanced is is_right
    assert found.difference_minor == 0


def test_money_out_costs_its_charges_on_top() -> None:
    detail = amounts("11.50", more=FEE)
    assert only(camt(statement(entry(way="DBIT", details=detail), closing="87.50"))).balanced


def test_a_batch_may_give_its_details_before_their_charges() -> None:
    details = amounts("21.00", more=FEE, kind="InstdAmt") + amounts("30.00", kind="InstdAmt")
    found = only(camt(statement(entry("50.00", details=details), closing="150.00")))
    assert [one.amount_minor for one in found.entries] == [2_000, 3_000]
    assert found.balanced


def test_what_a_batch_was_charged_as_a_whole_is_a_fee_of_its_own() -> None:
    details = amounts("21.00") + amounts("30.00")
    found = only(camt(statement(entry("50.00", details=details, extra=FEE), closing="150.00")))
    assert [(one.amount_minor, one.is_fee) for one in found.entries] == [
        (2_100, False),
        (3_000, False),
        (-100, True),
    ]
    assert found.balanced


@pytest.mark.parametrize("order", [("100.00", "112.50"), ("112.50", "100.00")])
def test_two_interim_balances_of_one_day_stand_in_any_order(order: tuple[str, str]) -> None:
    page = "".join(balance("ITBD", amount) for amount in order)
    found = only(camt(statement(entry(), balances=page)))
    assert (found.opening_minor, found.closing_minor) == (10_000, 11_250)
    assert found.balanced


def test_interim_balances_of_two_days_stand_as_dated() -> None:
    page = balance("ITBD", "112.50") + balance("ITBD", "100.00", day="2026-03-02")
    assert only(camt(statement(entry(), balances=page))).balanced is False
