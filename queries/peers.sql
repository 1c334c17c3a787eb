-- ---
-- title = { zh = "与同类机关比较", en = "A body among its peers" }
-- description = { zh = "每个机关与同一年度、同一地区（政府、乡镇、街道为同属一个上级地区）、同层级同类型机关比较：本机关比率、其他同类机关合计的比率，以及它们（含本机关）中最低和最高的比率。organ 填机关全称，不填则列出所选范围内的全部机关；同类机关不受所选地区限制。分母小于“分母下限”的和数据不全的不参加比较。", en = "Each body beside those of the same year, level and kind in its region (governments, townships and streets: in the region above): its rate, that of its peers together, and the lowest and highest among them and itself. Name the body in full, or leave the name out for all of those asked for; their peers are peers wherever they lie. Bodies with a denominator below the least, and incomplete ones, are not compared." }
-- subject = "rankings"
-- parameters = [
--     "ranked_from", "to", "region", "whose", "level", "kind", "metric", "minimum",
--     { name = "organ", type = "text", default = "", description = { zh = "机关全称；不填为全部", en = "full name of the body; all if left out" } },
-- ]
-- columns = [
--     "organ", "region_code", "level", "kind", "year", "numerator", "denominator", "rate",
--     { name = "peers", unit = "count", title = { zh = "同类机关", en = "peers" } },
--     { name = "peer_numerator", unit = "count", title = { zh = "同类分子", en = "numerator of peers" } },
--     { name = "peer_denominator", unit = "count", title = { zh = "同类分母", en = "denominator of peers" } },
--     { name = "peer_rate", unit = "rate", title = { zh = "同类比率", en = "rate of peers" } },
--     { name = "lowest", unit = "rate", title = { zh = "最低", en = "lowest" } },
--     { name = "highest", unit = "rate", title = { zh = "最高", en = "highest" } },
--     "minimum", "scope_used",
-- ]
-- chart = { kind = "bar", x = "organ", y = ["rate", "peer_rate"] }
-- ---
WITH rated AS (
    SELECT
        level,
        kind,
        year,
        part,
        whole,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        CASE
            WHEN kind = 'government' AND level = 1 THEN ''
            WHEN kind = 'government' AND level = 2 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN kind = 'government' AND level = 3 THEN SUBSTR(region_code, 1, 4) || '00'
            ELSE COALESCE(region_code, '')
        END AS place
    FROM v_rate
    WHERE :minimum > 0
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND whole >= :minimum
        AND level IS NOT NULL
),
reach AS (
    SELECT
        level,
        kind,
        year,
        CASE
            WHEN kind = 'government' AND level = 1 THEN ''
            WHEN kind = 'government' AND level = 2 THEN SUBSTR(place_code, 1, 2) || '0000'
            WHEN kind = 'government' AND level = 3 THEN SUBSTR(place_code, 1, 4) || '00'
            WHEN place_code = '000000' THEN ''
            ELSE place_code
        END AS place,
        compared,
        compared_part,
        compared_whole,
        lowest,
        highest
    FROM v_place_measure
    WHERE :minimum <= 0
        AND measure = :metric
        AND place_level = 0
        AND scope = :scope
        AND year BETWEEN :from AND :to
        AND compared > 0
        AND level IS NOT NULL
),
peers AS (
    SELECT
        year AS peers_year,
        level AS peers_level,
        kind AS peers_kind,
        place AS peers_place,
        SUM(compared) AS bodies,
        SUM(compared_part) AS part_sum,
        SUM(compared_whole) AS whole_sum,
        MIN(lowest) AS lowest,
        MAX(highest) AS highest
    FROM reach
    GROUP BY year, level, kind, place
    UNION ALL
    SELECT
        year AS peers_year,
        level AS peers_level,
        kind AS peers_kind,
        place AS peers_place,
        COUNT(*) AS bodies,
        SUM(part) AS part_sum,
        SUM(whole) AS whole_sum,
        MIN(rate) AS lowest,
        MAX(rate) AS highest
    FROM rated
    GROUP BY year, level, kind, place
),
named AS (
    SELECT organ_id AS named_id
    FROM v_body
    WHERE organ = :organ
),
asked AS (
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        CASE
            WHEN kind = 'government' AND level = 1 THEN ''
            WHEN kind = 'government' AND level = 2 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN kind = 'government' AND level = 3 THEN SUBSTR(region_code, 1, 4) || '00'
            ELSE COALESCE(region_code, '')
        END AS place
    FROM named
    INNER JOIN v_rate ON named_id = organ_id
    WHERE :organ <> ''
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
    UNION ALL
    SELECT
        organ,
        region_code,
        level,
        kind,
        year,
        scope,
        part,
        whole,
        CASE WHEN :minimum > 0 THEN :minimum ELSE least END AS minimum,
        CAST(part AS DOUBLE) / NULLIF(whole, 0) AS rate,
        CASE
            WHEN kind = 'government' AND level = 1 THEN ''
            WHEN kind = 'government' AND level = 2 THEN SUBSTR(region_code, 1, 2) || '0000'
            WHEN kind = 'government' AND level = 3 THEN SUBSTR(region_code, 1, 4) || '00'
            ELSE COALESCE(region_code, '')
        END AS place
    FROM v_rate
    WHERE :organ = ''
        AND metric = :metric
        AND scope = :scope
        AND year BETWEEN :from AND :to
)
SELECT
    organ,
    region_code,
    level,
    kind,
    year,
    part AS numerator,
    whole AS denominator,
    rate,
    bodies - 1 AS peers,
    part_sum - part AS peer_numerator,
    whole_sum - whole AS peer_denominator,
    CAST(part_sum - part AS DOUBLE) / NULLIF(whole_sum - whole, 0) AS peer_rate,
    lowest,
    highest,
    minimum,
    scope AS scope_used
FROM asked
INNER JOIN peers
    ON year = peers_year AND level = peers_level AND kind = peers_kind AND place = peers_place
WHERE whole >= minimum
    AND (:region_level = 0 OR region_code BETWEEN :region_from AND :region_to)
    AND (:level < 0 OR level = :level)
    AND (:kind = 'all' OR kind = :kind)
ORDER BY year, place, level, kind, rate DESC, organ
