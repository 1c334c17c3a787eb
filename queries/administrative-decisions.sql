-- ---
-- title = { zh = "行政许可、处罚、强制", en = "Licences, penalties and coercive measures" }
-- description = { zh = "各年作出的行政许可、行政处罚、行政强制处理决定，各版表样合在一起（2019版和2021版都有；2014版没有，不列入）。某项未能确定的报告，以及没有统计表的报告，在该项计入“数据不全”。", en = "Decisions of each year: licences, penalties and coercive measures, the 2019 and 2021 editions together (that of 2014 does not ask and is left out). A report that leaves an item unsettled, or has no tables, counts as incomplete for it." }
-- subject = "disclosure"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year",
--     { name = "item", title = { zh = "事项", en = "item" }, labels_of = { rows = "disclosure" } },
--     "reports", "incomplete",
--     { name = "decisions", unit = "count", title = { zh = "处理决定", en = "decisions" } },
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["decisions"], group = "item" }
-- ---
WITH body AS (
    SELECT year, COALESCE(edition, '') AS edition, scope, SUM(reports) AS reports
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, COALESCE(edition, ''), scope
),
line AS (
    SELECT year, edition, scope, item, SUM(reports) AS settled, SUM(value) AS decisions
    FROM v_place_line
    WHERE figure = 'decisions'
        AND item IN ('licensing', 'penalties', 'coercion')
        AND year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, edition, scope, item
),
asked AS (
    SELECT c.edition, c.row_key AS item
    FROM form_cell AS c
    WHERE c.table_key = 'disclosure'
        AND c.column_key = 'decisions'
        AND c.row_key IN ('licensing', 'penalties', 'coercion')
    GROUP BY c.edition, c.row_key
    -- A report without tables may have said anything.
    UNION ALL SELECT '' AS edition, 'licensing' AS item
    UNION ALL SELECT '' AS edition, 'penalties' AS item
    UNION ALL SELECT '' AS edition, 'coercion' AS item
),
each_item AS (
    SELECT
        b.year,
        b.scope,
        b.reports,
        a.item,
        CASE a.item WHEN 'licensing' THEN 1 WHEN 'penalties' THEN 2 ELSE 3 END AS position,
        COALESCE(l.settled, 0) AS settled,
        l.decisions
    FROM body AS b
    INNER JOIN asked AS a ON a.edition = b.edition
    LEFT JOIN line AS l
        ON l.year = b.year AND l.edition = b.edition AND l.scope = b.scope AND l.item = a.item
),
sums AS (
    SELECT
        year,
        item,
        position,
        SUM(reports) AS reports,
        SUM(settled) AS settled,
        SUM(decisions) AS decisions,
        MIN(CASE WHEN settled > 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN settled > 0 THEN scope END) AS last_scope
    FROM each_item
    GROUP BY year, item, position
)
SELECT
    year,
    item,
    reports,
    reports - settled AS incomplete,
    CASE WHEN settled > 0 THEN decisions END AS decisions,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year, position
