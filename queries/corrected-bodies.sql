-- ---
-- title = { zh = "被纠正决定最多的机关", en = "Bodies whose decisions were corrected" }
-- description = { zh = "行政复议或行政诉讼中有结果纠正的报告，按纠正件数排列，并列出纠错率（占已审结）；已审结少于 minimum 的和数据不全的不列入。", en = "Reports with decisions corrected in reviews or lawsuits, by their number, with the share of concluded cases; those with fewer concluded than the minimum, and incomplete ones, are left out." }
-- subject = "challenges"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind",
--     { name = "proceeding", type = "choice", choices = ["all", "review", "litigation"], default = "all", description = { zh = "all：复议和诉讼分别列出；review：行政复议；litigation：行政诉讼", en = "all: reviews and lawsuits, each in rows of its own" } },
--     { name = "minimum", type = "int", default = 1, least = 1, description = { zh = "已审结至少多少件", en = "least concluded cases" } },
--     "limit",
-- ]
-- columns = [
--     "organ", "region_code", "year", "proceeding", "corrected", "concluded", "correction_rate",
--     "ranked",
--     { name = "without", unit = "count", title = { zh = "没有被纠正", en = "none corrected" } },
--     "below_minimum", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["corrected"], group = "proceeding" }
-- ---
WITH reach AS (
    SELECT
        place_code,
        year AS reach_year,
        CASE WHEN most > 0 THEN most END AS best,
        reports,
        settled,
        compared,
        without,
        1 AS one
    FROM v_place_measure
    WHERE :minimum = 1 AND measure IN ('review-corrected', 'litigation-corrected')
        AND (:proceeding = 'all' OR measure = CASE :proceeding WHEN 'review' THEN 'review-corrected' ELSE 'litigation-corrected' END)
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
asked AS (
    SELECT
        organ,
        region_code,
        year,
        proceeding,
        scope,
        corrected,
        concluded,
        1 AS one
    FROM leading
    INNER JOIN v_case ON leading_year = year AND leading_code = place_code
    WHERE (:proceeding = 'all' OR proceeding = :proceeding)
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    UNION ALL
    SELECT
        organ,
        region_code,
        year,
        proceeding,
        scope,
        corrected,
        concluded,
        1 AS one
    FROM v_case
    WHERE :minimum <> 1
        AND (:proceeding = 'all' OR proceeding = :proceeding)
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        SUM(compared - without) AS ranked,
        SUM(without) AS without,
        SUM(settled - compared) AS below_minimum,
        SUM(reports - settled) AS left_out
    FROM reach
    GROUP BY one
    UNION ALL
    SELECT
        1 AS all_ones,
        COUNT(CASE WHEN concluded >= :minimum AND corrected > 0 THEN 1 END) AS ranked,
        COUNT(CASE WHEN concluded >= :minimum AND corrected = 0 THEN 1 END) AS without,
        COUNT(CASE WHEN concluded < :minimum THEN 1 END) AS below_minimum,
        COUNT(CASE WHEN concluded IS NULL THEN 1 END) AS left_out
    FROM v_case
    WHERE :minimum <> 1
        AND (:proceeding = 'all' OR proceeding = :proceeding)
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
    proceeding,
    corrected,
    concluded,
    CAST(corrected AS DOUBLE) / NULLIF(concluded, 0) AS correction_rate,
    ranked,
    without,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE concluded >= :minimum AND corrected > 0
ORDER BY corrected DESC, concluded, year DESC, COALESCE(region_code, '999999'), organ, proceeding
LIMIT :limit
