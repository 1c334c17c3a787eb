WITH asked AS (
    SELECT organ, region_code, year, scope, received, covered_depth, 1 AS one
    FROM v_requests
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
whole AS (
    SELECT year AS whole_year, SUM(received) AS received_all
    FROM asked
    WHERE :scope = 'own'
        OR covered_depth < CASE
            WHEN :level > 0 THEN :level
            WHEN :region_level = 0 THEN 1
            ELSE :region_level
        END
    GROUP BY year
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(received) AS ranked,
        COUNT(CASE WHEN received IS NULL THEN 1 END) AS left_out
    FROM asked
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    received,
    received_all,
    CAST(received AS DOUBLE) / NULLIF(received_all, 0) AS share,
    ranked,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN whole ON asked.year = whole.whole_year
INNER JOIN counts ON one = all_ones
WHERE received IS NOT NULL
ORDER BY received DESC, year DESC, COALESCE(region_code, '999999'), COALESCE(organ, '')
LIMIT :limit
