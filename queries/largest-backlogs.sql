-- ---
-- title = { zh = "结转最多的机关", en = "Bodies with the largest carry-over" }
-- description = { zh = "按结转下年度继续办理的件数排列的报告，并列出结转率（占上年结转与本年新收之和）；手头申请少于“分母下限”的和数据不全的（2014版没有结转）不列入。", en = "Reports by applications carried over to the next year, with their share of all at hand (carried in and received); those with less at hand than the least, and incomplete ones (the 2014 edition has no carry-over), are left out." }
-- subject = "backlogs"
-- parameters = ["ranked_from", "to", "region", "whose", "level", "kind", "minimum", "limit"]
-- columns = [
--     "organ", "region_code", "year", "carried_out", "at_hand", "carried_rate", "minimum",
--     "ranked", "below_minimum", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["carried_out"] }
-- ---
WITH reach AS (
    SELECT
        place_code,
        year AS reach_year,
        most AS best,
        reports,
        settled,
        compared,
        1 AS one
    FROM v_place_measure
    WHERE :minimum <= 0 AND measure = 'carry-out-ratio'
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
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        1 AS one
    FROM leading
    INNER JOIN v_rate ON leading_year = year AND leading_code = place_code
    WHERE metric = 'carry-out-ratio'
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    UNION ALL
    SELECT
        organ,
        region_code,
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        1 AS one
    FROM v_rate
    WHERE :minimum > 0
        AND metric = 'carry-out-ratio'
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
        AND metric = 'carry-out-ratio'
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
    year,
    part AS carried_out,
    whole AS at_hand,
    CAST(part AS DOUBLE) / NULLIF(whole, 0) AS carried_rate,
    minimum,
    ranked,
    below_minimum,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE whole >= minimum
ORDER BY part DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
