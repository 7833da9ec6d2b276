"""Opening books and accounts, and closing periods."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from commonpurse.ledger.door import refusals
from commonpurse.ledger.models import Account, Book, PeriodClose
from commonpurse.ledger.selectors import account_by_id
from commonpurse.ledger.values import AccountView, BookView, PeriodView
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor, audit_add, row_add


@transaction.atomic
def book_open(*, coop_id: UUID, owner_id: UUID, name: str, actor: Actor, at: datetime) -> BookView:
    """Open the books of a fund; `owner_id` is the fund's. A fund has one book.

    Raises NotPossible (book_exists) and Invalid (name).
    """
    book = Book(id=new_id(), coop_id=coop_id, at=at, owner_id=owner_id, name=name)
    with refusals():
        row_add(book)
    audit_add(actor, "book_open", coop_id=coop_id, subject_id=book.id, at=at)
    return BookView(id=book.id, coop_id=coop_id, owner_id=owner_id, name=name)


@transaction.atomic
def account_open(
    *,
    coop_id: UUID,
    book_id: UUID,
    code: str,
    name: str,
    kind: str,
    currency: str,
    actor: Actor,
    at: datetime,
    floor_minor: int | None = None,
) -> AccountView:
    """Open an account in a book. Its kind, currency and floor are for life.

    The floor stands on the side on which the account grows: 0 on a bank account says that it
    cannot be overdrawn. None is no floor. Raises NotFound (no_book), NotPossible
    (account_exists) and Invalid (code, name, kind, currency).
    """
    account = Account(
        id=new_id(),
        coop_id=coop_id,
        at=at,
        book_id=book_id,
        code=code,
        name=name,
        kind=kind,
        currency=currency,
        floor_minor=floor_minor,
    )
    with refusals():
        row_add(account)
    audit_add(actor, "account_open", coop_id=coop_id, subject_id=account.id, at=at)
    return account_by_id(coop_id=coop_id, account_id=account.id)


@transaction.atomic
def period_close(
    *, coop_id: UUID, book_id: UUID, through: date, actor: Actor, at: datetime
) -> PeriodView:
    """Close a book through a day, for good: no entry is dated on it or before it from now on.

    Waits for whoever is posting into the book. Raises NotFound (no_book) and NotPossible
    (period_closed) when the book is closed that far already.
    """
    period = PeriodClose(id=new_id(), coop_id=coop_id, at=at, book_id=book_id, through=through)
    with refusals():
        row_add(period)
    audit_add(actor, "period_close", coop_id=coop_id, subject_id=book_id, at=at, through=through)
    return PeriodView(id=period.id, coop_id=coop_id, book_id=book_id, through=through, at=at)
