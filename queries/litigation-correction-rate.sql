-- ---
-- title = { zh = "各年行政诉讼纠错率", en = "Correction rate of administrative litigation by year" }
-- description = { zh = "结果纠正占已审结（维持、纠正、其他）的比率；尚未审结不计入。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Corrected as a share of concluded (upheld, corrected, other); pending cases are not concluded. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "challenges"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports", "incomplete", "upheld", "corrected", "other", "pending", "total",
--     "concluded", "correction_rate", "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["correction_rate"] }
-- ---
WITH by_scope AS (
    SELECT
        year,
        scope,
        SUM(reports) AS reports,
        SUM(CASE WHEN litigation_upheld IS NULL THEN reports ELSE 0 END) AS incomplete,
        SUM(litigation_upheld) AS upheld,
        SUM(litigation_corrected) AS corrected,
        SUM(litigation_other) AS other,
        SUM(litigation_pending) AS pending,
        SUM(litigation_total) AS total
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, scope
)
SELECT
    year,
    SUM(reports) AS reports,
    SUM(incomplete) AS incomplete,
    SUM(upheld) AS upheld,
    SUM(corrected) AS corrected,
    SUM(other) AS other,
    SUM(pending) AS pending,
    SUM(total) AS total,
    SUM(upheld + corrected + other) AS concluded,
    CAST(SUM(corrected) AS DOUBLE) / NULLIF(SUM(upheld + corrected + other), 0) AS correction_rate,
    CASE COUNT(CASE WHEN reports > incomplete THEN scope END)
        WHEN 1 THEN MIN(CASE WHEN reports > incomplete THEN scope END)
        WHEN 2 THEN 'aggregate+own'
    END AS scope_used
FROM by_scope
GROUP BY year
ORDER BY year
