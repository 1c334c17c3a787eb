-- `correction-rate`: all rows. The notes beside them are not worked out.
WITH cases AS (
    SELECT
        0 AS number,
        'review-correction-rate' AS metric,
        year AS place,
        scope,
        edition,
        review_corrected AS n,
        review_upheld + review_corrected + review_other AS d
    FROM report_figure
    WHERE covered_depth < 1
    UNION ALL
    SELECT
        1 AS number,
        'litigation-correction-rate' AS metric,
        year AS place,
        scope,
        edition,
        litigation_corrected AS n,
        litigation_upheld + litigation_corrected + litigation_other AS d
    FROM report_figure
    WHERE covered_depth < 1
),
sums AS (
    SELECT
        number,
        metric,
        place,
        COUNT(*) AS reports,
        COUNT(n) AS used,
        SUM(n) AS numerator,
        SUM(d) AS denominator,
        CAST(SUM(n) AS DOUBLE) / NULLIF(SUM(d), 0) AS p,
        z() * z() / NULLIF(SUM(d), 0) AS spread,
        MIN(scope) FILTER (n IS NOT NULL) AS first_scope,
        MAX(scope) FILTER (n IS NOT NULL) AS last_scope,
        STRING_AGG(DISTINCT edition, '+' ORDER BY edition) FILTER (n IS NOT NULL) AS editions
    FROM cases
    GROUP BY ALL
)
SELECT
    metric,
    place AS year,
    reports,
    used,
    numerator,
    denominator,
    p AS value,
    GREATEST((p + spread / 2 - z() * SQRT(p * (1 - p) / denominator + spread / (4 * denominator))) / (1 + spread), 0) AS low,
    LEAST((p + spread / 2 + z() * SQRT(p * (1 - p) / denominator + spread / (4 * denominator))) / (1 + spread), 1) AS high,
    CASE WHEN denominator < 20 THEN 1 ELSE 0 END AS small,
    CASE WHEN first_scope = last_scope THEN first_scope ELSE first_scope || '+' || last_scope END AS scope_used,
    editions
FROM sums
ORDER BY number, place
