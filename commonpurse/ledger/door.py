"""The door to the SQL function that posts, and its refusals in sentences.

One call locks the accounts, judges, and writes entries, postings, leaves and the audit row, so an
entry costs one round trip and its accounts' locks are held no longer than the database needs.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from commonpurse.errors import Invalid, NotFound, NotPossible, PurseError
from commonpurse.ledger.models import POSTINGS_MAX
from commonpurse.ledger.values import EntryView, NewEntry, PostingView
from commonpurse.record.ids import new_id
from commonpurse.record.services import Actor
from commonpurse.rules.money import amount_text
from commonpurse.say import Said, say

POST = """
SELECT entry_key, is_new, leaf_body FROM ledger_post(
    %s, %s, %s, %s, %s, %s, %s,
    %s::uuid[], %s::text[], %s::date[], %s::text[], %s::text[], %s::uuid[],
    %s::int[], %s::uuid[], %s::bigint[])
"""

INT64_MAX = 2**63 - 1
POSTINGS_MIN = 2

NAMED = re.compile(r"%\((\w+)\)s")

Refusal = tuple[type[PurseError], str, Said]

BUSY: Refusal = (
    NotPossible,
    "key_in_flight",
    say("The same thing is being booked at this moment. Try again shortly."),
)

REFUSALS: dict[str, Refusal] = {
    "no_book": (NotFound, "no_book", say("There is no such book here. Check which fund is meant.")),
    "no_account": (
        NotFound,
        "no_account",
        say("There is no such account in this book. Choose one of the book's own accounts."),
    ),
    "no_hold": (NotFound, "no_hold", say("There is no such hold here.")),
    "unbalanced": (
        Invalid,
        "unbalanced",
        say(
            "The entry does not sum to zero in %(currency)s: it is off by %(total)s. "
            "Correct its lines."
        ),
    ),
    "too_few": (Invalid, "too_few", say("An entry needs at least two lines.")),
    "not_whole": (
        Invalid,
        "not_whole",
        say("A posted entry is closed. Post a new one, or reverse it."),
    ),
    "not_reversal": (
        Invalid,
        "not_reversal",
        say("A reversal is the exact opposite of an entry of the same book."),
    ),
    "chain_broken": BUSY,
    "short": (
        NotPossible,
        "short",
        (
            say(
                "%(name)s (%(code)s) has %(free)s free, and %(asked)s is asked."
                " Ask for less, or wait for money to come in."
            )
        ),
    ),
    "period_closed": (
        NotPossible,
        "period_closed",
        say("The books are closed through %(through)s. Choose a later day."),
    ),
    "key_reused": (
        Invalid,
        "key_reused",
        say("This key was used for another entry. Use a new key for a new entry."),
    ),
    "not_expired": (NotPossible, "not_expired", say("This hold has not expired yet.")),
    "entry_key_once": BUSY,
    "entry_reversed_once": (
        NotPossible,
        "already_reversed",
        say("This entry was reversed before. An entry is taken back at most once."),
    ),
    "posting_account_once_per_entry": (
        Invalid,
        "account_twice",
        say("An account stands in an entry once. Add its lines up."),
    ),
    "posting_not_zero": (Invalid, "zero_line", say("A line of zero says nothing. Leave it out.")),
    "entry_kind_form": (
        Invalid,
        "kind",
        say("The kind of an entry is one lower-case word of at most 40 letters."),
    ),
    "entry_memo_is_text": (
        Invalid,
        "memo",
        say("Say in one line of at most 200 characters what the entry is for."),
    ),
    "entry_key_is_text": (
        Invalid,
        "empty_key",
        say("An entry needs a key of 1 to 200 characters."),
    ),
    "entry_postings_range": (
        Invalid,
        "too_many",
        say("An entry has 2 to %(most)s lines. Split it.", most=POSTINGS_MAX),
    ),
    "book_once_per_owner": (NotPossible, "book_exists", say("This fund has its book already.")),
    "book_name_is_text": (Invalid, "name", say("Give the book a name of one line.")),
    "account_code_once_per_book": (
        NotPossible,
        "account_exists",
        say("This book has an account with that code already. Choose another code."),
    ),
    "account_code_form": (
        Invalid,
        "code",
        (
            say(
                "An account's code has 1 to 20 letters, digits and hyphens, and begins with a "
                "digit or a capital letter."
            )
        ),
    ),
    "account_name_is_text": (Invalid, "name", say("Give the account a name of one line.")),
    "account_kind_known": (
        Invalid,
        "kind",
        say("An account is an asset, a liability, equity, income or an expense."),
    ),
    "account_currency_form": (
        Invalid,
        "currency",
        say("A currency is three capital letters, such as EUR."),
    ),
    "hold_amount_positive": (Invalid, "zero_line", say("Hold an amount above zero.")),
    "hold_key_is_text": (Invalid, "empty_key", say("A hold needs a key of 1 to 200 characters.")),
    "hold_key_once": BUSY,
    "hold_expires_later": (Invalid, "expires_at", say("A hold expires later than it begins.")),
    "hold_ended_once": (NotPossible, "hold_ended", say("This hold has ended already.")),
    "period_closed_once": (NotPossible, "period_closed", say("That day is closed already.")),
}

BY_STATE: dict[str, Refusal] = {
    "22003": (Invalid, "too_large", say("The amount is larger than any book can hold.")),
    "22001": (
        Invalid,
        "memo",
        say("A text is too long: a memo and a key have at most 200 characters."),
    ),
    "40P01": BUSY,
    "40001": BUSY,
}


@contextmanager
def refusals() -> Iterator[None]:
    """Let what the database refuses be read by people."""
    try:
        yield
    except DatabaseError as error:
        found = refusal_of(error)
        if found is None:
            raise
        raise found from error


def refusal_of(error: DatabaseError) -> PurseError | None:
    """The refusal behind a database's error, None when it is none of ours."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    known = REFUSALS.get(cause.diag.constraint_name or "") or BY_STATE.get(cause.sqlstate or "")
    if known is None:
        return None
    kind, code, sentence = known
    facts = facts_of(cause)
    # A fact that is missing is left as a blank in the sentence.
    said = sentence.values | facts
    values = {name: said.get(name, "…") for name in NAMED.findall(sentence.pattern)}
    return kind(code, Said(sentence.pattern, values))


def facts_of(cause: psycopg.Error) -> dict[str, object]:
    """The facts that our own refusals carry; others carry prose."""
    if not (cause.sqlstate or "").startswith("PU"):
        return {}
    facts: dict[str, object] = json.loads(cause.diag.message_detail or "{}")
    currency = str(facts.get("currency"))
    amounts = {
        name.removesuffix("_minor"): amount_text(int(str(value)), currency)
        for name, value in facts.items()
        if name.endswith("_minor")
    }
    return facts | amounts


def entry_check(entry: NewEntry) -> None:
    """Refuse early what the database would refuse in words less plain."""
    if not entry.key or len(entry.key) > 200:  # noqa: PLR2004
        raise Invalid("empty_key", "An entry needs a key of 1 to 200 characters.")
    if not entry.memo or len(entry.memo) > 200:  # noqa: PLR2004
        raise Invalid("memo", "Say in one line of at most 200 characters what the entry is for.")
    if "\x00" in entry.memo or "\x00" in entry.key:
        raise Invalid("memo", "A text cannot hold a zero byte.")
    if len(entry.lines) < POSTINGS_MIN:
        raise Invalid("too_few", "An entry needs at least two lines.")
    if len(entry.lines) > POSTINGS_MAX:
        raise Invalid(
            "too_many",
            "An entry has at most %(postings_max)s lines. Split it.",
            postings_max=POSTINGS_MAX,
        )
    for line in entry.lines:
        assert type(line.amount_minor) is int, "amounts are whole numbers of minor units"
        if abs(line.amount_minor) > INT64_MAX:
            raise Invalid("too_large", "The amount is larger than any book can hold.")


def door_post(
    *,
    service: str,
    subject_id: UUID | None,
    coop_id: UUID,
    book_id: UUID,
    entries: Sequence[NewEntry],
    actor: Actor,
    at: datetime,
    entry_id: UUID | None = None,
) -> tuple[EntryView, ...]:
    """Post entries through the SQL function, with the audit row of `service`.

    The subject of the audit row is `subject_id`, else the first entry, whose id may be given.
    Entries that were posted before under their keys come back as they are, and write nothing.
    """
    assert connection.in_atomic_block, "an entry and its leaf are born in one transaction"
    for entry in entries:
        entry_check(entry)
    ids = [new_id() for _ in entries]
    if entry_id is not None:
        ids[0] = entry_id
    lines = [
        (number, line) for number, entry in enumerate(entries, start=1) for line in entry.lines
    ]
    values: list[Any] = [
        coop_id,
        book_id,
        at,
        actor.person_id,
        service,
        subject_id or ids[0],
        new_id(),
        ids,
        [entry.key for entry in entries],
        [entry.booked_on for entry in entries],
        [entry.kind for entry in entries],
        [entry.memo for entry in entries],
        [entry.reverses_id for entry in entries],
        [number for number, _ in lines],
        [line.account_id for _, line in lines],
        [line.amount_minor for _, line in lines],
    ]
    with refusals(), connection.cursor() as cursor:
        cursor.execute(POST, values)
        rows = cursor.fetchall()
    views = {key: entry_of_leaf(coop_id, body, is_new=is_new) for key, is_new, body in rows}
    return tuple(views[entry.key] for entry in entries)


def entry_of_leaf(coop_id: UUID, body: str, *, is_new: bool = False) -> EntryView:
    """The entry that a leaf speaks of."""
    leaf = orjson.loads(body)
    fields = leaf["fields"]
    return EntryView(
        id=UUID(leaf["id"]),
        coop_id=coop_id,
        book_id=UUID(fields["book_id"]),
        booked_on=date.fromisoformat(fields["booked_on"]),
        kind=fields["kind"],
        memo=fields["memo"],
        reverses_id=UUID(fields["reverses_id"]) if fields["reverses_id"] else None,
        at=datetime.fromisoformat(leaf["at"]).astimezone(UTC),
        postings=tuple(
            PostingView(
                account_id=UUID(item["account_id"]),
                amount_minor=int(item["amount_minor"]),
                account_version=int(item["account_version"]),
                balance_after=int(item["balance_after"]),
            )
            for item in fields["postings"]
        ),
        is_new=is_new,
    )
