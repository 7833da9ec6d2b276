"""A co-op with very many entries in its books, made by set-based SQL: what pages are measured on.

Beside each entry stand the bank's line that it books, its booking and the member's payment, as the
product writes them; threads, comments, votes and ballots grow along. The leaves of the record are
left out: none of the measured pages reads them.
"""

from typing import TYPE_CHECKING

import psycopg

from bench.scratch import dsn_of

if TYPE_CHECKING:
    from tests.web.scene import Scene

YEARS = 10
"""Over how many years before today the entries are spread."""

PEOPLE_SQL = """
INSERT INTO groups_person (id, name, kind, is_active, is_staff, session_stamp, created_at)
SELECT gen_random_uuid(), 'Member ' || n, 'human', true, false, gen_random_uuid(), %(at)s
FROM generate_series(1, %(members)s) n;

INSERT INTO groups_membership (id, coop_id, at, group_id, person_id, member_id, kind)
SELECT gen_random_uuid(), %(coop_id)s, %(at)s, %(coop_id)s, id, gen_random_uuid(), 'human'
FROM groups_person WHERE name LIKE 'Member %%';
"""

MONEY_SQL = """
CREATE TEMPORARY TABLE crowd AS
SELECT n, gen_random_uuid() AS entry_id, gen_random_uuid() AS line_id,
       gen_random_uuid() AS booking_id, m.member_id,
       (%(at)s::date - ((%(days)s - 1)::bigint * (%(entries)s - n) / %(entries)s)::int) AS day
FROM generate_series(1, %(entries)s) n
JOIN (SELECT member_id, row_number() OVER (ORDER BY member_id) - 1 AS place
      FROM groups_membership WHERE group_id = %(coop_id)s) m
    ON m.place = n %% (SELECT count(*) FROM groups_membership WHERE group_id = %(coop_id)s);

ANALYZE crowd;

CREATE TEMPORARY TABLE accounts AS
SELECT b.id, b.coop_id, a.book_id, b.balance_minor, b.version,
       CASE a.code WHEN '1000' THEN 1200 ELSE -1200 END AS step
FROM ledger_account a JOIN ledger_balance b ON b.id = a.id
WHERE a.coop_id = %(coop_id)s AND a.code IN ('1000', '4100');

INSERT INTO ledger_entry (id, coop_id, book_id, at, booked_on, kind, memo, key, body_hash,
                          postings_count)
SELECT c.entry_id, %(coop_id)s, (SELECT book_id FROM accounts LIMIT 1), %(at)s, c.day, 'dues',
       'Dues', 'crowd-' || c.n, sha256(c.n::text::bytea), 2 FROM crowd c;

INSERT INTO ledger_posting (coop_id, account_id, account_version, entry_id, amount_minor,
                            balance_after)
SELECT a.coop_id, a.id, a.version + c.n, c.entry_id, a.step, a.balance_minor + c.n * a.step
FROM crowd c CROSS JOIN accounts a;

UPDATE ledger_balance b SET balance_minor = a.balance_minor + %(entries)s * a.step,
                            version = a.version + %(entries)s
FROM accounts a WHERE a.id = b.id;

INSERT INTO ledger_daytotal (id, coop_id, account_id, day, amount_minor)
SELECT gen_random_uuid(), a.coop_id, a.id, c.day, count(*) * a.step
FROM crowd c CROSS JOIN accounts a GROUP BY a.coop_id, a.id, a.step, c.day
ON CONFLICT (coop_id, account_id, day)
DO UPDATE SET amount_minor = ledger_daytotal.amount_minor + excluded.amount_minor;

INSERT INTO treasury_bankstatement (id, coop_id, at, fund_id, file_sha256, ordinal, format,
    iban_mac, currency, balanced, entries_count, from_on, until_on, imported_by_member_id)
SELECT gen_random_uuid(), %(coop_id)s, max(c.day), %(fund_id)s, 'crowd ' || min(c.day), 1,
       'camt.053', '', 'EUR', true, count(*), min(c.day), max(c.day), %(treasurer)s
FROM crowd c GROUP BY date_trunc('month', c.day);

INSERT INTO treasury_bankline (id, coop_id, at, statement_id, ordinal, booked_on, amount_minor,
    line_key, method, clears_on, text_mac)
SELECT c.line_id, %(coop_id)s, %(at)s, s.id, c.n, c.day, 1200, 'crowd-' || c.n, 'transfer',
       c.day, ''
FROM crowd c JOIN treasury_bankstatement s
    ON s.fund_id = %(fund_id)s AND c.day BETWEEN s.from_on AND s.until_on
    AND s.file_sha256 LIKE 'crowd%%';

INSERT INTO treasury_linebooking (id, coop_id, at, line_id, kind, entry_id)
SELECT booking_id, %(coop_id)s, %(at)s, line_id, 'dues', entry_id FROM crowd;

INSERT INTO treasury_paymentreceived (id, coop_id, at, line_id, member_id, amount_minor, currency,
    method, received_on, clears_on, entry_id)
SELECT gen_random_uuid(), %(coop_id)s, %(at)s, line_id, member_id, 1200, 'EUR', 'transfer', day,
       day, entry_id FROM crowd;

INSERT INTO treasury_linetotal (id, coop_id, fund_id, day, kind, is_in, amount_minor, lines_count)
SELECT gen_random_uuid(), %(coop_id)s, %(fund_id)s, day, 'dues', true, count(*) * 1200, count(*)
FROM crowd GROUP BY day
ON CONFLICT (coop_id, fund_id, day, kind, is_in) DO UPDATE SET
    amount_minor = treasury_linetotal.amount_minor + excluded.amount_minor,
    lines_count = treasury_linetotal.lines_count + excluded.lines_count;
"""

TALK_SQL = """
INSERT INTO discussion_thread (id, coop_id, group_id, title, body, author_member_id, opened_at,
                               last_at, is_pinned, is_locked)
SELECT gen_random_uuid(), %(coop_id)s, %(coop_id)s, 'Question ' || n, 'Well?', %(treasurer)s,
       %(at)s::timestamptz - n * interval '1 hour', %(at)s::timestamptz - n * interval '1 hour',
       false, false
FROM generate_series(1, %(threads)s) n;

INSERT INTO discussion_comment (id, coop_id, thread_id, author_member_id, body, at)
SELECT gen_random_uuid(), coop_id, id, author_member_id, 'So I think, and this is **why**.',
       last_at + n * interval '1 second'
FROM discussion_thread CROSS JOIN generate_series(1, 20) n WHERE title LIKE 'Question %%';
"""

VOTES_SQL = """
CREATE TEMPORARY TABLE votes AS
SELECT n, gen_random_uuid() AS id, d.*
FROM generate_series(1, %(votes)s) n
CROSS JOIN LATERAL (
    SELECT d.kind, d.details, d.effect, d.rules, d.manual_version_id, d.proposer_member_id,
           d.electorate_count, d.electorate_root, d.opens_at, d.closes_at
    FROM decisions_decision d JOIN decisions_result r ON r.decision_id = d.id
    WHERE d.kind = 'statement' ORDER BY d.number LIMIT 1
) d;

INSERT INTO decisions_decision (id, coop_id, at, number, kind, question, details, effect, rules,
    manual_version_id, proposer_member_id, opens_at, closes_at, electorate_count, electorate_root)
SELECT id, %(coop_id)s, opens_at, 100000 + n, kind, 'Of old ' || n, details, effect, rules,
       manual_version_id, proposer_member_id, opens_at, closes_at, 100, electorate_root FROM votes;

INSERT INTO decisions_ballot (id, coop_id, at, decision_id, pseudonym, choice, voter_member_id)
SELECT gen_random_uuid(), %(coop_id)s, v.opens_at, v.id, p::text, 'agree', gen_random_uuid()
FROM votes v CROSS JOIN generate_series(1, 100) p;

INSERT INTO decisions_result (id, coop_id, at, decision_id, verdict, counts, electorate_count,
                              ballots_root)
SELECT gen_random_uuid(), %(coop_id)s, closes_at, id, 'passed',
       '{"agree": 100, "abstain": 0, "disagree": 0, "block": 0}', 100, '' FROM votes;
"""


def crowd_make(database: str, entries: int) -> "Scene":
    """The scene of the tests, grown, with so many entries more in its books."""
    from django.db import transaction

    from commonpurse.treasury.selectors import fund_of
    from tests.web.crowd import grown
    from tests.web.scene import scene

    with transaction.atomic():
        made = grown(scene())
    fund = fund_of(made.world.coop_id)
    assert fund is not None
    given = {
        "at": made.at,
        "coop_id": made.world.coop_id,
        "fund_id": fund.id,
        "treasurer": made.world.eve.member_id,
        "entries": entries,
        "days": YEARS * 365 if entries > 10_000 else 365,
        "members": max(10, entries // 100),
        "threads": max(10, entries // 1_000),
        "votes": max(10, entries // 5_000),
    }
    with psycopg.connect(dsn_of("owner", database)) as owner:
        tables = [
            str(name)
            for (name,) in owner.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            )
        ]
        for name in tables:
            owner.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        cursor = psycopg.ClientCursor(owner)
        for statements in (PEOPLE_SQL, MONEY_SQL, TALK_SQL, VOTES_SQL):
            cursor.execute(statements, given)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in tables:
            owner.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
    with psycopg.connect(dsn_of("owner", database), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    return made
