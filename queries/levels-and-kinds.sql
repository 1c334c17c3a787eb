-- ---
-- title = { zh = "各层级、各类机关比较", en = "Levels and kinds of bodies compared" }
-- description = { zh = "所选指标按年度、层级（省、市、县、乡镇街道）和机关类型的合计比率，及其中最低和最高的机关比率（只比分母不小于“分母下限”的报告）。只用一种口径，缺省为本机关报告。有未能确定数据的报告计入“数据不全”，不计入任何合计。", en = "The measure by year, level and kind of body: the rate of all together, and the lowest and highest of single reports with at least the least denominator. Of one kind of report only, own ones by default. A report with an unsettled figure counts as incomplete and is in no sum." }
-- subject = "rankings"
-- parameters = ["ranked_from", "to", "region", "whose", "level", "kind", "metric", "minimum"]
-- columns = [
--     "year", "level", "kind", "reports", "incomplete", "numerator", "denominator", "rate",
--     { name = "compared", unit = "count", title = { zh = "参加比较", en = "compared" } },
--     "minimum",
--     { name = "lowest", unit = "rate", title = { zh = "最低", en = "lowest" } },
--     { name = "highest", unit = "rate", title = { zh = "最高", en = "highest" } },
--     "scope_used",
-- ]
-- chart = { kind = "bar", x = "level", y = ["rate"], group = "kind" }
-- ---
WITH known AS (
    SELECT measure AS known_measure, least
    FROM measure
),
rated AS (
    SELECT
        year,
        level,
        kind,
        part,
        whole,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate
    FROM v_rate
    WHERE :minimum > 0
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
sums AS (
    SELECT
        year,
        level,
        kind,
        SUM(reports) AS reports,
        SUM(settled) AS settled,
        SUM(part) AS part,
        SUM(whole) AS whole,
        SUM(compared) AS compared,
        MAX(least) AS minimum,
        MIN(lowest) AS lowest,
        MAX(highest) AS highest
    FROM v_place_measure
    INNER JOIN known ON measure = known_measure
    WHERE :minimum <= 0
        AND measure = :metric
        AND place_level = CASE WHEN :region_level = 0 THEN 1 ELSE 0 END
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND place_code BETWEEN :region_from AND :region_to
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY year, level, kind
    UNION ALL
    SELECT
        year,
        level,
        kind,
        COUNT(*) AS reports,
        COUNT(part) AS settled,
        SUM(part) AS part,
        SUM(whole) AS whole,
        COUNT(CASE WHEN whole >= :minimum THEN 1 END) AS compared,
        :minimum AS minimum,
        MIN(CASE WHEN whole >= :minimum THEN rate END) AS lowest,
        MAX(CASE WHEN whole >= :minimum THEN rate END) AS highest
    FROM rated
    GROUP BY year, level, kind
)
SELECT
    year,
    level,
    kind,
    reports,
    reports - settled AS incomplete,
    CASE WHEN settled > 0 THEN part END AS numerator,
    CASE WHEN settled > 0 THEN whole END AS denominator,
    CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
    compared,
    minimum,
    lowest,
    highest,
    CASE WHEN settled > 0 THEN :scope END AS scope_used
FROM sums
ORDER BY year, COALESCE(level, 9), kind
