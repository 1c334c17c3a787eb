-- ---
-- title = { zh = "申请量变化最大的机关", en = "Bodies whose applications changed most" }
-- description = { zh = "新收申请与上一年相差最多的机关，并列出增长率（相差数占上年的比率，上年为 0 时留空）；上年新收少于 minimum 的不列入。更名、合并前后的机关算作一个；新收数未能确定的不列入。", en = "Bodies whose number of applications differs most from the year before, with the growth (the difference as a share of last year, empty where that is 0); bodies with less than the minimum last year are left out. A body and what it was or became are one; unsettled numbers are left out." }
-- subject = "rankings"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind",
--     { name = "minimum", type = "int", default = 30, least = 0, description = { zh = "上年新收至少多少件", en = "least applications of last year" } },
--     "limit",
-- ]
-- columns = [
--     "organ", "region_code", "year",
--     { name = "bodies", unit = "count", title = { zh = "机关数", en = "bodies" } },
--     { name = "last_bodies", unit = "count", title = { zh = "上年机关数", en = "bodies last year" } },
--     { name = "last_received", unit = "count", title = { zh = "上年新收", en = "received last year" } },
--     "received",
--     { name = "change", unit = "count", title = { zh = "增减", en = "change" } },
--     { name = "growth", unit = "growth", title = { zh = "增长率", en = "growth" } },
--     "ranked", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["change"] }
-- ---
WITH asked AS (
    SELECT series_id, year, received
    FROM v_requests
    WHERE scope = :scope
        AND year BETWEEN :from - 1 AND :to
        AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
        AND (:level < 0 OR level = :level)
        AND (:kind = 'all' OR kind = :kind)
),
-- Each report stands for its own year, and for the next one as what was before.
both AS (
    SELECT series_id, year AS at_year, 1 AS is_now, received
    FROM asked
    UNION ALL
    SELECT series_id, year + 1 AS at_year, 0 AS is_now, received
    FROM asked
),
sums AS (
    SELECT
        series_id,
        at_year,
        SUM(is_now) AS bodies,
        SUM(1 - is_now) AS last_bodies,
        COUNT(received) AS complete,
        SUM(CASE WHEN is_now = 0 THEN received END) AS last_received,
        SUM(CASE WHEN is_now = 1 THEN received END) AS received
    FROM both
    WHERE at_year BETWEEN :from AND :to
    GROUP BY series_id, at_year
),
moved AS (
    SELECT
        series_id AS moved_id,
        at_year AS moved_year,
        bodies,
        last_bodies,
        last_received,
        received,
        ABS(received - last_received) AS distance,
        1 AS one
    FROM sums
    WHERE bodies > 0
        AND last_bodies > 0
        AND complete = bodies + last_bodies
        AND last_received >= :minimum
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
    last_received,
    received,
    received - last_received AS change,
    CAST(received - last_received AS DOUBLE) / NULLIF(last_received, 0) AS growth,
    ranked,
    :scope AS scope_used
FROM named
INNER JOIN moved ON named_id = moved_id AND named_year = moved_year
INNER JOIN counts ON one = all_ones
ORDER BY distance DESC, received DESC, moved_year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
