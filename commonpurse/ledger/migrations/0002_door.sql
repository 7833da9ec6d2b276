-- The ledger's walls. Refusals carry SQLSTATE PU404, PU409 or PU422 (what could not be found, is not
-- possible now, or cannot be right), the code in CONSTRAINT and the facts as JSON in DETAIL.

CREATE FUNCTION ledger_refuse(state text, code text, sentence text, facts jsonb DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = state, CONSTRAINT = code, MESSAGE = sentence, DETAIL = facts::text;
END $$;

-- An account is born with its balance, in a book that is not being closed at this moment.
CREATE FUNCTION ledger_account_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM ledger_book WHERE id = NEW.book_id AND coop_id = NEW.coop_id FOR SHARE;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('PU404', 'no_book', 'an account needs a book of its own co-op');
    END IF;
    INSERT INTO ledger_balance (id, coop_id, balance_minor, held_minor, version)
    VALUES (NEW.id, NEW.coop_id, 0, 0, 0);
    RETURN NULL;
END $$;

CREATE TRIGGER account_judge AFTER INSERT ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_account_judge();

-- A balance is written by the triggers of what moves it, and by nothing else.
CREATE FUNCTION ledger_balance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR TG_OP IN ('DELETE', 'TRUNCATE') THEN
        RAISE EXCEPTION 'a balance follows from its postings and holds: % is refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER balance_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_balance
FOR EACH STATEMENT EXECUTE FUNCTION ledger_balance_guard();

-- Every entry has its postings when its statement ends, falls into an open period, and a reversal
-- is the exact opposite of what it reverses.
CREATE FUNCTION ledger_entry_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    has_empty boolean; is_late boolean; has_reversal boolean; closed date; wrong uuid;
BEGIN
    SELECT coalesce(bool_or(NOT EXISTS (
               SELECT FROM ledger_posting p WHERE p.coop_id = b.coop_id AND p.entry_id = b.id)), false),
           coalesce(bool_or(b.booked_on <= (
               SELECT max(c.through) FROM ledger_periodclose c
               WHERE c.coop_id = b.coop_id AND c.book_id = b.book_id)), false),
           coalesce(bool_or(b.reverses_id IS NOT NULL), false)
    INTO has_empty, is_late, has_reversal FROM born b;
    IF has_empty THEN
        PERFORM ledger_refuse('PU422', 'too_few', 'an entry arrives with its postings, in one statement');
    END IF;
    IF is_late THEN
        SELECT max(c.through) INTO closed FROM ledger_periodclose c JOIN born b
        ON c.coop_id = b.coop_id AND c.book_id = b.book_id;
        PERFORM ledger_refuse('PU409', 'period_closed', 'the books are closed through that day',
                              jsonb_build_object('through', closed));
    END IF;
    IF has_reversal THEN
        SELECT b.id INTO wrong FROM born b
        LEFT JOIN ledger_entry o
            ON o.id = b.reverses_id AND o.coop_id = b.coop_id AND o.book_id = b.book_id
        WHERE b.reverses_id IS NOT NULL AND (
            o.id IS NULL OR o.postings_count <> b.postings_count OR EXISTS (
                SELECT FROM ledger_posting p LEFT JOIN ledger_posting q
                    ON q.coop_id = b.coop_id AND q.entry_id = o.id
                    AND q.account_id = p.account_id AND q.amount_minor = -p.amount_minor
                WHERE p.coop_id = b.coop_id AND p.entry_id = b.id AND q.entry_id IS NULL))
        LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse('PU422', 'not_reversal',
                                  'a reversal is the exact opposite of an entry of the same book');
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entry_judge AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS born
FOR EACH STATEMENT EXECUTE FUNCTION ledger_entry_judge();

-- All postings of an entry come together, sum to zero per currency, sit on accounts of the entry's
-- book, go on with each account's chain without a gap, and leave no account below its floor.
CREATE FUNCTION ledger_posting_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    accounts_count int; moved_count int; fault record;
BEGIN
    SELECT g.entry_id, g.currency, g.total,
           NOT g.is_at_home AS is_astray, g.total <> 0 AS is_unbalanced
    INTO fault FROM (
        SELECT b.entry_id, a.currency, sum(b.amount_minor) AS total,
               bool_and(a.id IS NOT NULL AND e.id IS NOT NULL) AS is_at_home
        FROM born b
        LEFT JOIN ledger_entry e ON e.id = b.entry_id AND e.coop_id = b.coop_id
        LEFT JOIN ledger_account a
            ON a.id = b.account_id AND a.coop_id = b.coop_id AND a.book_id = e.book_id
        GROUP BY b.entry_id, a.currency) g
    WHERE NOT g.is_at_home OR g.total <> 0
    ORDER BY g.is_at_home LIMIT 1;
    IF FOUND THEN
        IF fault.is_astray THEN
            PERFORM ledger_refuse('PU404', 'no_account',
                                  'a posting belongs to an account of its entry''s book and co-op');
        END IF;
        PERFORM ledger_refuse(
            'PU422', 'unbalanced', 'an entry sums to zero in each currency',
            jsonb_build_object('currency', fault.currency, 'total_minor', fault.total));
    END IF;

    PERFORM 1 FROM (SELECT b.entry_id, b.coop_id, count(*) AS size FROM born b GROUP BY 1, 2) g
    JOIN ledger_entry e ON e.id = g.entry_id
    WHERE e.postings_count <> g.size OR g.size <> (
        SELECT count(*) FROM ledger_posting p
        WHERE p.coop_id = g.coop_id AND p.entry_id = g.entry_id);
    IF FOUND THEN
        PERFORM ledger_refuse('PU422', 'not_whole', 'an entry arrives whole and is closed once written');
    END IF;

    WITH moved AS (
        SELECT b.account_id, b.coop_id, min(b.account_version) AS first,
               max(b.account_version) AS last, count(*) AS size, sum(b.amount_minor) AS total
        FROM born b GROUP BY 1, 2
    ), done AS (
        UPDATE ledger_balance s
        SET version = m.last, balance_minor = s.balance_minor + m.total
        FROM moved m
        WHERE s.id = m.account_id AND s.coop_id = m.coop_id
          AND m.first = s.version + 1 AND m.last = s.version + m.size
        RETURNING s.id
    )
    SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM done) INTO accounts_count, moved_count;
    IF accounts_count <> moved_count THEN
        PERFORM ledger_refuse('PU409', 'chain_broken', 'an account''s versions follow without a gap');
    END IF;

    SELECT a.code, a.name, a.currency, g.amount, g.held, g.balance_after <> g.expected AS is_broken,
           side.of_kind * (g.balance_after - g.amount_minor) - g.held - a.floor_minor AS free_minor
    INTO fault FROM (
        SELECT b.entry_id, b.account_id, b.amount_minor, b.balance_after, abs(b.amount_minor) AS amount,
               s.held_minor AS held,
               s.balance_minor - coalesce(sum(b.amount_minor) OVER (
                   PARTITION BY b.account_id ORDER BY b.account_version
                   ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS expected
        FROM born b JOIN ledger_balance s ON s.id = b.account_id) g
    JOIN ledger_account a ON a.id = g.account_id
    JOIN ledger_entry e ON e.id = g.entry_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.kind IN ('asset', 'expense') THEN 1 ELSE -1 END AS of_kind) side
    WHERE g.balance_after <> g.expected OR (
        a.floor_minor IS NOT NULL AND e.kind <> 'bank_fact' AND side.of_kind * g.amount_minor < 0
        AND side.of_kind * g.balance_after - g.held < a.floor_minor)
    LIMIT 1;
    IF FOUND THEN
        IF fault.is_broken THEN
            PERFORM ledger_refuse('PU409', 'chain_broken', 'a balance follows from the one before');
        END IF;
        PERFORM ledger_refuse(
            'PU409', 'short', 'an account would fall below its floor',
            jsonb_build_object('code', fault.code, 'name', fault.name, 'currency', fault.currency,
                               'free_minor', fault.free_minor, 'asked_minor', fault.amount));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER posting_judge AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS born
FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_judge();

-- A hold takes from what is free, under the account's lock.
CREATE FUNCTION ledger_hold_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fact record;
BEGIN
    PERFORM 1 FROM ledger_balance
    WHERE id = NEW.account_id AND coop_id = NEW.coop_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('PU404', 'no_account', 'a hold belongs to an account of its co-op');
    END IF;
    SELECT a.code, a.name, a.currency,
           CASE WHEN a.kind IN ('asset', 'expense') THEN 1 ELSE -1 END * s.balance_minor
               - s.held_minor - a.floor_minor AS free_minor
    INTO fact FROM ledger_balance s JOIN ledger_account a ON a.id = s.id WHERE s.id = NEW.account_id;
    IF fact.free_minor < NEW.amount_minor THEN
        PERFORM ledger_refuse(
            'PU409', 'short', 'a hold takes from what is free',
            jsonb_build_object('code', fact.code, 'name', fact.name, 'currency', fact.currency,
                               'free_minor', fact.free_minor, 'asked_minor', NEW.amount_minor));
    END IF;
    UPDATE ledger_balance SET held_minor = held_minor + NEW.amount_minor WHERE id = NEW.account_id;
    RETURN NULL;
END $$;

CREATE TRIGGER hold_judge AFTER INSERT ON ledger_hold
FOR EACH ROW EXECUTE FUNCTION ledger_hold_judge();

-- The end of a hold gives back what it took, once; it expires when its hour has come, not before.
CREATE FUNCTION ledger_hold_end_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held record;
BEGIN
    SELECT h.account_id, h.amount_minor, h.expires_at INTO held FROM ledger_hold h
    WHERE h.id = NEW.hold_id AND h.coop_id = NEW.coop_id;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('PU404', 'no_hold', 'the end of a hold belongs to a hold of its co-op');
    END IF;
    IF NEW.kind = 'expired' AND (held.expires_at IS NULL OR held.expires_at > NEW.at) THEN
        PERFORM ledger_refuse('PU409', 'not_expired', 'a hold expires when its hour has come');
    END IF;
    UPDATE ledger_balance SET held_minor = held_minor - held.amount_minor WHERE id = held.account_id;
    RETURN NULL;
END $$;

CREATE TRIGGER hold_end_judge AFTER INSERT ON ledger_holdend
FOR EACH ROW EXECUTE FUNCTION ledger_hold_end_judge();

-- Closing waits for whoever is posting into the book, then only moves forward.
CREATE FUNCTION ledger_period_judge() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    before date;
BEGIN
    PERFORM 1 FROM ledger_book WHERE id = NEW.book_id AND coop_id = NEW.coop_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('PU404', 'no_book', 'a period belongs to a book of its own co-op');
    END IF;
    PERFORM 1 FROM ledger_balance s
    WHERE s.id IN (SELECT a.id FROM ledger_account a
                   WHERE a.coop_id = NEW.coop_id AND a.book_id = NEW.book_id)
    ORDER BY s.id FOR NO KEY UPDATE;
    SELECT max(c.through) INTO before FROM ledger_periodclose c
    WHERE c.coop_id = NEW.coop_id AND c.book_id = NEW.book_id AND c.id <> NEW.id;
    IF before >= NEW.through THEN
        PERFORM ledger_refuse('PU409', 'period_closed', 'the books are closed further than that',
                              jsonb_build_object('through', before));
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER period_judge AFTER INSERT ON ledger_periodclose
FOR EACH ROW EXECUTE FUNCTION ledger_period_judge();

-- The door: the only way for the application's role to write entries and postings. It locks the
-- accounts in the order of their ids, answers what was posted before under the same keys, and
-- writes entries, postings, leaves and one audit row in one statement, which the triggers judge.
CREATE FUNCTION ledger_post(
    p_coop uuid, p_book uuid, p_at timestamptz,
    p_actor uuid, p_service text, p_subject uuid, p_audit uuid,
    p_ids uuid[], p_keys text[], p_days date[], p_kinds text[], p_memos text[], p_reverses uuid[],
    p_line_entry int[], p_line_account uuid[], p_line_amount bigint[]
) RETURNS TABLE (entry_key text, is_new boolean, leaf_body text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    locked_count int; known_count int; stamp text; hashes bytea[];
BEGIN
    PERFORM 1 FROM ledger_balance s
    WHERE s.id = ANY (p_line_account) AND s.coop_id = p_coop ORDER BY s.id FOR NO KEY UPDATE;
    GET DIAGNOSTICS locked_count = ROW_COUNT;
    IF locked_count = 0 OR locked_count <> (SELECT count(DISTINCT x) FROM unnest(p_line_account) x) THEN
        PERFORM ledger_refuse('PU404', 'no_account',
                              'a posting belongs to an account of its entry''s book and co-op');
    END IF;

    SELECT array_agg(sha256(convert_to(
               n.day || '|' || n.kind || '|' || coalesce(n.reverses_id::text, '') || '|'
               || coalesce(l.lines, '') || '|' || n.memo, 'UTF8')) ORDER BY n.entry_no)
    INTO hashes
    FROM unnest(p_days, p_kinds, p_memos, p_reverses)
        WITH ORDINALITY AS n (day, kind, memo, reverses_id, entry_no)
    LEFT JOIN (
        SELECT x.entry_no, string_agg(x.account_id || ':' || x.amount, ',' ORDER BY x.account_id) AS lines
        FROM unnest(p_line_entry, p_line_account, p_line_amount) AS x (entry_no, account_id, amount)
        GROUP BY 1) l USING (entry_no);

    SELECT count(*) INTO known_count FROM ledger_entry e
    WHERE e.coop_id = p_coop AND e.book_id = p_book AND e.key = ANY (p_keys);
    IF known_count > 0 THEN
        PERFORM 1 FROM unnest(p_keys, hashes) AS n (key, body_hash)
        JOIN ledger_entry e ON e.coop_id = p_coop AND e.book_id = p_book AND e.key = n.key
        WHERE e.body_hash <> n.body_hash;
        IF FOUND THEN
            PERFORM ledger_refuse('PU422', 'key_reused', 'this key was used for another entry');
        END IF;
        RETURN QUERY
        SELECT e.key::text, false, f.body FROM ledger_entry e JOIN record_leaf f ON f.id = e.id
        WHERE e.coop_id = p_coop AND e.book_id = p_book AND e.key = ANY (p_keys);
        IF known_count = cardinality(p_keys) THEN
            RETURN;
        END IF;
    END IF;

    stamp := to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    RETURN QUERY
    WITH born AS MATERIALIZED (
        SELECT n.* FROM unnest(p_ids, p_keys, p_days, p_kinds, p_memos, p_reverses, hashes)
            WITH ORDINALITY AS n (id, key, day, kind, memo, reverses_id, body_hash, entry_no)
        WHERE known_count = 0 OR NOT EXISTS (
            SELECT FROM ledger_entry e
            WHERE e.coop_id = p_coop AND e.book_id = p_book AND e.key = n.key)
    ), line AS MATERIALIZED (
        SELECT b.id AS entry_id, l.account_id, l.amount,
               s.version + row_number() OVER run AS version,
               (s.balance_minor + sum(l.amount) OVER run)::bigint AS balance
        FROM unnest(p_line_entry, p_line_account, p_line_amount) AS l (entry_no, account_id, amount)
        JOIN born b ON b.entry_no = l.entry_no
        JOIN ledger_balance s ON s.id = l.account_id
        WINDOW run AS (PARTITION BY l.account_id ORDER BY l.entry_no)
    ), whole AS MATERIALIZED (
        SELECT b.*, p.size, convert_to(
            '{"at":"' || stamp || '","fields":{"book_id":"' || p_book
            || '","booked_on":"' || to_char(b.day, 'YYYY-MM-DD')
            || '","key":' || to_json(b.key) || ',"kind":' || to_json(b.kind)
            || ',"memo":' || to_json(b.memo)
            || ',"postings":[' || p.postings || '],"postings_count":"' || p.size
            || '","reverses_id":' || coalesce('"' || b.reverses_id || '"', 'null')
            || '},"id":"' || b.id || '","kind":"entry.posted","v":"1"}', 'UTF8') AS body
        FROM born b LEFT JOIN (
            SELECT l.entry_id, count(*) AS size, string_agg(
                '{"account_id":"' || l.account_id || '","account_version":"' || l.version
                || '","amount_minor":"' || l.amount || '","balance_after":"' || l.balance || '"}',
                ',' ORDER BY l.account_id) AS postings
            FROM line l GROUP BY 1) p ON p.entry_id = b.id
    ), entries AS (
        INSERT INTO ledger_entry (id, coop_id, book_id, at, booked_on, kind, memo, key, body_hash,
                                  reverses_id, postings_count)
        SELECT w.id, p_coop, p_book, p_at, w.day, w.kind, w.memo, w.key, w.body_hash, w.reverses_id,
               coalesce(w.size, 0)
        FROM whole w
    ), postings AS (
        INSERT INTO ledger_posting (coop_id, account_id, account_version, entry_id, amount_minor,
                                    balance_after)
        SELECT p_coop, l.account_id, l.version, l.entry_id, l.amount, l.balance FROM line l
    ), leaves AS (
        INSERT INTO record_leaf (id, coop_id, kind, at, body, leaf_hash)
        SELECT w.id, p_coop, 'entry.posted', p_at, convert_from(w.body, 'UTF8'),
               sha256('\x00'::bytea || w.body)
        FROM whole w
    ), pending AS (
        INSERT INTO record_pendingleaf (id, coop_id) SELECT w.id, p_coop FROM whole w
    ), audit AS (
        INSERT INTO record_auditrow (id, coop_id, actor_id, service, subject_id, at, detail)
        SELECT p_audit, p_coop, p_actor, p_service, p_subject, p_at,
               jsonb_build_object('entries', (SELECT count(*) FROM born)::text)
    )
    SELECT w.key, true, convert_from(w.body, 'UTF8') FROM whole w;
END $$;

