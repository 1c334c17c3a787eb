WITH asked AS (
    SELECT organ, region_code, year, proceeding, scope, corrected, concluded, 1 AS one
    FROM v_case
    WHERE (:proceeding = 'all' OR proceeding = :proceeding)
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(CASE WHEN concluded >= :minimum AND corrected > 0 THEN 1 END) AS ranked,
        COUNT(CASE WHEN concluded >= :minimum AND corrected = 0 THEN 1 END) AS without,
        COUNT(CASE WHEN concluded < :minimum THEN 1 END) AS below_minimum,
        COUNT(CASE WHEN concluded IS NULL THEN 1 END) AS left_out
    FROM asked
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    proceeding,
    corrected,
    concluded,
    CAST(corrected AS DOUBLE) / NULLIF(concluded, 0) AS correction_rate,
    ranked,
    without,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE concluded >= :minimum AND corrected > 0
ORDER BY corrected DESC, concluded, year DESC, COALESCE(region_code, '999999'), organ, proceeding
LIMIT :limit
