-- ---
-- title = { zh = "错误最多的机关", en = "Bodies with the most errors" }
-- description = { zh = "核对发现的错误最多的机关（错误级、未排除的问题；更名、合并前后的机关算作一个），并列出警告数和报告数。没有核对过的报告数另列。", en = "Bodies with the most errors that check found and nobody dismissed (a body and what it was or became are one), with the warnings and the number of reports. Reports that were not checked are told apart." }
-- subject = "quality"
-- parameters = ["from", "to", "region", "whose", "level", "kind", "limit"]
-- columns = [
--     "organ", "region_code", "level", "kind", "reports",
--     { name = "unchecked", unit = "count", title = { zh = "未核对", en = "not checked" } },
--     { name = "with_errors", unit = "count", title = { zh = "有错误的报告", en = "with errors" } },
--     { name = "errors", unit = "count", title = { zh = "错误", en = "errors" } },
--     { name = "warnings", unit = "count", title = { zh = "警告", en = "warnings" } },
--     "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["errors"] }
-- ---
WITH blame AS (
    SELECT report_id AS blame_id, errors AS blame_errors
    FROM report_found
    WHERE errors > 0
),
-- The bodies that lead, and those that have as many errors as the last of them.
sums AS (
    SELECT series_id AS sums_id, SUM(blame_errors) AS sum_errors, 1 AS one
    FROM blame
    INNER JOIN v_requests ON blame_id = report_id
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY series_id
),
most AS (
    SELECT sum_errors AS most_errors
    FROM sums
    ORDER BY sum_errors DESC
    LIMIT :limit
),
edge AS (
    SELECT MIN(most_errors) AS least_errors, 1 AS edge_one
    FROM most
),
leading AS (
    SELECT sums_id AS leading_id
    FROM sums
    INNER JOIN edge ON one = edge_one
    WHERE sum_errors >= least_errors
),
member AS (
    SELECT organ_id AS member_id, series_id AS member_series
    FROM v_body
),
found AS (
    SELECT report_id AS found_id, errors, warnings
    FROM report_found
),
checked AS (
    SELECT report_id AS checked_id, 1 AS is_checked
    FROM report_check
    WHERE bodies = 1
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
    FROM leading
    INNER JOIN member ON leading_id = member_series
    INNER JOIN v_requests ON member_id = organ_id
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
