"""Who was a member when, and that whoever acted was one.

A membership holds from its instant until that of its departure. Whoever leaves while a request of
theirs is under way may be written down a moment before it, so an act is doubted only when they
had been gone for a minute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from commonpurse.proof.reader import Row
from commonpurse.proof.verify.tables import Tables, broken

GRACE = timedelta(minutes=1)
ACTS = (
    ("decisions", "proposer_member_id", "proposed it"),
    ("payees", "added_by_member_id", "added the payee"),
    ("payees", "beneficial_owner_member_id", "is said to gain"),
    ("payee_accounts", "entered_by_member_id", "entered the account"),
    ("payment_requests", "requester_member_id", "asked for the payment"),
    ("request_versions", "edited_by_member_id", "edited the payload"),
    ("approvals", "trustee_member_id", "approved it"),
    ("request_ends", "by_member_id", "ended the request"),
)
"""A table, the column that names who acted, and what they did."""
OF_TREASURERS = (
    ("bank_statements", "imported_by_member_id", "imported it"),
    ("line_assignments", "assigned_by_member_id", "allocated the receipt"),
)


@dataclass(slots=True)
class Span:
    """From one row on, until another."""

    member_id: str
    begin: Row
    end: Row | None = None

    def holds(self, row: Row) -> bool:
        """Whether it had begun when `row` was written, and had not been over for a minute."""
        if self.begin["at"] > row["at"] or self.begin["_index"] > row["_index"]:
            return False
        if self.end is None or self.end["_index"] > row["_index"] or self.end["at"] > row["at"]:
            return True
        return moment(str(row["at"])) - moment(str(self.end["at"])) < GRACE


class Members:
    """The memberships of a co-op's root group, and the roles of its members."""

    def __init__(self, tables: Tables) -> None:
        roots = {str(row["id"]) for row in tables.rows("groups") if row["parent_id"] is None}
        ends = tables.single("departures", "membership_id")
        self.spans: dict[str, list[Span]] = {}
        for row in tables.rows("memberships"):
            if str(row["group_id"]) in roots:
                span = Span(str(row["member_id"]), row, ends.get(str(row["id"])))
                self.spans.setdefault(span.member_id, []).append(span)
        over = tables.single("role_ends", "grant_id")
        self.treasurers: dict[str, list[Span]] = {}
        for row in tables.rows("role_grants"):
            if row["role"] == "treasurer":
                span = Span(str(row["member_id"]), row, over.get(str(row["id"])))
                self.treasurers.setdefault(span.member_id, []).append(span)

    def at(self, instant: str, known_to: Row | None = None) -> set[str]:
        """Who was a member at an instant, by all that stood in the log before `known_to`."""
        place = known_to["_index"] if known_to else float("inf")
        return {
            span.member_id
            for span in self.every()
            if span.begin["at"] <= instant
            and span.begin["_index"] < place
            and (span.end is None or span.end["at"] > instant or span.end["_index"] > place)
        }

    def every(self) -> Iterator[Span]:
        """All memberships."""
        return (span for spans in self.spans.values() for span in spans)

    def acted_check(self, row: Row, member_id: str, deed: str) -> None:
        """Somebody who acted in `row` was a member then."""
        if not any(span.holds(row) for span in self.spans.get(member_id, ())):
            raise broken(row, f"{member_id} {deed} and was no member then")


def moment(text: str) -> datetime:
    """The instant that a row writes."""
    return datetime.fromisoformat(text)


def members_check(tables: Tables, members: Members) -> None:
    """Whoever proposed, asked, edited, approved, was seated or imported was a member then."""
    for table, column, deed in ACTS:
        for row in tables.rows(table):
            if table == "decisions" and row["kind"] == "founding":
                founder_check(row, members)
            elif row[column] is not None:
                members.acted_check(row, str(row[column]), deed)
    for row in tables.rows("trustee_sets"):
        for member_id in named(row["member_ids"]):
            members.acted_check(row, member_id, "became a trustee")
    for table, column, deed in OF_TREASURERS:
        for row in tables.rows(table):
            treasurer = str(row[column])
            members.acted_check(row, treasurer, deed)
            if not any(span.holds(row) for span in members.treasurers.get(treasurer, ())):
                raise broken(row, f"{treasurer} {deed} and was no treasurer then")
    for row in tables.rows("payments_received"):
        if str(row["member_id"]) not in members.spans:
            raise broken(row, f"{row['member_id']} was never a member")


def founder_check(row: Row, members: Members) -> None:
    """Who founds is a founder: founding and memberships are written together, in either order."""
    if row["proposer_member_id"] not in members.at(str(row["at"])):
        raise broken(row, f"{row['proposer_member_id']} proposed it and was no member then")


def named(member_ids: Iterable[object]) -> list[str]:
    """Ids in a list of a row."""
    return [str(member_id) for member_id in member_ids]
