-- ---
-- title = { zh = "各年报送情况", en = "Who has reported, by year" }
-- description = { zh = "各年应报、已报、未报和名单之外的报告数，以及逾期发布、两处来源数据不一、有错误和尚未核对的报告数，按报告口径分列。应报依据用户名单（expect），没有名单的地区以上年报告的机关为准。", en = "Reports expected, come, missing and unexpected by year and scope, and how many of them were late, have two sources that differ, have errors, or are not checked. Who is expected comes from your list (expect), and from last year's reports where the list names nobody of the region." }
-- subject = "coverage"
-- parameters = [
--     "from", "to", "region",
--     { name = "scope", type = "choice", choices = ["all", "own", "aggregate"], default = "all", description = { zh = "own：本机关报告；aggregate：汇总报告；all：两者", en = "own reports, summaries (aggregate), or all" } },
-- ]
-- columns = [
--     "year", "scope",
--     { name = "expected", unit = "count", title = { zh = "应报", en = "expected" } },
--     { name = "come", unit = "count", title = { zh = "已报", en = "come" } },
--     { name = "missing", unit = "count", title = { zh = "未报", en = "missing" } },
--     { name = "unexpected", unit = "count", title = { zh = "名单外", en = "unexpected" } },
--     { name = "late", unit = "count", title = { zh = "逾期", en = "late" } },
--     { name = "twice", unit = "count", title = { zh = "数据不一", en = "two versions" } },
--     { name = "with_errors", unit = "count", title = { zh = "有错误", en = "with errors" } },
--     { name = "unchecked", unit = "count", title = { zh = "未核对", en = "not checked" } },
-- ]
-- chart = { kind = "stacked", x = "year", y = ["come", "missing", "unexpected"], group = "scope" }
-- ---
SELECT
    year,
    scope,
    SUM(come + missing) AS expected,
    SUM(come) AS come,
    SUM(missing) AS missing,
    SUM(unexpected) AS unexpected,
    SUM(late) AS late,
    SUM(twice) AS twice,
    SUM(with_errors) AS with_errors,
    SUM(unchecked) AS unchecked
FROM v_attended
WHERE year BETWEEN :from AND :to
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:scope = 'all' OR scope = :scope)
GROUP BY year, scope
ORDER BY year, scope
