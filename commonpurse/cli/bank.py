"""`purse bank check FILE`: does a bank statement read, and does it add up? Needs no database."""

import argparse
import json
import sys
from pathlib import Path

from commonpurse.errors import Invalid, PurseError
from commonpurse.formats.camt053 import Statement, StatementFile, read
from commonpurse.formats.camt053_entries import StatementEntry
from commonpurse.formats.iban import iban_spaced
from commonpurse.rules.money import decimal_text

HELP = "Check a bank statement (CAMT.053) before it is imported."
RECONCILES, DOES_NOT_RECONCILE, CANNOT_READ = 0, 1, 2
PARTY_WIDTH = 34


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The verb `bank` has one action so far: `check`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        help="read a statement and check opening + entries = closing",
        description="Read a bank statement in CAMT.053 and check that opening + entries = closing.",
        epilog=(
            "Exit code 0: every statement reconciles. 1: it reads, but does not reconcile or a "
            "balance is missing. 2: it cannot be read; one line says why."
        ),
    )
    check.add_argument("file", metavar="FILE", type=Path, help="the bank's file")
    check.add_argument("--json", action="store_true", help="print what was read as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print what the file says; the exit code says whether it adds up."""
    try:
        found = _file_read(arguments.file)
    except PurseError as refusal:
        sys.stderr.write(f"{arguments.file}: {refusal.message}\n")
        return CANNOT_READ
    sys.stdout.write(as_json(found) if arguments.json else as_table(found))
    return RECONCILES if all(one.balanced for one in found.statements) else DOES_NOT_RECONCILE


def _file_read(path: Path) -> StatementFile:
    try:
        with path.open("rb") as source:
            return read(source)
    except IsADirectoryError as fault:
        raise Invalid("folder", "This is a folder. Name the file in it.") from fault
    except FileNotFoundError as fault:
        raise Invalid("no_file", "There is no such file.") from fault
    except PermissionError as fault:
        raise Invalid("no_right", "You may not read this file.") from fault
    except OSError as fault:
        raise Invalid("unreadable", f"The file cannot be read: {fault.strerror}.") from fault


def as_json(found: StatementFile) -> str:
    """The documented JSON: amounts in minor units, null for what the bank did not say."""
    value = {
        "format": found.format,
        "statements": [_statement_value(statement) for statement in found.statements],
    }
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _statement_value(statement: Statement) -> dict[str, object]:
    return {
        "account": statement.account,
        "currency": statement.currency,
        "opening_minor": statement.opening_minor,
        "closing_minor": statement.closing_minor,
        "balanced": statement.balanced,
        "difference_minor": statement.difference_minor,
        "entries": [_entry_value(entry) for entry in statement.entries],
    }


def _entry_value(entry: StatementEntry) -> dict[str, object]:
    return {
        "booked_on": entry.booked_on.isoformat(),
        "amount_minor": entry.amount_minor,
        "reference": entry.reference or None,
        "counterparty": entry.counterparty or None,
        "iban": entry.iban or None,
        "return_reason": entry.return_reason or None,
    }


def as_table(found: StatementFile) -> str:
    """The same for people: one block for each statement, its verdict last."""
    lines = [f"{found.format}, statements: {len(found.statements)}"]
    for statement in found.statements:
        lines += ["", *_statement_lines(statement)]
    return "\n".join(lines) + "\n"


def _statement_lines(statement: Statement) -> list[str]:
    currency = statement.currency
    lines = [f"Account {iban_spaced(statement.account)} ({currency})"]
    lines.append(_amount_line("opening", statement.opening_minor, currency))
    for entry in statement.entries:
        amount = decimal_text(entry.amount_minor, currency)
        party = _printable(entry.counterparty or entry.remittance or "-")
        if len(party) > PARTY_WIDTH:
            party = party[: PARTY_WIDTH - 1] + "…"
        returned = f"  returned: {entry.return_reason}" if entry.return_reason else ""
        reference = _printable(entry.reference)
        cells = f"  {entry.booked_on}  {amount:>15}  {party:<{PARTY_WIDTH}}  {reference}"
        lines.append((cells + returned).rstrip())
    lines.append(_amount_line("closing", statement.closing_minor, currency))
    lines.append(_verdict(statement))
    return lines


def _printable(text: str) -> str:
    """Strangers wrote this: nothing of it may move the cursor or break the line."""
    return "".join(symbol if symbol.isprintable() else " " for symbol in text)


def _amount_line(label: str, amount_minor: int | None, currency: str) -> str:
    text = "missing" if amount_minor is None else decimal_text(amount_minor, currency)
    return f"  {label:<10}  {text:>15}"


def _verdict(statement: Statement) -> str:
    if statement.balanced:
        return "  Reconciles: opening + entries = closing."
    if statement.difference_minor is None:
        return "  Does not reconcile: a balance is missing."
    if statement.difference_minor == 0:
        return "  Does not reconcile: the details of an entry do not add up to it."
    difference = decimal_text(statement.difference_minor, statement.currency)
    return f"  Does not reconcile: closing is {difference} off opening + entries."
