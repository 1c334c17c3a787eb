-- ---
-- title = { zh = "下级地区汇总", en = "Summary of the regions below" }
-- description = { zh = "所选地区的下一级各地区收到和处理申请的情况；公开率为予以公开与部分公开之和占办理数的比率。所选地区本级机关另列一行，其汇总报告不能拆分，不计入。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications in each region one level below the one asked for; disclosed are granted and partly granted. The bodies of that region itself have a row of their own; its summary cannot be split and is left out. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "regions"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "region_code", { name = "region", title = { zh = "地区", en = "region" }, labels_of = "own_level" }, "year", "reports", "incomplete", "received", "processed",
--     "disclosed", "disclosure_rate", "scope_used",
-- ]
-- chart = { kind = "heat", x = "year", y = ["disclosure_rate"], group = "region" }
-- ---
WITH asked AS (
    -- The provinces are kept summed; under a region, its own reports stand beside the places.
    SELECT
        year,
        scope,
        CASE WHEN place_code <> '000000' THEN place_code END AS region_code,
        place_code AS place,
        reports,
        received,
        processed,
        granted + partially_granted AS disclosed,
        CASE WHEN received + processed + granted + partially_granted IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_place_figure
    WHERE :region_level = 0
        AND place_level = 1
        AND year BETWEEN :from AND :to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < 1)
    UNION ALL
    SELECT
        year,
        scope,
        region_code,
        CASE
            WHEN :region_level = 1 THEN SUBSTR(region_code, 1, 4) || '00'
            WHEN :region_level = 2 THEN region_code
            ELSE COALESCE(township_code, region_code)
        END AS place,
        1 AS reports,
        received,
        processed,
        granted + partially_granted AS disclosed,
        CASE WHEN received + processed + granted + partially_granted IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_requests
    WHERE :region_level > 0
        AND year BETWEEN :from AND :to
        AND region_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        -- Summaries below the region stand for their bodies; the region's own cannot be split.
        AND (:scope = 'own' OR covered_depth <= :region_level)
        AND (scope = 'own' OR region_code IS NULL OR region_code <> :region OR township_code IS NOT NULL)
),
-- A county without a city above it is a place of its own.
placed AS (
    SELECT
        COALESCE(g.code, a.region_code) AS place,
        a.year,
        a.scope,
        a.reports,
        a.received,
        a.processed,
        a.disclosed,
        a.incomplete
    FROM asked AS a
    LEFT JOIN region AS g ON a.place = g.code
),
sums AS (
    SELECT
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
    GROUP BY place, year
)
SELECT
    s.place AS region_code,
    n.name AS region,
    s.year,
    s.reports,
    s.incomplete,
    CASE WHEN s.reports > s.incomplete THEN s.received END AS received,
    CASE WHEN s.reports > s.incomplete THEN s.processed END AS processed,
    CASE WHEN s.reports > s.incomplete THEN s.disclosed END AS disclosed,
    CAST(s.disclosed AS DOUBLE) / NULLIF(s.processed, 0) AS disclosure_rate,
    CASE
        WHEN s.first_scope = s.last_scope THEN s.first_scope
        WHEN s.first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums AS s
LEFT JOIN region AS n ON s.place = n.code
ORDER BY COALESCE(s.place, '999999'), s.year
