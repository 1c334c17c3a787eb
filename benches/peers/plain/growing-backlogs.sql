WITH asked AS (
    SELECT
        organ,
        region_code,
        year,
        scope,
        carried_in,
        received,
        carried_out,
        carried_in + received AS at_hand,
        carried_out - carried_in AS growth,
        CASE WHEN carried_in + received + carried_out IS NULL THEN 1 ELSE 0 END AS incomplete,
        1 AS one
    FROM v_requests
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(CASE WHEN incomplete = 0 AND growth >= :minimum THEN 1 END) AS ranked,
        SUM(incomplete) AS left_out
    FROM asked
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    carried_in,
    received,
    carried_out,
    growth,
    at_hand,
    CAST(carried_out AS DOUBLE) / NULLIF(at_hand, 0) AS carried_rate,
    ranked,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE incomplete = 0 AND growth >= :minimum
ORDER BY growth DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
