"""What the treasury's tables must say of each other, as questions to the database."""

from commonpurse.record.looks import Look

LINES = """
SELECT count(*), count(*) FILTER (WHERE f.is_wrong), min(f.name) FILTER (WHERE f.is_wrong)
FROM (
    SELECT coalesce(t.kind, l.kind) || ' on ' || coalesce(t.day, l.day) || ' of fund '
           || coalesce(t.fund_id, l.fund_id) AS name,
           (coalesce(t.amount_minor, 0), coalesce(t.lines_count, 0))
           <> (coalesce(l.total, 0), coalesce(l.size, 0)) AS is_wrong
    FROM treasury_linetotal t FULL JOIN (
        SELECT s.fund_id, x.booked_on AS day, x.amount_minor > 0 AS is_in,
               CASE c.kind WHEN 'decision' THEN 'cover' ELSE coalesce(c.kind, a.kind, b.kind) END
               AS kind, sum(x.amount_minor) AS total, count(*) AS size
        FROM treasury_linebooking b
        JOIN treasury_bankline x ON x.id = b.line_id
        JOIN treasury_bankstatement s ON s.id = x.statement_id
        LEFT JOIN treasury_lineassignment a ON a.booking_id = b.id
        LEFT JOIN treasury_suspensecover c ON c.booking_id = b.id
        GROUP BY 1, 2, 3, 4
    ) l ON l.fund_id = t.fund_id AND l.day = t.day AND l.is_in = t.is_in AND l.kind = t.kind) f
"""

LOOKS = (Look("totals of lines", "the sum of that day's lines of the kind", LINES),)
