WITH asked AS (
    SELECT series_id, year, organ, region_code, part, whole, least
    FROM v_rate
    WHERE metric = :metric
        AND scope = :scope
        AND year BETWEEN :from - 1 AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
-- Each report stands for its own year, and for the next one as what was before.
both AS (
    SELECT series_id, year AS at_year, 1 AS is_now, organ, region_code, part, whole, least
    FROM asked
    UNION ALL
    SELECT series_id, year + 1 AS at_year, 0 AS is_now, organ, region_code, part, whole, least
    FROM asked
),
sums AS (
    SELECT
        series_id,
        at_year AS year,
        MAX(CASE WHEN is_now = 1 THEN organ END) AS organ,
        MAX(CASE WHEN is_now = 1 THEN region_code END) AS region_code,
        SUM(is_now) AS bodies,
        SUM(1 - is_now) AS last_bodies,
        COUNT(part) AS complete,
        SUM(CASE WHEN is_now = 0 THEN part END) AS last_numerator,
        SUM(CASE WHEN is_now = 0 THEN whole END) AS last_denominator,
        SUM(CASE WHEN is_now = 1 THEN part END) AS numerator,
        SUM(CASE WHEN is_now = 1 THEN whole END) AS denominator,
        CASE WHEN :minimum > 0 THEN :minimum ELSE MAX(least) END AS minimum
    FROM both
    WHERE at_year BETWEEN :from AND :to
    GROUP BY series_id, at_year
),
rated AS (
    SELECT
        organ,
        region_code,
        year,
        bodies,
        last_bodies,
        last_numerator,
        last_denominator,
        CAST(last_numerator AS DOUBLE) / NULLIF(last_denominator, 0) AS last_rate,
        numerator,
        denominator,
        CAST(numerator AS DOUBLE) / NULLIF(denominator, 0) AS rate,
        minimum,
        1 AS one
    FROM sums
    WHERE bodies > 0
        AND last_bodies > 0
        AND complete = bodies + last_bodies
        AND denominator >= minimum
        AND last_denominator >= minimum
),
counts AS (
    SELECT one AS all_ones, COUNT(*) AS ranked
    FROM rated
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    bodies,
    last_bodies,
    last_numerator,
    last_denominator,
    last_rate,
    numerator,
    denominator,
    rate,
    rate - last_rate AS change,
    minimum,
    ranked,
    :scope AS scope_used
FROM rated
INNER JOIN counts ON one = all_ones
ORDER BY ABS(rate - last_rate) DESC, denominator DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
