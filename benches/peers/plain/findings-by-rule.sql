WITH asked AS (
    SELECT rule, rule_zh, severity, outcome, report_id, decision
    FROM v_finding
    WHERE year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:severity = 'all' OR severity = :severity)
        AND (:outcome = 'all' OR outcome = :outcome)
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
