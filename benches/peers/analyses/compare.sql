-- `compare` of two bodies in the last year that both have: all rows of all measures. The notes beside
-- them are not worked out.
WITH common AS (
    SELECT MAX(year) AS year
    FROM (
        SELECT f.year
        FROM report_figure AS f
        INNER JOIN organ AS o ON o.id = f.organ_id
        WHERE COALESCE(o.series_id, o.id) IN ($first, $second)
        GROUP BY f.year
        HAVING COUNT(DISTINCT COALESCE(o.series_id, o.id)) = 2
    ) AS y
),
sums AS (
    SELECT
        series_id,
        number,
        metric,
        unit,
        SUM(n) AS numerator,
        SUM(d) AS denominator,
        value_of(unit, SUM(n), SUM(d)) AS value,
        CASE WHEN SUM(d) < least THEN 1 ELSE 0 END AS small
    FROM measured((SELECT year FROM common), [$first, $second])
    GROUP BY series_id, number, metric, unit, least
)
SELECT
    COALESCE(a.metric, b.metric) AS metric,
    COALESCE(a.unit, b.unit) AS unit,
    a.value AS first,
    b.value AS second,
    b.value - a.value AS difference,
    CASE WHEN a.value <> 0 THEN b.value / a.value END AS ratio,
    a.numerator AS first_numerator,
    a.denominator AS first_denominator,
    b.numerator AS second_numerator,
    b.denominator AS second_denominator,
    GREATEST(COALESCE(a.small, 0), COALESCE(b.small, 0)) AS small
FROM (SELECT * FROM sums WHERE series_id = $first) AS a
FULL JOIN (SELECT * FROM sums WHERE series_id = $second) AS b ON b.number = a.number
WHERE a.value IS NOT NULL OR b.value IS NOT NULL
ORDER BY COALESCE(a.number, b.number)
