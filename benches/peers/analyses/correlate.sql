-- `correlate` of disclosure and refusal rate: both rows. How many bodies are left out, which is told
-- beside them, is not worked out.
WITH pairs AS (
    SELECT (f.granted + f.partially_granted)::DOUBLE / f.processed AS x, f.refused::DOUBLE / f.processed AS y
    FROM report_figure AS f
    WHERE f.scope = 'own'
        AND f.year = (SELECT MAX(year) FROM report_figure)
        AND f.processed >= 30
        AND f.granted + f.partially_granted IS NOT NULL
        AND f.refused IS NOT NULL
),
ranks AS (
    SELECT
        RANK() OVER (ORDER BY x) + (COUNT(*) OVER (PARTITION BY x) - 1) / 2.0::DOUBLE AS x,
        RANK() OVER (ORDER BY y) + (COUNT(*) OVER (PARTITION BY y) - 1) / 2.0::DOUBLE AS y
    FROM pairs
),
found AS (
    SELECT 0 AS number, 'pearson' AS coefficient, CORR(y, x) AS r, COUNT(*) AS n FROM pairs
    UNION ALL
    SELECT 1 AS number, 'spearman' AS coefficient, CORR(y, x) AS r, COUNT(*) AS n FROM ranks
)
SELECT
    coefficient,
    r,
    CASE WHEN n > 3 THEN TANH(ATANH(r) - z() / SQRT(n - 3)) END AS r_low,
    CASE WHEN n > 3 THEN TANH(ATANH(r) + z() / SQRT(n - 3)) END AS r_high,
    n,
    CASE WHEN n < 10 THEN 1 ELSE 0 END AS too_few
FROM found
ORDER BY number
