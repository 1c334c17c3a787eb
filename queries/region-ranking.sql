-- ---
-- title = { zh = "地区排名", en = "Regions ranked by a rate" }
-- description = { zh = "所选指标在所选层级各地区的排名。每个地区以本级汇总报告代表其下各机关，没有汇总的逐级用下级汇总和本机关报告，不重复计算；级别高于所选层级的机关不属于任何一个地区，不列入。没有地级市的县（直辖市的区县等）与市并列，不设县区的市（东莞、中山等）与县并列；所选地区低于所选层级时，即以该地区为一行。分母小于“分母下限”的不列入；有未能确定数据的报告计入“数据不全”，不计入合计。", en = "Regions of the level ranked by the measure. A region is told by its summary; without one, by the summaries and own reports below, and no body is counted twice. Bodies above the level belong to no region of it and are left out. A county without a city above it stands among the cities, a city without counties among the counties; a region asked for that lies below the level is a place of its own. Regions with a denominator below the least are not ranked. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "regions"
-- parameters = [
--     "ranked_from", "to", "region", "scope", "place_level", "metric", "order", "minimum", "limit",
-- ]
-- columns = [
--     { name = "place_code", unit = "label", title = { zh = "地区代码", en = "region code" } },
--     { name = "place", title = { zh = "地区", en = "region" } },
--     "year", "reports", "incomplete", "numerator", "denominator", "rate", "minimum", "ranked",
--     "below_minimum", "scope_used",
-- ]
-- chart = { kind = "bar", x = "place", y = ["rate"] }
-- ---
WITH asked AS (
    SELECT place_code, year, scope, least, reports, complete, part, whole
    FROM v_place_rate
    WHERE metric = :metric
        -- A region below the level is a place of its own.
        AND place_level = CASE WHEN :region_level > :level THEN :region_level ELSE :level END
        AND place_code >= :region_from
        AND SUBSTR(place_code, 1, 6) <= :region_to
        AND year BETWEEN :from AND :to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < place_depth)
),
placed AS (
    SELECT code AS place_code, name AS place, year, scope, least, reports, complete, part, whole
    FROM asked
    INNER JOIN region ON place_code = code
),
sums AS (
    SELECT
        place_code,
        place,
        year,
        SUM(reports) AS reports,
        SUM(complete) AS complete,
        SUM(part) AS numerator,
        SUM(whole) AS denominator,
        CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS rate,
        CASE WHEN :minimum > 0 THEN :minimum ELSE MAX(least) END AS minimum,
        MIN(CASE WHEN part IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN part IS NOT NULL THEN scope END) AS last_scope,
        1 AS one
    FROM placed
    GROUP BY place_code, place, year
),
counts AS (
    SELECT
        one AS all_ones,
        COUNT(CASE WHEN complete > 0 AND denominator >= minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN complete = 0 OR denominator < minimum THEN 1 END) AS below_minimum
    FROM sums
    GROUP BY one
)
SELECT
    place_code,
    place,
    year,
    reports,
    reports - complete AS incomplete,
    numerator,
    denominator,
    rate,
    minimum,
    ranked,
    below_minimum,
    CASE WHEN first_scope = last_scope THEN first_scope ELSE 'aggregate+own' END AS scope_used
FROM sums
INNER JOIN counts ON one = all_ones
WHERE complete > 0 AND denominator >= minimum
ORDER BY CASE WHEN :order = 'high' THEN 0 - rate ELSE rate END, denominator DESC, year DESC, place_code
LIMIT :limit
