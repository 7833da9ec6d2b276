"""The words in which a small co-op is told: votes, mandates, entries, the bank's lines."""

from copy import deepcopy
from typing import Any

from commonpurse.proof.merkle import root_of_texts
from tests.proof.exports import Maker, Row, uid

MEMBERS = [uid(number) for number in (101, 102, 103, 104, 105)]
ANN, BO, CY, DI, EVE = MEMBERS
DAY = 24 * 60
"""In minutes, which is what the rows' instants count."""
ACCOUNTS = {
    "1000": "asset",
    "1100": "asset",
    "1900": "asset",
    "2000": "liability",
    "3000": "equity",
    "4000": "income",
    "4100": "income",
    "5000": "expense",
    "5100": "expense",
}


class Teller:
    """Rows by name, so that a test can make one of them lie."""

    def __init__(self) -> None:
        self.maker = Maker()
        self.row: dict[str, Row] = {}

    def add(self, name: str, table: str, leaf_kind: str, /, **columns: Any) -> Row:
        self.row[name] = self.maker.add(table, leaf_kind, **deepcopy(columns))
        return self.row[name]

    def vote(self, name: str, choices: list[str], verdict: str, **decision: Any) -> Row:
        """A decision with a ballot of each member who voted, and its result."""
        number = len([1 for table, _, _ in self.maker.rows if table == "decisions"]) + 1
        days = 7 if decision["kind"] == "founding" else 1
        row = self.add(
            name,
            "decisions",
            "decision.opened",
            number=str(number),
            question="?",
            details="",
            proposer_member_id=ANN,
            opens_at=self.maker.now(),
            closes_at=self.maker.now(days * DAY),
            electorate_count="5",
            electorate_root=root_of_texts(MEMBERS),
            **decision,
        )
        ballots = [
            self.add(
                f"{name} ballot {place}",
                "ballots",
                "ballot.cast",
                decision_id=row["id"],
                pseudonym=f"{place:016x}",
                choice=choice,
                reason_mac=None,
            )
            for place, choice in enumerate(choices)
        ]
        counts = {
            choice: str(choices.count(choice))
            for choice in ("agree", "abstain", "disagree", "block")
        }
        # Where everybody has voted it closes at once.
        self.maker.minutes += 10 if len(choices) == len(MEMBERS) else DAY
        self.add(
            f"{name} result",
            "results",
            "decision.closed",
            decision_id=row["id"],
            verdict=verdict,
            counts=counts,
            electorate_count="5",
            reason="",
            ballots_root=root_of_texts(sorted(ballot["id"] for ballot in ballots)),
        )
        return row

    def enact(self, name: str, kind: str, decision: str, subject: str) -> None:
        """Say what became of a decision's result."""
        self.add(
            name,
            "enactments",
            "decision.enacted",
            kind=kind,
            result_id=self.row[f"{decision} result"]["id"],
            subject_id=self.row[subject]["id"],
        )

    def stand(self, name: str, manual: str, kind: str) -> None:
        """A mandate that stands in a version of the manual."""
        self.mandate(
            name,
            kind="standing",
            manual_version_id=self.row[manual]["id"],
            standing_kind=kind,
            max_minor="1000",
            purpose="As the manual allows",
        )

    def mandate(self, name: str, **columns: Any) -> None:
        """The next mandate of the fund."""
        empty = ("decision_id", "result_id", "manual_version_id", "payee_id", "covers_line_id")
        nothing = dict.fromkeys((*empty, "standing_kind", "valid_until"))
        number = len([1 for table, _, _ in self.maker.rows if table == "mandates"]) + 1
        said = {"currency": "EUR", "valid_from": self.maker.now(), "number": str(number)}
        said |= {"fund_id": self.row["fund"]["id"]}
        self.add(name, "mandates", "mandate.enacted", **(nothing | said | columns))

    def post(self, name: str, *moves: tuple[str, int]) -> Row:
        """An entry; each account is moved by it for the first or second time."""
        postings = []
        for code, amount in moves:
            account = self.row[f"account {code}"]["id"]
            version, balance = self.maker.chain.get(account, (0, 0))
            self.maker.chain[account] = (version + 1, balance + amount)
            postings.append(
                {
                    "account_id": account,
                    "amount_minor": str(amount),
                    "account_version": str(version + 1),
                    "balance_after": str(balance + amount),
                }
            )
        return self.add(
            name,
            "entries",
            "entry.posted",
            book_id=self.row["book"]["id"],
            booked_on="2026-03-02",
            kind="bank_fact",
            memo=name,
            reverses_id=None,
            postings_count=str(len(postings)),
            postings=postings,
        )

    def line(self, name: str, amount: int, **columns: Any) -> Row:
        """A statement of the bank with one line, that goes on from the one before it."""
        opening = self.maker.closing
        self.maker.closing += amount
        statement = self.add(
            f"{name} statement",
            "bank_statements",
            "bank.imported",
            fund_id=self.row["fund"]["id"],
            ordinal="1",
            opening_minor=str(opening),
            closing_minor=str(opening + amount),
            balanced=True,
            entries_count="1",
            reason_mac=None,
            imported_by_member_id=EVE,
        )
        if "opening" not in self.row:
            self.post("opening", ("1000", opening), ("3000", -opening))
        said = {"ordinal": "1", "booked_on": "2026-03-02", "reference": None}
        said |= {"amount_minor": str(amount), "statement_id": statement["id"]}
        return self.add(f"{name} line", "bank_lines", "bank.line", **(said | columns))

    def book(self, name: str, kind: str, order: str = "", mandate: str = "") -> None:
        """How the line of this name is booked: by the entry of this name."""
        self.add(
            f"{name} booking",
            "line_bookings",
            "bank.booked",
            line_id=self.row[f"{name} line"]["id"],
            kind=kind,
            entry_id=self.row[name]["id"],
            order_id=self.row[order]["id"] if order else None,
            mandate_id=self.row[mandate]["id"] if mandate else None,
        )
