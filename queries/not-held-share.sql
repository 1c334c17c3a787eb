-- ---
-- title = { zh = "本机关不掌握信息占比", en = "Share of information not held" }
-- description = { zh = "因本机关不掌握相关政府信息而无法提供的占办理总数的比率，按年度和表样分列；2014版为“申请信息不存在”占申请答复数，与以后各版不能直接比较。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Applications for information that the body does not hold, as a share of those processed, by year and edition; the 2014 edition asks for information that does not exist, as a share of the replies. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "outcomes"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition", "reports", "incomplete",
--     { name = "not_held", unit = "count", title = { zh = "不掌握", en = "not held" } },
--     "processed", "share", "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["share"], group = "edition" }
-- ---
SELECT
    year,
    edition,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS not_held,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS processed,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS share,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_rate
WHERE metric = 'not-held-share'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year, edition
ORDER BY year, COALESCE(edition, '')
