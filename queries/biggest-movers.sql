-- ---
-- title = { zh = "比率变化最大的机关", en = "Bodies whose rate moved most" }
-- description = { zh = "所选指标与上一年相比变化最大的机关（比率之差，升降都算）；更名、合并前后的机关算作一个，机关数不同时应注意。两年中任一年分母小于“分母下限”或数据不全的不列入。", en = "Bodies whose rate differs most from the year before, up or down; a body and what it was or became are one: mind it where their numbers differ. Bodies with a denominator below the least, or incomplete, in either year are left out." }
-- subject = "rankings"
-- parameters = ["ranked_from", "to", "region", "whose", "level", "kind", "metric", "minimum", "limit"]
-- columns = [
--     "organ", "region_code", "year",
--     { name = "bodies", unit = "count", title = { zh = "机关数", en = "bodies" } },
--     { name = "last_bodies", unit = "count", title = { zh = "上年机关数", en = "bodies last year" } },
--     { name = "last_numerator", unit = "count", title = { zh = "上年分子", en = "numerator last year" } },
--     { name = "last_denominator", unit = "count", title = { zh = "上年分母", en = "denominator last year" } },
--     { name = "last_rate", unit = "rate", title = { zh = "上年比率", en = "rate of last year" } },
--     "numerator", "denominator", "rate",
--     { name = "change", unit = "points", title = { zh = "变化（百分点）", en = "change (points)" } },
--     "minimum", "ranked", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["change"] }
-- ---
WITH asked AS (
    SELECT series_id, year, part, whole, least
    FROM v_rate
    WHERE metric = :metric
        AND scope = :scope
        AND year BETWEEN :from - 1 AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
-- Each report stands for its own year, and for the next one as what was before.
both AS (
    SELECT series_id, year AS at_year, 1 AS is_now, part, whole, least
    FROM asked
    UNION ALL
    SELECT series_id, year + 1 AS at_year, 0 AS is_now, part, whole, least
    FROM asked
),
sums AS (
    SELECT
        series_id,
        at_year,
        SUM(is_now) AS bodies,
        SUM(1 - is_now) AS last_bodies,
        COUNT(part) AS complete,
        SUM(CASE WHEN is_now = 0 THEN part END) AS last_numerator,
        SUM(CASE WHEN is_now = 0 THEN whole END) AS last_denominator,
        SUM(CASE WHEN is_now = 1 THEN part END) AS numerator,
        SUM(CASE WHEN is_now = 1 THEN whole END) AS denominator,
        CASE WHEN :minimum > 0 THEN :minimum ELSE MAX(least) END AS minimum
    FROM both
    WHERE at_year BETWEEN :from AND :to
    GROUP BY series_id, at_year
),
rated AS (
    SELECT
        series_id,
        at_year,
        bodies,
        last_bodies,
        last_numerator,
        last_denominator,
        CAST(last_numerator AS DOUBLE) / NULLIF(last_denominator, 0) AS last_rate,
        numerator,
        denominator,
        CAST(numerator AS DOUBLE) / NULLIF(denominator, 0) AS rate,
        minimum
    FROM sums
    WHERE bodies > 0
        AND last_bodies > 0
        AND complete = bodies + last_bodies
        AND denominator >= minimum
        AND last_denominator >= minimum
),
moved AS (
    SELECT
        series_id AS moved_id,
        at_year AS moved_year,
        bodies,
        last_bodies,
        last_numerator,
        last_denominator,
        last_rate,
        numerator,
        denominator,
        rate,
        ABS(rate - last_rate) AS distance,
        minimum,
        1 AS one
    FROM rated
),
-- Names are looked up for those that may be shown: as many as asked for, and who moved as far as the last.
first AS (
    SELECT distance AS first_distance
    FROM moved
    ORDER BY distance DESC
    LIMIT :limit
),
edge AS (
    SELECT MIN(first_distance) AS least_distance, 1 AS edge_one
    FROM first
),
leading AS (
    SELECT moved_id AS leading_id, moved_year AS leading_year
    FROM moved
    INNER JOIN edge ON one = edge_one
    WHERE distance >= least_distance
),
member AS (
    SELECT organ_id AS member_id, series_id AS member_series
    FROM v_body
),
named AS (
    SELECT
        leading_id AS named_id,
        leading_year AS named_year,
        MAX(organ) AS organ,
        MAX(region_code) AS region_code
    FROM leading
    INNER JOIN member ON leading_id = member_series
    INNER JOIN v_requests ON member_id = organ_id
    WHERE year BETWEEN leading_year AND leading_year
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
    GROUP BY leading_id, leading_year
),
counts AS (
    SELECT one AS all_ones, COUNT(*) AS ranked
    FROM moved
    GROUP BY one
)
SELECT
    organ,
    region_code,
    moved_year AS year,
    bodies,
    last_bodies,
    last_numerator,
    last_denominator,
    last_rate,
    numerator,
    denominator,
    rate,
    rate - last_rate AS change,
    minimum,
    ranked,
    :scope AS scope_used
FROM named
INNER JOIN moved ON named_id = moved_id AND named_year = moved_year
INNER JOIN counts ON one = all_ones
ORDER BY distance DESC, denominator DESC, moved_year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
