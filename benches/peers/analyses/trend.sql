-- `trend --metric disclosure-rate`: all rows. The notes beside them (reports that are left out, by
-- reason) are not worked out.
WITH sums AS (
    SELECT
        year,
        COUNT(*) AS reports,
        COUNT(n) AS used,
        SUM(n) AS numerator,
        SUM(d) AS denominator,
        value_of('rate', SUM(n), SUM(d)) AS value,
        MIN(scope) FILTER (n IS NOT NULL) AS first_scope,
        MAX(scope) FILTER (n IS NOT NULL) AS last_scope,
        STRING_AGG(DISTINCT edition, '+' ORDER BY edition) FILTER (n IS NOT NULL) AS editions
    FROM disclosed
    WHERE covered_depth < 1
    GROUP BY year
)
SELECT
    s.year,
    s.reports,
    s.used,
    s.numerator,
    s.denominator,
    s.value,
    s.value - p.value AS change,
    value_of('rate', s.numerator + p.numerator + q.numerator, s.denominator + p.denominator + q.denominator) AS moving,
    CASE WHEN s.denominator < 30 THEN 1 ELSE 0 END AS small,
    CASE WHEN s.first_scope = s.last_scope THEN s.first_scope ELSE s.first_scope || '+' || s.last_scope END AS scope_used,
    s.editions
FROM sums AS s
LEFT JOIN sums AS p ON p.year = s.year - 1
LEFT JOIN sums AS q ON q.year = s.year - 2
ORDER BY s.year
