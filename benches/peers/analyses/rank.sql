-- `rank --metric disclosure-rate`: all rows. How many bodies are left out, which is told beside them,
-- is not worked out.
WITH bodies AS (
    SELECT o.name AS body, h.name AS region, f.report_id, f.n, f.d, value_of('rate', f.n, f.d) AS value
    FROM disclosed AS f
    INNER JOIN organ AS o ON o.id = f.organ_id
    LEFT JOIN region AS h ON h.code = o.region_code
    WHERE f.scope = 'own' AND f.year = (SELECT MAX(year) FROM report_figure) AND f.d >= 30
)
SELECT
    'all' AS peers,
    RANK() OVER (ORDER BY value DESC) AS rank,
    CASE WHEN COUNT(*) OVER () > 1 THEN PERCENT_RANK() OVER (ORDER BY value) END AS percentile,
    body,
    region,
    value,
    n AS numerator,
    d AS denominator
FROM bodies
WHERE value IS NOT NULL
ORDER BY value DESC, report_id
