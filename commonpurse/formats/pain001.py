"""Payment orders for a bank: `pain.001.001.09`, the SEPA credit transfer (EUR).

The library that writes the XML takes almost anything, so everything is checked here first: account
numbers with their check digits, EUR only, an amount that a bank would carry out, a day that is not
past, and the letters that SEPA banks must understand. What cannot be written in those letters is
refused and never guessed. The same input always gives the same bytes.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import defusedxml.ElementTree
from schwifty import BIC
from schwifty.exceptions import SchwiftyException
from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml
from text_unidecode import unidecode

from commonpurse.errors import Invalid
from commonpurse.formats.iban import iban_clean

SCHEMA = "pain.001.001.09"
SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
CURRENCY = "EUR"
AMOUNT_MAX_MINOR = 999_999_999_99
"""The most that one SEPA credit transfer may carry: 999,999,999.99 EUR (EPC125-05, AT-04)."""
NAME_MAX = 70
REMITTANCE_MAX = 140
TRANSFERS_MAX = 1_000
AHEAD_MAX = timedelta(days=365)
ID = re.compile(r"(?![/ ])(?!.*//)[A-Za-z0-9+?/:().,' -]{1,35}(?<![/ ])")
ALLOWED = re.compile(r"[A-Za-z0-9/?:().,'+ -]*")
"""The letters of EPC217-08: what every SEPA bank must take."""
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
SIGNS = {
    "&": "+", "_": "-", "@": "(at)", "*": ".", "€": "EUR", "’": "'", "‘": "'", "“": "'", "”": "'",
    "„": "'", '"': "'", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "…": "...", ";": ",",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account is debited."""

    name: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment. `end_to_end_id` comes back on the statement; the amount is in cents."""

    end_to_end_id: str
    payee_name: str
    iban: str
    bic: str
    amount_minor: int
    currency: str
    remittance: str


def sepa_text(text: str, limit: int, *, field: str = "") -> str:
    """`text` in the letters that SEPA banks take: “Łucja Größe” becomes “Lucja Grosse”.

    Raises Invalid for what cannot be written so, and for more than `limit` letters: nothing is
    cut off, because the payload's code stands in what would be lost.
    """
    written = " ".join("".join(_letter(one, text, field) for one in text).split())
    if not written:
        raise Invalid("empty_text", "Enter a text that a bank can print.", field=field)
    if len(written) > limit:
        raise Invalid(
            "text_long",
            "A bank prints %(limit)s letters here. Shorten “%(text)s…”.",
            field=field,
            limit=limit,
            text=text[:40],
        )
    return written


def transfer_check(transfer: Transfer) -> None:
    """Raise Invalid, naming the field, when this payment could not be sent."""
    _clean(transfer)


def write(
    *,
    payer: Account,
    transfers: Sequence[Transfer],
    message_id: str,
    execute_on: date,
    today: date,
    created_at: datetime,
) -> bytes:
    """The file, valid against the schema; each payment is booked by itself.

    Raises Invalid for anything that a bank would refuse or should not be asked to do.
    """
    _day_check(execute_on, today)
    _ids_check(message_id, transfers)
    config = {
        "name": sepa_text(payer.name, NAME_MAX, field="name"),
        "IBAN": iban_clean(payer.iban),
        "batch": False,
        "currency": CURRENCY,
    }
    if payer.bic:
        config["BIC"] = _bic_clean(payer.bic)
    sepa = SepaTransfer(config, schema=SCHEMA, clean=False)
    for transfer in transfers:
        clean = _clean(transfer)
        payment = {
            "name": clean.payee_name,
            "IBAN": clean.iban,
            "amount": clean.amount_minor,
            "execution_date": execute_on,
            "description": clean.remittance,
            "endtoend_id": clean.end_to_end_id,
        }
        sepa.add_payment(payment | ({"BIC": clean.bic} if clean.bic else {}))
    body = _settled(sepa.export(validate=False), message_id, created_at)
    try:
        try_valid_xml(body, SCHEMA)
    except ValidationError as fault:
        raise Invalid("schema", "The bank's format does not allow these details.") from fault
    return body


def _letter(symbol: str, text: str, field: str) -> str:
    if ALLOWED.fullmatch(symbol):
        return symbol
    if symbol in SIGNS:
        return SIGNS[symbol]
    if symbol.isspace():
        return " "
    script = unicodedata.name(symbol, "").partition(" ")[0]
    plain = str(unidecode(symbol)) if script in SCRIPTS or unicodedata.combining(symbol) else ""
    if (plain and ALLOWED.fullmatch(plain)) or unicodedata.combining(symbol):
        return plain
    raise Invalid(
        "letters",
        "Banks cannot print “%(symbol)s” in “%(text)s”. Write it in Latin letters.",
        field=field,
        symbol=symbol,
        text=text[:40],
    )


def _clean(transfer: Transfer) -> Transfer:
    if transfer.currency != CURRENCY:
        raise Invalid(
            "currency",
            "A SEPA transfer is in EUR, not %(currency)s. Send it by hand.",
            field="currency",
            currency=transfer.currency[:3],
        )
    if not 0 < transfer.amount_minor <= AMOUNT_MAX_MINOR:
        raise Invalid(
            "amount", "Enter an amount between €0.01 and €999,999,999.99.", field="amount"
        )
    return Transfer(
        end_to_end_id=transfer.end_to_end_id,
        payee_name=sepa_text(transfer.payee_name, NAME_MAX, field="holder"),
        iban=iban_clean(transfer.iban),
        bic=_bic_clean(transfer.bic) if transfer.bic else "",
        amount_minor=transfer.amount_minor,
        currency=CURRENCY,
        remittance=sepa_text(transfer.remittance, REMITTANCE_MAX, field="purpose"),
    )


def _bic_clean(text: str) -> str:
    try:
        return str(BIC(text).compact)
    except SchwiftyException as refusal:
        raise Invalid(
            "bic", "“%(text)s” is not a valid BIC.", field="bic", text=text[:15]
        ) from refusal


def _day_check(execute_on: date, today: date) -> None:
    if execute_on < today:
        raise Invalid(
            "past",
            "%(execute_on)s is past. Choose today or a later day.",
            field="execute_on",
            execute_on=execute_on,
        )
    if execute_on - today > AHEAD_MAX:
        raise Invalid(
            "far",
            "%(execute_on)s is more than a year ahead. Choose a nearer day.",
            field="execute_on",
            execute_on=execute_on,
        )


def _ids_check(message_id: str, transfers: Sequence[Transfer]) -> None:
    if not 0 < len(transfers) <= TRANSFERS_MAX:
        raise Invalid(
            "transfers",
            "A file carries 1 to %(transfers_max)s payments.",
            transfers_max=TRANSFERS_MAX,
        )
    wrong = [
        one
        for one in (message_id, *(each.end_to_end_id for each in transfers))
        if not ID.fullmatch(one)
    ]
    if wrong:
        raise Invalid(
            "id", "“%(wrong)s” cannot stand as an id in a bank's file.", wrong=wrong[0][:40]
        )
    if len({each.end_to_end_id for each in transfers}) != len(transfers):
        raise Invalid("twice", "A payment stands twice in this file.")


def _settled(body: bytes, message_id: str, created_at: datetime) -> bytes:
    """The file with our ids and instant in place of the library's own chance and clock."""
    ET.register_namespace("", SPACE[1:-1])
    root = defusedxml.ElementTree.fromstring(body)
    _element(root, "CstmrCdtTrfInitn/GrpHdr/MsgId").text = message_id
    _element(root, "CstmrCdtTrfInitn/GrpHdr/CreDtTm").text = created_at.astimezone(UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    for number, payment in enumerate(root.iter(f"{SPACE}PmtInf"), start=1):
        _element(payment, "PmtInfId").text = f"{message_id[:29]}-{number}"
        # A bank that is not named is given as the rule book asks, not as an empty element.
        bank = _element(payment, "DbtrAgt/FinInstnId")
        if len(bank) == 0:
            other = ET.SubElement(bank, f"{SPACE}Othr")
            ET.SubElement(other, f"{SPACE}Id").text = "NOTPROVIDED"
    text = ET.tostring(root, encoding="unicode")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text.encode() + b"\n"


def _element(root: "ET.Element[str]", path: str) -> "ET.Element[str]":
    found = root.find("/".join(f"{SPACE}{name}" for name in path.split("/")))
    assert found is not None, path
    return found
