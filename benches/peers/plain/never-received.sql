WITH bodies AS (
    SELECT
        MAX(organ) AS organ,
        MAX(region_code) AS region_code,
        MAX(level) AS level,
        MAX(kind) AS kind,
        MIN(year) AS first_year,
        MAX(year) AS last_year,
        COUNT(*) AS reports,
        COUNT(received) AS settled,
        SUM(received) AS received,
        MAX(received) AS most,
        MAX(scope) AS scope_used
    FROM v_requests
    WHERE scope = 'own'
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY series_id
)
SELECT
    organ,
    region_code,
    level,
    kind,
    first_year,
    last_year,
    reports,
    received,
    scope_used
FROM bodies
WHERE reports = settled AND most = 0
ORDER BY COALESCE(region_code, '999999'), organ
