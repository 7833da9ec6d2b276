"""The books in an export: as rows that a verifier rederives, and in two other programs' words.

`entries.jsonl` and `balances.jsonl` are what counts. `ledger.beancount` and `ledger.journal` let
anybody read the same books with beancount or hledger; each ends by asserting every balance.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson

from commonpurse.record.encoding import leaf_value
from commonpurse.record.export import ExportCut, export_register
from commonpurse.rules.money import amount_text, exponent

ENTRIES = """
SELECT e.id, e.at, e.book_id, e.booked_on, e.key, e.kind, e.memo, e.reverses_id, e.postings_count, (
    SELECT json_agg(json_build_object(
        'account_id', p.account_id::text, 'account_version', p.account_version::text,
        'amount_minor', p.amount_minor::text, 'balance_after', p.balance_after::text
    ) ORDER BY p.account_id)::text
    FROM ledger_posting p WHERE p.coop_id = e.coop_id AND p.entry_id = e.id) AS postings
FROM ledger_entry e JOIN record_sequenced s ON s.leaf_id = e.id AND s.coop_id = e.coop_id
WHERE e.coop_id = %(coop_id)s AND s.index < %(size)s ORDER BY s.index
"""

ACCOUNTS = """
SELECT a.id, a.code, a.name, a.kind, a.currency, a.book_id, b.name AS book,
       least((a.at AT TIME ZONE 'UTC')::date, min(e.booked_on)) AS opened_on,
       coalesce(max(e.booked_on), (a.at AT TIME ZONE 'UTC')::date) AS last_on,
       coalesce(max(p.account_version), 0) AS version,
       coalesce(sum(p.amount_minor), 0)::bigint AS balance_minor
FROM ledger_account a
JOIN ledger_book b ON b.id = a.book_id
JOIN record_sequenced s ON s.leaf_id = a.id AND s.coop_id = a.coop_id AND s.index < %(size)s
LEFT JOIN (
    ledger_posting p
    JOIN ledger_entry e ON e.id = p.entry_id
    JOIN record_sequenced t
        ON t.leaf_id = p.entry_id AND t.coop_id = p.coop_id AND t.index < %(size)s
) ON p.coop_id = a.coop_id AND p.account_id = a.id
WHERE a.coop_id = %(coop_id)s
GROUP BY a.id, b.id ORDER BY b.id, a.code
"""

BALANCES = """
SELECT b.id AS account_id, b.version - count(p.entry_id) AS version,
       b.balance_minor - coalesce(sum(p.amount_minor), 0)::bigint AS balance_minor
FROM ledger_balance b
JOIN record_sequenced s ON s.leaf_id = b.id AND s.coop_id = b.coop_id AND s.index < %(size)s
LEFT JOIN (
    ledger_posting p
    LEFT JOIN record_sequenced t ON t.leaf_id = p.entry_id AND t.coop_id = p.coop_id
) ON p.coop_id = b.coop_id AND p.account_id = b.id
    AND (t.index IS NULL OR t.index >= %(size)s)
WHERE b.coop_id = %(coop_id)s
GROUP BY b.id ORDER BY b.id
"""

ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}


@dataclass(frozen=True, slots=True)
class NamedAccount:
    """An account under the name that beancount and hledger know it by, as it stands at the cut."""

    id: UUID
    name: str
    currency: str
    opened_on: date
    last_on: date
    version: int
    balance_minor: int


def files_register() -> None:
    """Add the ledger's files to every export. Called once, when the app is ready."""
    export_register("entries.jsonl", entries_lines, leaf_kind="entry.posted")
    export_register("balances.jsonl", balances_lines)
    export_register("ledger.beancount", beancount_text)
    export_register("ledger.journal", journal_text)


def entries_rows(cut: ExportCut) -> Iterator[dict[str, Any]]:
    """Entries in the order of the log, with their postings by account id."""
    for row in cut.rows(ENTRIES):
        yield row | {"postings": orjson.loads(row["postings"])}


def entries_lines(cut: ExportCut) -> Iterator[dict[str, object] | str]:
    """The lines of `entries.jsonl`: each is a leaf's fields with its id and instant."""
    for row in entries_rows(cut):
        yield {name: leaf_value(value) for name, value in row.items()}


def balances_lines(cut: ExportCut) -> Iterator[dict[str, object] | str]:
    """The lines of `balances.jsonl`: where each account stands at the cut.

    They come from the running balances, less what was posted after the cut, so that a balance that
    was changed behind the ledger's back contradicts the postings.
    """
    for row in cut.rows(BALANCES):
        yield {name: leaf_value(value) for name, value in row.items()}


def accounts_named(cut: ExportCut) -> list[NamedAccount]:
    """Every account of the co-op with a name such as `Assets:Main-fund:1000-Bank`."""
    rows = list(cut.rows(ACCOUNTS))
    books: dict[UUID, str] = {}
    for row in rows:
        if row["book_id"] not in books:
            taken = set(books.values())
            word = name_part(row["book"]) or "Book"
            books[row["book_id"]] = word if word not in taken else f"{word}-{len(taken) + 1}"
    return [
        NamedAccount(
            id=row["id"],
            name=":".join(
                [
                    ROOTS[row["kind"]],
                    books[row["book_id"]],
                    name_part(f"{row['code']}-{row['name']}"),
                ]
            ),
            currency=row["currency"],
            opened_on=row["opened_on"],
            last_on=row["last_on"],
            version=row["version"],
            balance_minor=row["balance_minor"],
        )
        for row in rows
    ]


def name_part(text: str) -> str:
    """Letters, digits and hyphens that begin with a capital or a digit; nothing if none is left."""
    part = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    return part[:1].upper() + part[1:]


def beancount_text(cut: ExportCut) -> Iterator[dict[str, object] | str]:
    """The books for beancount: openings, entries in the order of the log, balances asserted.

    Beancount lets a balance be off by one in the last digit unless a tolerance is given.
    """
    accounts = {str(account.id): account for account in accounts_named(cut)}
    yield f'option "title" "{cut.slug}"\n'
    yield from (
        f'option "operating_currency" "{currency}"\n'
        for currency in sorted({account.currency for account in accounts.values()})
    )
    for account in accounts.values():
        yield f"{account.opened_on} open {account.name} {account.currency}\n"
    for row in entries_rows(cut):
        memo = row["memo"].replace("\\", "\\\\").replace('"', '\\"')
        yield f'\n{row["booked_on"]} * "{memo}" #{row["kind"]}\n  id: "{row["id"]}"\n'
        if row["reverses_id"]:
            yield f'  reverses: "{row["reverses_id"]}"\n'
        yield "".join(posting_lines(row, accounts))
    yield "\n"
    morrow = last_day(accounts) + timedelta(days=1)
    for account in accounts.values():
        number, currency = amount_text(account.balance_minor, account.currency).split()
        yield f"{morrow} balance {account.name}  {number} ~ 0 {currency}\n"


def journal_text(cut: ExportCut) -> Iterator[dict[str, object] | str]:
    """The books for hledger: declarations, entries in the order of the log, balances asserted."""
    accounts = {str(account.id): account for account in accounts_named(cut)}
    yield f"; {cut.slug}\ndecimal-mark .\n"
    for currency in sorted({account.currency for account in accounts.values()}):
        decimals = exponent(currency)
        yield f"commodity 1000.{'0' * decimals} {currency}\n"
    for account in accounts.values():
        yield f"account {account.name}\n"
    for row in entries_rows(cut):
        memo = row["memo"].replace(";", ",")
        yield f"\n{row['booked_on']} * ({row['id']}) {memo}\n"
        if row["reverses_id"]:
            yield f"    ; reverses:{row['reverses_id']}\n"
        yield "".join(posting_lines(row, accounts))
    if accounts:
        yield f"\n{last_day(accounts)} * balances\n"
    for account in accounts.values():
        stands = amount_text(account.balance_minor, account.currency)
        yield f"  {account.name}  {amount_text(0, account.currency)} = {stands}\n"


def posting_lines(row: dict[str, Any], accounts: dict[str, NamedAccount]) -> Iterator[str]:
    """An entry's postings, in words that beancount and hledger share."""
    for posting in row["postings"]:
        account = accounts[posting["account_id"]]
        amount = amount_text(int(posting["amount_minor"]), account.currency)
        yield f"  {account.name}  {amount}\n"


def last_day(accounts: dict[str, NamedAccount]) -> date:
    """The last day on which anything is booked or opened."""
    days = [max(account.last_on, account.opened_on) for account in accounts.values()]
    return max(days, default=date.min)
