"""The entries of a CAMT.053 statement: amounts, parties, references, reasons of return."""

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


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One movement on the account; a batch is one of these for each of its details.

    Texts are empty when the bank gives none. `reference` is a valid ISO 11649 reference or empty.
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


@dataclass(frozen=True, slots=True)
class _Detail:
    """What one TxDtls says; `amount` is text and currency, the sign is applied at the end."""

    amounts: tuple[tuple[str, str], ...]
    indicator: str
    debtor: _Side
    creditor: _Side
    reference: str
    remittance: str
    return_reason: str
    end_to_end_id: str
    bank_ref: str
    family: str
    subfamily: str


@dataclass(frozen=True, slots=True)
class _Entry:
    booked_on: date
    amount: tuple[str, str]
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
        self.has_bad_batch = False

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
            raise Invalid("no_status", f"The file's {where} does not say whether it is booked.")
        if status != BOOKED:
            return
        day = piece.said("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
        amount = _amount_text(piece, where)
        self.currency = self.currency or amount[1]
        self.found.append(
            _Entry(
                booked_on=day_of(day),
                amount=amount,
                sign=_sign(piece.said("CdtDbtInd"), where),
                bank_ref=piece.said("AcctSvcrRef", "NtryRef")[:TEXT_MAX],
                information=piece.said("AddtlNtryInf")[:TEXT_MAX],
                is_reversal=piece.said("RvslInd").lower() in {"true", "1"},
                family=piece.said("BkTxCd/Domn/Fmly/Cd"),
                subfamily=piece.said("BkTxCd/Domn/Fmly/SubFmlyCd"),
                details=details,
            )
        )

    def finish(self, account: str, currency: str) -> tuple[StatementEntry, ...]:
        """The statement's movements, batches split."""
        movements: list[StatementEntry] = []
        for entry in self.found:
            total = entry.sign * _minor(*entry.amount, currency)
            parts = _split(entry, currency)
            if parts is None:
                movements.append(_movement(entry, _alone(entry), total, account))
                continue
            if sum(amount for _, amount in parts) != total:
                self.has_bad_batch = True
            movements += [_movement(entry, part, amount, account) for part, amount in parts]
        return tuple(movements)


def day_of(text: str) -> date:
    """The day of an ISO date or instant, as the bank wrote it. Raises Invalid."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError as fault:
        said = f"“{text[:30]}” is not a date" if text else "an entry has no date"
        raise Invalid("date", f"The statement cannot be read: {said}.") from fault


def amount_of(piece: Piece, currency: str) -> int:
    """A balance with its sign, in minor units of the statement's currency."""
    text, found = _amount_text(piece, "a balance")
    return _sign(piece.said("CdtDbtInd"), "a balance") * _minor(text, found, currency)


def _amount_text(piece: Piece, where: str) -> tuple[str, str]:
    amount = piece.first("Amt")
    if amount is None or not amount.text:
        raise Invalid("amount", f"The statement cannot be read: {where} has no amount.")
    return amount.text, amount.attributes.get("Ccy", "")


def _minor(text: str, found: str, currency: str) -> int:
    if found and found != currency:
        raise Invalid(
            "currency", f"An amount in {found[:10]} stands on a statement in {currency[:10]}."
        )
    try:
        return minor_units(text, currency)
    except ValueError as fault:
        raise Invalid("amount", f"The statement cannot be read: {fault}.") from fault


def _sign(indicator: str, where: str) -> int:
    if indicator not in SIGNS:
        raise Invalid(
            "direction", f"The statement cannot be read: {where} is neither CRDT nor DBIT."
        )
    return SIGNS[indicator]


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
    remittance = " ".join(part for part in (*structured, unstructured, extra) if part)
    amounts = [
        (amount.text, amount.attributes.get("Ccy", ""))
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
        for amount in piece.all(path)
    ]
    return _Detail(
        amounts=tuple(amounts),
        indicator=piece.said("CdtDbtInd"),
        debtor=_side(piece, "Dbtr"),
        creditor=_side(piece, "Cdtr"),
        reference=reference,
        remittance=remittance[:TEXT_MAX],
        return_reason=piece.said("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")[:35],
        end_to_end_id="" if end_to_end_id == "NOTPROVIDED" else end_to_end_id[:TEXT_MAX],
        bank_ref=piece.said("Refs/AcctSvcrRef", "Refs/TxId")[:TEXT_MAX],
        family=piece.said("BkTxCd/Domn/Fmly/Cd"),
        subfamily=piece.said("BkTxCd/Domn/Fmly/SubFmlyCd"),
    )


def _split(entry: _Entry, currency: str) -> list[tuple[_Detail, int]] | None:
    """A batch as its details with signed amounts; None when it cannot or need not be split."""
    if len(entry.details) <= 1:
        return None
    parts = []
    for detail in entry.details:
        own = next((text for text, found in detail.amounts if found in {currency, ""}), None)
        if own is None:
            return None
        sign = _sign(detail.indicator, "a detail") if detail.indicator else entry.sign
        parts.append((detail, sign * _minor(own, currency, currency)))
    return parts


def _alone(entry: _Entry) -> _Detail:
    """The detail of an entry that is not split; empty where the bank gives none or many."""
    if len(entry.details) == 1:
        return entry.details[0]
    nobody = _Side("", "")
    return _Detail((), "", nobody, nobody, "", "", "", "", "", "", "")


def _movement(entry: _Entry, detail: _Detail, amount_minor: int, account: str) -> StatementEntry:
    other, ourselves = detail.debtor, detail.creditor
    if amount_minor < 0:
        other, ourselves = ourselves, other
    # In a return the roles are those of the first payment, so the other side may be ourselves.
    if other.account == account or not (other.name or other.account):
        other = ourselves if ourselves.account != account else _Side("", "")
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
