-- ---
-- title = { zh = "机关平均新收申请", en = "Applications per body" }
-- description = { zh = "各年报告机关的新收申请总数、平均数和最多的一家，只用本机关报告：汇总报告不说明它合计了多少个机关。未能确定新收数的报告计入“数据不全”。", en = "Applications received by all bodies, on average and by the one with the most, from own reports only: a summary does not say of how many bodies it is the sum. A report whose number is not settled counts as incomplete." }
-- subject = "trends"
-- parameters = ["from", "to", "region", "level", "kind"]
-- columns = [
--     "year", "reports", "incomplete",
--     { name = "bodies", unit = "count", title = { zh = "机关数", en = "bodies" } },
--     "received",
--     { name = "mean", unit = "ratio", title = { zh = "平均", en = "mean" } },
--     { name = "most", unit = "count", title = { zh = "最多", en = "most" } },
--     { name = "without", unit = "count", title = { zh = "未收到申请的机关", en = "bodies without applications" } },
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["mean"] }
-- ---
WITH sums AS (
    SELECT
        year,
        SUM(reports) AS reports,
        SUM(settled) AS bodies,
        SUM(part) AS received,
        MAX(most) AS most,
        SUM(without) AS without
    FROM v_place_measure
    WHERE measure = 'received'
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE 0 END
        AND scope = 'own'
        AND year BETWEEN :from AND :to
        AND place_code BETWEEN :region_from AND :region_to
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY year
)
SELECT
    year,
    reports,
    reports - bodies AS incomplete,
    bodies,
    CASE WHEN bodies > 0 THEN received END AS received,
    CAST(received AS DOUBLE) / NULLIF(bodies, 0) AS mean,
    most,
    without,
    CASE WHEN bodies > 0 THEN 'own' END AS scope_used
FROM sums
ORDER BY year
