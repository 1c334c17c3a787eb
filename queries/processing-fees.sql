-- ---
-- title = { zh = "信息处理费", en = "Information-processing fees" }
-- description = { zh = "报告第六部分载明的信息处理费：发出收费通知件数、应收金额、实收金额（国办函〔2020〕109号，2021年度起应报告）。“载明”为读到有关文字的报告数；没有读到或读不出数的报告不计入相应合计。", en = "The information-processing fee as section six states it: notices, amount charged, amount received (Guobanhan 2020 no. 109, to be stated from 2021 on). A report counts as stating it if such words were read; one from which a figure could not be read is not in its sum." }
-- subject = "disclosure"
-- parameters = ["from", "to", "region", "scope"]
-- columns = [
--     "year", "reports",
--     { name = "stated", unit = "count", title = { zh = "载明", en = "stating it" } },
--     { name = "with_notices", unit = "count", title = { zh = "有通知件数", en = "with notices" } },
--     { name = "notices", unit = "count", title = { zh = "收费通知", en = "notices" } },
--     { name = "with_charged", unit = "count", title = { zh = "有应收金额", en = "with amount charged" } },
--     { name = "charged_fen", unit = "fen", title = { zh = "应收（元）", en = "charged (yuan)" } },
--     { name = "with_received", unit = "count", title = { zh = "有实收金额", en = "with amount received" } },
--     { name = "received_fen", unit = "fen", title = { zh = "实收（元）", en = "received (yuan)" } },
--     "scope_used",
-- ]
-- chart = { kind = "bar", x = "year", y = ["charged_fen", "received_fen"] }
-- ---
WITH fee AS (
    SELECT report_id AS fee_id, notices, charged_fen, received_fen, 1 AS is_stated
    FROM processing_fee
),
sums AS (
    SELECT
        year,
        COUNT(*) AS reports,
        COUNT(is_stated) AS stated,
        COUNT(notices) AS with_notices,
        SUM(notices) AS notices,
        COUNT(charged_fen) AS with_charged,
        SUM(charged_fen) AS charged_fen,
        COUNT(received_fen) AS with_received,
        SUM(received_fen) AS received_fen,
        MIN(CASE WHEN is_stated = 1 THEN scope END) AS first_scope,
        MAX(CASE WHEN is_stated = 1 THEN scope END) AS last_scope
    FROM v_report
    LEFT JOIN fee ON report_id = fee_id
    WHERE is_current = 1
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year
)
SELECT
    year,
    reports,
    stated,
    with_notices,
    CASE WHEN with_notices > 0 THEN notices END AS notices,
    with_charged,
    CASE WHEN with_charged > 0 THEN charged_fen END AS charged_fen,
    with_received,
    CASE WHEN with_received > 0 THEN received_fen END AS received_fen,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year
