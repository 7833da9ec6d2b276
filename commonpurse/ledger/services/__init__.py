"""The ledger's writes: books, accounts, entries, holds, periods."""

from commonpurse.ledger.services.books import account_open, book_open, period_close
from commonpurse.ledger.services.entries import entries_post, entry_post, entry_reverse
from commonpurse.ledger.services.holds import (
    hold_expire,
    hold_release,
    hold_reserve,
    hold_settle,
    holds_expire_due,
)

__all__ = [
    "account_open",
    "book_open",
    "entries_post",
    "entry_post",
    "entry_reverse",
    "hold_expire",
    "hold_release",
    "hold_reserve",
    "hold_settle",
    "holds_expire_due",
    "period_close",
]
