-- ---
-- title = { zh = "未填或读不出数的格", en = "Cells without a number" }
-- description = { zh = "各版表样中空白、“不适用”、文字和缺失的格，按行和状态分列：格数、报告数，以及其中可由表内合计推得的格数。现行的本机关报告和汇总报告都计入。", en = "Cells that are blank, not applicable, text or missing, by edition, row and state: their number, the reports, and how many of them the form's own sums settle. Own reports and summaries that are current are both counted." }
-- subject = "quality"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "edition",
--     { name = "table_key", title = { zh = "表", en = "table" }, labels_of = "tables" },
--     { name = "item", title = { zh = "行", en = "row" }, labels_of = { rows = "applications challenges disclosure statistics" } },
--     { name = "state", title = { zh = "状态", en = "state" }, labels = { blank = { zh = "空白", en = "blank" }, not_applicable = { zh = "不适用", en = "not applicable" }, text = { zh = "文字", en = "text" }, missing = { zh = "缺失", en = "missing" } } },
--     { name = "cells", unit = "count", title = { zh = "格数", en = "cells" } },
--     "reports",
--     { name = "settled", unit = "count", title = { zh = "可推得", en = "settled by sums" } },
-- ]
-- chart = { kind = "bar", x = "item", y = ["cells"], group = "state" }
-- ---
WITH sums AS (
    SELECT
        row_id,
        state,
        SUM(cells) AS cells,
        SUM(reports) AS reports,
        SUM(settled) AS settled
    FROM v_place_mark
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'all' OR scope = :scope)
    GROUP BY row_id, state
),
line AS (
    SELECT id AS line_id, edition, table_key, row_key AS item, ordinal
    FROM form_row
)
SELECT
    edition,
    table_key,
    item,
    state,
    cells,
    reports,
    settled
FROM sums
INNER JOIN line ON row_id = line_id
ORDER BY edition, table_key, ordinal, state
