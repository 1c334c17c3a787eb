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
WITH sums AS (
    SELECT
        year,
        SUM(reports) AS reports,
        COALESCE(SUM(processing_fees_stated), 0) AS stated,
        SUM(CASE WHEN processing_fee_notices IS NOT NULL THEN reports ELSE 0 END) AS with_notices,
        SUM(processing_fee_notices) AS notices,
        SUM(CASE WHEN processing_fees_charged_fen IS NOT NULL THEN reports ELSE 0 END) AS with_charged,
        SUM(processing_fees_charged_fen) AS charged_fen,
        SUM(CASE WHEN processing_fees_received_fen IS NOT NULL THEN reports ELSE 0 END) AS with_received,
        SUM(processing_fees_received_fen) AS received_fen,
        MIN(CASE WHEN processing_fees_stated > 0 THEN scope END) AS first_scope,
        MAX(CASE WHEN processing_fees_stated > 0 THEN scope END) AS last_scope
    FROM v_place_figure
    WHERE year BETWEEN :from AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year
)
SELECT
    year,
    reports,
    stated,
    with_notices,
    notices,
    with_charged,
    charged_fen,
    with_received,
    received_fen,
    CASE
        WHEN first_scope = last_scope THEN first_scope
        WHEN first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums
ORDER BY year
