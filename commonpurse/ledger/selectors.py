"""Reads of the ledger: frozen values, amounts in signed minor units, debit positive."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from commonpurse.errors import Invalid, NotFound
from commonpurse.ledger.models import (
    Account,
    Balance,
    Book,
    DayTotal,
    Entry,
    Hold,
    HoldEnd,
    PeriodClose,
    Posting,
)
from commonpurse.ledger.values import (
    AccountView,
    BookView,
    EntryDetail,
    EntryView,
    HoldView,
    PeriodView,
    PostingView,
    StatementLine,
    StatementPage,
    TrialBalance,
    TrialRow,
)

PAGE_MAX = 500

CHANGES_SQL = """
SELECT width_bucket(t.day - 1, %(days)s::date[]) AS place, sum(t.amount_minor)
FROM ledger_daytotal t
WHERE t.coop_id = %(coop_id)s AND t.account_id = %(account_id)s
  AND t.day <= (%(days)s::date[])[array_upper(%(days)s::date[], 1)]
GROUP BY place
"""
"""What an account changed by up to the first of some days, and then up to each further one."""

ACCOUNT_SQL = """(
    SELECT jsonb_build_object(
        'id', a.id, 'balance_minor', b.balance_minor, 'held_minor', b.held_minor
    )
    FROM ledger_account a JOIN ledger_balance b ON b.id = a.id
    WHERE a.coop_id = {coop_id} AND a.book_id = {book_id} AND a.code = %s
)"""


def book_by_id(*, coop_id: UUID, book_id: UUID) -> BookView:
    """One book of a co-op. Raises NotFound (no_book)."""
    return _book_view(Book.objects.filter(coop_id=coop_id, id=book_id).first())


def book_of_owner(*, coop_id: UUID, owner_id: UUID) -> BookView:
    """The book of a fund. Raises NotFound (no_book)."""
    return _book_view(Book.objects.filter(coop_id=coop_id, owner_id=owner_id).first())


def account_list(*, coop_id: UUID, book_id: UUID) -> tuple[AccountView, ...]:
    """All accounts of a book, by code."""
    return _account_views(Account.objects.filter(coop_id=coop_id, book_id=book_id))


def account_by_id(*, coop_id: UUID, account_id: UUID) -> AccountView:
    """One account of a co-op. Raises NotFound (no_account)."""
    return _one_account(_account_views(Account.objects.filter(coop_id=coop_id, id=account_id)))


def account_by_code(*, coop_id: UUID, book_id: UUID, code: str) -> AccountView:
    """The account of a book with this code. Raises NotFound (no_account)."""
    found = Account.objects.filter(coop_id=coop_id, book_id=book_id, code=code)
    return _one_account(_account_views(found))


def account_sql(*, coop_id: str, book_id: str) -> str:
    """An account with its balance and what is held of it, as JSON beside rows of a query.

    The co-op and the book are read from the columns that are named; the code goes in as `%s`.
    """
    return ACCOUNT_SQL.format(coop_id=coop_id, book_id=book_id)


def trial_balance(*, coop_id: UUID, book_id: UUID, on: date | None = None) -> TrialBalance:
    """Where every account of a book stands: now, or at the end of a day by the days booked."""
    accounts = account_list(coop_id=coop_id, book_id=book_id)
    then = None if on is None else balances_at(coop_id=coop_id, book_id=book_id, on=on)
    rows: list[TrialRow] = []
    for account in accounts:
        balance = account.balance_minor if then is None else then[account.id]
        rows.append(
            TrialRow(
                account_id=account.id,
                code=account.code,
                name=account.name,
                kind=account.kind,
                currency=account.currency,
                debit_minor=max(balance, 0),
                credit_minor=max(-balance, 0),
            )
        )
    return TrialBalance(rows=tuple(rows))


def balances_at(*, coop_id: UUID, book_id: UUID, on: date) -> dict[UUID, int]:
    """The balance of every account of a book at the end of a day, by the days booked."""
    balances = dict.fromkeys(
        Account.objects.filter(coop_id=coop_id, book_id=book_id).values_list("id", flat=True), 0
    )
    sums = (
        DayTotal.objects.filter(coop_id=coop_id, account_id__in=list(balances), day__lte=on)
        .values_list("account_id")
        .annotate(Sum("amount_minor"))
    )
    balances.update({account_id: int(total) for account_id, total in sums})
    return balances


def balances_on(*, coop_id: UUID, account_id: UUID, days: Sequence[date]) -> dict[date, int]:
    """An account's balance at the end of each of these days, which are in order."""
    changes = [0] * (len(days) + 1)
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"coop_id": coop_id, "account_id": account_id, "days": list(days)}
        cursor.execute(CHANGES_SQL, given)
        for place, amount_minor in cursor:
            changes[place] = int(amount_minor)
    return dict(zip(days, accumulate(changes), strict=False))


def account_statement(
    *,
    coop_id: UUID,
    account_id: UUID,
    limit: int = 50,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> StatementPage:
    """One page of an account, newest first, from the top or beside a version given by a page.

    Raises NotFound (no_account) and Invalid (page) for both directions at once or a bad limit.
    """
    if older_than is not None and newer_than is not None:
        raise Invalid("page", "Turn to older or to newer lines, not to both.")
    _limit_check(limit)
    account = account_by_id(coop_id=coop_id, account_id=account_id)
    found = Posting.objects.filter(coop_id=coop_id, account_id=account_id).select_related("entry")
    if newer_than is None:
        below = account.version + 1 if older_than is None else older_than
        found = found.filter(account_version__lt=below).order_by("-account_version")
        lines = [_statement_line(posting) for posting in found[:limit]]
    else:
        found = found.filter(account_version__gt=newer_than).order_by("account_version")
        lines = [_statement_line(posting) for posting in found[:limit]][::-1]
    newest = lines[0].account_version if lines else 0
    oldest = lines[-1].account_version if lines else 0
    return StatementPage(
        account=account,
        lines=tuple(lines),
        older=oldest if oldest > 1 else None,
        newer=newest if lines and newest < account.version else None,
    )


def entry_by_id(*, coop_id: UUID, entry_id: UUID) -> EntryDetail:
    """One entry with its postings, and what took it back. Raises NotFound (no_entry)."""
    views = _entry_views(Entry.objects.filter(coop_id=coop_id, id=entry_id))
    if not views:
        raise NotFound("no_entry", "There is no such entry in this co-op's books.")
    reversed_by = Entry.objects.filter(coop_id=coop_id, reverses_id=entry_id)
    return EntryDetail(
        entry=views[0], reversed_by_id=reversed_by.values_list("id", flat=True).first()
    )


def entry_by_key(*, coop_id: UUID, book_id: UUID, key: str) -> EntryView | None:
    """The entry that was posted under this key, None when the key is free."""
    views = _entry_views(Entry.objects.filter(coop_id=coop_id, book_id=book_id, key=key))
    return views[0] if views else None


def entry_list(
    *,
    coop_id: UUID,
    book_id: UUID,
    limit: int = 50,
    before: tuple[date, UUID] | None = None,
) -> tuple[EntryView, ...]:
    """Entries of a book, newest day first; `before` is the day and id of the last one read."""
    _limit_check(limit)
    found = Entry.objects.filter(coop_id=coop_id, book_id=book_id)
    if before is not None:
        day, entry_id = before
        found = found.filter(Q(booked_on__lt=day) | Q(booked_on=day, id__lt=entry_id))
    return _entry_views(found.order_by("-booked_on", "-id")[:limit])


def hold_by_id(*, coop_id: UUID, hold_id: UUID) -> HoldView:
    """One hold. Raises NotFound (no_hold)."""
    views = _hold_views(Hold.objects.filter(coop_id=coop_id, id=hold_id))
    if not views:
        raise NotFound("no_hold", "There is no such hold here.")
    return views[0]


def hold_by_key(*, coop_id: UUID, account_id: UUID, key: str) -> HoldView | None:
    """The hold made under this key, None when the key is free."""
    views = _hold_views(Hold.objects.filter(coop_id=coop_id, account_id=account_id, key=key))
    return views[0] if views else None


def hold_list_open(*, coop_id: UUID, account_id: UUID) -> tuple[HoldView, ...]:
    """The holds that stand on an account, oldest first."""
    found = Hold.objects.filter(coop_id=coop_id, account_id=account_id, holdend__isnull=True)
    return _hold_views(found.order_by("id"))


def holds_due(*, at: datetime) -> tuple[tuple[UUID, UUID], ...]:
    """Co-op and hold of everything that stands although its hour has come."""
    found = Hold.objects.filter(expires_at__lte=at, holdend__isnull=True)
    return tuple(found.order_by("expires_at", "id").values_list("coop_id", "id"))


def period_closed_through(*, coop_id: UUID, book_id: UUID) -> date | None:
    """The last day through which a book is closed."""
    found = PeriodClose.objects.filter(coop_id=coop_id, book_id=book_id).order_by("-through")
    return found.values_list("through", flat=True).first()


def period_list(*, coop_id: UUID, book_id: UUID) -> tuple[PeriodView, ...]:
    """Every closing of a book, the earliest day first."""
    found = PeriodClose.objects.filter(coop_id=coop_id, book_id=book_id).order_by("through")
    return tuple(
        PeriodView(id=row.id, coop_id=coop_id, book_id=book_id, through=row.through, at=row.at)
        for row in found
    )


def _limit_check(limit: int) -> None:
    if not 1 <= limit <= PAGE_MAX:
        raise Invalid("page", "A page has 1 to %(page_max)s lines.", page_max=PAGE_MAX)


def _book_view(book: Book | None) -> BookView:
    if book is None:
        raise NotFound("no_book", "There is no such book here. Check which fund is meant.")
    return BookView(id=book.id, coop_id=book.coop_id, owner_id=book.owner_id, name=book.name)


BALANCE = ("balance_minor", "held_minor", "version")


def _account_views(accounts: QuerySet[Account]) -> tuple[AccountView, ...]:
    stands = Balance.objects.filter(id=OuterRef("id"))
    columns = {name: Subquery(stands.values(name)) for name in BALANCE}
    found: QuerySet[Any] = accounts.annotate(**columns)
    return tuple(
        AccountView(
            id=account.id,
            coop_id=account.coop_id,
            book_id=account.book_id,
            code=account.code,
            name=account.name,
            kind=account.kind,
            currency=account.currency,
            floor_minor=account.floor_minor,
            balance_minor=account.balance_minor,
            held_minor=account.held_minor,
            version=account.version,
        )
        for account in found.order_by("code")
    )


def _one_account(views: tuple[AccountView, ...]) -> AccountView:
    if not views:
        raise NotFound("no_account", "There is no such account in this co-op's books.")
    return views[0]


def _statement_line(posting: Posting) -> StatementLine:
    return StatementLine(
        entry_id=posting.entry_id,
        booked_on=posting.entry.booked_on,
        kind=posting.entry.kind,
        memo=posting.entry.memo,
        amount_minor=posting.amount_minor,
        account_version=posting.account_version,
        balance_after=posting.balance_after,
        at=posting.entry.at,
    )


def _entry_views(entries: Iterable[Entry]) -> tuple[EntryView, ...]:
    found = list(entries)
    postings: dict[UUID, list[PostingView]] = {entry.id: [] for entry in found}
    rows = Posting.objects.filter(
        coop_id__in={entry.coop_id for entry in found}, entry_id__in=list(postings)
    )
    for row in rows.order_by("account_id"):
        postings[row.entry_id].append(
            PostingView(
                account_id=row.account_id,
                amount_minor=row.amount_minor,
                account_version=row.account_version,
                balance_after=row.balance_after,
            )
        )
    return tuple(
        EntryView(
            id=entry.id,
            coop_id=entry.coop_id,
            book_id=entry.book_id,
            booked_on=entry.booked_on,
            kind=entry.kind,
            memo=entry.memo,
            reverses_id=entry.reverses_id,
            at=entry.at,
            postings=tuple(postings[entry.id]),
        )
        for entry in found
    )


def _hold_views(holds: Iterable[Hold]) -> tuple[HoldView, ...]:
    found = list(holds)
    ends = {
        end.hold_id: end
        for end in HoldEnd.objects.filter(
            coop_id__in={hold.coop_id for hold in found}, hold_id__in=[hold.id for hold in found]
        )
    }
    views: list[HoldView] = []
    for hold in found:
        end = ends.get(hold.id)
        views.append(
            HoldView(
                id=hold.id,
                coop_id=hold.coop_id,
                account_id=hold.account_id,
                key=hold.key,
                amount_minor=hold.amount_minor,
                expires_at=hold.expires_at,
                end=end.kind if end else None,
                entry_id=end.entry_id if end else None,
            )
        )
    return tuple(views)
