-- ---
-- title = { zh = "未报送的机关", en = "Who has not reported" }
-- description = { zh = "应报而没有加载到报告的机关。来源为 listed 的在用户名单（expect）上，last_year 的上年报告过。机关更名、合并后的报告算作已报。", en = "Bodies that are expected and of which no report is loaded: named by your list (listed), or having reported the year before (last_year). A report under an earlier or later name counts as come." }
-- subject = "coverage"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "year", "region_code", "region", "organ", "kind", "scope",
--     { name = "origin", title = { zh = "应报依据", en = "why expected" }, labels = { listed = { zh = "名单", en = "your list" }, last_year = { zh = "上年报告过", en = "reported last year" } } },
--     { name = "due", title = { zh = "应报日期", en = "due" } },
-- ]
-- ---
SELECT
    year,
    region_code,
    region,
    organ,
    kind,
    scope,
    origin,
    due
FROM v_expected
WHERE state = 'missing'
    AND year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:scope = 'all' OR scope = :scope)
ORDER BY year, COALESCE(region_code, '999999'), COALESCE(organ, ''), scope
