"""The entries of a CAMT.053 statement: amounts, parties, references, reasons of return."""

import re
from dataclasses import dataclass
from datetime import date

from commonpurse.errors import Invalid
from commonpurse.formats.rf import rf_clean, rf_find
from commonpurse.formats.xmlpieces import Piece
from commonpurse.rules.money import minor_units

BOOKED = "BOOK"
FEES = {"CHRG", "FEES", "COMM"}
METHODS = {"IDDT": "debit", "CCRD": "card", "MCRD": "card"}
"""Families of bank transaction codes: direct debits that we issued, card payments."""
TEXT_MAX = 500
SIGNS = {"CRDT": 1, "DBIT": -1}
TOTAL = "TtlChrgsAndTaxAmt"
AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
EXCHANGES = tuple(f"AmtDtls/{kind}/CcyXchg" for kind in ("TxAmt", "CntrValAmt", "InstdAmt"))
BROKEN_RF = re.compile(r"RF[0-9]{2}")
"""What begins so and is no valid reference was mistyped: it is none, rather than a wrong one."""


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement on the account; a batch is one of these for each of its details.

    Texts are empty when the bank gives none. `reference` is an ISO 11649 reference found anywhere,
    else the structured reference as the bank gives it (27 digits in Switzerland, say), else empty.
    """

    booked_on: date
    amount_minor: int
    reference: str
    counterparty: str
    iban: str
    return_reason: str
    end_to_end_id: str
    bank_ref: str
    remittance: str
    method: str
    is_fee: bool
    is_reversal: bool


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    account: str


Amount = tuple[str, str]
"""An amount as written, and its currency; empty where none is written."""
NOBODY = _Side("", "")


@dataclass(frozen=True, slots=True)
class _Detail:
    """What one TxDtls says; amounts are as written, the sign is applied at the end.

    `charges` stand with their sign: what the bank takes is minus one.
    """

    amounts: tuple[Amount, ...] = ()
    charges: tuple[tuple[int, Amount], ...] = ()
    is_exchanged: bool = False
    indicator: str = ""
    debtor: _Side = NOBODY
    creditor: _Side = NOBODY
    reference: str = ""
    remittance: str = ""
    is_return: bool = False
    return_reason: str = ""
    end_to_end_id: str = ""
    bank_ref: str = ""
    family: str = ""
    subfamily: str = ""


@dataclass(frozen=True, slots=True)
class Ourselves:
    """Who we are on a statement: the account's number, and its owner where the bank names one."""

    account: str
    owner: str = ""

    def is_us(self, side: _Side) -> bool:
        """By the account when one is given; else by the owner's name."""
        if side.account:
            return side.account == self.account
        return bool(self.owner) and _plain(side.name) == _plain(self.owner)


@dataclass(frozen=True, slots=True)
class _Entry:
    booked_on: date
    amount: Amount
    charges: tuple[tuple[int, Amount], ...]
    sign: int
    bank_ref: str
    information: str
    is_reversal: bool
    family: str
    subfamily: str
    details: tuple[_Detail, ...]


class EntryReader:
    """Gathers one statement's entries while the file streams by.

    The account and its currency may stand anywhere in the statement, so signs, parties and
    amounts are settled at its end.
    """

    def __init__(self) -> None:
        self.details: list[_Detail] = []
        self.found: list[_Entry] = []
        self.currency = ""
        self.has_bad_details = False

    def detail(self, piece: Piece) -> None:
        """One TxDtls of the entry that is being read."""
        self.details.append(_detail(piece))

    def entry(self, piece: Piece) -> None:
        """An entry has ended; its details came before."""
        details = tuple(self.details)
        self.details = []
        status = piece.said("Sts/Cd", "Sts", "Sts/Prtry")
        where = f"entry {len(self.found) + 1}"
        if not status:
            raise Invalid(
                "no_status", "The file's %(where)s does not say whether it is booked.", where=where
            )
        if status != BOOKED:
            return
        day = piece.said("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        amount = _amount_text(piece, where)
        self.currency = self.currency or amount[1]
        self.found.append(
            _Entry(
                booked_on=day_of(day),
                amount=amount,
                charges=_charges(piece),
                sign=_sign(piece.said("CdtDbtInd"), where),
                bank_ref=piece.said("AcctSvcrRef", "NtryRef")[:TEXT_MAX],
                information=piece.said("AddtlNtryInf")[:TEXT_MAX],
                is_reversal=piece.said("RvslInd").lower() in {"true", "1"},
                family=piece.said("BkTxCd/Domn/Fmly/Cd"),
                subfamily=piece.said("BkTxCd/Domn/Fmly/SubFmlyCd"),
                details=details,
            )
        )

    def finish(self, ourselves: Ourselves, currency: str) -> tuple[StatementEntry, ...]:
        """The statement's movements, batches split. What was gathered is let go of meanwhile."""
        movements: list[StatementEntry] = []
        waiting, self.found = self.found[::-1], []
        while waiting:
            entry = waiting.pop()
            total = entry.sign * _minor(*entry.amount, currency)
            parts, adds_up = _split(entry, total, currency)
            self.has_bad_details = self.has_bad_details or not adds_up
            movements += [_movement(entry, part, amount, ourselves) for part, amount in parts]
        return tuple(movements)


def day_of(text: str) -> date:
    """The day of an ISO date or instant, as the bank wrote it. Raises Invalid."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError as fault:
        said = f"“{text[:30]}” is not a date" if text else "an entry has no date"
        raise Invalid("date", "The statement cannot be read: %(said)s.", said=said) from fault


def amount_of(piece: Piece, currency: str) -> int:
    """A balance with its sign, in minor units of the statement's currency."""
    text, found = _amount_text(piece, "a balance")
    return _sign(piece.said("CdtDbtInd"), "a balance") * _minor(text, found, currency)


def _amount_text(piece: Piece, where: str) -> tuple[str, str]:
    amount = piece.first("Amt")
    if amount is None or not amount.text:
        raise Invalid(
            "amount", "The statement cannot be read: %(where)s has no amount.", where=where
        )
    return amount.text, amount.attributes.get("Ccy", "")


def _minor(text: str, found: str, currency: str) -> int:
    if found and found != currency:
        raise Invalid(
            "currency",
            "An amount in %(found)s stands on a statement in %(currency)s.",
            found=found[:10],
            currency=currency[:10],
        )
    try:
        return minor_units(text, currency)
    except ValueError as fault:
        raise Invalid("amount", "The statement cannot be read: %(fault)s.", fault=fault) from fault


def _sign(indicator: str, where: str) -> int:
    if indicator not in SIGNS:
        raise Invalid(
            "direction",
            "The statement cannot be read: %(where)s is neither CRDT nor DBIT.",
            where=where,
        )
    return SIGNS[indicator]


def _plain(name: str) -> str:
    """A name without what banks change at will: capitals and blanks."""
    return "".join(name.split()).casefold()


def _charges(piece: Piece) -> tuple[tuple[int, Amount], ...]:
    """What an entry or a detail says was taken (or given back): records, else their total."""
    records = [*piece.all("Chrgs/Rcrd"), *piece.all("Chrgs")]
    return tuple(
        (SIGNS.get(record.said("CdtDbtInd") or "DBIT", -1), _written(amount))
        for record in records
        if (amount := record.first("Amt", *(() if record.first("Rcrd") else (TOTAL,)))) is not None
    )


def _written(amount: Piece) -> Amount:
    return amount.text, amount.attributes.get("Ccy", "")


def _charged(charges: tuple[tuple[int, Amount], ...], currency: str) -> int:
    """The charges in the account's own currency, in minor units; what was taken is negative."""
    return sum(
        sign * _minor(text, currency, currency)
        for sign, (text, found) in charges
        if text and found in {currency, ""}
    )


def _side(piece: Piece, role: str) -> _Side:
    """A party: its name stood directly under the role up to version 03, under Pty since."""
    base = f"RltdPties/{role}"
    return _Side(
        name=piece.said(
            f"{base}/Nm",
            f"{base}/Pty/Nm",
            f"RltdPties/Ultmt{role}/Nm",
            f"RltdPties/Ultmt{role}/Pty/Nm",
        )[:TEXT_MAX],
        account="".join(piece.said(f"{base}Acct/Id/IBAN").split())[:40],
    )


def _detail(piece: Piece) -> _Detail:
    unstructured = " ".join(part.text for part in piece.all("RmtInf/Ustrd") if part.text)
    structured = [part.text for part in piece.all("RmtInf/Strd/CdtrRefInf/Ref") if part.text]
    extra = " ".join(part.text for part in piece.all("RmtInf/Strd/AddtlRmtInf") if part.text)
    reference = next((found for text in structured if (found := rf_clean(text))), "")
    end_to_end_id = piece.said("Refs/EndToEndId")
    if not reference:
        texts = (unstructured, extra, end_to_end_id, piece.said("AddtlTxInf"))
        reference = next((found for text in texts if (found := rf_find(text))), "")
    if not reference:
        written = ("".join(text.split()) for text in structured)
        reference = next((text for text in written if not BROKEN_RF.match(text.upper())), "")
    remittance = " ".join(part for part in (*structured, unstructured, extra) if part)
    amounts = [_written(amount) for path in AMOUNTS for amount in piece.all(path)]
    return _Detail(
        amounts=tuple(amounts),
        charges=_charges(piece),
        is_exchanged=piece.first(*EXCHANGES) is not None,
        indicator=piece.said("CdtDbtInd"),
        debtor=_side(piece, "Dbtr"),
        creditor=_side(piece, "Cdtr"),
        reference=reference[:TEXT_MAX],
        remittance=remittance[:TEXT_MAX],
        is_return=piece.first("RtrInf") is not None,
        return_reason=piece.said("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")[:35],
        end_to_end_id="" if end_to_end_id == "NOTPROVIDED" else end_to_end_id[:TEXT_MAX],
        bank_ref=piece.said("Refs/AcctSvcrRef", "Refs/TxId")[:TEXT_MAX],
        family=piece.said("BkTxCd/Domn/Fmly/Cd"),
        subfamily=piece.said("BkTxCd/Domn/Fmly/SubFmlyCd"),
    )


Parts = list[tuple[_Detail, int]]


def _split(entry: _Entry, total: int, currency: str) -> tuple[Parts, bool]:
    """An entry as its details with signed amounts, and whether they add up to it.

    It stays whole where its details give no amounts in its currency. Details may be written before
    charges: where they do not add up as they stand, each is taken less its own charges; where that
    does not do either, what the entry itself was charged is a movement of its own.
    """
    details = entry.details or (_Detail(),)
    parts = []
    for detail in details:
        own = next((text for text, found in detail.amounts if found in {currency, ""}), None)
        if own is None:
            return [(details[0] if len(details) == 1 else _Detail(), total)], True
        sign = _sign(detail.indicator, "a detail") if detail.indicator else entry.sign
        parts.append((detail, sign * _minor(own, currency, currency)))
    missing = total - sum(amount for _, amount in parts)
    whole = _charged(entry.charges, currency)
    if len(parts) == 1:
        # What the bank booked is the entry's amount, whatever its only detail says.
        charged = {0, whole, _charged(details[0].charges, currency)}
        return [(details[0], total)], details[0].is_exchanged or missing in charged
    net = [(detail, amount + _charged(detail.charges, currency)) for detail, amount in parts]
    if missing and sum(amount for _, amount in net) == total:
        return net, True
    if missing and missing == whole:
        return [*parts, (_Detail(subfamily="CHRG"), whole)], True
    return parts, missing == 0


def _other_side(
    detail: _Detail, amount_minor: int, ourselves: Ourselves, *, is_back: bool
) -> _Side:
    """The party that is not ourselves.

    Money in comes from the debtor, money out goes to the creditor. In a return the roles are those
    of the first payment, which went the other way; but some banks turn them round, so there a
    party with an account that is not ours comes before one without.
    """
    sides = [detail.debtor, detail.creditor]
    if (amount_minor < 0) != is_back:
        sides.reverse()
    others = [side for side in sides if side != NOBODY and not ourselves.is_us(side)]
    if is_back:
        others.sort(key=lambda side: not side.account)
    return others[0] if others else NOBODY


def _movement(
    entry: _Entry, detail: _Detail, amount_minor: int, ourselves: Ourselves
) -> StatementEntry:
    is_back = detail.is_return or entry.is_reversal
    other = _other_side(detail, amount_minor, ourselves, is_back=is_back)
    family = detail.family or entry.family
    return StatementEntry(
        booked_on=entry.booked_on,
        amount_minor=amount_minor,
        reference=detail.reference or rf_find(entry.information),
        counterparty=other.name,
        iban=other.account,
        return_reason=detail.return_reason,
        end_to_end_id=detail.end_to_end_id,
        bank_ref=detail.bank_ref or entry.bank_ref,
        remittance=detail.remittance or entry.information,
        method=METHODS.get(family, "transfer"),
        is_fee=(detail.subfamily or entry.subfamily) in FEES,
        is_reversal=entry.is_reversal,
    )
