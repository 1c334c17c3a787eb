-- ---
-- title = { zh = "按比率排名", en = "Bodies ranked by a rate" }
-- description = { zh = "所选指标的机关排名，可选层级和机关类型。分母小于“分母下限”的和数据不全的不列入，各有多少份见末三列（按所选范围统计）；每份报告一行，分子、分母同列。", en = "Bodies ranked by the measure, by level and kind. Reports with a denominator below the least, and incomplete ones, are not ranked; the last three columns tell how many of each there are. A row a report, with numerator and denominator." }
-- subject = "rankings"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind", "metric", "order", "minimum", "limit",
-- ]
-- columns = [
--     "organ", "region_code", "level", "kind", "year", "edition", "numerator", "denominator",
--     "rate", "minimum", "ranked", "below_minimum", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["rate"] }
-- ---
WITH reach AS (
    SELECT
        place_code,
        year AS reach_year,
        CASE WHEN :order = 'high' THEN highest ELSE 0 - lowest END AS best,
        reports,
        settled,
        compared,
        1 AS one
    FROM v_place_measure
    WHERE :minimum <= 0 AND measure = :metric
        AND place_level = 0
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND place_code BETWEEN :region_from AND :region_to
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
best AS (
    SELECT best AS first_best
    FROM reach
    WHERE best IS NOT NULL
    ORDER BY best DESC
    LIMIT :limit
),
edge AS (
    SELECT MIN(first_best) AS least_best, 1 AS edge_one
    FROM best
),
-- The first ones are in the regions that reach as far as the last of so many regions.
leading AS (
    SELECT place_code AS leading_code, reach_year AS leading_year
    FROM reach
    INNER JOIN edge ON one = edge_one
    WHERE best >= least_best
    GROUP BY place_code, reach_year
),
asked AS (
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        edition,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        1 AS one
    FROM leading
    INNER JOIN v_rate ON leading_year = year AND leading_code = place_code
    WHERE metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    UNION ALL
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        edition,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        1 AS one
    FROM v_rate
    WHERE :minimum > 0
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
counts AS (
    SELECT
        one AS all_ones,
        SUM(compared) AS ranked,
        SUM(settled - compared) AS below_minimum,
        SUM(reports - settled) AS left_out
    FROM reach
    GROUP BY one
    UNION ALL
    SELECT
        1 AS all_ones,
        COUNT(CASE WHEN whole >= :minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN whole < :minimum THEN 1 END) AS below_minimum,
        COUNT(CASE WHEN whole IS NULL THEN 1 END) AS left_out
    FROM v_rate
    WHERE :minimum > 0
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY scope
)
SELECT
    organ,
    region_code,
    level,
    kind,
    year,
    edition,
    part AS numerator,
    whole AS denominator,
    rate,
    minimum,
    ranked,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE whole >= minimum
ORDER BY
    CASE WHEN :order = 'high' THEN 0 - rate ELSE rate END,
    whole DESC,
    year DESC,
    COALESCE(region_code, '999999'),
    organ
LIMIT :limit
