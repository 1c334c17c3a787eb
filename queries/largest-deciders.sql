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
WITH reach AS (
    SELECT
        place_code,
        year AS reach_year,
        most AS best,
        reports,
        settled,
        compared,
        1 AS one
    FROM v_place_measure
    WHERE :minimum = 1 AND measure = :item
        AND place_level = 0
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND place_code BETWEEN :region_from AND :region_to
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
best AS (
    SELECT best AS first_best
    FROM reach
    WHERE best IS NOT NULL
    ORDER BY best DESC
    LIMIT :limit
),
edge AS (
    SELECT MIN(first_best) AS least_best, 1 AS edge_one
    FROM best
),
-- The first ones are in the regions that reach as far as the last of so many regions.
leading AS (
    SELECT place_code AS leading_code, reach_year AS leading_year
    FROM reach
    INNER JOIN edge ON one = edge_one
    WHERE best >= least_best
    GROUP BY place_code, reach_year
),
-- Three of the same, for each is looked up in only where it is used once.
line AS (
    SELECT report_id AS line_id, item, value AS decisions
    FROM v_line
    WHERE item = :item AND figure = 'decisions' AND year BETWEEN :from AND :to
),
any_line AS (
    SELECT report_id AS line_id, item, value AS decisions
    FROM v_line
    WHERE item = :item AND figure = 'decisions' AND year BETWEEN :from AND :to
),
each_line AS (
    SELECT report_id AS line_id, item, value AS decisions
    FROM v_line
    WHERE item = :item AND figure = 'decisions' AND year BETWEEN :from AND :to
),
asked AS (
    SELECT
        organ,
        region_code,
        year,
        scope,
        item,
        decisions,
        1 AS one
    FROM leading
    INNER JOIN v_requests ON leading_year = year AND leading_code = place_code
    INNER JOIN line ON report_id = line_id
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    UNION ALL
    SELECT
        organ,
        region_code,
        year,
        scope,
        item,
        decisions,
        1 AS one
    FROM v_requests
    INNER JOIN any_line ON report_id = line_id
    WHERE :minimum <> 1
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        SUM(compared) AS ranked,
        SUM(settled - compared) AS below_minimum,
        SUM(reports - settled) AS left_out
    FROM reach
    GROUP BY one
    UNION ALL
    SELECT
        1 AS all_ones,
        COUNT(CASE WHEN decisions >= :minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN decisions < :minimum THEN 1 END) AS below_minimum,
        COUNT(*) - COUNT(decisions) AS left_out
    FROM v_requests
    LEFT JOIN each_line ON report_id = line_id
    WHERE :minimum <> 1
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY scope
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
