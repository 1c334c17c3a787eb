-- ---
-- title = { zh = "每百件申请的行政复议", en = "Reviews per 100 applications" }
-- description = { zh = "行政复议案件总数与本年新收申请之比，按每百件申请计；案件不一定由同年收到的申请引起。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "All administrative reviews for every 100 applications received in the year; they need not come from applications of that year. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "challenges"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports", "incomplete",
--     { name = "reviews", unit = "count", title = { zh = "行政复议", en = "reviews" } },
--     "received",
--     { name = "per_100", unit = "ratio", title = { zh = "每百件", en = "per 100" } },
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["per_100"] }
-- ---
SELECT
    year,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS reviews,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS received,
    CAST(100 * SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS per_100,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_rate
WHERE metric = 'reviews-per-100-applications'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year
ORDER BY year
