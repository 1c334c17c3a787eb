-- ---
-- title = { zh = "申请办理结果", en = "How applications ended" }
-- description = { zh = "各类办理结果的数量及其占办理总数的比率。不同表样口径有别，按表样分列；某表样没有的结果不列出（2014版没有无法提供、不予处理和其他处理）。某项结果或办理总数未能确定的报告，在该项计入“数据不全”，不计入该项的分子和分母。", en = "Number and share of processed applications by outcome. Editions differ in meaning, so each has its own rows; an outcome that an edition does not ask for is left out (2014: unavailable, not processed and other). A report that leaves an outcome or the number processed unsettled counts as incomplete for that outcome and is in neither of its two sums." }
-- subject = "outcomes"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition",
--     { name = "outcome", title = { zh = "结果", en = "outcome" }, labels = { granted = { zh = "予以公开", en = "granted" }, partially_granted = { zh = "部分公开", en = "partly granted" }, refused = { zh = "不予公开", en = "refused" }, unavailable = { zh = "无法提供", en = "unavailable" }, not_processed = { zh = "不予处理", en = "not processed" }, other = { zh = "其他处理", en = "other" } } },
--     "reports", "incomplete", "applications",
--     { name = "processed", unit = "count", title = { zh = "办理总数", en = "processed" } },
--     "share", "scope_used",
-- ]
-- chart = { kind = "stacked", x = "year", y = ["share"], group = "outcome" }
-- ---
WITH by_scope AS (
    SELECT
        year,
        edition,
        scope,
        SUM(reports) AS reports,
        SUM(CASE WHEN granted + processed IS NOT NULL THEN reports ELSE 0 END) AS with_granted,
        SUM(CASE WHEN processed IS NOT NULL THEN granted END) AS granted,
        SUM(CASE WHEN granted IS NOT NULL THEN processed END) AS granted_of,
        SUM(CASE WHEN partially_granted + processed IS NOT NULL THEN reports ELSE 0 END) AS with_partially_granted,
        SUM(CASE WHEN processed IS NOT NULL THEN partially_granted END) AS partially_granted,
        SUM(CASE WHEN partially_granted IS NOT NULL THEN processed END) AS partially_granted_of,
        SUM(CASE WHEN refused + processed IS NOT NULL THEN reports ELSE 0 END) AS with_refused,
        SUM(CASE WHEN processed IS NOT NULL THEN refused END) AS refused,
        SUM(CASE WHEN refused IS NOT NULL THEN processed END) AS refused_of,
        SUM(CASE WHEN unavailable + processed IS NOT NULL THEN reports ELSE 0 END) AS with_unavailable,
        SUM(CASE WHEN processed IS NOT NULL THEN unavailable END) AS unavailable,
        SUM(CASE WHEN unavailable IS NOT NULL THEN processed END) AS unavailable_of,
        SUM(CASE WHEN not_processed + processed IS NOT NULL THEN reports ELSE 0 END) AS with_not_processed,
        SUM(CASE WHEN processed IS NOT NULL THEN not_processed END) AS not_processed,
        SUM(CASE WHEN not_processed IS NOT NULL THEN processed END) AS not_processed_of,
        SUM(CASE WHEN other + processed IS NOT NULL THEN reports ELSE 0 END) AS with_other,
        SUM(CASE WHEN processed IS NOT NULL THEN other END) AS other,
        SUM(CASE WHEN other IS NOT NULL THEN processed END) AS other_of
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, edition, scope
),
-- Each outcome with the processed applications of the reports that settle both.
each_outcome AS (
    SELECT year, edition, scope, reports, 1 AS position, 'granted' AS outcome,
        with_granted AS complete, granted AS applications, granted_of AS processed
    FROM by_scope
    UNION ALL
    SELECT year, edition, scope, reports, 2 AS position, 'partially_granted' AS outcome,
        with_partially_granted AS complete, partially_granted AS applications, partially_granted_of AS processed
    FROM by_scope
    UNION ALL
    SELECT year, edition, scope, reports, 3 AS position, 'refused' AS outcome,
        with_refused AS complete, refused AS applications, refused_of AS processed
    FROM by_scope
    UNION ALL
    SELECT year, edition, scope, reports, 4 AS position, 'unavailable' AS outcome,
        with_unavailable AS complete, unavailable AS applications, unavailable_of AS processed
    FROM by_scope
    UNION ALL
    SELECT year, edition, scope, reports, 5 AS position, 'not_processed' AS outcome,
        with_not_processed AS complete, not_processed AS applications, not_processed_of AS processed
    FROM by_scope
    UNION ALL
    SELECT year, edition, scope, reports, 6 AS position, 'other' AS outcome,
        with_other AS complete, other AS applications, other_of AS processed
    FROM by_scope
),
sums AS (
    SELECT
        year,
        edition,
        position,
        outcome,
        SUM(reports) AS reports,
        SUM(complete) AS complete,
        SUM(applications) AS applications,
        SUM(processed) AS processed,
        MIN(CASE WHEN complete > 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN complete > 0 THEN scope END) AS last_scope
    FROM each_outcome
    GROUP BY year, edition, position, outcome
),
asked AS (
    SELECT edition, figure, 1 AS is_asked
    FROM form_figure
    WHERE series = 'requests'
    GROUP BY edition, figure
)
SELECT
    s.year,
    s.edition,
    s.outcome,
    s.reports,
    s.reports - s.complete AS incomplete,
    CASE WHEN s.complete > 0 THEN s.applications END AS applications,
    CASE WHEN s.complete > 0 THEN s.processed END AS processed,
    CAST(s.applications AS DOUBLE) / NULLIF(s.processed, 0) AS share,
    CASE
        WHEN s.first_scope = s.last_scope THEN s.first_scope
        WHEN s.first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums AS s
LEFT JOIN asked AS a ON a.edition = s.edition AND a.figure = s.outcome
-- Without a table the edition is not known, nor what it asks for.
WHERE s.edition IS NULL OR a.is_asked = 1
ORDER BY s.year, COALESCE(s.edition, ''), s.position
