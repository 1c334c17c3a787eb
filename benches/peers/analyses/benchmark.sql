-- `benchmark` of a body among those of its level and kind, in its last year: all rows of all measures.
-- The notes beside them are not worked out.
WITH last AS (
    SELECT MAX(f.year) AS year
    FROM report_figure AS f
    INNER JOIN organ AS o ON o.id = f.organ_id
    WHERE COALESCE(o.series_id, o.id) = $first
),
figures AS MATERIALIZED (
    SELECT
        series_id,
        organ_id,
        peers,
        number,
        metric,
        unit,
        value_of(unit, n, d) AS value,
        COALESCE(d < least, FALSE) AS small
    FROM measured((SELECT year FROM last), NULL)
),
own AS (
    SELECT DISTINCT ON (number) number, metric, unit, peers, value, small
    FROM figures
    WHERE series_id = $first
    ORDER BY number, organ_id = $organ DESC
),
distribution AS (
    SELECT
        o.number,
        QUANTILE_CONT(f.value, [0.1, 0.25, 0.5, 0.75, 0.9]) AS p,
        COUNT(*) AS peers_count,
        COUNT(*) FILTER (f.value < o.value) AS smaller,
        COUNT(*) FILTER (f.value = o.value) AS tied
    FROM figures AS f
    INNER JOIN own AS o ON o.number = f.number AND o.peers = f.peers
    WHERE f.series_id <> $first AND f.value IS NOT NULL AND NOT f.small
    GROUP BY o.number
)
SELECT
    o.metric,
    o.unit,
    o.value,
    CASE
        WHEN d.number IS NULL THEN NULL
        WHEN o.value > d.p[5] OR (o.value = d.p[5] AND (d.smaller + d.tied / 2.0) / d.peers_count >= 0.9) THEN 'above_p90'
        WHEN o.value > d.p[4] OR (o.value = d.p[4] AND (d.smaller + d.tied / 2.0) / d.peers_count >= 0.75) THEN 'p75_p90'
        WHEN o.value > d.p[3] OR (o.value = d.p[3] AND (d.smaller + d.tied / 2.0) / d.peers_count >= 0.5) THEN 'p50_p75'
        WHEN o.value > d.p[2] OR (o.value = d.p[2] AND (d.smaller + d.tied / 2.0) / d.peers_count >= 0.25) THEN 'p25_p50'
        WHEN o.value > d.p[1] OR (o.value = d.p[1] AND (d.smaller + d.tied / 2.0) / d.peers_count >= 0.1) THEN 'p10_p25'
        ELSE 'below_p10'
    END AS standing,
    CAST(d.smaller AS DOUBLE) / d.peers_count AS percentile,
    d.p[1] AS p10,
    d.p[2] AS p25,
    d.p[3] AS p50,
    d.p[4] AS p75,
    d.p[5] AS p90,
    COALESCE(d.peers_count, 0) AS peers_count,
    CASE WHEN COALESCE(d.peers_count, 0) < 10 THEN 1 ELSE 0 END AS too_few,
    CAST(o.small AS INTEGER) AS small
FROM own AS o
LEFT JOIN distribution AS d ON d.number = o.number
WHERE o.value IS NOT NULL
ORDER BY o.number
