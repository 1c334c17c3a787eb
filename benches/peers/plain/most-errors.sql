WITH checked AS (
    SELECT report_id AS checked_id, 1 AS is_checked
    FROM report_check
    WHERE bodies = 1
),
found AS (
    SELECT
        report_id AS found_id,
        COUNT(CASE WHEN severity = 'error' THEN 1 END) AS errors,
        COUNT(CASE WHEN severity = 'warning' THEN 1 END) AS warnings
    FROM v_finding
    WHERE outcome = 'fail' AND decision <> 'dismissed'
    GROUP BY report_id
),
bodies AS (
    SELECT
        series_id,
        MAX(organ) AS organ,
        MAX(region_code) AS region_code,
        MAX(level) AS level,
        MAX(kind) AS kind,
        COUNT(*) AS reports,
        COUNT(*) - COUNT(is_checked) AS unchecked,
        COUNT(CASE WHEN errors > 0 THEN 1 END) AS with_errors,
        SUM(COALESCE(errors, 0)) AS errors,
        SUM(COALESCE(warnings, 0)) AS warnings,
        MAX(scope) AS scope_used
    FROM v_requests
    LEFT JOIN checked ON report_id = checked_id
    LEFT JOIN found ON report_id = found_id
    WHERE scope = :scope
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
    reports,
    unchecked,
    with_errors,
    errors,
    warnings,
    scope_used
FROM bodies
WHERE errors > 0
ORDER BY errors DESC, warnings DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
