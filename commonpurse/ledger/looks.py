"""What the ledger's tables must say of each other, as questions to the database.

`purse verify` finds a lie in what an export holds. Running sums and the digests that answer a
repeated key are in no export; they follow from what is, and here they are found again.
"""

from commonpurse.record.looks import Look

BOOKS = """
SELECT count(*), count(*) FILTER (WHERE f.total <> 0), min(f.name) FILTER (WHERE f.total <> 0)
FROM (
    SELECT 'book ' || a.book_id || ' in ' || a.currency AS name, sum(b.balance_minor) AS total
    FROM ledger_balance b JOIN ledger_account a ON a.id = b.id
    GROUP BY a.book_id, a.currency) f
"""

HELD = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'account ' || b.id AS name, b.held_minor <> coalesce(o.held, 0) AS is_wrong
    FROM ledger_balance b LEFT JOIN (
        SELECT h.account_id, sum(h.amount_minor) AS held FROM ledger_hold h
        WHERE NOT EXISTS (
            SELECT FROM ledger_holdend e WHERE e.hold_id = h.id AND e.coop_id = h.coop_id)
        GROUP BY h.account_id) o ON o.account_id = b.id) f
"""

BALANCES = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'account ' || b.id AS name,
           (b.version, b.version, b.balance_minor)
           <> (coalesce(p.last, 0), coalesce(p.size, 0), coalesce(p.total, 0)) AS is_wrong
    FROM ledger_balance b LEFT JOIN (
        SELECT account_id, max(account_version) AS last, count(*) AS size,
               sum(amount_minor) AS total
        FROM ledger_posting GROUP BY account_id) p ON p.account_id = b.id) f
"""

POSTINGS = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'version ' || account_version || ' of account ' || account_id AS name,
           account_version <> row_number() OVER run
           OR balance_after <> sum(amount_minor) OVER run AS is_wrong
    FROM ledger_posting WINDOW run AS (
        PARTITION BY coop_id, account_id ORDER BY account_version ROWS UNBOUNDED PRECEDING)) f
"""

DAYS = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'day ' || coalesce(d.day, p.day) || ' of account '
           || coalesce(d.account_id, p.account_id) AS name,
           coalesce(d.amount_minor, 0) <> coalesce(p.total, 0) AS is_wrong
    FROM ledger_daytotal d FULL JOIN (
        SELECT x.account_id, e.booked_on AS day, sum(x.amount_minor) AS total
        FROM ledger_posting x JOIN ledger_entry e ON e.id = x.entry_id
        GROUP BY x.account_id, e.booked_on) p ON p.account_id = d.account_id AND p.day = d.day) f
"""

# The digest is made as the function `ledger_post` makes it (migrations/0002_door.sql).
ENTRIES = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT 'entry ' || e.id AS name,
           e.postings_count <> coalesce(p.size, 0)
           OR e.body_hash <> sha256(convert_to(
               e.booked_on || '|' || e.kind || '|' || coalesce(e.reverses_id::text, '') || '|'
               || coalesce(p.lines, '') || '|' || e.memo, 'UTF8')) AS is_wrong
    FROM ledger_entry e LEFT JOIN (
        SELECT entry_id, count(*) AS size,
               string_agg(account_id || ':' || amount_minor, ',' ORDER BY account_id) AS lines
        FROM ledger_posting GROUP BY entry_id) p ON p.entry_id = e.id) f
"""

LOOKS = (
    Look("sums of books", "zero over all of the book's balances", BOOKS, is_deep=False),
    Look("amounts held", "the sum of the account's holds that have not ended", HELD),
    Look("balances", "the sum of the account's postings, at the version of the last", BALANCES),
    Look("postings", "the next of its account, with the balance after it", POSTINGS),
    Look("totals of days", "the sum of that day's postings of the account", DAYS),
    Look("entries", "whole, with the digest of what it says", ENTRIES),
)
