-- `cohort --metric disclosure-rate`: all rows. How many bodies are out and why, which is told beside
-- them, is not worked out.
WITH own AS (
    SELECT f.year, f.edition, f.n, f.d, COALESCE(o.series_id, o.id) AS series_id
    FROM disclosed AS f
    INNER JOIN organ AS o ON o.id = f.organ_id
    WHERE f.scope = 'own'
),
years AS (
    SELECT DISTINCT year
    FROM own
    WHERE n IS NOT NULL
),
members AS (
    SELECT series_id
    FROM own
    WHERE n IS NOT NULL
    GROUP BY series_id
    HAVING COUNT(DISTINCT year) = (SELECT COUNT(*) FROM years)
),
sums AS (
    SELECT
        year,
        COUNT(DISTINCT series_id) AS bodies,
        COUNT(*) AS reports,
        SUM(n) AS numerator,
        SUM(d) AS denominator,
        value_of('rate', SUM(n), SUM(d)) AS value,
        STRING_AGG(DISTINCT edition, '+' ORDER BY edition) FILTER (n IS NOT NULL) AS editions
    FROM own
    WHERE series_id IN (SELECT series_id FROM members) AND year IN (SELECT year FROM years)
    GROUP BY year
)
SELECT
    s.year,
    s.bodies,
    s.reports,
    s.numerator,
    s.denominator,
    s.value,
    s.value - p.value AS change,
    value_of('rate', s.numerator + p.numerator + q.numerator, s.denominator + p.denominator + q.denominator) AS moving,
    CASE WHEN s.denominator < 30 THEN 1 ELSE 0 END AS small,
    s.editions
FROM sums AS s
LEFT JOIN sums AS p ON p.year = s.year - 1
LEFT JOIN sums AS q ON q.year = s.year - 2
ORDER BY s.year
