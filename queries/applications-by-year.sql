-- ---
-- title = { zh = "各年收到和处理申请", en = "Applications received and processed by year" }
-- description = { zh = "新收政府信息公开申请与办理（2014版：答复）数量。不同版式的办理口径略有不同，故按版式分列。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications newly received, and processed (2014 edition: replied to). What counts as processed differs between editions, so each has its own row. A report with an unsettled figure counts as incomplete and is in no sum." }
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
-- title = { zh = "版式", en = "edition" }
--
-- [[columns]]
-- name = "reports"
-- title = { zh = "报告数", en = "reports" }
--
-- [[columns]]
-- name = "incomplete"
-- title = { zh = "数据不全", en = "incomplete" }
--
-- [[columns]]
-- name = "received"
-- title = { zh = "新收", en = "received" }
--
-- [[columns]]
-- name = "processed"
-- title = { zh = "办理", en = "processed" }
--
-- [[columns]]
-- name = "scope_used"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        edition,
        received,
        processed,
        region_code,
        township_code,
        scope,
        SUBSTR(region_code, 1, 2) || '0000' AS province,
        SUBSTR(region_code, 1, 4) || '00' AS city
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
),
-- Where a summary stands for all bodies under its region.
summary AS (
    SELECT DISTINCT year AS summary_year, region_code AS summary_region
    FROM asked
    WHERE scope = 'aggregate' AND township_code IS NULL
),
-- The same for a street or township.
summary_town AS (
    SELECT DISTINCT year AS summary_year, township_code AS summary_town
    FROM asked
    WHERE scope = 'aggregate' AND township_code IS NOT NULL
),
-- No body twice: a summary's own row stays, all else under it goes.
counted AS (
    SELECT
        a.year,
        a.edition,
        a.received,
        a.processed,
        a.region_code,
        a.scope
    FROM asked AS a
    LEFT JOIN summary AS p ON a.year = p.summary_year AND a.province = p.summary_region
    LEFT JOIN summary AS c ON a.year = c.summary_year AND a.city = c.summary_region
    LEFT JOIN summary AS k ON a.year = k.summary_year AND a.region_code = k.summary_region
    LEFT JOIN summary_town AS t ON a.year = t.summary_year AND a.township_code = t.summary_town
    WHERE (p.summary_region IS NULL OR (a.scope = 'aggregate' AND a.township_code IS NULL AND a.region_code = a.province))
        AND (c.summary_region IS NULL OR (a.scope = 'aggregate' AND a.township_code IS NULL AND a.region_code = a.city))
        AND (k.summary_region IS NULL OR (a.scope = 'aggregate' AND a.township_code IS NULL))
        AND (t.summary_town IS NULL OR a.scope = 'aggregate')
),
sums AS (
    SELECT
        year,
        edition,
        COUNT(*) AS reports,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL THEN 1 ELSE 0 END) AS complete,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL THEN received ELSE 0 END) AS received,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL THEN processed ELSE 0 END) AS processed,
        MIN(CASE WHEN received IS NOT NULL AND processed IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN received IS NOT NULL AND processed IS NOT NULL THEN scope END) AS last_scope
    FROM counted
    GROUP BY year, edition
)
SELECT
    year,
    edition,
    reports,
    reports - complete AS incomplete,
    CASE WHEN complete > 0 THEN received END AS received,
    CASE WHEN complete > 0 THEN processed END AS processed,
    CASE WHEN first_scope = last_scope THEN first_scope WHEN first_scope IS NOT NULL THEN 'aggregate+own' END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, '')
