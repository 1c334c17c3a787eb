-- ---
-- title = { zh = "各年行政复议纠错率", en = "Correction rate of administrative reviews by year" }
-- description = { zh = "结果纠正占已审结（维持、纠正、其他）的比率；尚未审结不计入。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Corrected as a share of concluded (upheld, corrected, other); pending cases are not concluded. A report with an unsettled figure counts as incomplete and is in no sum." }
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
-- name = "reports"
-- unit = "count"
-- title = { zh = "报告数", en = "reports" }
--
-- [[columns]]
-- name = "incomplete"
-- unit = "count"
-- title = { zh = "数据不全", en = "incomplete" }
--
-- [[columns]]
-- name = "upheld"
-- unit = "count"
-- title = { zh = "维持", en = "upheld" }
--
-- [[columns]]
-- name = "corrected"
-- unit = "count"
-- title = { zh = "纠正", en = "corrected" }
--
-- [[columns]]
-- name = "other"
-- unit = "count"
-- title = { zh = "其他结果", en = "other" }
--
-- [[columns]]
-- name = "pending"
-- unit = "count"
-- title = { zh = "未审结", en = "pending" }
--
-- [[columns]]
-- name = "total"
-- unit = "count"
-- title = { zh = "总计", en = "total" }
--
-- [[columns]]
-- name = "concluded"
-- unit = "count"
-- title = { zh = "已审结", en = "concluded" }
--
-- [[columns]]
-- name = "correction_rate"
-- unit = "rate"
-- title = { zh = "纠错率", en = "correction rate" }
--
-- [[columns]]
-- name = "scope_used"
-- labels_of = "scope"
-- title = { zh = "口径", en = "scope used" }
-- ---
WITH by_scope AS (
    SELECT
        year,
        scope,
        SUM(reports) AS reports,
        SUM(incomplete) AS incomplete,
        SUM(upheld) AS upheld,
        SUM(corrected) AS corrected,
        SUM(other) AS other,
        SUM(pending) AS pending,
        SUM(with_pending) AS with_pending,
        SUM(total) AS total
    FROM case_rollup
    WHERE proceeding = 'review'
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year, scope
)
SELECT
    year,
    SUM(reports) AS reports,
    SUM(incomplete) AS incomplete,
    CASE WHEN SUM(reports) > SUM(incomplete) THEN SUM(upheld) END AS upheld,
    CASE WHEN SUM(reports) > SUM(incomplete) THEN SUM(corrected) END AS corrected,
    CASE WHEN SUM(reports) > SUM(incomplete) THEN SUM(other) END AS other,
    CASE WHEN SUM(with_pending) > 0 THEN SUM(pending) END AS pending,
    CASE WHEN SUM(reports) > SUM(incomplete) THEN SUM(total) END AS total,
    CASE WHEN SUM(reports) > SUM(incomplete) THEN SUM(upheld + corrected + other) END AS concluded,
    CAST(SUM(corrected) AS DOUBLE) / NULLIF(SUM(upheld + corrected + other), 0) AS correction_rate,
    CASE COUNT(CASE WHEN reports > incomplete THEN scope END)
        WHEN 1 THEN MIN(CASE WHEN reports > incomplete THEN scope END)
        WHEN 2 THEN 'aggregate+own'
    END AS scope_used
FROM by_scope
GROUP BY year
ORDER BY year
