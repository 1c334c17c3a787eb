-- ---
-- title = { zh = "各地区复议诉讼", en = "Reviews and lawsuits by region" }
-- description = { zh = "所选层级各地区行政复议、行政诉讼的结果和纠错率。每个地区以本级汇总报告代表其下各机关，没有汇总的逐级用下级汇总和本机关报告，不重复计算；级别高于所选层级的机关不属于任何一个地区，不列入。没有地级市的县（直辖市的区县等）与市并列，不设县区的市（东莞、中山等）与县并列；所选地区低于所选层级时，即以该地区为一行。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Results of reviews and lawsuits in each region of the level, with the correction rate. A region is told by its summary; without one, by the summaries and own reports below, and no body is counted twice. Bodies above the level belong to no region of it and are left out. A county without a city above it stands among the cities, a city without counties among the counties; a region asked for that lies below the level is a place of its own. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "challenges"
-- parameters = ["from", "to", "region", "scope", "place_level"]
-- columns = [
--     { name = "place_code", unit = "label", title = { zh = "地区代码", en = "region code" } },
--     { name = "place", title = { zh = "地区", en = "region" } },
--     "year", "proceeding", "reports", "incomplete", "upheld", "corrected", "other", "concluded",
--     "correction_rate", "scope_used",
-- ]
-- chart = { kind = "bar", x = "place", y = ["correction_rate"], group = "proceeding" }
-- ---
WITH cases AS (
    SELECT
        place_code,
        place_level,
        place_depth,
        year,
        'review' AS proceeding,
        scope,
        covered_depth,
        reports,
        review_upheld AS upheld,
        review_corrected AS corrected,
        review_other AS other
    FROM v_place_figure
    UNION ALL
    SELECT
        place_code,
        place_level,
        place_depth,
        year,
        'litigation' AS proceeding,
        scope,
        covered_depth,
        reports,
        litigation_upheld AS upheld,
        litigation_corrected AS corrected,
        litigation_other AS other
    FROM v_place_figure
),
placed AS (
    SELECT
        code AS place_code,
        name AS place,
        year,
        proceeding,
        scope,
        reports,
        upheld,
        corrected,
        other,
        upheld + corrected + other AS concluded
    FROM cases
    INNER JOIN region ON place_code = code
    -- A region below the level is a place of its own.
    WHERE place_level = CASE WHEN :region_level > :level THEN :region_level ELSE :level END
        AND place_code >= :region_from
        AND SUBSTR(place_code, 1, 6) <= :region_to
        AND year BETWEEN :from AND :to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < place_depth)
),
sums AS (
    SELECT
        place_code,
        place,
        year,
        proceeding,
        SUM(reports) AS reports,
        SUM(CASE WHEN concluded IS NOT NULL THEN reports ELSE 0 END) AS complete,
        SUM(upheld) AS upheld,
        SUM(corrected) AS corrected,
        SUM(other) AS other,
        SUM(concluded) AS concluded,
        MIN(CASE WHEN concluded IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN concluded IS NOT NULL THEN scope END) AS last_scope
    FROM placed
    GROUP BY place_code, place, year, proceeding
)
SELECT
    place_code,
    place,
    year,
    proceeding,
    reports,
    reports - complete AS incomplete,
    CASE WHEN complete > 0 THEN upheld END AS upheld,
    CASE WHEN complete > 0 THEN corrected END AS corrected,
    CASE WHEN complete > 0 THEN other END AS other,
    CASE WHEN complete > 0 THEN concluded END AS concluded,
    CAST(corrected AS DOUBLE) / NULLIF(concluded, 0) AS correction_rate,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY place_code, year, proceeding DESC
