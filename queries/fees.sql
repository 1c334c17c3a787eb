-- ---
-- title = { zh = "收费", en = "Fees" }
-- description = { zh = "三版表样的收费是三个不同的数，不能比较，所以各成一行：2014版是依申请公开信息收取的费用，2019版是行政事业性收费项目数（上一年项目数加本年增减），2021版是各类行政事业性收费金额。金额以元显示（数据格式中为分）。没有统计表的报告，另成一行，全部计入“数据不全”；未能确定的报告计入“数据不全”，不计入合计。", en = "The three editions ask for three figures that never compare, so each has its own row: fees for answering applications (2014), the number of fee items (2019: those of last year and their change), administrative fees of all kinds (2021). Money is shown in yuan (data formats: fen). Reports without tables have a row of their own and are all incomplete. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "disclosure"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition",
--     { name = "measure", title = { zh = "指标", en = "measure" }, labels = { fees-for-applications = { zh = "依申请公开信息收取的费用", en = "fees for answering applications" }, fee-items = { zh = "行政事业性收费项目数", en = "administrative fee items" }, fees-charged = { zh = "行政事业性收费金额", en = "administrative fees charged" } } },
--     "reports", "incomplete",
--     { name = "items", unit = "count", title = { zh = "项目数", en = "items" } },
--     { name = "fen", unit = "fen", title = { zh = "金额（元）", en = "amount (yuan)" } },
--     "scope_used",
-- ]
-- chart = { kind = "bar", x = "year", y = ["fen"], group = "measure" }
-- ---
WITH asked AS (
    SELECT
        edition AS asked_edition,
        MIN(
            CASE
                WHEN table_key = 'statistics' THEN 'fees-for-applications'
                WHEN column_key = 'amount' THEN 'fees-charged'
                ELSE 'fee-items'
            END
        ) AS measure
    FROM form_cell
    WHERE (table_key = 'statistics' AND row_key = 'fees.amount')
        OR (table_key = 'disclosure' AND row_key = 'fees')
    GROUP BY edition
),
figure AS (
    SELECT
        year,
        edition,
        scope,
        reports,
        measure,
        CASE WHEN measure = 'fee-items' THEN fee_items END AS items,
        CASE WHEN measure <> 'fee-items' THEN fees_fen END AS fen
    FROM v_place_figure
    LEFT JOIN asked ON edition = asked_edition
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
        measure,
        SUM(reports) AS reports,
        SUM(CASE WHEN COALESCE(items, fen) IS NOT NULL THEN reports ELSE 0 END) AS settled,
        SUM(items) AS items,
        SUM(fen) AS fen,
        MIN(CASE WHEN COALESCE(items, fen) IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN COALESCE(items, fen) IS NOT NULL THEN scope END) AS last_scope
    FROM figure
    GROUP BY year, edition, measure
)
SELECT
    year,
    edition,
    measure,
    reports,
    reports - settled AS incomplete,
    items,
    fen,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year, COALESCE(edition, ''), COALESCE(measure, '')
