-- ---
-- title = { zh = "各年主动公开政府信息", en = "Proactive disclosure by year" }
-- description = { zh = "主动公开表各项的合计，按年度、版式和栏目分列；收费金额以元显示。有未能确定数据的报告计入“数据不全”，不计入该项合计。", en = "Sums of the items of the disclosure table by year, edition and column; amounts of money are shown in yuan. A report with an unsettled figure counts as incomplete for that item and is not in its sum." }
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
-- name = "row_key"
-- title = { zh = "项目", en = "item" }
--
-- [[columns]]
-- name = "column_key"
-- title = { zh = "栏目", en = "column" }
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
-- name = "value"
-- title = { zh = "合计", en = "sum" }
--
-- [[columns]]
-- name = "fen"
-- unit = "fen"
-- title = { zh = "金额（元）", en = "amount (yuan)" }
--
-- [[columns]]
-- name = "scope_used"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH asked AS (
    SELECT
        year,
        edition,
        row_key,
        column_key,
        is_money,
        value,
        fen,
        region_code,
        township_code,
        scope,
        SUBSTR(region_code, 1, 2) || '0000' AS province,
        SUBSTR(region_code, 1, 4) || '00' AS city
    FROM v_disclosure
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
        a.row_key,
        a.column_key,
        a.is_money,
        a.value,
        a.fen,
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
        row_key,
        column_key,
        COUNT(*) AS reports,
        SUM(CASE WHEN value IS NOT NULL AND is_money = 0 THEN 1 ELSE 0 END) AS with_value,
        SUM(CASE WHEN fen IS NOT NULL AND is_money = 1 THEN 1 ELSE 0 END) AS with_fen,
        SUM(CASE WHEN value IS NOT NULL AND is_money = 0 THEN value ELSE 0 END) AS value,
        SUM(CASE WHEN fen IS NOT NULL AND is_money = 1 THEN fen ELSE 0 END) AS fen,
        MIN(CASE WHEN value IS NOT NULL OR fen IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN value IS NOT NULL OR fen IS NOT NULL THEN scope END) AS last_scope
    FROM counted
    GROUP BY year, edition, row_key, column_key
)
SELECT
    year,
    edition,
    row_key,
    column_key,
    reports,
    reports - with_value - with_fen AS incomplete,
    CASE WHEN with_value > 0 THEN value END AS value,
    CASE WHEN with_fen > 0 THEN fen END AS fen,
    CASE WHEN first_scope = last_scope THEN first_scope WHEN first_scope IS NOT NULL THEN 'aggregate+own' END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, ''), row_key, column_key
