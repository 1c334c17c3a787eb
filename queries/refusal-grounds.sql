-- ---
-- title = { zh = "不予公开的理由", en = "Grounds of refusal" }
-- description = { zh = "各年、各表样不予公开的各项理由的件数及其占全部不予公开的比率；《条例》2019年修订，2014版的理由与以后各版不同。没有统计表的报告，以及表样没有这一项的报告，另成一行，全部计入“数据不全”。某项理由或不予公开总数未能确定的报告，在该项计入“数据不全”。", en = "Refusals by ground, as a share of all refusals, by year and edition; the Regulations as revised in 2019 have other grounds than the 2014 edition. Reports without tables, or whose edition lacks this, have a row of their own and are all incomplete. A report that leaves a ground or all refusals unsettled counts as incomplete for that ground." }
-- subject = "outcomes"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition",
--     { name = "item", title = { zh = "理由", en = "ground" }, labels_of = { rows = "applications statistics" } },
--     "reports", "incomplete", "applications",
--     { name = "refused", unit = "count", title = { zh = "不予公开", en = "refused" } },
--     "share", "scope_used",
-- ]
-- chart = { kind = "stacked", x = "year", y = ["share"], group = "item" }
-- ---
SELECT
    year,
    edition,
    item,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS applications,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS refused,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS share,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_breakdown
WHERE breakdown = 'refusal-grounds'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year, edition, item, ordinal
ORDER BY year, COALESCE(edition, ''), COALESCE(ordinal, 0)
