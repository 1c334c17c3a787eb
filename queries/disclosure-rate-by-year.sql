-- ---
-- title = { zh = "各年公开率", en = "Disclosure rate by year" }
-- description = { zh = "予以公开与部分公开之和占办理总数的比率，按年度和表样分列：2014版的办理数为申请答复数，与以后各版不能直接比较。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Granted and partly granted as a share of those processed, by year and edition: the 2014 edition counts replies, which does not compare well with later editions. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "trends"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "edition", "reports", "incomplete", "disclosed", "processed", "disclosure_rate",
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["disclosure_rate"], group = "edition" }
-- ---
SELECT
    year,
    edition,
    SUM(reports) AS reports,
    SUM(reports - complete) AS incomplete,
    CASE WHEN COUNT(part) > 0 THEN SUM(part) END AS disclosed,
    CASE WHEN COUNT(part) > 0 THEN SUM(whole) END AS processed,
    CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS disclosure_rate,
    CASE
        WHEN MIN(CASE WHEN part IS NOT NULL THEN scope END) = MAX(CASE WHEN part IS NOT NULL THEN scope END)
            THEN MIN(CASE WHEN part IS NOT NULL THEN scope END)
        WHEN COUNT(part) > 0 THEN 'aggregate+own'
    END AS scope_used
FROM v_place_rate
WHERE metric = 'disclosure-rate'
    AND year BETWEEN :from AND :to
    AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
    AND place_code BETWEEN :region_from AND :region_to
    AND (:scope = 'auto' OR scope = :scope)
    AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
GROUP BY year, edition
ORDER BY year, COALESCE(edition, '')
