-- ---
-- title = { zh = "各条规则发现的问题", en = "Findings by rule" }
-- description = { zh = "核对（check）发现的问题，按规则和级别分列：问题数、报告数、已确认和已排除的数；outcome 为 fail 的是问题，not_assessable 的是无法判断的。没有核对过的数据库没有结果。", en = "What check found, by rule and severity: findings, reports, and how many were confirmed or dismissed; fail is a finding, not_assessable what could not be judged. A database that was never checked has none." }
-- subject = "quality"
-- parameters = [
--     "from", "to", "region",
--     { name = "severity", type = "choice", choices = ["all", "error", "warning", "info"], default = "all", description = { zh = "只列这一级的问题", en = "findings of that severity only" } },
--     { name = "outcome", type = "choice", choices = ["all", "fail", "not_assessable"], default = "all", description = { zh = "只列这一结果的：fail 问题，not_assessable 无法判断", en = "findings of that outcome only" } },
-- ]
-- columns = [
--     { name = "rule", title = { zh = "规则", en = "rule" } },
--     { name = "rule_zh", title = { zh = "规则说明", en = "title" }, labels_of = "rule_titles" },
--     { name = "severity", unit = "severity", title = { zh = "级别", en = "severity" }, labels = { error = { zh = "错误", en = "error" }, warning = { zh = "警告", en = "warning" }, info = { zh = "提示", en = "info" } } },
--     { name = "outcome", title = { zh = "结果", en = "outcome" }, labels = { fail = { zh = "问题", en = "failure" }, not_assessable = { zh = "无法判断", en = "not assessable" } } },
--     { name = "findings", unit = "count", title = { zh = "条数", en = "findings" } },
--     "reports",
--     { name = "confirmed", unit = "count", title = { zh = "已确认", en = "confirmed" } },
--     { name = "dismissed", unit = "count", title = { zh = "已排除", en = "dismissed" } },
-- ]
-- chart = { kind = "bar", x = "rule", y = ["findings"], group = "severity" }
-- ---
WITH sums AS (
    SELECT
        rule,
        severity,
        outcome,
        SUM(findings) AS findings,
        SUM(reports) AS reports,
        SUM(confirmed) AS confirmed,
        SUM(dismissed) AS dismissed
    FROM v_place_finding
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:severity = 'all' OR severity = :severity)
        AND (:outcome = 'all' OR outcome = :outcome)
    GROUP BY rule, severity, outcome
),
named AS (
    SELECT rule AS named_rule, title_zh AS rule_zh
    FROM rule
)
SELECT
    rule,
    rule_zh,
    severity,
    outcome,
    findings,
    reports,
    confirmed,
    dismissed
FROM sums
LEFT JOIN named ON rule = named_rule
ORDER BY
    outcome,
    CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END,
    findings DESC,
    rule
