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

-- Who may vote is who was a member when the vote opened. Nobody joins or leaves "earlier" than the
-- newest opening, or the electorate that the decision recorded could never be found again.
-- Whoever opens a decision and whoever joins or leaves hold the co-op's lock, so each sees the other.
CREATE FUNCTION decisions_electorate_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh f
        JOIN decisions_decision d ON d.coop_id = f.coop_id AND d.opens_at >= f.at
    ) THEN
        RAISE EXCEPTION 'an electorate is fixed: nobody joins or leaves before a vote that opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'electorate_fixed';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER electorate_judge AFTER INSERT ON groups_membership
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION decisions_electorate_judge();
CREATE TRIGGER electorate_judge AFTER INSERT ON groups_departure
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION decisions_electorate_judge();
