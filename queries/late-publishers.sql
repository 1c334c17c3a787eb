-- ---
-- title = { zh = "逾期发布的机关", en = "Late publishers" }
-- description = { zh = "发布日期晚于《条例》规定期限的报告；日期很晚的可能是网站改版后的日期，不列入；期限只是惯例的（乡镇街道）和没有读到发布日期的也不列入。", en = "Reports published after the day that the Regulations set; a date so late that it may be that of a move of the site is left out, and so are days by custom (townships and streets) and reports without a date." }
-- subject = "coverage"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "year", "region_code", "region", "organ", "kind", "scope",
--     { name = "published", title = { zh = "发布日期", en = "published" } },
--     { name = "due", title = { zh = "期限", en = "due" } },
-- ]
-- ---
SELECT
    year,
    region_code,
    region,
    organ,
    kind,
    scope,
    published,
    due
FROM v_expected
WHERE late = 1
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:scope = 'all' OR scope = :scope)
ORDER BY year, published DESC, COALESCE(region_code, '999999'), COALESCE(organ, ''), scope
