WITH asked AS (
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        CASE
            WHEN kind = 'government' AND level = 1 THEN ''
            WHEN kind = 'government' AND level = 2 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN kind = 'government' AND level = 3 THEN SUBSTR(region_code, 1, 4) || '00'
            ELSE COALESCE(region_code, '')
        END AS place
    FROM v_rate
    WHERE metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
),
compared AS (
    SELECT organ, region_code, level, kind, year, scope, part, whole, minimum, rate, place
    FROM asked
    WHERE whole >= minimum AND level IS NOT NULL
),
peers AS (
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        scope,
        part,
        whole,
        minimum,
        rate,
        place,
        COUNT(whole) OVER (PARTITION BY year, level, kind, place) AS bodies,
        SUM(part) OVER (PARTITION BY year, level, kind, place) AS part_sum,
        SUM(whole) OVER (PARTITION BY year, level, kind, place) AS whole_sum,
        MIN(rate) OVER (PARTITION BY year, level, kind, place) AS lowest,
        MAX(rate) OVER (PARTITION BY year, level, kind, place) AS highest
    FROM compared
)
SELECT
    organ,
    region_code,
    level,
    kind,
    year,
    part AS numerator,
    whole AS denominator,
    rate,
    bodies - 1 AS peers,
    part_sum - part AS peer_numerator,
    whole_sum - whole AS peer_denominator,
    CAST(part_sum - part AS DOUBLE) / NULLIF(whole_sum - whole, 0) AS peer_rate,
    lowest,
    highest,
    minimum,
    scope AS scope_used
FROM peers
WHERE (:organ = '' OR organ = :organ)
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:level < 0 OR level = :level)
    AND (:kind = 'all' OR kind = :kind)
ORDER BY year, place, level, kind, rate DESC, organ
