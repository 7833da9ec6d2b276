"""Bank statements in CAMT.053 (ISO 20022 `camt.053.001.NN`), versions 02 and later.

The rule of a statement is its arithmetic: opening balance + booked entries = closing balance.
Worked example: opening 100.00, a transfer in of 12.50, a fee of 0.40, closing 112.10: balanced,
10000 + 1250 − 40 = 11210. None of the common readers checks that; this one always does.

What a bank may write in several ways is read so:
- opening is OPBD, else PRCD; closing is CLBD; a page of a longer statement has an interim balance
  (ITBD) in place of the one that stands on another page;
- only entries with the status BOOK count, written as text (version 02) or as a code (from 04);
- an entry with several details is a batch and is split. The details must add up to the entry, one
  alone too, unless explicit charges or an exchange of currencies say where the difference went;
- the counterparty of money in is the debtor, of money out the creditor, unless that is ourselves;
  in a return, which keeps the roles of the first payment, it is the other way round.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from commonpurse.errors import Invalid
from commonpurse.formats.camt053_entries import (
    EntryReader,
    Ourselves,
    StatementEntry,
    amount_of,
    day_of,
)
from commonpurse.formats.sniff import kind_guess
from commonpurse.formats.xmlpieces import CHUNK_BYTES, Path, Piece, pieces_read

ENTRIES_MAX = 500_000
STATEMENTS_MAX = 2_000
MESSAGE = re.compile(r"([a-z]{4}\.[0-9]{3})\.[0-9]{3}\.([0-9]{2})$")
VERSION_MIN = 2
NAMES = {
    "camt.052": "an account report of the running day (camt.052)",
    "camt.054": "a list of single bookings (camt.054)",
    "camt.060": "a request for a report (camt.060)",
    "camt.029": "an answer to an investigation (camt.029)",
    "pain.001": "a file of payment orders (pain.001)",
    "pain.002": "a report on payment orders (pain.002)",
    "pain.008": "a file of direct debits (pain.008)",
}

STATEMENT: Path = ("Document", "BkToCstmrStmt", "Stmt")
ENTRY: Path = (*STATEMENT, "Ntry")
DETAIL: Path = (*ENTRY, "NtryDtls", "TxDtls")


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's statement. Amounts in minor units, money in is positive.

    `balanced` is None when a balance is missing; `difference_minor` is what the closing balance
    has over opening + entries.
    """

    statement_ref: str
    account: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    balanced: bool | None
    difference_minor: int | None
    from_on: date | None
    until_on: date | None
    entries: tuple[StatementEntry, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file: the message it is (`camt.053.001.08`) and its statements, in the file's order."""

    format: str
    statements: tuple[Statement, ...]


def read(source: bytes | BinaryIO) -> StatementFile:
    """Read a CAMT.053 file of up to 256 MB. Raises Invalid with a sentence that says what it is.

    The XML passes by piece by piece, but every entry is kept until the end: about 1 KB for each.
    """
    if isinstance(source, bytes):
        head = source[:CHUNK_BYTES]
    else:
        head = source.read(CHUNK_BYTES)
        source.seek(0)
    other = kind_guess(head)
    if other:
        raise Invalid("not_camt053", other)
    reader = _Reader()
    pieces_read(source, is_piece=_is_piece, on_start=reader.start, on_piece=reader.piece)
    return reader.finish()


def _is_piece(path: Path) -> bool:
    """Every child of a statement, every detail of an entry, and the file's header."""
    above = path[:-1]
    if above == STATEMENT or path == DETAIL:
        return True
    return above == STATEMENT[:-1] and path != STATEMENT


class _Reader:
    """Puts statements together from the pieces of a file."""

    def __init__(self) -> None:
        self.format = ""
        self.has_body = False
        self.statements: list[Statement] = []
        self.parts: list[Piece] | None = None
        self.entries = EntryReader()
        self.entries_count = 0

    def start(self, path: Path, space: str) -> None:
        if len(path) == 1:
            self.format = _message_check(path[0], space)
        elif path == STATEMENT[:2]:
            self.has_body = True
        elif path == STATEMENT:
            self._statement_end()
            if len(self.statements) >= STATEMENTS_MAX:
                raise Invalid(
                    "too_large",
                    "More than %(statements_max)s statements in one file.",
                    statements_max=STATEMENTS_MAX,
                )
            self.parts = []
            self.entries = EntryReader()

    def piece(self, path: Path, piece: Piece) -> None:
        if path == DETAIL:
            self.entries.detail(piece)
        elif path == ENTRY:
            self.entries.entry(piece)
            self.entries_count += 1
        elif path[:-1] == STATEMENT and self.parts is not None and piece.name in PARTS:
            self.parts.append(piece)
            if len(self.parts) > PARTS_MAX:
                raise Invalid("too_large", "A statement with too many balances.")
        if self.entries_count + len(self.entries.details) > ENTRIES_MAX or (
            len(self.entries.found) > ENTRIES_MAX
        ):
            raise Invalid(
                "too_large",
                "More than %(entries_max)s entries in one file. Ask the bank for shorter periods.",
                entries_max=ENTRIES_MAX,
            )

    def finish(self) -> StatementFile:
        self._statement_end()
        if not self.has_body or not self.statements:
            raise Invalid(
                "no_statement", "This %(format)s file has no statement in it.", format=self.format
            )
        return StatementFile(format=self.format, statements=tuple(self.statements))

    def _statement_end(self) -> None:
        if self.parts is not None:
            self.statements.append(_statement(self.parts, self.entries, len(self.statements) + 1))
            self.parts = None


PARTS = {"Id", "Acct", "Bal", "FrToDt"}
PARTS_MAX = 2_000


def _message_check(root: str, space: str) -> str:
    """The message's name, when it is a CAMT.053 of a version we know."""
    found = MESSAGE.search(space)
    if not found:
        raise Invalid(
            "not_camt053",
            "This is an XML file of another kind (its root is “%(root)s”), not a CAMT.053 "
            "bank statement.",
            root=root[:40],
        )
    message, version = found[1], int(found[2])
    if message != "camt.053":
        what = NAMES.get(message, f"a message of another kind ({message})")
        raise Invalid(
            "not_camt053",
            "This is %(what)s. Ask the bank for the booked statement, CAMT.053.",
            what=what,
        )
    if root != "Document" or version < VERSION_MIN:
        raise Invalid(
            "version",
            "This is %(found)s, a version older than any that is read here.",
            found=found[0],
        )
    return found[0]


def _statement(parts: list[Piece], entries: EntryReader, number: int) -> Statement:
    """One statement from its balances and its entries."""
    root = Piece("Stmt", {})
    root.inside = parts
    account = "".join(root.said("Acct/Id/IBAN", "Acct/Id/Othr/Id").split())
    if not account:
        raise Invalid(
            "no_account", "Statement %(number)s does not say which account it is of.", number=number
        )
    balances = list(root.all("Bal"))
    currency = root.said("Acct/Ccy") or _currency_of(balances) or entries.currency
    if not currency:
        raise Invalid(
            "no_currency", "Statement %(number)s does not say its currency.", number=number
        )
    opening, closing = _balances(balances, currency)
    found = entries.finish(Ourselves(account, root.said("Acct/Ownr/Nm")), currency)
    difference = None
    if opening is not None and closing is not None:
        moved = sum(entry.amount_minor for entry in found)
        if opening - closing == moved and _is_unordered(balances):
            opening, closing = closing, opening
        difference = closing - opening - moved
    from_on = root.said("FrToDt/FrDtTm", "FrToDt/FrDt")
    until_on = root.said("FrToDt/ToDtTm", "FrToDt/ToDt") or _closing_day(balances)
    return Statement(
        statement_ref=root.said("Id")[:140],
        account=account,
        currency=currency,
        opening_minor=opening,
        closing_minor=closing,
        balanced=None if difference is None else difference == 0 and not entries.has_bad_details,
        difference_minor=difference,
        from_on=day_of(from_on) if from_on else None,
        until_on=day_of(until_on) if until_on else None,
        entries=found,
    )


def _closing_day(balances: list[Piece]) -> str:
    """The day of the closing balance: how far a statement reaches that does not say it itself."""
    days = [
        balance.said("Dt/DtTm", "Dt/Dt")
        for balance in balances
        if balance.said("Tp/CdOrPrtry/Cd") == "CLBD"
    ]
    return max(days, default="")


def _currency_of(balances: list[Piece]) -> str:
    for balance in balances:
        amount = balance.first("Amt")
        if amount is not None and "Ccy" in amount.attributes:
            return amount.attributes["Ccy"]
    return ""


ENDS = {"OPBD", "PRCD", "CLBD"}


def _balances(balances: list[Piece], currency: str) -> tuple[int | None, int | None]:
    """Opening and closing, in minor units; None for the one that the file does not give."""
    by_kind: dict[str, list[tuple[str, int]]] = {}
    for balance in balances:
        kind = balance.said("Tp/CdOrPrtry/Cd")
        if kind in ENDS or kind == "ITBD":
            day = balance.said("Dt/Dt", "Dt/DtTm")[:10]
            by_kind.setdefault(kind, []).append((day, amount_of(balance, currency)))
    for found in by_kind.values():
        found.sort(key=lambda item: item[0])
    interim = [amount for _, amount in by_kind.get("ITBD", [])]
    opening = _outer(by_kind, ("OPBD", "PRCD"), 0)
    closing = _outer(by_kind, ("CLBD",), -1)
    # A page in the middle has two interim balances; a first or last page has one.
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim[0]
    if closing is None and interim:
        closing = interim[-1]
    return opening, closing


def _is_unordered(balances: list[Piece]) -> bool:
    """Two interim balances of one day and no other: which came first, only the entries can tell."""
    kinds = [balance.said("Tp/CdOrPrtry/Cd") for balance in balances]
    days = {
        balance.said("Dt/Dt", "Dt/DtTm")[:10]
        for balance, kind in zip(balances, kinds, strict=True)
        if kind == "ITBD"
    }
    return kinds.count("ITBD") == 2 and len(days) == 1 and not {*kinds} & ENDS  # noqa: PLR2004


def _outer(
    by_kind: dict[str, list[tuple[str, int]]], kinds: tuple[str, ...], index: int
) -> int | None:
    for kind in kinds:
        if kind in by_kind:
            return by_kind[kind][index][1]
    return None
