-- ---
-- title = { zh = "申请办理结果", en = "How applications ended" }
-- description = { zh = "各类办理结果的数量及其占办理总数的比率。不同版式口径有别，按版式分列；2014版没有无法提供、不予处理和其他处理的数据。某项结果或办理总数未能确定的报告，在该项计入“数据不全”，不计入该项的分子和分母。", en = "Number and share of processed applications by outcome. Editions differ in meaning, so each has its own rows; the 2014 edition does not ask for unavailable, not processed and other. A report that leaves an outcome or the number processed unsettled counts as incomplete for that outcome and is in neither of its two sums." }
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
        scope,
        processed,
        granted,
        partially_granted,
        refused,
        unavailable,
        not_processed,
        other
    FROM v_requests
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
),
-- One row per report and outcome.
each_outcome AS (
    SELECT year, edition, scope, processed, 1 AS position, 'granted' AS outcome, granted AS applications FROM asked
    UNION ALL
    SELECT year, edition, scope, processed, 2 AS position, 'partially_granted' AS outcome, partially_granted AS applications FROM asked
    UNION ALL
    SELECT year, edition, scope, processed, 3 AS position, 'refused' AS outcome, refused AS applications FROM asked
    UNION ALL
    SELECT year, edition, scope, processed, 4 AS position, 'unavailable' AS outcome, unavailable AS applications FROM asked
    UNION ALL
    SELECT year, edition, scope, processed, 5 AS position, 'not_processed' AS outcome, not_processed AS applications FROM asked
    UNION ALL
    SELECT year, edition, scope, processed, 6 AS position, 'other' AS outcome, other AS applications FROM asked
),
sums AS (
    SELECT
        year,
        edition,
        position,
        outcome,
        COUNT(*) AS reports,
        COUNT(applications + processed) AS complete,
        SUM(CASE WHEN processed IS NOT NULL THEN applications END) AS applications,
        SUM(CASE WHEN applications IS NOT NULL THEN processed END) AS processed,
        MIN(CASE WHEN applications + processed IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN applications + processed IS NOT NULL THEN scope END) AS last_scope
    FROM each_outcome
    GROUP BY year, edition, position, outcome
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
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, ''), position
