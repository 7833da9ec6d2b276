"""Importing a bank statement: each of its lines is booked, once, and the books follow the bank.

A statement is taken when it adds up (opening + entries = closing) and goes on from where the last
one ended. What does not fit needs a treasurer's written reason, which stands in the record by its
commitment. Worked example: the last statement ended at €112.50; this one opens at €100.00, because
it covers the same week again and one day more; two of its three lines are known, the third is
€12.50 in; 112.50 + 12.50 = its closing of 125.00, so it fits and one line is new.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from commonpurse.errors import Invalid, NotAllowed, NotFound, NotPossible
from commonpurse.formats.camt053 import Statement, StatementFile, read
from commonpurse.formats.camt053_entries import StatementEntry
from commonpurse.groups.values import Member
from commonpurse.proof.canonical import canonical
from commonpurse.record.ids import new_id
from commonpurse.record.services import audit_add, lock_take, mac_under, rows_add
from commonpurse.say import Amount, Said, say, say_all
from commonpurse.treasury.bank_values import ImportView
from commonpurse.treasury.models import (
    BankLine,
    BankLineText,
    BankStatement,
    BankStatementText,
    Fund,
    FundAccount,
)
from commonpurse.treasury.selectors.dues import members_by_reference
from commonpurse.treasury.services.bank_booking import Desk, desk_of, lines_book, opening_book
from commonpurse.treasury.texts import line_clean

FILE_BYTES_MAX = 128 * 1024 * 1024
REASON_MAX = 1_000
REVIEW = ("unallocated", "suspense")
CLEARS_AFTER = {
    "transfer": timedelta(0),
    "debit": timedelta(weeks=8),
    "card": timedelta(days=120),
}
"""How long money that came in may be taken back without question (design, section 2)."""


@dataclass(slots=True)
class _Arrival:
    """One statement on its way in: which of its entries are new, and what does not fit."""

    statement: Statement
    row: BankStatement
    keys: dict[int, str] = field(default_factory=dict)
    faults: list[Said] = field(default_factory=list)

    @property
    def new_total(self) -> int:
        """The sum of the new entries."""
        return sum(self.statement.entries[place].amount_minor for place in self.keys)


@transaction.atomic
def statement_import(
    *,
    fund_id: UUID,
    data: bytes,
    filename: str,
    actor: Member,
    reason: str | None = None,
    at: datetime,
) -> ImportView:
    """Import a bank's file (CAMT.053) and book what it says. The same file again does nothing.

    Raises NotAllowed `not_treasurer`; Invalid for what cannot be read or is another account's;
    NotPossible `no_account` before the fund's account is known and `needs_reason` for a statement
    that does not reconcile, lacks a balance or does not go on from the last one.
    """
    check_may_import(actor, data)
    digest = hashlib.sha256(data).hexdigest()
    found = read(data)
    fund = Fund.objects.filter(id=fund_id, coop_id=actor.coop_id).first()
    if fund is None:
        raise NotFound("no_fund", "There is no such fund.")
    lock_take(fund.id)
    if (earlier := _earlier(fund, digest)) is not None:
        return earlier
    _account_check(fund, found)
    written = (reason or "").strip()
    if written:
        written = line_clean(written, field="reason", limit=REASON_MAX, what=say("the reason"))
    desk = desk_of(fund, actor.actor, at)
    arrivals = _arrivals(desk, found, digest, actor.member_id)
    faults = [fault for arrival in arrivals for fault in arrival.faults]
    if faults and not written:
        raise NotPossible(
            "needs_reason",
            "%(faults)s Ask the bank, or write why it is imported still.",
            field="reason",
            faults=say_all(faults),
        )
    booked = _statements_write(desk, arrivals, written, filename)
    audit_add(
        actor.actor,
        "statement_import",
        coop_id=fund.coop_id,
        subject_id=fund.id,
        at=at,
        file_sha256=digest,
        booked=dict(booked),
    )
    entries = sum(len(arrival.statement.entries) for arrival in arrivals)
    new_lines = sum(len(arrival.keys) for arrival in arrivals)
    return ImportView(
        statement_ids=tuple(arrival.row.id for arrival in arrivals),
        is_repeat=False,
        new_lines=new_lines,
        repeated_lines=entries - new_lines,
        booked=dict(booked),
        needs_review=sum(booked[kind] for kind in REVIEW),
    )


def check_may_import(actor: Member, data: bytes) -> None:
    """Refuse whoever is no treasurer, and a file larger than any bank sends."""
    if "treasurer" not in actor.roles:
        raise NotAllowed("not_treasurer", "Only a treasurer imports statements.")
    if len(data) > FILE_BYTES_MAX:
        raise Invalid("too_large", "The file is larger than 128 MB. Ask for shorter periods.")


def _earlier(fund: Fund, digest: str) -> ImportView | None:
    """What the same file brought when it was imported before."""
    rows = BankStatement.objects.filter(fund=fund, file_sha256=digest).order_by("ordinal")
    known = tuple(rows.values_list("id", flat=True))
    if not known:
        return None
    return ImportView(
        statement_ids=known,
        is_repeat=True,
        new_lines=0,
        repeated_lines=BankLine.objects.filter(statement_id__in=known).count(),
        booked={},
        needs_review=0,
    )


def _account_check(fund: Fund, found: StatementFile) -> None:
    """The file must be of the fund's own account, and in its currency."""
    account = FundAccount.objects.filter(id=fund.id).first()
    if account is None:
        raise NotPossible("no_account", "Enter the fund’s bank account before its statements.")
    for statement in found.statements:
        if statement.account != account.iban:
            raise Invalid(
                "other_account",
                "This statement is of another account, ending in %(account)s. The fund’s "
                "ends in %(iban)s.",
                field="file",
                account=statement.account[-4:],
                iban=account.iban[-4:],
            )
        if statement.currency != fund.currency:
            raise Invalid(
                "currency",
                "This statement is in %(theirs)s, the fund in %(ours)s.",
                field="file",
                theirs=statement.currency,
                ours=fund.currency,
            )


def _arrivals(desk: Desk, found: StatementFile, digest: str, member_id: UUID) -> list[_Arrival]:
    """The file's statements, each with its new entries and what does not fit, in their order."""
    known = BankStatement.objects.filter(fund=desk.fund)
    last = known.filter(closing_minor__isnull=False).order_by("-at", "-ordinal", "-id").first()
    closing = last.closing_minor if last else None
    lines = BankLine.objects.filter(statement__fund=desk.fund)
    latest: date | None = lines.aggregate(found=Max("booked_on"))["found"]
    taken: set[str] = set()
    arrivals = []
    for ordinal, statement in enumerate(found.statements, start=1):
        row = BankStatement(
            id=new_id(),
            coop_id=desk.fund.coop_id,
            at=desk.at,
            fund=desk.fund,
            file_sha256=digest,
            ordinal=ordinal,
            format=found.format,
            iban_mac=mac_under(desk.key, "iban", statement.account),
            currency=statement.currency,
            opening_minor=statement.opening_minor,
            closing_minor=statement.closing_minor,
            balanced=statement.balanced,
            entries_count=len(statement.entries),
            from_on=statement.from_on,
            until_on=statement.until_on,
            imported_by_member_id=member_id,
        )
        arrival = _Arrival(statement=statement, row=row)
        goes_on = _goes_on(desk.fund, statement, closing, latest)
        arrival.keys = _keys_new(desk, statement, taken, goes_on=goes_on)
        arrival.faults = _faults(arrival, closing, number=ordinal)
        arrivals.append(arrival)
        taken.update(arrival.keys.values())
        closing = closing if statement.closing_minor is None else statement.closing_minor
        days = [entry.booked_on for entry in statement.entries] + ([latest] if latest else [])
        latest = max(days, default=None)
    return arrivals


def _goes_on(fund: Fund, statement: Statement, closing: int | None, latest: date | None) -> bool:
    """Whether the statement plainly follows the last one, so that all of its lines are new.

    Two members may pay the same amount with the same words on one day, and two pages of that day
    may hold one each. A repeated or overlapping statement does not pass: its name is known, its
    days are earlier, or its balances do not fit.
    """
    texts = BankStatementText.objects.filter(
        id__in=BankStatement.objects.filter(fund=fund).values("id"),
        statement_ref=statement.statement_ref,
    )
    return (
        bool(statement.balanced)
        and closing is not None
        and statement.opening_minor == closing
        and statement.closing_minor != closing
        and all(latest is None or entry.booked_on >= latest for entry in statement.entries)
        and bool(statement.statement_ref)
        and not texts.exists()
    )


def _keys_new(
    desk: Desk, statement: Statement, taken: set[str], *, goes_on: bool
) -> dict[int, str]:
    """The key of each entry that is not booked yet, by its place in the statement.

    Equal entries are told apart by counting them: the second of two is the second in every
    statement that holds both.
    """
    counted: Counter[bytes] = Counter()
    wanted: dict[int, tuple[bytes, int]] = {}
    for place, entry in enumerate(statement.entries):
        if entry.amount_minor:
            content = _content(entry)
            counted[content] += 1
            wanted[place] = (content, counted[content])
    keys = {place: _key(desk, *one) for place, one in wanted.items()}
    known = taken | _keys_known(desk, keys.values())
    if not goes_on:
        return {place: key for place, key in keys.items() if key not in known}
    used: set[str] = set()
    for place, (content, number) in wanted.items():
        free = number
        while (key := _key(desk, content, free)) in known or key in used:
            free += 1
            known |= _keys_known(desk, [_key(desk, content, free)])
        keys[place] = key
        used.add(key)
    return keys


def _keys_known(desk: Desk, keys: Iterable[str]) -> set[str]:
    rows = BankLine.objects.filter(coop_id=desk.fund.coop_id, line_key__in=list(keys))
    return set(rows.values_list("line_key", flat=True))


def _content(entry: StatementEntry) -> bytes:
    """What makes a movement this one and no other, as far as the bank tells."""
    return canonical(
        [
            entry.booked_on.isoformat(),
            str(entry.amount_minor),
            entry.bank_ref,
            entry.end_to_end_id,
            entry.counterparty,
            entry.iban,
            entry.remittance,
            entry.return_reason,
        ]
    )


def _key(desk: Desk, content: bytes, number: int) -> str:
    """Under the fund's key, because the content is private."""
    return mac_under(desk.key, "line", f"{number}:{content.decode()}")


def _faults(arrival: _Arrival, closing: int | None, *, number: int) -> list[Said]:
    """What does not fit, in sentences."""
    statement, currency = arrival.statement, arrival.statement.currency
    faults = []
    if statement.balanced is None:
        faults.append(
            say("Statement %(number)s lacks its opening or its closing balance.", number=number)
        )
    elif statement.difference_minor:
        faults.append(
            say(
                "Statement %(number)s does not reconcile: closing is %(off)s off opening and "
                "entries.",
                number=number,
                off=Amount(statement.difference_minor, currency),
            )
        )
    elif not statement.balanced:
        faults.append(
            say(
                "Statement %(number)s does not reconcile: an entry is not the sum of its details.",
                number=number,
            )
        )
    if closing is not None and statement.closing_minor is not None:
        expected = closing + arrival.new_total
        if statement.balanced and expected != statement.closing_minor:
            faults.append(
                say(
                    "Statement %(number)s does not go on from the last one, which ended at "
                    "%(closing)s: a statement is missing between them.",
                    number=number,
                    closing=Amount(closing, currency),
                )
            )
    return faults


def _statements_write(
    desk: Desk, arrivals: list[_Arrival], reason: str, filename: str
) -> Counter[str]:
    """Write statements and lines, then book the lines. How many lines by how they were booked."""
    is_first = not BankStatement.objects.filter(fund=desk.fund).exists()
    for arrival in arrivals:
        if arrival.faults:
            arrival.row.reason_mac = mac_under(desk.key, "statement", reason)
    rows_add([arrival.row for arrival in arrivals])
    BankStatementText.objects.bulk_create(
        [
            BankStatementText(
                id=arrival.row.id,
                coop_id=desk.fund.coop_id,
                statement_ref=arrival.statement.statement_ref,
                filename=" ".join(filename.split())[:255],
                reason=reason if arrival.faults else "",
            )
            for arrival in arrivals
        ]
    )
    if is_first:
        opening_book(desk, arrivals[0].row, _first_day(arrivals[0].statement, desk))
    booked: Counter[str] = Counter()
    for arrival in arrivals:
        booked += lines_book(desk, _lines_write(desk, arrival))
    return booked


def _first_day(statement: Statement, desk: Desk) -> date:
    days = [entry.booked_on for entry in statement.entries]
    return statement.from_on or min(days, default=desk.at.date())


def _lines_write(desk: Desk, arrival: _Arrival) -> list[tuple[BankLine, StatementEntry]]:
    """The new lines, with their private texts."""
    entries = arrival.statement.entries
    ours = members_by_reference(
        desk.fund.coop_id,
        {entries[place].reference for place in arrival.keys if entries[place].reference},
    )
    lines, texts = [], []
    for place, key in arrival.keys.items():
        entry = entries[place]
        text = _text(desk, entry)
        lines.append(
            BankLine(
                id=text.id,
                coop_id=desk.fund.coop_id,
                at=desk.at,
                statement=arrival.row,
                ordinal=place + 1,
                booked_on=entry.booked_on,
                amount_minor=entry.amount_minor,
                line_key=key,
                reference=entry.reference if entry.reference in ours else None,
                return_reason=entry.return_reason or None,
                method=entry.method,
                clears_on=entry.booked_on + CLEARS_AFTER[entry.method],
                text_mac=_text_mac(text),
            )
        )
        texts.append(text)
    rows_add(lines)
    BankLineText.objects.bulk_create(texts)
    return list(zip(lines, (entries[place] for place in arrival.keys), strict=True))


def _text(desk: Desk, entry: StatementEntry) -> BankLineText:
    return BankLineText(
        id=new_id(),
        coop_id=desk.fund.coop_id,
        counterparty=entry.counterparty,
        iban=entry.iban,
        remittance=entry.remittance,
        end_to_end_id=entry.end_to_end_id,
        bank_ref=entry.bank_ref,
        salt=os.urandom(32).hex(),
    )


def _text_mac(text: BankLineText) -> str:
    """A commitment under a secret of the line's own: with the text's row, the link is gone."""
    said = [text.counterparty, text.iban, text.remittance, text.end_to_end_id, text.bank_ref]
    return mac_under(bytes.fromhex(text.salt), "bank-line", canonical(said).decode())
