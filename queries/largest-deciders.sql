-- ---
-- title = { zh = "处理决定最多的机关", en = "Bodies with the most decisions" }
-- description = { zh = "按本年作出的行政许可、行政处罚或行政强制处理决定数量排列的报告；未能确定的不列入，少于 minimum 的不列入。", en = "Reports by licences, penalties or coercive measures decided in the year; unsettled numbers, and those below the minimum, are left out." }
-- subject = "disclosure"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind",
--     { name = "item", type = "choice", choices = ["licensing", "penalties", "coercion"], default = "licensing", description = { zh = "licensing：行政许可；penalties：行政处罚；coercion：行政强制", en = "licensing, penalties or coercion" } },
--     { name = "minimum", type = "int", default = 1, least = 0, description = { zh = "至少多少件", en = "least decisions" } },
--     "limit",
-- ]
-- columns = [
--     "organ", "region_code", "year",
--     { name = "item", title = { zh = "事项", en = "item" }, labels_of = { rows = "disclosure" } },
--     { name = "decisions", unit = "count", title = { zh = "处理决定", en = "decisions" } },
--     "ranked", "below_minimum", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["decisions"] }
-- ---
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
