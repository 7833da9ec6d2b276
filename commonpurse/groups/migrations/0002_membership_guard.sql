-- One open membership per person and group, whoever writes and however many at once.
-- The co-op's lock row makes two writers queue, so the second sees what the first committed.
CREATE FUNCTION groups_membership_judge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    PERFORM 1 FROM record_lock
    WHERE id IN (SELECT DISTINCT coop_id FROM fresh) ORDER BY id FOR UPDATE;

    -- EXECUTE plans anew each time: a plan kept from one row would take hours for many. For the
    -- same reason it counts (EXISTS makes the planner bet on an early hit) and joins by the one
    -- column that tells rows apart (by co-op and group, a merge compares all members with all).
    EXECUTE $query$
        SELECT count(*) FROM fresh f
        JOIN groups_membership m ON m.person_id = f.person_id AND m.id <> f.id
         AND m.group_id IS NOT DISTINCT FROM f.group_id
        LEFT JOIN groups_departure d
          ON d.coop_id = m.coop_id AND d.membership_id = m.id AND d.at <= f.at
        WHERE d.id IS NULL
    $query$ INTO wrong;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'this person is a member of this group already'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'membership_open_once';
    END IF;

    EXECUTE $query$
        SELECT count(*) FROM fresh f
        JOIN groups_membership m ON m.member_id = f.member_id AND m.person_id <> f.person_id
    $query$ INTO wrong;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'this member id belongs to another person'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'member_id_one_person';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER membership_judge AFTER INSERT ON groups_membership
REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION groups_membership_judge();

-- The counters of the sign-in limits: shared by all web processes.
CREATE TABLE purse_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX purse_cache_expires ON purse_cache (expires);
