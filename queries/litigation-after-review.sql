-- ---
-- title = { zh = "复议后起诉", en = "Lawsuits after review" }
-- description = { zh = "复议后起诉的行政诉讼案件与行政复议案件总数之比；诉讼不一定源自同年的复议，所以可以超过 1。2014版没有单列，其报告计入“数据不全”。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Lawsuits brought after a review, for each administrative review; they need not follow a review of the same year, so the ratio may exceed 1. The 2014 edition does not set them apart, and its reports count as incomplete. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "challenges"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports", "incomplete",
--     { name = "lawsuits", unit = "count", title = { zh = "复议后起诉", en = "lawsuits after review" } },
--     { name = "reviews", unit = "count", title = { zh = "行政复议", en = "reviews" } },
--     { name = "ratio", unit = "ratio", title = { zh = "比值", en = "ratio" } },
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["ratio"] }
-- ---
SELECT
    year,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS lawsuits,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS reviews,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS ratio,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_rate
WHERE metric = 'litigation-after-review-per-review'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year
ORDER BY year
