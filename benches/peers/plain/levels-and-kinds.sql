WITH asked AS (
    SELECT
        year,
        level,
        kind,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate
    FROM v_rate
    WHERE metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
)
SELECT
    year,
    level,
    kind,
    COUNT(*) AS reports,
    COUNT(*) - COUNT(part) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS numerator,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS denominator,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS rate,
    COUNT(CASE WHEN whole >= minimum THEN 1 END) AS compared,
    MAX(minimum) AS minimum,
    MIN(CASE WHEN whole >= minimum THEN rate END) AS lowest,
    MAX(CASE WHEN whole >= minimum THEN rate END) AS highest,
    CASE WHEN COUNT(part) > 0 THEN MAX(scope) END AS scope_used
FROM asked
GROUP BY year, level, kind
ORDER BY year, COALESCE(level, 9), kind
