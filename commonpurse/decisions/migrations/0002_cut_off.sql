-- The last word on when a vote is open is the database's: a ballot outside the opening hours, after
-- a result or from the future is refused, whoever writes it.
CREATE FUNCTION decisions_ballot_judge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late record;
BEGIN
    SELECT f.id INTO late FROM fresh f
    JOIN decisions_decision d ON d.id = f.decision_id
    WHERE d.coop_id <> f.coop_id
       OR f.at < d.opens_at
       OR f.at >= d.closes_at
       OR f.at > clock_timestamp() + interval '1 second'
       OR EXISTS (SELECT 1 FROM decisions_result r WHERE r.decision_id = d.id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ballot % falls outside of its vote', late.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ballot_in_time';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ballot_judge AFTER INSERT ON decisions_ballot
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION decisions_ballot_judge();
