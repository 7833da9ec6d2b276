-- What the lines of a day brought a fund, by what each is taken for now: added to by whoever books
-- a line, moved by whoever finds out what it was.
CREATE FUNCTION treasury_line_total() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO treasury_linetotal
        (id, coop_id, fund_id, day, kind, is_in, amount_minor, lines_count)
    SELECT gen_random_uuid(), l.coop_id, s.fund_id, l.booked_on, b.kind, l.amount_minor > 0,
           sum(l.amount_minor), count(*)
    FROM born b
    JOIN treasury_bankline l ON l.id = b.line_id AND l.coop_id = b.coop_id
    JOIN treasury_bankstatement s ON s.id = l.statement_id AND s.coop_id = l.coop_id
    GROUP BY l.coop_id, s.fund_id, l.booked_on, b.kind, l.amount_minor > 0
    ORDER BY l.coop_id, s.fund_id, l.booked_on, b.kind
    ON CONFLICT (coop_id, fund_id, day, kind, is_in) DO UPDATE SET
        amount_minor = treasury_linetotal.amount_minor + excluded.amount_minor,
        lines_count = treasury_linetotal.lines_count + excluded.lines_count;
    RETURN NULL;
END $$;

-- The kind of an assignment is what the line was. A cover is `cover` when a decision made it, and
-- else the settlement of an order.
CREATE FUNCTION treasury_line_total_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO treasury_linetotal
        (id, coop_id, fund_id, day, kind, is_in, amount_minor, lines_count)
    SELECT gen_random_uuid(), l.coop_id, s.fund_id, l.booked_on, m.kind, l.amount_minor > 0,
           sum(m.sign * l.amount_minor), sum(m.sign)
    FROM born n
    JOIN treasury_linebooking b ON b.id = n.booking_id AND b.coop_id = n.coop_id
    JOIN treasury_bankline l ON l.id = b.line_id AND l.coop_id = b.coop_id
    JOIN treasury_bankstatement s ON s.id = l.statement_id AND s.coop_id = l.coop_id
    CROSS JOIN LATERAL (VALUES
        (b.kind::text, -1),
        (CASE WHEN n.kind = 'decision' THEN 'cover' ELSE n.kind::text END, 1)
    ) AS m (kind, sign)
    GROUP BY l.coop_id, s.fund_id, l.booked_on, m.kind, l.amount_minor > 0
    ORDER BY l.coop_id, s.fund_id, l.booked_on, m.kind
    ON CONFLICT (coop_id, fund_id, day, kind, is_in) DO UPDATE SET
        amount_minor = treasury_linetotal.amount_minor + excluded.amount_minor,
        lines_count = treasury_linetotal.lines_count + excluded.lines_count;
    RETURN NULL;
END $$;

CREATE TRIGGER booking_total AFTER INSERT ON treasury_linebooking REFERENCING NEW TABLE AS born
FOR EACH STATEMENT EXECUTE FUNCTION treasury_line_total();
CREATE TRIGGER assignment_total AFTER INSERT ON treasury_lineassignment
REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION treasury_line_total_move();
CREATE TRIGGER cover_total AFTER INSERT ON treasury_suspensecover
REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION treasury_line_total_move();

INSERT INTO treasury_linetotal
    (id, coop_id, fund_id, day, kind, is_in, amount_minor, lines_count)
SELECT gen_random_uuid(), l.coop_id, s.fund_id, l.booked_on, k.kind, l.amount_minor > 0,
       sum(l.amount_minor), count(*)
FROM treasury_linebooking b
JOIN treasury_bankline l ON l.id = b.line_id AND l.coop_id = b.coop_id
JOIN treasury_bankstatement s ON s.id = l.statement_id AND s.coop_id = l.coop_id
LEFT JOIN treasury_lineassignment a ON a.booking_id = b.id AND a.coop_id = b.coop_id
LEFT JOIN treasury_suspensecover c ON c.booking_id = b.id AND c.coop_id = b.coop_id
CROSS JOIN LATERAL (SELECT CASE c.kind WHEN 'decision' THEN 'cover'
                    ELSE coalesce(c.kind, a.kind, b.kind) END AS kind) k
GROUP BY l.coop_id, s.fund_id, l.booked_on, k.kind, l.amount_minor > 0;
