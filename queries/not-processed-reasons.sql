-- ---
-- title = { zh = "不予处理的情形", en = "Why applications were not processed" }
-- description = { zh = "各年、各表样不予处理的各种情形的件数及其占全部不予处理的比率。没有统计表的报告，以及表样没有这一项的报告，另成一行，全部计入“数据不全”。某种情形或不予处理总数未能确定的报告，在该项计入“数据不全”。", en = "Applications not processed by reason, as a share of all not processed, by year and edition. Reports without tables, or whose edition lacks this, have a row of their own and are all incomplete. A report that leaves a reason or all of them unsettled counts as incomplete for that reason." }
-- subject = "outcomes"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition",
--     { name = "item", title = { zh = "情形", en = "reason" }, labels_of = { rows = "applications" } },
--     "reports", "incomplete", "applications",
--     { name = "not_processed", unit = "count", title = { zh = "不予处理", en = "not processed" } },
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
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS not_processed,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS share,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_breakdown
WHERE breakdown = 'not-processed-reasons'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year, edition, item, ordinal
ORDER BY year, COALESCE(edition, ''), COALESCE(ordinal, 0)
