"""Every table that a page shows, as a file: open to whom the page is open."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse

from commonpurse.decisions.selectors import (
    DecisionView,
    ballot_list,
    decision_by_number,
    decision_list,
)
from commonpurse.errors import NotFound
from commonpurse.groups.selectors import member_list, member_names
from commonpurse.ledger.selectors import account_list, entry_list
from commonpurse.ledger.values import EntryView
from commonpurse.rules.money import decimal_text
from commonpurse.treasury.selectors import (
    BehindView,
    PaymentView,
    RequestView,
    dues_behind,
    mandate_list,
    payee_list,
    payment_list,
    request_list,
    trustee_set_current,
)
from commonpurse.web.sheets import Table, sheet
from commonpurse.web.views.treasury.fund import fund_here
from commonpurse.web.visit import Visit, Who, admit, page, to_sign_in

AT_ONCE = 500


def amount(minor: int, currency: str) -> Decimal:
    """An amount as a number of whole units, exact."""
    return Decimal(decimal_text(minor, currency))


def members(visit: Visit) -> Table:
    """Who belongs to the co-op."""
    trustees = trustee_set_current(visit.coop.coop_id)
    seated = trustees.member_ids if trustees else ()
    return Table(
        "members",
        ("Member", "Name", "Kind", "Roles", "Joined"),
        [
            (
                str(each.member_id),
                each.name,
                each.kind,
                ", ".join(
                    sorted(each.roles | ({"trustee"} if each.member_id in seated else set()))
                ),
                each.joined_at,
            )
            for each in member_list(coop_id=visit.coop.coop_id)
        ],
    )


def decisions(visit: Visit) -> Table:
    """Every decision, newest first, with its counts and verdict."""
    rows: list[DecisionView] = []
    before = None
    while found := decision_list(coop_id=visit.coop.coop_id, before=before, limit=AT_ONCE):
        rows += found
        before = found[-1].number
    head = ("Decision", "Kind", "Question", "Opened", "Closes", "Members", "Cast")
    counted = ("Agree", "Abstain", "Disagree", "Block", "Verdict")
    return Table(
        "decisions",
        head + counted,
        [
            (
                each.code,
                each.kind,
                each.question,
                each.opens_at,
                each.closes_at,
                each.electorate_count,
                each.tally.cast,
                *(each.tally.counts[key.lower()] for key in counted[:-1]),
                each.result.verdict if each.result else "",
            )
            for each in rows
        ],
    )


def payments(visit: Visit) -> Table:
    """What left the fund, newest first."""
    rows: list[PaymentView] = []
    before: tuple[date, UUID] | None = None
    while found := payment_list(visit.coop.coop_id, before=before, limit=AT_ONCE):
        rows += found
        before = (found[-1].booked_on, found[-1].settlement_id)
    return Table(
        "payments",
        ("Payment", "Booked", "To", "For", "Amount", "Currency", "Mandate", "Code", "Came back"),
        [
            (
                each.payment_number,
                each.booked_on,
                each.payee_name,
                each.purpose,
                amount(each.amount_minor, each.currency),
                each.currency,
                f"M-{each.mandate_number:04d}",
                each.code,
                "yes" if each.is_reversed else "no",
            )
            for each in rows
        ],
    )


def mandates(visit: Visit) -> Table:
    """Every mandate with what is used and left."""
    return Table(
        "mandates",
        ("Mandate", "Kind", "To", "For", "Up to", "Used", "Left", "Currency", "From", "Until"),
        [
            (
                each.code,
                each.kind,
                each.payee_name,
                each.purpose,
                amount(each.max_minor, each.currency),
                amount(each.used_minor, each.currency),
                amount(each.remaining_minor, each.currency),
                each.currency,
                each.valid_from,
                each.valid_until,
            )
            for each in mandate_list(visit.coop.coop_id, at=visit.at)
        ],
    )


def requests(visit: Visit) -> Table:
    """Every payment request, newest first."""
    rows: list[RequestView] = []
    before = None
    while found := request_list(visit.coop.coop_id, at=visit.at, before=before, limit=AT_ONCE):
        rows += found
        before = found[-1].number
    return Table(
        "requests",
        ("Request", "Asked", "By", "To", "For", "Amount", "Currency", "Mandate", "Code", "State"),
        [
            (
                each.code_number,
                each.requested_at,
                each.requester_name,
                each.payee.name,
                each.purpose,
                amount(each.amount_minor, each.currency),
                each.currency,
                each.mandate.code,
                each.code,
                each.status,
            )
            for each in rows
        ],
    )


def entries(visit: Visit) -> Table:
    """The books: a row for each posting, the newest entry first."""
    fund = fund_here(visit)
    coop_id = visit.coop.coop_id
    accounts = {each.id: each for each in account_list(coop_id=coop_id, book_id=fund.book_id)}
    rows: list[EntryView] = []
    before: tuple[date, UUID] | None = None
    while found := entry_list(coop_id=coop_id, book_id=fund.book_id, before=before, limit=AT_ONCE):
        rows += found
        before = (found[-1].booked_on, found[-1].id)
    return Table(
        "entries",
        ("Entry", "Booked", "Kind", "Memo", "Account", "Name", "Amount", "Currency"),
        [
            (
                str(entry.id),
                entry.booked_on,
                entry.kind,
                entry.memo,
                accounts[each.account_id].code,
                accounts[each.account_id].name,
                amount(each.amount_minor, accounts[each.account_id].currency),
                accounts[each.account_id].currency,
            )
            for entry in rows
            for each in entry.postings
        ],
    )


def dues(visit: Visit) -> Table:
    """Who owes what was due."""
    fund = fund_here(visit)
    coop_id, today = visit.coop.coop_id, visit.at.date()
    names = member_names(coop_id=coop_id)
    rows: list[BehindView] = []
    after = None
    while found := dues_behind(coop_id, today, after=after, limit=AT_ONCE):
        rows += found
        after = found[-1].member_id
    return Table(
        "dues",
        ("Member", "Name", "Since", "Owes", "Currency"),
        [
            (
                str(each.member_id),
                names.get(each.member_id, ""),
                each.oldest_due_on,
                amount(each.owed_minor, fund.currency),
                fund.currency,
            )
            for each in rows
        ],
    )


def payees(visit: Visit) -> Table:
    """Whom the co-op may pay, with the newest account of each."""
    return Table(
        "payees",
        ("Name", "Kind", "Account", "Holder", "Added"),
        [
            (
                each.name,
                each.kind,
                each.accounts[0].iban if each.accounts else "",
                each.accounts[0].holder if each.accounts else "",
                each.added_at,
            )
            for each in payee_list(visit.coop.coop_id)
        ],
    )


TABLES: dict[str, tuple[Who, Callable[[Visit], Table]]] = {
    "members": (Who.MEMBER, members),
    "decisions": (Who.ANYONE, decisions),
    "payments": (Who.ANYONE, payments),
    "mandates": (Who.ANYONE, mandates),
    "requests": (Who.MEMBER, requests),
    "entries": (Who.ANYONE, entries),
    "dues": (Who.TREASURER, dues),
    "payees": (Who.MEMBER, payees),
}
"""Each table with who may open the page that shows it."""


@page(Who.ANYONE)
def table(visit: Visit, name: str, form: str) -> HttpResponse:
    """A table as CSV or XLSX, for whom its page is open."""
    if name not in TABLES:
        raise NotFound("no_table", "There is no such table.")
    who, made = TABLES[name]
    if who is not Who.ANYONE and visit.person is None:
        return to_sign_in(visit.request)
    admit(visit, who)
    return sheet(made(visit), form)


@page(Who.ANYONE)
def ballots(visit: Visit, number: int, form: str) -> HttpResponse:
    """The ballots of a decision that count, under pseudonyms, as CSV or XLSX."""
    decision = decision_by_number(coop_id=visit.coop.coop_id, number=number)
    rows = [
        (str(each.id), each.pseudonym, each.choice, each.at) for each in ballot_list(decision.id)
    ]
    name = f"ballots-{decision.code}"
    return sheet(Table(name, ("Ballot", "Pseudonym", "Choice", "At"), rows), form)
