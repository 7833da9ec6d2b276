-- What each day changed an account by. The postings' own trigger has judged them and holds the
-- accounts' locks, so two writers never meet at a day's row.
CREATE FUNCTION ledger_day_total() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO ledger_daytotal (id, coop_id, account_id, day, amount_minor)
    SELECT gen_random_uuid(), b.coop_id, b.account_id, e.booked_on, sum(b.amount_minor)
    FROM born b JOIN ledger_entry e ON e.id = b.entry_id
    GROUP BY b.coop_id, b.account_id, e.booked_on
    ON CONFLICT (coop_id, account_id, day)
    DO UPDATE SET amount_minor = ledger_daytotal.amount_minor + excluded.amount_minor;
    RETURN NULL;
END $$;

-- Triggers of one table fire in the order of their names: this one after posting_judge.
CREATE TRIGGER posting_total AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS born
FOR EACH STATEMENT EXECUTE FUNCTION ledger_day_total();

INSERT INTO ledger_daytotal (id, coop_id, account_id, day, amount_minor)
SELECT gen_random_uuid(), p.coop_id, p.account_id, e.booked_on, sum(p.amount_minor)
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
GROUP BY p.coop_id, p.account_id, e.booked_on;

CREATE TRIGGER day_total_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_daytotal
FOR EACH STATEMENT EXECUTE FUNCTION ledger_balance_guard();
