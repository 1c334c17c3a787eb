-- `outliers --metric disclosure-rate`, by the median absolute deviation: all rows. How many values were
-- judged and left out, which is told beside them, is not worked out.
WITH bodies AS (
    SELECT
        f.year,
        o.name AS body,
        h.name AS region,
        COALESCE(level_key(f.level), '') || '/' || f.kind AS peers,
        value_of('rate', f.n, f.d) AS value,
        f.n,
        f.d,
        f.report_id
    FROM disclosed AS f
    INNER JOIN organ AS o ON o.id = f.organ_id
    LEFT JOIN region AS h ON h.code = o.region_code
    WHERE f.scope = 'own' AND f.year = (SELECT MAX(year) FROM report_figure) AND f.d >= 30
),
middle AS (
    SELECT peers, MEDIAN(value) AS median, COUNT(*) AS peers_count
    FROM bodies
    GROUP BY peers
    HAVING COUNT(*) >= 10
),
spread AS (
    SELECT b.peers, MEDIAN(ABS(b.value - m.median)) AS of_median, AVG(ABS(b.value - m.median)) AS of_mean
    FROM bodies AS b
    INNER JOIN middle AS m ON m.peers = b.peers
    GROUP BY b.peers
),
judged AS (
    SELECT
        b.*,
        m.median,
        m.peers_count,
        (b.value - m.median) * CASE
            WHEN s.of_median > 0 THEN 0.6745::DOUBLE / s.of_median
            WHEN s.of_mean > 0 THEN 0.797885::DOUBLE / s.of_mean
            ELSE 0
        END AS z
    FROM bodies AS b
    INNER JOIN middle AS m ON m.peers = b.peers
    INNER JOIN spread AS s ON s.peers = b.peers
)
SELECT
    'disclosure-rate' AS metric,
    'rate' AS unit,
    year,
    body,
    region,
    peers,
    value,
    n AS numerator,
    d AS denominator,
    median,
    z,
    NULL AS lower_fence,
    NULL AS upper_fence,
    peers_count
FROM judged
WHERE ABS(z) > 3.5
ORDER BY peers, value, report_id
