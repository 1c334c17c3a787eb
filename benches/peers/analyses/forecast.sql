-- `forecast --metric applications-received`: all rows. The notes beside them are not worked out.
WITH sums AS (
    SELECT year, CAST(SUM(received) AS DOUBLE) AS value
    FROM report_figure
    WHERE covered_depth < 1
    GROUP BY year
    HAVING SUM(received) IS NOT NULL
),
runs AS (
    SELECT year, value, year - ROW_NUMBER() OVER (ORDER BY year) AS run
    FROM sums
),
observed AS (
    SELECT year, value, value - LAG(value) OVER (ORDER BY year) AS change
    FROM runs
    WHERE run = (SELECT MAX(run) FROM runs)
),
known AS (
    SELECT
        MAX(year) AS year,
        ARG_MAX(value, year) AS value,
        (ARG_MAX(value, year) - ARG_MIN(value, year)) / COUNT(change) AS slope,
        COUNT(change) AS steps,
        SUM(change * change) / COUNT(change) AS variance
    FROM observed
    HAVING COUNT(*) >= 5
),
residual AS (
    SELECT SUM((o.change - k.slope) * (o.change - k.slope)) / (MAX(k.steps) - 1) AS variance
    FROM observed AS o
    CROSS JOIN known AS k
    WHERE o.change IS NOT NULL
),
ahead AS (
    SELECT 1 AS method, k.year + h.h AS year, k.value, SQRT(k.variance * h.h) AS deviation
    FROM known AS k
    CROSS JOIN (SELECT UNNEST([1, 2, 3]) AS h) AS h
    UNION ALL
    SELECT
        2 AS method,
        k.year + h.h AS year,
        k.value + h.h * k.slope AS value,
        SQRT(r.variance * h.h * (1 + h.h / k.steps::DOUBLE)) AS deviation
    FROM known AS k
    CROSS JOIN residual AS r
    CROSS JOIN (SELECT UNNEST([1, 2, 3]) AS h) AS h
)
SELECT
    year,
    ['observed', 'naive', 'drift'][method + 1] AS method,
    value,
    low,
    high
FROM (
    SELECT o.year, 0 AS method, o.value, NULL::DOUBLE AS low, NULL::DOUBLE AS high
    FROM observed AS o
    CROSS JOIN known AS k
    UNION ALL
    SELECT
        year,
        method,
        GREATEST(value, 0) AS value,
        GREATEST(value - z() * deviation, 0) AS low,
        GREATEST(value + z() * deviation, 0) AS high
    FROM ahead
) AS rows
ORDER BY rows.method, year
