-- ---
-- title = { zh = "各年收到和处理申请", en = "Applications received and processed by year" }
-- description = { zh = "新收政府信息公开申请与办理（2014版：答复）数量。不同表样的办理口径略有不同，故按表样分列。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications newly received, and processed (2014 edition: replied to). What counts as processed differs between editions, so each has its own row. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "trends"
-- parameters = ["from", "to", "region", "scope"]
-- columns = ["year", "edition", "reports", "incomplete", "received", "processed", "scope_used"]
-- chart = { kind = "line", x = "year", y = ["received", "processed"], group = "edition" }
-- ---
WITH asked AS (
    SELECT
        year,
        edition,
        scope,
        reports,
        received,
        processed,
        CASE WHEN received + processed IS NULL THEN 1 ELSE 0 END AS incomplete
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
),
sums AS (
    SELECT
        year,
        edition,
        SUM(reports) AS reports,
        SUM(incomplete * reports) AS incomplete,
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
