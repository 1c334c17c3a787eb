-- ---
-- title = { zh = "各条规则发现的问题", en = "Findings by rule" }
-- description = { zh = "核对（check）发现的问题，按规则和级别分列：问题数、报告数、已确认和已排除的数；outcome 为 fail 的是问题，not_assessable 的是无法判断的。没有核对过的数据库没有结果。", en = "What check found, by rule and severity: findings, reports, and how many were confirmed or dismissed; fail is a finding, not_assessable what could not be judged. A database that was never checked has none." }
-- subject = "quality"
-- parameters = [
--     "from", "to", "region",
--     { name = "severity", type = "choice", choices = ["all", "error", "warning", "info"], default = "all", description = { zh = "只列这一级的问题", en = "findings of that severity only" } },
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
WITH asked AS (
    SELECT rule, rule_zh, severity, outcome, report_id, decision
    FROM v_finding
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:severity = 'all' OR severity = :severity)
)
SELECT
    rule,
    MAX(rule_zh) AS rule_zh,
    severity,
    outcome,
    COUNT(*) AS findings,
    COUNT(DISTINCT report_id) AS reports,
    COUNT(CASE WHEN decision = 'confirmed' THEN 1 END) AS confirmed,
    COUNT(CASE WHEN decision = 'dismissed' THEN 1 END) AS dismissed
FROM asked
GROUP BY rule, severity, outcome
ORDER BY
    outcome,
    CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END,
    findings DESC,
    rule
