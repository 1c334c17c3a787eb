-- ---
-- title = { zh = "某项比率逐年变化", en = "A rate year on year" }
-- description = { zh = "所选指标各年的分子、分母和比率，以及与上一年相比的变化（比率之差）；上一年没有数据的不算变化。“表样”列出当年最早和最晚的表样版本，不止一版时应注意可比性。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "Numerator, denominator and rate of the measure by year, with the difference to the year before; where that has no figures there is no change. The editions are the first and last of the year: where they differ, compare with care. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "trends"
-- parameters = ["from", "to", "region", "scope", "metric"]
-- columns = [
--     "year",
--     { name = "first_edition", unit = "label", title = { zh = "最早表样", en = "first edition" } },
--     { name = "last_edition", unit = "label", title = { zh = "最晚表样", en = "last edition" } },
--     "reports", "incomplete", "numerator", "denominator", "rate",
--     { name = "last_rate", unit = "rate", title = { zh = "上年比率", en = "rate of last year" } },
--     { name = "change", unit = "points", title = { zh = "变化（百分点）", en = "change (points)" } },
--     "scope_used",
-- ]
-- chart = { kind = "line", x = "year", y = ["rate"] }
-- ---
WITH sums AS (
    SELECT
        year,
        MIN(edition) AS first_edition,
        MAX(edition) AS last_edition,
        SUM(reports) AS reports,
        SUM(complete) AS complete,
        SUM(part) AS numerator,
        SUM(whole) AS denominator,
        CAST(SUM(part) AS DOUBLE) / NULLIF(SUM(whole), 0) AS rate,
        MIN(CASE WHEN part IS NOT NULL THEN scope END) AS first_scope,
        MAX(CASE WHEN part IS NOT NULL THEN scope END) AS last_scope
    FROM v_place_rate
    WHERE metric = :metric
        -- the first year has one before it, too
        AND year BETWEEN :from - 1 AND :to
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END
        AND place_code BETWEEN :region_from AND :region_to
        AND (:scope = 'auto' OR scope = :scope)
        AND (:scope = 'own' OR covered_depth < CASE WHEN :region_level = 0 THEN 1 ELSE :region_level END)
    GROUP BY year
),
before AS (
    SELECT year + 1 AS next_year, rate AS last_rate
    FROM sums
)
SELECT
    s.year,
    s.first_edition,
    s.last_edition,
    s.reports,
    s.reports - s.complete AS incomplete,
    CASE WHEN s.complete > 0 THEN s.numerator END AS numerator,
    CASE WHEN s.complete > 0 THEN s.denominator END AS denominator,
    s.rate,
    b.last_rate,
    s.rate - b.last_rate AS change,
    CASE
        WHEN s.first_scope = s.last_scope THEN s.first_scope
        WHEN s.first_scope IS NOT NULL THEN 'aggregate+own'
    END AS scope_used
FROM sums AS s
LEFT JOIN before AS b ON b.next_year = s.year
WHERE s.year >= :from
ORDER BY s.year
