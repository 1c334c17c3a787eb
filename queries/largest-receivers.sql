-- ---
-- title = { zh = "收到申请最多的机关", en = "Bodies that received the most applications" }
-- description = { zh = "按新收申请数量排列的报告，可选层级和机关类型；新收数量未能确定的报告不列入，有多少份见“数据不全”。占比的分母为所选范围内同年数据确定的报告之和，已由上级汇总报告涵盖的不重复计入（选了层级的，该层级各报告都计入）。", en = "Reports by applications received, by level and kind; those whose number is not settled are left out, and how many they are is told. The share is of the sum over all settled reports asked for of that year, in which no summary under another is counted again (of one level all count)." }
-- subject = "rankings"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind",
--     { name = "limit", formerly = "count", type = "int", default = 20, least = 1, description = { zh = "列出多少行", en = "how many to list" } },
-- ]
-- columns = [
--     "organ", "region_code", "year", "received",
--     { name = "received_all", unit = "count", title = { zh = "范围内新收合计", en = "received by all" } },
--     "share", "ranked", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["received"] }
-- ---
WITH reach AS (
    SELECT
        place_code,
        year AS reach_year,
        most AS best,
        covered_depth,
        reports,
        settled,
        part,
        1 AS one
    FROM v_place_measure
    WHERE measure = 'received'
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
        scope,
        received,
        1 AS one
    FROM leading
    INNER JOIN v_requests ON leading_year = year AND leading_code = place_code
    WHERE scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
whole AS (
    SELECT reach_year AS whole_year, SUM(part) AS received_all
    FROM reach
    WHERE :scope = 'own'
        OR covered_depth < CASE
            WHEN :level > 0 THEN :level
            WHEN :region_level = 0 THEN 1
            ELSE :region_level
        END
    GROUP BY reach_year
),
counts AS (
    SELECT
        one AS all_ones,
        SUM(settled) AS ranked,
        SUM(reports - settled) AS left_out
    FROM reach
    GROUP BY one
)
SELECT
    organ,
    region_code,
    year,
    received,
    received_all,
    CAST(received AS DOUBLE) / NULLIF(received_all, 0) AS share,
    ranked,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN whole ON asked.year = whole.whole_year
INNER JOIN counts ON one = all_ones
WHERE received IS NOT NULL
ORDER BY received DESC, year DESC, COALESCE(region_code, '999999'), COALESCE(organ, '')
LIMIT :limit
