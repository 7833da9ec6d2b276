"""The books: every entry balances, and every account's chain of postings has no gap.

An account's postings carry its version (1, 2, 3 …) and its balance after. Entries may stand in the
log in another order than they were posted in, so postings that come too early wait for their turn.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from commonpurse.proof.faults import Broken
from commonpurse.proof.reader import Export, Row, number

ENTRIES = "entries.jsonl"
BALANCES = "balances.jsonl"
POSTINGS_MIN = 2
BANK, EQUITY = "1000", "3000"


@dataclass(slots=True)
class Chain:
    """One account on the way through its postings."""

    currency: str
    book_id: str
    version: int = 0
    balance: int = 0
    waiting: dict[int, tuple[int, int, int, str]] = field(default_factory=dict)


class Ledger:
    """Takes entries one by one; `finish` says whether everything came.

    The entries that other rows point to (`wanted`) are kept whole in `kept`. An entry in the book
    of a fund that is not in `explained` can only be the balance before the fund's first statement:
    what looks like that is kept in `unexplained`, and anything else is refused at once.
    """

    def __init__(
        self, accounts: list[Row], funds: list[Row], wanted: set[str], explained: Collection[str]
    ) -> None:
        self.accounts = {str(row["id"]): row for row in accounts}
        self.books = {str(row["book_id"]) for row in funds}
        self.explained = explained
        self.unexplained: dict[str, tuple[int, Row]] = {}
        self.kept: dict[str, Row] = {entry_id: {} for entry_id in wanted}
        self.chains = {
            row["id"]: Chain(str(row["currency"]), str(row["book_id"])) for row in accounts
        }
        self.entries_count = 0
        self.postings_count = 0
        self.reversed: dict[str, str] = {}
        self.opposites: dict[str, tuple[dict[str, int], int, str]] = {}

    def take(self, line: int, row: Row) -> None:
        """Check one entry: whole, balanced in each currency, in its book, its accounts' next."""
        entry_id = str(row["id"])
        postings = row["postings"]
        if len(postings) < POSTINGS_MIN or str(len(postings)) != row["postings_count"]:
            raise self.broken(line, entry_id, f"it has {len(postings)} postings")
        sums: dict[str, int] = defaultdict(int)
        for posting in postings:
            chain = self.chains.get(posting["account_id"])
            if chain is None or chain.book_id != row["book_id"]:
                raise self.broken(line, entry_id, "an account is not in the entry's book")
            amount = int(posting["amount_minor"])
            sums[chain.currency] += amount
            self.chain_take(chain, posting, amount, line, entry_id)
        if any(sums.values()):
            raise self.broken(line, entry_id, f"its postings do not sum to zero: {dict(sums)}")
        self.postings_count += len(postings)
        self.entries_count += 1
        if entry_id in self.kept:
            self.kept[entry_id] = row
        if row["book_id"] in self.books and entry_id not in self.explained:
            self.unexplained_take(line, row)
        if row["reverses_id"] is not None:
            self.reversal_take(line, row)

    def unexplained_take(self, line: int, row: Row) -> None:
        """Remember an entry of a fund's book that no row explains, if it may be an opening."""
        codes = {self.accounts[str(posting["account_id"])]["code"] for posting in row["postings"]}
        if codes != {BANK, EQUITY} or len(self.unexplained) == len(self.books):
            raise self.broken(
                line,
                str(row["id"]),
                "no settlement, booking, charge, cover or other row says why it was posted",
            )
        self.unexplained[str(row["id"])] = (line, row)

    def chain_take(self, chain: Chain, posting: Row, amount: int, line: int, entry_id: str) -> None:
        """Put a posting into its account's chain, or let it wait."""
        version = int(posting["account_version"])
        after = int(posting["balance_after"])
        if version != chain.version + 1:
            if version <= chain.version or version in chain.waiting:
                raise self.broken(
                    line, entry_id, f"account {posting['account_id']} has version {version} twice"
                )
            chain.waiting[version] = (amount, after, line, entry_id)
            return
        while True:
            chain.version = version
            chain.balance += amount
            if chain.balance != after:
                raise self.broken(
                    line,
                    entry_id,
                    f"after version {version} of account {posting['account_id']} the balance is "
                    f"{chain.balance}, and {after} stands here",
                )
            version += 1
            if version not in chain.waiting:
                return
            amount, after, line, entry_id = chain.waiting.pop(version)

    def reversal_take(self, line: int, row: Row) -> None:
        """An entry is reversed once; that it is the exact opposite is checked at the end."""
        target = str(row["reverses_id"])
        if target in self.reversed:
            raise self.broken(line, str(row["id"]), f"entry {target} is reversed twice")
        self.reversed[target] = str(row["id"])
        opposite = {
            posting["account_id"]: -int(posting["amount_minor"]) for posting in row["postings"]
        }
        self.opposites[target] = (opposite, line, str(row["id"]))

    def finish(self, export: Export) -> None:
        """No posting still waits, reversals are exact, stated balances are those of the chains."""
        for account_id, chain in self.chains.items():
            if chain.waiting:
                _, _, line, entry_id = next(iter(chain.waiting.values()))
                raise self.broken(
                    line,
                    entry_id,
                    f"version {chain.version + 1} of account {account_id} is missing",
                )
        self.reversals_check(export)
        if BALANCES in export.files:
            self.balances_check(export)

    def reversals_check(self, export: Export) -> None:
        """Each reversal names an entry of the export and is its exact opposite."""
        if not self.opposites:
            return
        for _, _, row in export.rows(ENTRIES):
            found = self.opposites.pop(str(row["id"]), None)
            if found is None:
                continue
            opposite, line, reversal_id = found
            if opposite != {
                posting["account_id"]: int(posting["amount_minor"]) for posting in row["postings"]
            }:
                raise self.broken(line, reversal_id, f"it is not the opposite of {row['id']}")
        for target, (_, line, reversal_id) in self.opposites.items():
            raise self.broken(line, reversal_id, f"it reverses {target}, which is not there")

    def balances_check(self, export: Export) -> None:
        """Each account's stated balance and version are those of its last posting."""
        stated = set()
        for line, _, row in export.rows(BALANCES):
            account_id = str(row.get("account_id"))
            chain = self.chains.get(account_id)
            found = (
                number(row.get("version"), BALANCES, line=line),
                number(row.get("balance_minor"), BALANCES, line=line),
            )
            if chain is None or found != (chain.version, chain.balance):
                expected = f"{chain.balance} at version {chain.version}" if chain else "no account"
                raise Broken(
                    BALANCES,
                    f"{found[1]} at version {found[0]} is stated, and the postings give {expected}",
                    line=line,
                    subject=account_id,
                )
            stated.add(account_id)
        for account_id in self.chains.keys() - stated:
            raise Broken(BALANCES, "this account's balance is not stated", subject=account_id)

    def broken(self, line: int, entry_id: str, what: str) -> Broken:
        """An entry that does not hold."""
        return Broken(ENTRIES, what, line=line, subject=entry_id)
