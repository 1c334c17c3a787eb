-- ---
-- title = { zh = "申请办理结果", en = "How applications ended" }
-- description = { zh = "各类办理结果的数量及其占办理总数的比率；其余为无法提供、不予处理和其他处理等。不同版式口径有别，按版式分列。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Number and share of processed applications by outcome; the rest were unavailable, not processed or ended otherwise. Editions differ in meaning, so each has its own rows. A report with an unsettled figure counts as incomplete and is in no sum." }
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
-- name = "outcome"
-- title = { zh = "结果", en = "outcome" }
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
-- name = "applications"
-- title = { zh = "件数", en = "applications" }
--
-- [[columns]]
-- name = "processed"
-- title = { zh = "办理总数", en = "processed" }
--
-- [[columns]]
-- name = "share"
-- unit = "rate"
-- title = { zh = "占比", en = "share" }
--
-- [[columns]]
-- name = "scope_used"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        edition,
        granted,
        partially_granted,
        refused,
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
        a.granted,
        a.partially_granted,
        a.refused,
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
        SUM(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN 1 ELSE 0 END) AS complete,
        SUM(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN granted ELSE 0 END) AS granted,
        SUM(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN partially_granted ELSE 0 END) AS partially_granted,
        SUM(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN refused ELSE 0 END) AS refused,
        SUM(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN processed ELSE 0 END) AS processed,
        MIN(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN granted IS NOT NULL AND partially_granted IS NOT NULL AND refused IS NOT NULL AND processed IS NOT NULL THEN scope END) AS last_scope
    FROM counted
    GROUP BY year, edition
),
outcomes AS (
    SELECT
        year,
        edition,
        reports,
        complete,
        1 AS position,
        'granted' AS outcome,
        granted AS applications,
        processed,
        first_scope,
        last_scope
    FROM sums
    UNION ALL
    SELECT
        year,
        edition,
        reports,
        complete,
        2 AS position,
        'partially_granted' AS outcome,
        partially_granted AS applications,
        processed,
        first_scope,
        last_scope
    FROM sums
    UNION ALL
    SELECT
        year,
        edition,
        reports,
        complete,
        3 AS position,
        'refused' AS outcome,
        refused AS applications,
        processed,
        first_scope,
        last_scope
    FROM sums
    UNION ALL
    SELECT
        year,
        edition,
        reports,
        complete,
        4 AS position,
        'rest' AS outcome,
        processed - granted - partially_granted - refused AS applications,
        processed,
        first_scope,
        last_scope
    FROM sums
)
SELECT
    year,
    edition,
    outcome,
    reports,
    reports - complete AS incomplete,
    CASE WHEN complete > 0 THEN applications END AS applications,
    CASE WHEN complete > 0 THEN processed END AS processed,
    CAST(applications AS DOUBLE) / NULLIF(processed, 0) AS share,
    CASE WHEN first_scope = last_scope THEN first_scope WHEN first_scope IS NOT NULL THEN 'aggregate+own' END AS scope_used
FROM outcomes
ORDER BY year, COALESCE(edition, ''), position
