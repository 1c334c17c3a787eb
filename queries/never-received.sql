-- ---
-- title = { zh = "从未收到申请的机关", en = "Bodies that never received an application" }
-- description = { zh = "所选年度内每份本机关报告的新收申请都是 0 的机关（更名、合并前后的机关算作一个）；有一份报告的新收数未能确定的不列入。", en = "Bodies of which every own report of the years asked for says that no application was received (a body and what it was or became are one); a body with a report that leaves this unsettled is left out." }
-- subject = "rankings"
-- parameters = ["from", "to", "region", "level", "kind"]
-- columns = [
--     "organ", "region_code", "level", "kind",
--     { name = "first_year", unit = "label", title = { zh = "最早年度", en = "first year" } },
--     { name = "last_year", unit = "label", title = { zh = "最晚年度", en = "last year" } },
--     "reports", "received", "scope_used",
-- ]
-- ---
WITH zero AS (
    SELECT series_id AS zero_id
    FROM v_requests
    WHERE received = 0
        AND scope = 'own'
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY series_id
),
member AS (
    SELECT organ_id AS member_id, series_id AS member_series
    FROM v_body
),
bodies AS (
    SELECT
        MAX(organ) AS organ,
        MAX(region_code) AS region_code,
        MAX(level) AS level,
        MAX(kind) AS kind,
        MIN(year) AS first_year,
        MAX(year) AS last_year,
        COUNT(*) AS reports,
        COUNT(received) AS settled,
        SUM(received) AS received,
        MAX(received) AS most,
        MAX(scope) AS scope_used
    FROM zero
    INNER JOIN member ON zero_id = member_series
    INNER JOIN v_requests ON member_id = organ_id
    WHERE scope = 'own'
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY series_id
)
SELECT
    organ,
    region_code,
    level,
    kind,
    first_year,
    last_year,
    reports,
    received,
    scope_used
FROM bodies
WHERE reports = settled AND most = 0
ORDER BY COALESCE(region_code, '999999'), organ
