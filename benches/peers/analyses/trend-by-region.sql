-- `trend --metric applications-received --by region`: all rows. The notes beside them are not worked out.
WITH sums AS (
    SELECT
        f.year,
        COALESCE(g.code, f.region_code, '') AS place,
        COUNT(*) AS reports,
        COUNT(f.received) AS used,
        SUM(f.received) AS numerator,
        MIN(f.scope) FILTER (f.received IS NOT NULL) AS first_scope,
        MAX(f.scope) FILTER (f.received IS NOT NULL) AS last_scope,
        STRING_AGG(DISTINCT f.edition, '+' ORDER BY f.edition) FILTER (f.received IS NOT NULL) AS editions
    FROM report_figure AS f
    LEFT JOIN region AS g ON g.code = SUBSTR(f.region_code, 1, 2) || '0000'
    WHERE f.covered_depth < 1
    GROUP BY 1, 2
)
SELECT
    NULLIF(s.place, '') AS region_code,
    n.name AS region,
    s.year,
    s.reports,
    s.used,
    s.numerator,
    NULL AS denominator,
    s.numerator AS value,
    s.numerator - p.numerator AS change,
    CAST(s.numerator + p.numerator + q.numerator AS DOUBLE) / 3 AS moving,
    0 AS small,
    CASE WHEN s.first_scope = s.last_scope THEN s.first_scope ELSE s.first_scope || '+' || s.last_scope END AS scope_used,
    s.editions
FROM sums AS s
LEFT JOIN sums AS p ON p.place = s.place AND p.year = s.year - 1
LEFT JOIN sums AS q ON q.place = s.place AND q.year = s.year - 2
LEFT JOIN region AS n ON n.code = s.place
ORDER BY s.place = '', s.place, s.year
