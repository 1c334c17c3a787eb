-- ---
-- title = { zh = "各年主动公开政府信息", en = "Proactive disclosure by year" }
-- description = { zh = "主动公开表各项的合计，按年度、表样和栏目分列；金额以元显示（数据格式中为分）。表样上的每一项都列出；未能确定某项数据的报告在该项计入“数据不全”，不计入该项合计。没有统计表的报告，以及2014版（没有此表）的报告，另成一行，全部计入“数据不全”；自定义表样新增的栏目不在其中。", en = "Sums of the items of the disclosure table by year, edition and column; amounts of money are shown in yuan (data formats: fen). Every figure that the edition asks for is listed; a report that leaves a figure unsettled counts as incomplete for that figure and is not in its sum. Reports without tables and those of the 2014 edition, which lacks this table, have a row of their own and are all incomplete; columns that only an edition of your own has are left out." }
-- subject = "disclosure"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition",
--     { name = "item", labels_of = { rows = "disclosure" }, title = { zh = "项目", en = "item" } },
--     { name = "figure", labels_of = { columns = "disclosure" }, title = { zh = "栏目", en = "figure" } },
--     "reports", "incomplete",
--     { name = "value", unit = "count", title = { zh = "合计", en = "sum" } },
--     { name = "fen", unit = "fen", title = { zh = "金额（元）", en = "amount (yuan)" } },
--     "scope_used",
-- ]
-- ---
WITH body AS (
    SELECT year, edition, scope, SUM(reports) AS reports
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, edition, scope
),
line AS (
    SELECT year, edition, scope, item, figure, SUM(reports) AS settled, SUM(value) AS value
    FROM v_place_line
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, edition, scope, item, figure
),
asked AS (
    SELECT
        c.edition,
        c.row_key AS item,
        c.column_key,
        r.ordinal AS item_ordinal,
        k.ordinal
    FROM form_cell AS c
    INNER JOIN form_row AS r
        ON r.edition = c.edition AND r.table_key = c.table_key AND r.row_key = c.row_key
    INNER JOIN form_column AS k
        ON k.edition = c.edition AND k.table_key = c.table_key AND k.column_key = c.column_key
    WHERE c.table_key = 'disclosure'
),
-- One row per figure; a report without the line leaves it unsettled. Reports whose edition asks
-- for none, or is not known, have one row for all.
figure AS (
    SELECT
        b.year,
        b.edition,
        b.scope,
        b.reports,
        a.item,
        a.item_ordinal,
        a.column_key,
        a.ordinal,
        COALESCE(l.settled, 0) AS settled,
        l.value
    FROM body AS b
    LEFT JOIN asked AS a ON a.edition = b.edition
    LEFT JOIN line AS l
        ON l.year = b.year
        AND l.edition = b.edition
        AND l.scope = b.scope
        AND l.item = a.item
        AND l.figure = a.column_key
),
sums AS (
    SELECT
        year,
        edition,
        item,
        item_ordinal,
        column_key,
        ordinal,
        SUM(reports) AS reports,
        SUM(settled) AS settled,
        SUM(value) AS value,
        MIN(CASE WHEN settled > 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN settled > 0 THEN scope END) AS last_scope
    FROM figure
    GROUP BY year, edition, item, item_ordinal, column_key, ordinal
)
SELECT
    year,
    edition,
    item,
    column_key AS figure,
    reports,
    reports - settled AS incomplete,
    CASE WHEN column_key <> 'amount' AND settled > 0 THEN value END AS value,
    CASE WHEN column_key = 'amount' AND settled > 0 THEN value END AS fen,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, ''), item_ordinal, COALESCE(item, ''), ordinal, COALESCE(column_key, '')
