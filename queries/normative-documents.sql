-- ---
-- title = { zh = "行政规范性文件", en = "Normative documents" }
-- description = { zh = "年末现行有效的行政规范性文件，本年制发、废止件数，以及更替率（制发与废止之和与年末现行有效件数之比，集中清理之年可以超过 1）。只有2021版有这些数，其他报告计入“数据不全”。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Normative documents in force at the end of the year, issued and repealed in it, and their churn (issued and repealed for each in force, which may exceed 1). Only the 2021 edition has these figures; other reports count as incomplete. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "disclosure"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports", "incomplete",
--     { name = "issued", unit = "count", title = { zh = "制发", en = "issued" } },
--     { name = "repealed", unit = "count", title = { zh = "废止", en = "repealed" } },
--     { name = "in_force", unit = "count", title = { zh = "现行有效", en = "in force" } },
--     { name = "churn", unit = "ratio", title = { zh = "更替率", en = "churn" } },
--     "scope_used",
-- ]
-- chart = { kind = "bar", x = "year", y = ["issued", "repealed"] }
-- ---
WITH asked AS (
    SELECT
        year,
        scope,
        reports,
        documents_issued AS issued,
        documents_repealed AS repealed,
        documents_in_force AS in_force,
        CASE WHEN documents_issued + documents_repealed + documents_in_force IS NULL THEN 1 ELSE 0 END AS incomplete
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
        SUM(reports) AS reports,
        SUM(incomplete * reports) AS incomplete,
        SUM(CASE WHEN incomplete = 0 THEN issued END) AS issued,
        SUM(CASE WHEN incomplete = 0 THEN repealed END) AS repealed,
        SUM(CASE WHEN incomplete = 0 THEN in_force END) AS in_force,
        MIN(CASE WHEN incomplete = 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN incomplete = 0 THEN scope END) AS last_scope
    FROM asked
    GROUP BY year
)
SELECT
    year,
    reports,
    incomplete,
    CASE WHEN reports > incomplete THEN issued END AS issued,
    CASE WHEN reports > incomplete THEN repealed END AS repealed,
    CASE WHEN reports > incomplete THEN in_force END AS in_force,
    CAST(issued + repealed AS DOUBLE) / NULLIF(in_force, 0) AS churn,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year
