WITH asked AS (
    SELECT
        organ,
        region_code,
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        1 AS one
    FROM v_rate
    WHERE metric = 'carry-out-ratio'
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(CASE WHEN whole >= minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN whole < minimum THEN 1 END) AS below_minimum,
        COUNT(CASE WHEN whole IS NULL THEN 1 END) AS left_out
    FROM asked
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    part AS carried_out,
    whole AS at_hand,
    CAST(part AS DOUBLE) / NULLIF(whole, 0) AS carried_rate,
    minimum,
    ranked,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE whole >= minimum
ORDER BY part DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
