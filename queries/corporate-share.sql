-- ---
-- title = { zh = "法人和其他组织申请占比", en = "Share of applications by organizations" }
-- description = { zh = "申请人为法人或其他组织（五类合计）的占本年新收申请的比率。2014版不分申请人，其报告计入“数据不全”。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications by legal persons and other organizations, all five kinds, as a share of those received. The 2014 edition does not tell applicants apart, and its reports count as incomplete. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "trends"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition", "reports", "incomplete",
--     { name = "corporate", unit = "count", title = { zh = "法人和其他组织", en = "organizations" } },
--     "received", "share", "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["share"], group = "edition" }
-- ---
SELECT
    year,
    edition,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS corporate,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS received,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS share,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_rate
WHERE metric = 'corporate-share'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year, edition
ORDER BY year, COALESCE(edition, '')
