WITH line AS (
    SELECT report_id AS line_id, item, value AS decisions
    FROM v_line
    WHERE item = :item AND figure = 'decisions' AND year BETWEEN :from AND :to
),
asked AS (
    SELECT organ, region_code, year, scope, item, decisions, 1 AS one
    FROM v_requests
    LEFT JOIN line ON report_id = line_id
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(CASE WHEN decisions >= :minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN decisions < :minimum THEN 1 END) AS below_minimum,
        COUNT(CASE WHEN decisions IS NULL THEN 1 END) AS left_out
    FROM asked
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    item,
    decisions,
    ranked,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE decisions >= :minimum
ORDER BY decisions DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
