-- ---
-- title = { zh = "下级地区汇总", en = "Summary of the regions below" }
-- description = { zh = "所选地区的下一级各地区收到和处理申请的情况；公开率为予以公开与部分公开之和占办理数的比率。所选地区本级机关另列一行，其汇总报告不能拆分，不计入。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications in each region one level below the one asked for; disclosed are granted and partly granted. The bodies of that region itself have a row of their own; its summary cannot be split and is left out. A report with an unsettled figure counts as incomplete and is in no sum." }
--
-- [[parameters]]
-- name = "from"
-- type = "year"
-- default = 0
-- description = { zh = "起始年度", en = "first year" }
--
-- [[parameters]]
-- name = "to"
-- type = "year"
-- default = 9999
-- description = { zh = "截止年度", en = "last year" }
--
-- [[parameters]]
-- name = "region"
-- type = "region"
-- description = { zh = "地区及其下属地区；不填为全部", en = "region with all under it; everywhere if left out" }
--
-- [[parameters]]
-- name = "scope"
-- type = "scope"
-- default = "auto"
-- description = { zh = "auto：有汇总报告的用汇总报告，其余用本机关报告；own、aggregate：只用其一", en = "auto: a level's summary stands for the bodies under it, own reports elsewhere; own, aggregate: that kind only" }
--
-- [[columns]]
-- name = "region_code"
-- unit = "label"
-- title = { zh = "地区代码", en = "region code" }
--
-- [[columns]]
-- name = "region"
-- title = { zh = "地区", en = "region" }
--
-- [[columns]]
-- name = "year"
-- unit = "label"
-- title = { zh = "年度", en = "year" }
--
-- [[columns]]
-- name = "reports"
-- unit = "count"
-- title = { zh = "报告数", en = "reports" }
--
-- [[columns]]
-- name = "incomplete"
-- unit = "count"
-- title = { zh = "数据不全", en = "incomplete" }
--
-- [[columns]]
-- name = "received"
-- unit = "count"
-- title = { zh = "新收", en = "received" }
--
-- [[columns]]
-- name = "processed"
-- unit = "count"
-- title = { zh = "办理", en = "processed" }
--
-- [[columns]]
-- name = "disclosed"
-- unit = "count"
-- title = { zh = "公开与部分公开", en = "disclosed" }
--
-- [[columns]]
-- name = "disclosure_rate"
-- unit = "rate"
-- title = { zh = "公开率", en = "disclosure rate" }
--
-- [[columns]]
-- name = "scope_used"
-- labels_of = "scope"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        scope,
        region_code,
        CASE
            WHEN :region_level = 0 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN :region_level = 1 THEN SUBSTR(region_code, 1, 4) || '00'
            WHEN :region_level = 2 THEN region_code
            ELSE COALESCE(township_code, region_code)
        END AS place,
        received,
        processed,
        granted + partially_granted AS disclosed,
        CASE WHEN received + processed + granted + partially_granted IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
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
        COUNT(*) AS reports,
        SUM(incomplete) AS incomplete,
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
