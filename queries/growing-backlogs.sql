-- ---
-- title = { zh = "结转增加的机关", en = "Bodies whose backlog grew" }
-- description = { zh = "结转下年度的件数多于上年结转的报告，按增加的件数排列，并列出结转率（结转下年度占上年结转与新收之和）；数据不全的不列入。", en = "Reports that carry out more than was carried in, by the difference, with the share carried out of all at hand; incomplete ones are left out." }
-- subject = "backlogs"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind",
--     { name = "minimum", type = "int", default = 1, least = 1, description = { zh = "结转至少增加多少件", en = "least growth" } },
--     "limit",
-- ]
-- columns = [
--     "organ", "region_code", "year", "carried_in", "received", "carried_out",
--     { name = "growth", unit = "count", title = { zh = "增加", en = "growth" } },
--     "at_hand", "carried_rate", "ranked", "left_out", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["growth"] }
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
    WHERE :minimum = 1 AND measure = 'backlog-growth'
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
        carried_in,
        received,
        carried_out,
        carried_in + received AS at_hand,
        carried_out - carried_in AS growth,
        CASE WHEN carried_in + received + carried_out IS NULL THEN 1 ELSE 0 END AS incomplete,
        1 AS one
    FROM leading
    INNER JOIN v_requests ON leading_year = year AND leading_code = place_code
    WHERE scope = :scope
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
        carried_in,
        received,
        carried_out,
        carried_in + received AS at_hand,
        carried_out - carried_in AS growth,
        CASE WHEN carried_in + received + carried_out IS NULL THEN 1 ELSE 0 END AS incomplete,
        1 AS one
    FROM v_requests
    WHERE :minimum <> 1
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
        SUM(reports - settled) AS left_out
    FROM reach
    GROUP BY one
    UNION ALL
    SELECT
        1 AS all_ones,
        COUNT(CASE WHEN received IS NOT NULL AND carried_out - carried_in >= :minimum THEN 1 END) AS ranked,
        COUNT(CASE WHEN carried_in + received + carried_out IS NULL THEN 1 END) AS left_out
    FROM v_requests
    WHERE :minimum <> 1
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
    carried_in,
    received,
    carried_out,
    growth,
    at_hand,
    CAST(carried_out AS DOUBLE) / NULLIF(at_hand, 0) AS carried_rate,
    ranked,
    left_out,
    scope AS scope_used
FROM asked
INNER JOIN counts ON one = all_ones
WHERE incomplete = 0 AND growth >= :minimum
ORDER BY growth DESC, year DESC, COALESCE(region_code, '999999'), organ
LIMIT :limit
