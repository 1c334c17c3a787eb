WITH asked AS (
    SELECT series_id, year, organ, region_code, received
    FROM v_requests
    WHERE scope = :scope
        AND year BETWEEN :from - 1 AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
-- Each report stands for its own year, and for the next one as what was before.
both AS (
    SELECT series_id, year AS at_year, 1 AS is_now, organ, region_code, received
    FROM asked
    UNION ALL
    SELECT series_id, year + 1 AS at_year, 0 AS is_now, organ, region_code, received
    FROM asked
),
sums AS (
    SELECT
        at_year AS year,
        MAX(CASE WHEN is_now = 1 THEN organ END) AS organ,
        MAX(CASE WHEN is_now = 1 THEN region_code END) AS region_code,
        SUM(is_now) AS bodies,
        SUM(1 - is_now) AS last_bodies,
        COUNT(received) AS complete,
        SUM(CASE WHEN is_now = 0 THEN received END) AS last_received,
        SUM(CASE WHEN is_now = 1 THEN received END) AS received,
        1 AS one
    FROM both
    WHERE at_year BETWEEN :from AND :to
    GROUP BY series_id, at_year
),
moved AS (
    SELECT organ, region_code, year, bodies, last_bodies, last_received, received, one
    FROM sums
    WHERE bodies > 0
        AND last_bodies > 0
        AND complete = bodies + last_bodies
        AND last_received >= :minimum
),
counts AS (
    SELECT one AS all_ones, COUNT(*) AS ranked
    FROM moved
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    bodies,
    last_bodies,
    last_received,
    received,
    received - last_received AS change,
    CAST(received - last_received AS DOUBLE) / NULLIF(last_received, 0) AS growth,
    ranked,
    :scope AS scope_used
FROM moved
INNER JOIN counts ON one = all_ones
ORDER BY ABS(received - last_received) DESC, received DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
