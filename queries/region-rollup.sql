-- ---
-- title = { zh = "各级地区汇总", en = "Regions of any level" }
-- description = { zh = "所选层级各地区收到、办理和公开的申请。每个地区以本级汇总报告代表其下各机关，没有汇总的逐级用下级汇总和本机关报告，不重复计算；级别高于所选层级的机关不属于任何一个地区，不列入。没有地级市的县（直辖市的区县等）与市并列，不设县区的市（东莞、中山等）与县并列；所选地区低于所选层级时，即以该地区为一行。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications received, processed and disclosed in each region of the level. A region is told by its summary; without one, by the summaries and own reports below, and no body is counted twice. Bodies above the level belong to no region of it and are left out. A county without a city above it stands among the cities, a city without counties among the counties; a region asked for that lies below the level is a place of its own. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "regions"
-- parameters = ["from", "to", "region", "scope", "place_level"]
-- columns = [
--     { name = "place_code", unit = "label", title = { zh = "地区代码", en = "region code" } },
--     { name = "place", title = { zh = "地区", en = "region" } },
--     "year", "reports", "incomplete", "received", "processed", "disclosed", "disclosure_rate",
--     "scope_used",
-- ]
-- chart = { kind = "heat", x = "year", y = ["disclosure_rate"], group = "place" }
-- ---
WITH asked AS (
    SELECT
        place_code,
        year,
        scope,
        reports,
        received,
        processed,
        granted + partially_granted AS disclosed,
        CASE WHEN received + processed + granted + partially_granted IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_place_figure
    -- A region below the level is a place of its own.
    WHERE place_level = CASE WHEN :region_level > :level THEN :region_level ELSE :level END
        AND place_code >= :region_from
        AND SUBSTR(place_code, 1, 6) <= :region_to
        AND year BETWEEN :from AND :to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < place_depth)
),
placed AS (
    SELECT code AS place_code, name AS place, year, scope, reports, received, processed, disclosed, incomplete
    FROM asked
    INNER JOIN region ON place_code = code
),
sums AS (
    SELECT
        place_code,
        place,
        year,
        SUM(reports) AS reports,
        SUM(incomplete * reports) AS incomplete,
        SUM(CASE WHEN incomplete = 0 THEN received END) AS received,
        SUM(CASE WHEN incomplete = 0 THEN processed END) AS processed,
        SUM(CASE WHEN incomplete = 0 THEN disclosed END) AS disclosed,
        MIN(CASE WHEN incomplete = 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN incomplete = 0 THEN scope END) AS last_scope
    FROM placed
    GROUP BY place_code, place, year
)
SELECT
    place_code,
    place,
    year,
    reports,
    incomplete,
    CASE WHEN reports > incomplete THEN received END AS received,
    CASE WHEN reports > incomplete THEN processed END AS processed,
    CASE WHEN reports > incomplete THEN disclosed END AS disclosed,
    CAST(disclosed AS DOUBLE) / NULLIF(processed, 0) AS disclosure_rate,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY place_code, year
