-- ---
-- title = { zh = "各年收到和处理申请", en = "Applications received and processed by year" }
-- description = { zh = "新收政府信息公开申请与办理（2014版：答复）数量。不同表样的办理口径略有不同，故按表样分列。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications newly received, and processed (2014 edition: replied to). What counts as processed differs between editions, so each has its own row. A report with an unsettled figure counts as incomplete and is in no sum." }
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
-- name = "year"
-- unit = "label"
-- title = { zh = "年度", en = "year" }
--
-- [[columns]]
-- name = "edition"
-- unit = "label"
-- title = { zh = "表样", en = "edition" }
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
-- name = "scope_used"
-- labels_of = "scope"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        edition,
        scope,
        received,
        processed,
        CASE WHEN received + processed IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
),
sums AS (
    SELECT
        year,
        edition,
        COUNT(*) AS reports,
        SUM(incomplete) AS incomplete,
        SUM(CASE WHEN incomplete = 0 THEN received END) AS received,
        SUM(CASE WHEN incomplete = 0 THEN processed END) AS processed,
        MIN(CASE WHEN incomplete = 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN incomplete = 0 THEN scope END) AS last_scope
    FROM asked
    GROUP BY year, edition
)
SELECT
    year,
    edition,
    reports,
    incomplete,
    CASE WHEN reports > incomplete THEN received END AS received,
    CASE WHEN reports > incomplete THEN processed END AS processed,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, '')
