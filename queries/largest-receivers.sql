-- ---
-- title = { zh = "收到申请最多的机关", en = "Bodies that received the most applications" }
-- description = { zh = "按新收申请数量排列的报告；新收数量未能确定的报告不列入。占比的分母为所选范围内同年数据确定的报告之和，已由上级汇总报告涵盖的不重复计入。", en = "Reports by applications received; those whose number is not settled are left out. The share is of the sum over all settled reports asked for of that year, in which no summary under another is counted again." }
-- subject = "rankings"
-- parameters = [
--     "from", "to", "region", "whose",
--     { name = "count", type = "int", default = 20, least = 1, description = { zh = "列出多少行", en = "how many to list" } },
-- ]
-- columns = [
--     "organ", "region_code", "year", "received",
--     { name = "received_all", unit = "count", title = { zh = "范围内新收合计", en = "received by all" } },
--     "share",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["received"] }
-- ---
WITH asked AS (
    SELECT
        organ,
        region_code,
        year,
        received,
        covered_depth
    FROM v_requests
    WHERE received IS NOT NULL
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
),
whole AS (
    SELECT
        year AS whole_year,
        SUM(received) AS received_all
    FROM asked
    WHERE :scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    GROUP BY year
)
SELECT
    organ,
    region_code,
    year,
    received,
    received_all,
    CAST(received AS DOUBLE) / NULLIF(received_all, 0) AS share
FROM asked
INNER JOIN whole ON asked.year = whole.whole_year
ORDER BY received DESC, year DESC, COALESCE(region_code, '999999'), COALESCE(organ, '')
LIMIT :count
