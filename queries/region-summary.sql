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
-- name = "disclosed"
-- title = { zh = "公开与部分公开", en = "disclosed" }
--
-- [[columns]]
-- name = "disclosure_rate"
-- unit = "rate"
-- title = { zh = "公开率", en = "disclosure rate" }
--
-- [[columns]]
-- name = "scope_used"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        received,
        processed,
        granted,
        partially_granted,
        region_code,
        township_code,
        scope,
        SUBSTR(region_code, 1, 2) || '0000' AS province,
        SUBSTR(region_code, 1, 4) || '00' AS city
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (scope = 'own' OR region_code <> :region OR :region_level = 3)
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
        a.received,
        a.processed,
        a.granted,
        a.partially_granted,
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
placed AS (
    SELECT
        year,
        CASE
            WHEN :region_level = 0 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN :region_level = 1 THEN SUBSTR(region_code, 1, 4) || '00'
            ELSE region_code
        END AS place,
        scope,
        received,
        processed,
        granted,
        partially_granted
    FROM counted
),
sums AS (
    SELECT
        place,
        year,
        COUNT(*) AS reports,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN 1 ELSE 0 END) AS complete,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN received ELSE 0 END) AS received,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN processed ELSE 0 END) AS processed,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN granted ELSE 0 END) AS granted,
        SUM(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN partially_granted ELSE 0 END) AS partially_granted,
        MIN(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN received IS NOT NULL AND processed IS NOT NULL AND granted IS NOT NULL AND partially_granted IS NOT NULL THEN scope END) AS last_scope
    FROM placed
    GROUP BY place, year
)
SELECT
    s.place AS region_code,
    n.name AS region,
    s.year,
    s.reports,
    s.reports - s.complete AS incomplete,
    CASE WHEN s.complete > 0 THEN s.received END AS received,
    CASE WHEN s.complete > 0 THEN s.processed END AS processed,
    CASE WHEN s.complete > 0 THEN s.granted + s.partially_granted END AS disclosed,
    CAST(s.granted + s.partially_granted AS DOUBLE) / NULLIF(s.processed, 0) AS disclosure_rate,
    CASE
        WHEN s.first_scope = s.last_scope THEN s.first_scope
        WHEN s.first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums AS s
LEFT JOIN region AS n ON s.place = n.code
ORDER BY COALESCE(s.place, '999999'), s.year
